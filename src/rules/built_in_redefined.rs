//! Objects of the API server that are written anew.

use super::bindings::{finding, risky};
use super::{Facts, Family, Meta, Rule};
use crate::finding::{Finding, Severity};
use crate::rbac::{GROUP, Identity, Object, ObjectId, builtin};

/// The rule `built-in-redefined`.
pub(super) struct BuiltInRedefined;

static META: Meta = Meta {
    name: "built-in-redefined",
    family: Family::Risk,
    summary: "a role or binding of the API server with other content",
    severity: Severity::Error,
    score: Some("7.0"),
    explanation: include_str!("built_in_redefined.md"),
    ..Meta::PLAIN
};

impl Rule for BuiltInRedefined {
    fn meta(&self) -> &Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        // What equals the server's own is judged by no rule.
        let is_built_in = |(_, object): &(ObjectId, &Object)| {
            let Identity { group, kind, namespace, name, .. } = &object.identity;
            group == GROUP && builtin::is_built_in(kind, namespace.as_deref(), name)
        };
        let redefined = |(id, object): (ObjectId, &Object)| {
            let message = format!(
                "{} is one that the API server makes itself, and says something else",
                object.identity
            );
            let help = "give it a name of its own";
            let place = object.name_span;
            let risky = risky(Severity::Error, (message, "the server's own name", help), place);
            finding(facts, id, (&META, risky), place)
        };
        facts.judged().filter(is_built_in).map(redefined).collect()
    }
}
