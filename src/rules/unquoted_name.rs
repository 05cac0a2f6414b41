//! A value that YAML reads as no text.

use super::flaws::{FlawRule, Told, called};
use super::{Facts, Family, Fixable, Meta};
use crate::finding::Severity;
use crate::rbac::{Flaw, FlawKind, ObjectId};

/// The rule `unquoted-name`.
pub(super) static RULE: FlawRule = FlawRule {
    meta: Meta {
        name: "unquoted-name",
        family: Family::Validity,
        summary: "a name, namespace, label or list item that YAML reads as no text",
        severity: Severity::Error,
        fix: Fixable::Safe,
        explanation: include_str!("unquoted_name.md"),
        ..Meta::PLAIN
    },
    kind: FlawKind::NoText,
    help: "quote it: in a template by `| quote`",
    tell,
};

fn tell(facts: &Facts<'_>, id: ObjectId, flaw: &Flaw) -> Option<Told> {
    let object = called(facts.estate.object(id));
    let (path, reason) = (&flaw.path, &flaw.reason);
    let message = match flaw.refused {
        true => format!("the API server refuses {object}: {path} should be a text: {reason}"),
        false => format!("{object}: {path} should be a text: {reason}"),
    };
    Some(Told { message, label: "not a text".into(), fix: None })
}
