//! An aggregation rule that the API server refuses.

use super::flaws::{FlawRule, in_its_words};
use super::{Family, Meta};
use crate::finding::Severity;
use crate::rbac::FlawKind;

/// The rule `invalid-aggregation`.
pub(super) static RULE: FlawRule = FlawRule {
    meta: Meta {
        name: "invalid-aggregation",
        family: Family::Validity,
        summary: "an aggregation rule that the API server refuses",
        severity: Severity::Error,
        explanation: include_str!("invalid_aggregation.md"),
        ..Meta::PLAIN
    },
    kind: FlawKind::Aggregation,
    help: "write label selectors that select the roles to be gathered, or delete the aggregation rule",
    tell: in_its_words,
};
