//! Pods that run as nobody.

use super::{Facts, Family, Meta, Peer, Rule};
use crate::finding::{Confidence, Finding, Label, Severity};
use crate::rbac::{DEFAULT_ACCOUNT, Workload};

/// The rule `missing-account`.
pub(super) struct MissingAccount;

static META: Meta = Meta {
    name: "missing-account",
    family: Family::Hygiene,
    summary: "a pod whose ServiceAccount no input brings",
    severity: Severity::Info,
    confidence: Confidence::Medium,
    peers: &[(Peer::KubeLinter, "non-existent-service-account"), (Peer::Kubescape, "C-0307")],
    explanation: include_str!("missing_account.md"),
    ..Meta::PLAIN
};

impl Rule for MissingAccount {
    fn meta(&self) -> &Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        facts.workloads().filter_map(|it| found(facts, it)).collect()
    }
}

fn found(facts: &Facts<'_>, workload: &Workload) -> Option<Finding> {
    let (identity, account) = (&workload.identity, &workload.pod.account);
    let namespace = identity.namespace.as_deref()?;
    if account == DEFAULT_ACCOUNT || facts.has_account(workload.owner, namespace, account) {
        return None;
    }
    let message =
        format!("{identity} runs as ServiceAccount {namespace}/{account}, which no input brings");
    let label = Label {
        span: workload.pod.place,
        text: "no such account".into(),
        owner: facts.release(workload.owner),
    };
    Some(Finding {
        help: Some(
            "write the name that the ServiceAccount is given, or create it: no pod starts before"
                .into(),
        ),
        confidence: META.confidence,
        owners: vec![facts.estate.owner(workload.owner).name.clone()],
        ..Finding::new((META.name, META.severity), message, label, identity.object_name())
    })
}
