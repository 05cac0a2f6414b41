//! Admission that can be changed.

use super::grants::{Ask, Item, ItemRule, Risky, Which, Words};
use super::{Facts, Family, Meta, Peer};
use crate::finding::Severity;

/// The rule `admission-write`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "admission-write",
        family: Family::Risk,
        summary: "a grant to write webhooks or admission policies",
        severity: Severity::Warning,
        score: Some("7.8"),
        peers: &[
            (Peer::Kubescape, "C-0281"),
            (Peer::Trivy, "KSV-0114"),
            (Peer::RbacPolice, "control_webhooks"),
            (Peer::RbacTool, "admission webhooks and policies"),
            (Peer::Checkov, "CKV_K8S_155"),
        ],
        explanation: include_str!("admission_write.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// What is asked about.
pub(super) const ASKS: [Ask; 1] = [(
    "admissionregistration.k8s.io",
    &[
        "mutatingwebhookconfigurations",
        "validatingwebhookconfigurations",
        "mutatingadmissionpolicies",
        "mutatingadmissionpolicybindings",
        "validatingadmissionpolicies",
        "validatingadmissionpolicybindings",
    ],
    &["create", "update", "patch"],
)];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let many = item.holds_any(&ASKS)?;
    let severity = item.severity(Severity::Warning, many.which);
    let is_webhook = |it: &&str| it.ends_with("webhookconfigurations");
    let objects = match many.resources.iter().any(is_webhook) {
        true => "webhook configurations",
        false => "admission policies",
    };
    // What only validates refuses objects, but leaves them as they are.
    let is_mutating = |it: &&str| it.starts_with("mutating");
    let means = match (objects, many.resources.iter().any(is_mutating)) {
        (_, true) => "it sees and changes all that is written, Secrets too",
        ("webhook configurations", false) => "it sees and refuses all that is written, Secrets too",
        (_, false) => "it refuses what is written, or lets through what was refused",
    };
    let words = Words {
        objects,
        means,
        help: match many.which {
            Which::Named => "let cert-manager write the CA bundle, or the release bring it",
            Which::All => "name the configurations in `resourceNames`, with update and patch alone",
        },
    };
    Some(many.risky((facts, item), severity, words))
}
