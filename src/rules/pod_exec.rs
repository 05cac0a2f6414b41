//! Commands that can be run in pods.

use super::grants::{Ask, Item, ItemRule, Risky, Which};
use super::{Facts, Family, Meta, Peer};
use crate::finding::{Severity, listed};

/// The rule `pod-exec`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "pod-exec",
        family: Family::Risk,
        summary: "a grant to run commands in pods",
        severity: Severity::Warning,
        score: Some("7.5"),
        peers: &[
            (Peer::Polaris, "clusterrolePodExecAttach, rolePodExecAttach"),
            (Peer::Kubescape, "C-0002"),
            (Peer::Trivy, "KSV-0053, KSV-0054"),
            (Peer::RbacPolice, "pods_exec, pods_ephemeral_ctrs"),
            (Peer::KubiScan, "risky role"),
            (Peer::Krane, "exec, attach"),
            (Peer::RbacTool, "exec, ephemeral containers"),
            (Peer::Checkov, "CKV2_K8S_2"),
        ],
        explanation: include_str!("pod_exec.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// The subresources that run something, and the verbs that do.
pub(super) const ASKS: [Ask; 2] = [
    ("", &["pods/exec", "pods/attach"], &["create", "get"]),
    ("", &["pods/ephemeralcontainers"], &["update", "patch"]),
];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let many = item.holds_any(&ASKS)?;
    let only_get = many.verbs == ["get"];
    let (role, extent) = (item.holder(), item.extent(facts));
    let pods = match many.which {
        Which::Named => format!("the pods{}", item.names()),
        Which::All => "any pod".into(),
    };
    let until = if only_get { ", on servers before Kubernetes 1.35" } else { "" };
    Some(Risky {
        severity: item.severity(Severity::Warning, many.which),
        message: format!(
            "{role} can run commands in {pods} {extent} through {}{until}: it acts with their accounts \
             and Secrets",
            listed(&many.resources)
        ),
        label: listed(&many.resources),
        help: "put it into a role of its own that is bound while it is needed, or name the pods"
            .into(),
        place: many.place,
        confidence: None,
    })
}
