//! What is granted to everyone.

use super::bindings::{Bound, SubjectRule, risky};
use super::grants::Risky;
use super::{Facts, Family, Meta, Peer};
use crate::finding::Severity;

/// The rule `everyone-binding`.
pub(super) static RULE: SubjectRule = SubjectRule {
    meta: Meta {
        name: "everyone-binding",
        family: Family::Risk,
        summary: "a grant to everyone who has logged in, or to all accounts",
        severity: Severity::Warning,
        score: Some("7.0"),
        peers: &[(Peer::Kubescape, "C-0265")],
        explanation: include_str!("everyone_binding.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// The groups that everyone is in, and who that is.
const EVERYONE: [(&str, &str); 2] = [
    ("system:authenticated", "everyone who has logged in"),
    ("system:serviceaccounts", "each account of the cluster"),
];

/// What the API server itself grants to everyone.
const OPEN: [&str; 4] = [
    "system:basic-user",
    "system:discovery",
    "system:public-info-viewer",
    "system:service-account-issuer-discovery",
];

fn judge(facts: &Facts<'_>, bound: &Bound<'_>) -> Option<Risky> {
    let (_, who) = EVERYONE
        .into_iter()
        .find(|(name, _)| bound.subject.kind == "Group" && bound.subject.name == *name)?;
    if bound.grants_only(facts, &OPEN) {
        return None;
    }
    let message = format!(
        "{} grants {} to Group {}: {who} holds it",
        bound.object.identity, bound.binding.role_ref, bound.subject.name
    );
    let help = "name the accounts or the group that need it";
    Some(risky(bound.severity(Severity::Warning), (message, who, help), bound.place()))
}
