//! What is added to admin, edit and view.

use super::bindings::{finding, risky};
use super::grants::{Ask, Item};
use super::{Facts, Family, Meta, Rule};
use super::{pod_exec, rbac_write, secrets_read, secrets_write};
use crate::finding::listed;
use crate::finding::{Finding, Severity};
use crate::rbac::builtin::BuiltInRole;
use crate::rbac::{List, Word, covered};
use crate::source::Span;

/// The rule `aggregate-to-built-in`.
pub(super) struct AggregateToBuiltIn;

static META: Meta = Meta {
    name: "aggregate-to-built-in",
    family: Family::Risk,
    summary: "a role that is added to admin, edit or view",
    severity: Severity::Warning,
    score: Some("3.8"),
    explanation: include_str!("aggregate_to_built_in.md"),
    ..Meta::PLAIN
};

impl Rule for AggregateToBuiltIn {
    fn meta(&self) -> &Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        for items in facts.items.chunk_by(|one, other| one.role == other.role) {
            let Some(first) = items.first() else { continue };
            let into = facts.access.into_built_in(first.role);
            let names: Vec<&str> = into.iter().map(|role| role.name).collect();
            if names.is_empty() {
                continue;
            }
            let harm = items.iter().find_map(|item| harm(item, into));
            let severity = if harm.is_some() { Severity::Warning } else { Severity::Info };
            let (what, place) = harm.unwrap_or(("what it grants", first.object.name_span));
            let message = format!(
                "{} adds {what} to {}: whoever is bound to those, in any namespace, holds it",
                first.object.identity,
                listed(&names)
            );
            let help = "aggregate it to a smaller role, or bind a role of its own";
            let risky = risky(severity, (message, "aggregated", help), place);
            found.push(finding(facts, first.role, (&META, risky), first.object.name_span));
        }
        found
    }
}

/// What built-in roles should not come to hold, and how it is called.
const HARMS: [(&str, &[Ask]); 5] = [
    ("reading Secrets", &secrets_read::ASKS),
    ("writing Secrets", &secrets_write::ASKS),
    ("commands in pods", &pod_exec::ASKS),
    ("writing roles and bindings", &rbac_write::ASKS),
    (
        "changing nodes",
        &[("", &["nodes", "nodes/proxy"], &["create", "update", "patch", "delete"])],
    ),
];

/// Returns what an item adds to built-in roles that they should not hold, and where it says so.
fn harm(item: &Item<'_>, into: &[&BuiltInRole]) -> Option<(&'static str, Span)> {
    let rule = std::slice::from_ref(&item.rule.value);
    let adds = |role: &&&BuiltInRole| !covered(&role.rules, rule);
    if !into.iter().any(|role| adds(&role)) {
        return None;
    }
    let of_table = HARMS.iter().find_map(|(what, asks)| Some((*what, item.holds_any(asks)?.place)));
    let view = into.iter().find(|role| role.name == "view").filter(adds);
    let write = |word: &&Word| WRITE.contains(&word.text.as_str());
    let of_view = || {
        view?;
        Some(("writing", item.rule.words_of(List::Verbs).find(write)?.span))
    };
    of_table.or_else(of_view)
}

/// The verbs that have no place in `view`.
const WRITE: [&str; 6] = ["*", "create", "update", "patch", "delete", "deletecollection"];
