//! A name that the API server refuses.

use super::flaws::{FlawRule, in_its_words};
use super::{Family, Meta};
use crate::finding::Severity;
use crate::rbac::FlawKind;

/// The rule `invalid-name`.
pub(super) static RULE: FlawRule = FlawRule {
    meta: Meta {
        name: "invalid-name",
        family: Family::Validity,
        summary: "a name or namespace of an object that the API server refuses",
        severity: Severity::Error,
        explanation: include_str!("invalid_name.md"),
        ..Meta::PLAIN
    },
    kind: FlawKind::Name,
    help: "give the object a name that the API server takes",
    tell: in_its_words,
};
