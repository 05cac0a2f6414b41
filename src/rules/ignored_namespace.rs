//! A namespace that counts for nothing.

use super::flaws::{FlawRule, Told, called};
use super::{Facts, Family, Fixable, Meta};
use crate::finding::Severity;
use crate::rbac::{Flaw, FlawKind, ObjectId};

/// The rule `ignored-namespace`.
pub(super) static RULE: FlawRule = FlawRule {
    meta: Meta {
        name: "ignored-namespace",
        family: Family::Hygiene,
        summary: "a namespace of what is in no namespace",
        severity: Severity::Info,
        fix: Fixable::Safe,
        explanation: include_str!("ignored_namespace.md"),
        ..Meta::PLAIN
    },
    kind: FlawKind::IgnoredNamespace,
    help: "drop the namespace",
    tell,
};

fn tell(facts: &Facts<'_>, id: ObjectId, flaw: &Flaw) -> Option<Told> {
    let object = called(facts.estate.object(id));
    let (path, namespace) = (&flaw.path, &flaw.reason);
    let message = match path.as_str() {
        "metadata.namespace" => format!("{object} is in no namespace, though it says {namespace}"),
        _ => format!("{path} of {object} counts for nothing: users and groups are in no namespace"),
    };
    Some(Told { message, label: "ignored".into(), fix: None })
}
