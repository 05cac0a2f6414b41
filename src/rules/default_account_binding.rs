//! What is granted to accounts that pods have without a choice.

use super::bindings::{Bound, SubjectRule, risky};
use super::grants::Risky;
use super::{Facts, Family, Meta, Peer};
use crate::finding::Severity;
use crate::rbac::Subject;

/// The rule `default-account-binding`.
pub(super) static RULE: SubjectRule = SubjectRule {
    meta: Meta {
        name: "default-account-binding",
        family: Family::Risk,
        summary: "a grant to the account that pods get by default",
        severity: Severity::Warning,
        score: Some("5.0"),
        peers: &[(Peer::Checkov, "CKV_K8S_42"), (Peer::Kubescape, "C-0189, C-0225")],
        explanation: include_str!("default_account_binding.md"),
        ..Meta::PLAIN
    },
    judge,
};

fn judge(_: &Facts<'_>, bound: &Bound<'_>) -> Option<Risky> {
    let Subject { kind, name, .. } = &bound.subject;
    let who = match (kind.as_str(), name.strip_prefix("system:serviceaccounts:")) {
        ("ServiceAccount", _) if name == "default" => "each pod that names no account",
        ("Group", Some(_)) => "each pod of the namespace",
        _ => return None,
    };
    let message = format!(
        "{} grants {} to {}: {who} holds it",
        bound.object.identity, bound.binding.role_ref, bound.subject
    );
    let help = "bind an account of its own, and name it in the pods that need it";
    Some(risky(bound.severity(Severity::Warning), (message, who, help), bound.place()))
}
