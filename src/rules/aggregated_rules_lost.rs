//! Rules that a controller replaces, and selectors that find nothing.

use super::{Facts, Family, Meta, Rule};
use crate::finding::{Confidence, Finding, Label, Severity};
use crate::rbac::{Object, ObjectId, builtin};
use crate::source::Span;
use crate::yaml;

/// The rule `aggregated-rules-lost`.
pub(super) struct AggregatedRulesLost;

static META: Meta = Meta {
    name: "aggregated-rules-lost",
    family: Family::Hygiene,
    summary: "rules beside an aggregation rule, or a selector that finds no role",
    severity: Severity::Warning,
    explanation: include_str!("aggregated_rules_lost.md"),
    ..Meta::PLAIN
};

impl Rule for AggregatedRulesLost {
    fn meta(&self) -> &Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        facts.judged().flat_map(|(id, object)| of_role(facts, id, object)).collect()
    }
}

fn of_role(facts: &Facts<'_>, id: ObjectId, object: &Object) -> Vec<Finding> {
    let identity = &object.identity;
    let is_known = || builtin::is_built_in(&identity.kind, None, &identity.name);
    let aggregator = object.role().filter(|it| it.selectors.is_some() && !is_known());
    let Some(role) = aggregator else { return Vec::new() };
    let found = |severity, (place, text): (Span, &str), message: String, help: &str| Finding {
        help: Some(help.into()),
        extent: place,
        owners: vec![facts.estate.owner_of(id).name.clone()],
        ..Finding::new(
            (META.name, severity),
            message,
            Label { span: place, text: text.into(), owner: facts.release_of(id) },
            identity.object_name(),
        )
    };
    let lost = role.rules.first().map(|first| {
        let message = format!(
            "{identity} has rules and an aggregation rule: a controller replaces the rules by those of the \
             roles that it selects"
        );
        let help = "put the rules into a ClusterRole of their own, with the labels that are selected";
        found(META.severity, (first.span, "replaced"), message, help)
    });
    let idle = role
        .selector_data
        .iter()
        .zip(&role.selector_spans)
        .filter(|(it, _)| !facts.access.finds_role(facts.estate, id, it));
    let idle = idle.map(|(selector, span)| {
        let selector = yaml::json_write(selector);
        let message = format!(
            "{identity} aggregates the roles that {selector} selects, and no input has one"
        );
        let help = "write the labels as the roles have them, or give rolecall what brings those";
        let place = (*span, "selects nothing");
        let confidence = Confidence::Medium;
        Finding { confidence, ..found(Severity::Info, place, message, help) }
    });
    lost.into_iter().chain(idle).collect()
}
