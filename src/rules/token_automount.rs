//! Tokens that nobody needs.

use smol_str::SmolStr;

use super::{Facts, Family, Meta, Peer, Rule};
use crate::finding::{Confidence, Finding, Label, Severity};
use crate::rbac::{Subject, Workload};

/// The rule `token-automount`.
pub(super) struct TokenAutomount;

static META: Meta = Meta {
    name: "token-automount",
    family: Family::Hygiene,
    summary: "a pod that mounts the token of an account without grants",
    severity: Severity::Info,
    confidence: Confidence::Low,
    peers: &[
        (Peer::Polaris, "automountServiceAccountToken"),
        (Peer::Kubescape, "C-0034"),
        (Peer::Checkov, "CKV_K8S_38, CKV_K8S_41"),
    ],
    explanation: include_str!("token_automount.md"),
    ..Meta::PLAIN
};

impl Rule for TokenAutomount {
    fn meta(&self) -> &Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        facts.workloads().filter_map(|it| found(facts, it)).collect()
    }
}

fn found(facts: &Facts<'_>, workload: &Workload) -> Option<Finding> {
    let (identity, pod) = (&workload.identity, &workload.pod);
    let account = Subject {
        kind: SmolStr::new_static("ServiceAccount"),
        namespace: Some(identity.namespace.clone()?),
        name: pod.account.clone(),
        api_group: SmolStr::default(),
    };
    if pod.mounts == Some(false) || facts.access.is_bound(&account, workload.owner) {
        return None;
    }
    let message = format!("{identity} mounts the token of {account}, which may do nothing");
    let label = Label {
        span: pod.place,
        text: "mounts a token".into(),
        owner: facts.release(workload.owner),
    };
    Some(Finding {
        help: Some(
            "write `automountServiceAccountToken: false` into the pod or its account".into(),
        ),
        confidence: META.confidence,
        owners: vec![facts.estate.owner(workload.owner).name.clone()],
        ..Finding::new((META.name, META.severity), message, label, identity.object_name())
    })
}
