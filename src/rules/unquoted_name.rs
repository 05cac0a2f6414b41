//! A value that YAML reads as no text.

use super::flaws::{FlawRule, Told, called};
use super::{Facts, Family, Fixable, Meta, Rule};
use crate::finding::{Confidence, Finding, Label, Severity};
use crate::rbac::{Binding, Flaw, FlawKind, GROUP, Object, ObjectId};
use crate::source::{Certainty, Span};

/// The rule `unquoted-name`.
pub(super) struct UnquotedName;

impl Rule for UnquotedName {
    fn meta(&self) -> &Meta {
        &FLAWS.meta
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        FLAWS.check(facts)
    }

    fn guess(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        let is_judged = |it: &Object| it.identity.group == GROUP;
        for (id, object) in facts.judged().filter(|(_, object)| is_judged(object)) {
            found.extend(places(object).filter_map(|span| of_release(facts, (id, object), span)));
        }
        found
    }
}

/// Returns where names and namespaces stand that can be the release's.
fn places(object: &Object) -> impl Iterator<Item = Span> {
    let binding = object.binding();
    let subjects = binding.map_or(&[][..], |it| &it.subjects);
    let subjects = subjects.iter().flat_map(|it| [it.name, it.namespace]);
    let own = [Some(object.name_span), object.namespace_span];
    let role = binding.and_then(|it: &Binding| it.role_name);
    own.into_iter().chain([role]).chain(subjects).flatten()
}

/// Judges a text that is all of the release's name or namespace, unquoted: either may be a number.
///
/// Nearly every chart has one, and few namespaces are called so; hence the low confidence.
fn of_release(facts: &Facts<'_>, (id, object): (ObjectId, &Object), span: Span) -> Option<Finding> {
    let owner = facts.release_of(id)?;
    let text = facts.sources.text(span);
    let what = match owner.namespace.as_deref() {
        Some(namespace) if namespace == text => "namespace",
        _ if owner.name == text => "name",
        _ => return None,
    };
    let is_known = facts.sources.trace(span).certainty == Certainty::Exact;
    if !is_known || facts.is_written_out(span) {
        return None;
    }
    let message = format!(
        "{}: the release's {what} is written without quotes: one such as 123 is read as a number",
        called(object)
    );
    let label = Label { span, text: "not quoted".into(), owner: Some(owner.clone()) };
    let named = (FLAWS.meta.name, Severity::Warning);
    Some(Finding {
        help: Some(FLAWS.help.into()),
        extent: span,
        confidence: Confidence::Low,
        owners: vec![owner],
        ..Finding::new(named, message, label, object.identity.object_name())
    })
}

static FLAWS: FlawRule = FlawRule {
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
