//! A subject that the API server refuses, or that matches nobody.

use super::flaws::{FlawRule, in_its_words};
use super::{Family, Fixable, Meta};
use crate::finding::Severity;
use crate::rbac::FlawKind;

/// The rule `invalid-subject`.
pub(super) static RULE: FlawRule = FlawRule {
    meta: Meta {
        name: "invalid-subject",
        family: Family::Validity,
        summary: "a subject that the API server refuses, or that matches nobody",
        severity: Severity::Error,
        fix: Fixable::Safe,
        explanation: include_str!("invalid_subject.md"),
        ..Meta::PLAIN
    },
    kind: FlawKind::Subject,
    help: "name a ServiceAccount, a User or a Group as the API has them",
    tell: in_its_words,
};
