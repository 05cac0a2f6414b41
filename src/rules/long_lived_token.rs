//! Tokens that do not end.

use super::bindings::{finding, risky};
use super::{Facts, Family, Meta, Rule};
use crate::finding::{Finding, Severity};
use crate::rbac::{Object, ObjectId, TOKEN_SECRET};
use crate::yaml::Data;

/// The rule `long-lived-token`.
pub(super) struct LongLivedToken;

static META: Meta = Meta {
    name: "long-lived-token",
    family: Family::Risk,
    summary: "a Secret with a token that does not end",
    severity: Severity::Warning,
    score: Some("5.0"),
    explanation: include_str!("long_lived_token.md"),
    ..Meta::PLAIN
};

impl Rule for LongLivedToken {
    fn meta(&self) -> &Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let token = |(id, object): (ObjectId, &Object)| {
            let account = account_of(object)?;
            let message = format!(
                "{} holds a token of ServiceAccount {account} that does not end: who reads it once acts as \
                 the account from then on",
                object.identity
            );
            let help = "mount a projected token, or request one where it is needed";
            let place = object.name_span;
            let risky = risky(Severity::Warning, (message, "a token without end", help), place);
            Some(finding(facts, id, (&META, risky), object.span))
        };
        facts.judged().filter_map(token).collect()
    }
}

/// Returns the account whose token a Secret holds; none for other objects.
fn account_of(object: &Object) -> Option<&str> {
    let is_secret = object.identity.group.is_empty() && object.identity.kind == "Secret";
    let Data::Map(root) = is_secret.then_some(&object.data)? else { return None };
    let text = |data: Option<&'_ Data>| matches!(data, Some(Data::Str(it)) if it == TOKEN_SECRET);
    if !text(root.get("type")) {
        return None;
    }
    let Data::Map(metadata) = root.get("metadata")? else { return Some("") };
    let annotation = match metadata.get("annotations") {
        Some(Data::Map(annotations)) => annotations.get("kubernetes.io/service-account.name"),
        _ => None,
    };
    match annotation {
        Some(Data::Str(name)) => Some(name),
        _ => Some("nobody"),
    }
}
