//! A role reference that the API server refuses.

use super::flaws::{FlawRule, in_its_words};
use super::{Family, Fixable, Meta};
use crate::finding::Severity;
use crate::rbac::FlawKind;

/// The rule `invalid-role-ref`.
pub(super) static RULE: FlawRule = FlawRule {
    meta: Meta {
        name: "invalid-role-ref",
        family: Family::Validity,
        summary: "a role reference that the API server refuses",
        severity: Severity::Error,
        fix: Fixable::Safe,
        explanation: include_str!("invalid_role_ref.md"),
        ..Meta::PLAIN
    },
    kind: FlawKind::RoleRef,
    help: "name a ClusterRole, or in a RoleBinding a Role, of the group rbac.authorization.k8s.io",
    tell: in_its_words,
};
