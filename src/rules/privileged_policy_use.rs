//! Security policies that allow everything.

use super::grants::{Ask, Item, ItemRule, Risky, Which, Words};
use super::{Facts, Family, Meta, Peer};
use crate::finding::Severity;
use crate::rbac::access::Request;

/// The rule `privileged-policy-use`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "privileged-policy-use",
        family: Family::Risk,
        summary: "a grant to use a policy that allows privileged pods",
        severity: Severity::Warning,
        score: Some("7.4"),
        peers: &[(Peer::Krane, "pod security policies")],
        explanation: include_str!("privileged_policy_use.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// What is asked about, and the constraints that allow root or everything.
pub(super) const ASKS: [Ask; 1] =
    [("security.openshift.io", &["securitycontextconstraints"], &["use"])];
const PRIVILEGED: [&str; 2] = ["anyuid", "privileged"];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let many = item.holds_any(&ASKS)?;
    let use_of = |name: &&str| {
        let request = Request::new("use", "security.openshift.io", "securitycontextconstraints");
        item.rule.value.allows(&request.named(name))
    };
    if !PRIVILEGED.iter().any(use_of) {
        return None;
    }
    let words = Words {
        objects: "SecurityContextConstraints",
        means: "pods of whoever is bound run as root, or own the node",
        help: "use restricted-v2, or a constraint of your own that allows what is needed",
    };
    Some(many.risky((facts, item), item.severity(Severity::Warning, Which::All), words))
}
