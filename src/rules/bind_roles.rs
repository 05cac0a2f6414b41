//! Roles that can be given to anybody.

use super::grants::{Ask, Item, ItemRule, Risky, Which, Words};
use super::{Facts, Family, Meta, Peer};
use crate::finding::Severity;

/// The rule `bind-roles`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "bind-roles",
        family: Family::Risk,
        summary: "a grant to bind roles that one does not hold",
        severity: Severity::Error,
        score: Some("9.0"),
        peers: &[
            (Peer::Kubescape, "C-0191"),
            (Peer::Trivy, "KSV-0050"),
            (Peer::RbacPolice, "bind_roles"),
            (Peer::Krane, "risky rule"),
            (Peer::RbacTool, "bind"),
            (Peer::Checkov, "CKV_K8S_157, CKV2_K8S_1"),
        ],
        explanation: include_str!("bind_roles.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// What is asked about: the server asks it of roles, never of bindings.
pub(super) const ASKS: [Ask; 1] =
    [("rbac.authorization.k8s.io", &["clusterroles", "roles"], &["bind"])];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let many = item.holds_any(&ASKS)?;
    let (which, means) = match many.which {
        Which::All => (Which::All, "whoever also writes bindings gives themselves cluster-admin"),
        Which::Named if leads_to_all(facts, item) => (Which::All, "one of them may do everything"),
        Which::Named => (Which::Named, "whoever also writes bindings hands out those"),
    };
    let severity = item.severity(Severity::Error, which);
    let words = Words {
        objects: "",
        means,
        help: "name the roles in `resourceNames`, and none that may do everything",
    };
    Some(many.risky((facts, item), severity, words))
}

/// Tells whether a role that the item names may do everything.
fn leads_to_all(facts: &Facts<'_>, item: &Item<'_>) -> bool {
    let names = item.rule.value.resource_names.iter();
    names.flat_map(|name| facts.access.cluster_role(item.role, name)).any(|it| it.is_everything())
}
