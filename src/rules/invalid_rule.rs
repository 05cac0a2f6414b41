//! A rule item that the API server refuses.

use super::flaws::{FlawRule, in_its_words};
use super::{Family, Fixable, Meta};
use crate::finding::Severity;
use crate::rbac::FlawKind;

/// The rule `invalid-rule`.
pub(super) static RULE: FlawRule = FlawRule {
    meta: Meta {
        name: "invalid-rule",
        family: Family::Validity,
        summary: "a rule item that the API server refuses",
        severity: Severity::Error,
        fix: Fixable::Safe,
        explanation: include_str!("invalid_rule.md"),
        ..Meta::PLAIN
    },
    kind: FlawKind::Rule,
    help: "complete the rule item, or delete it",
    tell: in_its_words,
};
