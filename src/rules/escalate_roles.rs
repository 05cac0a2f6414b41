//! Roles that can be given any rule.

use super::grants::{Ask, Item, ItemRule, Risky, Words};
use super::{Facts, Family, Meta, Peer};
use crate::finding::Severity;

/// The rule `escalate-roles`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "escalate-roles",
        family: Family::Risk,
        summary: "a grant to write roles with more than one has",
        severity: Severity::Error,
        score: Some("9.0"),
        peers: &[
            (Peer::Kubescape, "C-0191"),
            (Peer::Trivy, "KSV-0050"),
            (Peer::RbacPolice, "escalate_roles"),
            (Peer::RbacTool, "escalate"),
            (Peer::Checkov, "CKV_K8S_158"),
        ],
        explanation: include_str!("escalate_roles.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// What is asked about.
pub(super) const ASKS: [Ask; 1] =
    [("rbac.authorization.k8s.io", &["clusterroles", "roles"], &["escalate"])];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let many = item.holds_any(&ASKS)?;
    let severity = item.severity(Severity::Error, many.which);
    let words = Words {
        objects: "",
        means: "whoever writes a role so gives themselves everything there",
        help: "grant the rules that are handed out themselves; then `escalate` is not needed",
    };
    Some(many.risky((facts, item), severity, words))
}
