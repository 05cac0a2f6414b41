//! Workloads that can be written.

use super::grants::{Ask, Item, ItemRule, Risky, Which, Words};
use super::{Facts, Family, Meta, Peer};
use crate::finding::{Confidence, Severity};

/// The rule `workload-write`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "workload-write",
        family: Family::Risk,
        summary: "a grant to create or change workloads",
        severity: Severity::Warning,
        confidence: Confidence::Medium,
        score: Some("7.2"),
        peers: &[
            (Peer::KubeLinter, "access-to-create-pods"),
            (Peer::Kubescape, "C-0188"),
            (Peer::Trivy, "KSV-0048"),
            (Peer::RbacPolice, "assign_sa, modify_pods"),
            (Peer::KubiScan, "risky role"),
            (Peer::RbacTool, "workloads"),
        ],
        explanation: include_str!("workload_write.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// What is asked about.
pub(super) const ASKS: [Ask; 3] = [
    ("", &["pods", "replicationcontrollers"], &["create", "update", "patch"]),
    (
        "apps",
        &["deployments", "daemonsets", "statefulsets", "replicasets"],
        &["create", "update", "patch"],
    ),
    ("batch", &["jobs", "cronjobs"], &["create", "update", "patch"]),
];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let many = item.holds_any(&ASKS).filter(|it| it.which == Which::All)?;
    let severity = item.severity(Severity::Warning, many.which);
    // Of a pod that is there the image can be changed, the account and the volumes cannot.
    let only_changes_pods = many.resources == ["pods"] && !many.verbs.contains(&"create");
    let means = match only_changes_pods {
        true => "an image of choice runs in them, with their accounts and Secrets",
        false => "the pods run as any account there, with any Secret mounted",
    };
    let words = Words {
        objects: "",
        means,
        help: "bind it in namespaces that hold nothing else worth having, or name what is changed",
    };
    Some(many.risky((facts, item), severity, words))
}
