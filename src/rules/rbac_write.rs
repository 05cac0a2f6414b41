//! Roles and bindings that can be written.

use super::grants::{Ask, Item, ItemRule, Risky, Which, Words};
use super::{Facts, Family, Meta, Peer};
use crate::finding::Severity;
use crate::rbac::PolicyRule;

/// The rule `rbac-write`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "rbac-write",
        family: Family::Risk,
        summary: "a grant to write roles or bindings",
        severity: Severity::Error,
        score: Some("8.2"),
        peers: &[
            (Peer::KubiScan, "risky role"),
            (Peer::Krane, "rbac-management"),
            (Peer::RbacTool, "role write"),
            (Peer::Trivy, "KSV-0051, KSV-0052, KSV-0055"),
        ],
        explanation: include_str!("rbac_write.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// What is asked about.
pub(super) const ASKS: [Ask; 1] = [(
    "rbac.authorization.k8s.io",
    &["clusterrolebindings", "clusterroles", "rolebindings", "roles"],
    &["create", "update", "patch"],
)];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let many = item.holds_any(&ASKS)?;
    let lifts = |rule: &PolicyRule| {
        let verbs = &["bind", "escalate"];
        let on = |resource| rule.verbs_on(("rbac.authorization.k8s.io", resource), verbs).0;
        !on("clusterroles").is_empty() || !on("roles").is_empty()
    };
    let (in_cluster, means) = match item.beside(facts, lifts) {
        true => {
            (Severity::Error, "with bind or escalate beside it, whoever is bound takes any right")
        }
        false => (Severity::Warning, "whoever is bound hands on all that they hold"),
    };
    let severity = item.severity(in_cluster, many.which);
    let words = Words {
        objects: "",
        means,
        help: match many.which {
            Which::Named => "let the release bring them as they are to be",
            Which::All => {
                "let the release bring the roles and bindings, or name them in `resourceNames`"
            }
        },
    };
    Some(many.risky((facts, item), severity, words))
}
