//! A field that there is not.

use super::flaws::{FlawRule, Told, called};
use super::{Facts, Family, Fixable, Meta};
use crate::finding::Severity;
use crate::rbac::{Flaw, FlawKind, ObjectId};

/// The rule `unknown-field`.
pub(super) static RULE: FlawRule = FlawRule {
    meta: Meta {
        name: "unknown-field",
        family: Family::Validity,
        summary: "a field that the API does not have, so that it is dropped",
        severity: Severity::Warning,
        fix: Fixable::Safe,
        explanation: include_str!("unknown_field.md"),
        ..Meta::PLAIN
    },
    kind: FlawKind::UnknownField,
    help: "correct the name of the field, or delete it",
    tell,
};

fn tell(facts: &Facts<'_>, id: ObjectId, flaw: &Flaw) -> Option<Told> {
    let object = called(facts.estate.object(id));
    Some(Told {
        message: format!("the API server drops a field of {object}: {}", flaw.reason),
        label: "no such field".into(),
        fix: None,
    })
}
