//! Certificates that can be approved.

use super::grants::{Ask, Item, ItemRule, Risky, Which, Words};
use super::{Facts, Family, Meta, Peer};
use crate::finding::Severity;
use crate::rbac::PolicyRule;
use crate::rbac::access::Request;

/// The rule `csr-approve`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "csr-approve",
        family: Family::Risk,
        summary: "a grant to approve certificates of clients",
        severity: Severity::Error,
        score: Some("8.5"),
        peers: &[
            (Peer::Kubescape, "C-0280"),
            (Peer::RbacPolice, "approve_csrs"),
            (Peer::Checkov, "CKV_K8S_156"),
        ],
        explanation: include_str!("csr_approve.md"),
        ..Meta::PLAIN
    },
    judge,
};

const GROUP: &str = "certificates.k8s.io";
/// The one half: the requests.
const APPROVAL: [Ask; 1] =
    [(GROUP, &["certificatesigningrequests/approval"], &["update", "patch"])];
/// The other half: whose signature is approved.
const SIGNERS: [Ask; 1] = [(GROUP, &["signers"], &["approve"])];
/// The signer of the API server's own clients, as the server asks for it.
const OF_CLIENTS: [&str; 2] = ["kubernetes.io/kube-apiserver-client", "kubernetes.io/*"];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let approves = |rule: &PolicyRule| approves(rule, &APPROVAL);
    let Some(many) = item.holds_any(&APPROVAL) else {
        let half = item.holds_any(&SIGNERS).filter(|_| !item.beside(facts, approves))?;
        let means = "without update on certificatesigningrequests/approval, this does nothing yet";
        return Some(half.risky((facts, item), Severity::Info, words(means)));
    };
    let ask = Request::new("approve", GROUP, "signers");
    let of_clients =
        |rule: &PolicyRule| OF_CLIENTS.iter().any(|name| rule.allows(&ask.named(name)));
    let (severity, means) = if item.beside(facts, of_clients) {
        let means = "with the signers beside it, whoever is bound gets a certificate as anybody";
        (item.severity(Severity::Error, Which::All), means)
    } else if item.beside(facts, |rule| self::approves(rule, &SIGNERS)) {
        (Severity::Info, "the signers beside it are not those of the API server's clients")
    } else {
        (Severity::Info, "without approve on signers, this does nothing yet")
    };
    Some(many.risky((facts, item), severity, words(means)))
}

/// Tells whether a rule grants any of what is asked about.
fn approves(rule: &PolicyRule, asks: &[Ask]) -> bool {
    asks.iter().any(|(group, resources, verbs)| {
        resources.iter().any(|resource| {
            let (all, named) = rule.verbs_on((*group, *resource), verbs);
            !all.is_empty() || !named.is_empty()
        })
    })
}

fn words(means: &str) -> Words<'_> {
    Words { objects: "", means, help: "name signers of your own domain in `resourceNames`" }
}
