//! What the rules share that speak of what the API server refuses or drops.

use super::{Facts, Meta, Rule};
use crate::finding::{Finding, Fix, Label, Severity};
use crate::rbac::{Flaw, FlawKind, Object, ObjectId};

/// A rule about flaws of one kind.
pub(super) struct FlawRule {
    pub(super) meta: Meta,
    pub(super) kind: FlawKind,
    /// What to do about it.
    pub(super) help: &'static str,
    /// Returns what the rule says of a flaw of an object; none where that is no flaw here.
    pub(super) tell: fn(&Facts<'_>, ObjectId, &Flaw) -> Option<Told>,
}

/// What a rule says of a flaw.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) message: String,
    /// What stands at the place, in a few words.
    pub(super) label: String,
    /// What mends it, where the flaw itself does not know.
    pub(super) fix: Option<Fix>,
}

impl Rule for FlawRule {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        self.of_kind(self.kind, facts)
    }

    fn left_out(&self, facts: &Facts<'_>) -> Vec<Finding> {
        self.kind.left_out().map(|kind| self.of_kind(kind, facts)).unwrap_or_default()
    }
}

impl FlawRule {
    fn of_kind(&self, kind: FlawKind, facts: &Facts<'_>) -> Vec<Finding> {
        let of_object = |(id, object): (ObjectId, &Object)| {
            let flaws = object.content.flaws.iter().filter(|flaw| flaw.kind == kind);
            let found = flaws.filter_map(|flaw| self.finding(facts, id, flaw));
            found.collect::<Vec<_>>()
        };
        facts.judged().flat_map(|(id, _)| of_object((id, facts.estate.object(id)))).collect()
    }

    fn finding(&self, facts: &Facts<'_>, id: ObjectId, flaw: &Flaw) -> Option<Finding> {
        let told = (self.tell)(facts, id, flaw)?;
        let severity = match self.meta.severity {
            Severity::Error if !flaw.refused => Severity::Warning,
            severity => severity,
        };
        let primary = Label { span: flaw.span, text: told.label, owner: facts.release_of(id) };
        let object = facts.estate.object(id).identity.object_name();
        let named = (self.meta.name, severity);
        // With another value the word beside it may be another, and then this is no flaw.
        let is_always = flaw.because.is_none_or(|span| facts.is_written_out(span));
        Some(Finding {
            help: Some(self.help.into()),
            extent: flaw.extent,
            confidence: self.meta.confidence,
            owners: vec![facts.estate.owner_of(id).name.clone()],
            fix: told.fix.or_else(|| flaw.fix.clone()).filter(|_| is_always),
            ..Finding::new(named, told.message, primary, object)
        })
    }
}

/// Returns what an object is called, if it has no name too.
pub(super) fn called(object: &Object) -> String {
    match object.identity.name.is_empty() {
        true => format!("a {} without a name", object.identity.kind),
        false => object.identity.to_string(),
    }
}

/// Says a flaw in the words of the API server.
pub(super) fn in_its_words(facts: &Facts<'_>, id: ObjectId, flaw: &Flaw) -> Option<Told> {
    let object = called(facts.estate.object(id));
    let (path, reason) = (&flaw.path, &flaw.reason);
    let message = match flaw.refused {
        true => format!("the API server refuses {object}: {path}: {reason}"),
        false => format!("{object}: {path}: {reason}"),
    };
    Some(Told { message, label: label(reason), fix: None })
}

/// Returns the part of a reason that fits beside the text that it is about.
fn label(reason: &str) -> String {
    match reason.split_once(": ") {
        Some(("Required value", detail)) => detail.into(),
        Some((kind @ ("Invalid value" | "Unsupported value"), _)) => kind.to_lowercase(),
        _ if reason == "Required value" => "a value is required".into(),
        _ => "refused".into(),
    }
}
