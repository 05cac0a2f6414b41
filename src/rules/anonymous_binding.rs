//! What is granted without a login.

use super::bindings::{Bound, SubjectRule, risky};
use super::grants::Risky;
use super::{Facts, Family, Meta, Peer};
use crate::finding::Severity;

/// The rule `anonymous-binding`.
pub(super) static RULE: SubjectRule = SubjectRule {
    meta: Meta {
        name: "anonymous-binding",
        family: Family::Risk,
        summary: "a grant to whoever has not logged in",
        severity: Severity::Error,
        score: Some("9.1"),
        peers: &[(Peer::Kubescape, "C-0262"), (Peer::Krane, "unauthenticated-subject-access")],
        explanation: include_str!("anonymous_binding.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// Whom the server takes those for who do not log in.
const ANONYMOUS: [(&str, &str); 2] =
    [("Group", "system:unauthenticated"), ("User", "system:anonymous")];

/// What kubeadm lets nodes read that join.
const JOINING: &str = "kubeadm:bootstrap-signer-clusterinfo";

fn judge(facts: &Facts<'_>, bound: &Bound<'_>) -> Option<Risky> {
    let is_anonymous =
        ANONYMOUS.contains(&(bound.subject.kind.as_str(), bound.subject.name.as_str()));
    let role_ref = &bound.binding.role_ref;
    if !is_anonymous
        || role_ref.name == JOINING
        || bound.grants_only(facts, &["system:public-info-viewer"])
    {
        return None;
    }
    let message = format!(
        "{} grants {role_ref} to {}: whoever reaches the API server holds it without a login",
        bound.object.identity, bound.subject
    );
    let help = "remove the subject, and name who needs it";
    Some(risky(bound.severity(Severity::Error), (message, "no login", help), bound.place()))
}
