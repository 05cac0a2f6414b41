//! Items with all verbs.

use super::grants::{Item, ItemRule, Risky, Which, few};
use super::powers::has_listed_group;
use super::{Facts, Family, Meta, Peer};
use crate::finding::Severity;
use crate::rbac::List;
use crate::rbac::access::Request;
use crate::rbac::resources::{self, Resource};
use std::collections::BTreeSet;

/// The rule `wildcard-verb`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "wildcard-verb",
        family: Family::Risk,
        summary: "a grant of all verbs",
        severity: Severity::Warning,
        score: Some("8.0"),
        peers: &[
            (Peer::KubeLinter, "wildcard-in-rules"),
            (Peer::Trivy, "KSV-0045"),
            (Peer::Checkov, "CKV_K8S_49"),
        ],
        explanation: include_str!("wildcard_verb.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// The verbs that people have in mind.
const PLAIN: [&str; 7] = ["get", "list", "watch", "create", "update", "patch", "delete"];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let place = item.rule.place_of(List::Verbs, "*")?;
    if item.rule.value.resources.is_empty() {
        return None;
    }
    let which = match item.rule.value.resource_names.is_empty() {
        true => Which::All,
        false => Which::Named,
    };
    let (severity, means) = if has_listed_group(item) {
        let also = more_verbs(item, which);
        let means = match also.is_empty() {
            true => "also with verbs that come later".into(),
            false => format!("also {}", few(&also)),
        };
        (item.severity(Severity::Warning, which), means)
    } else {
        (Severity::Info, "also with verbs that come later".into())
    };
    let (role, extent) = (item.holder(), item.extent(facts));
    let (resources, names) = (item.resources(), item.names());
    Some(Risky {
        severity,
        message: format!("{role} has every verb on {resources}{names} {extent}: {means}"),
        label: "every verb".into(),
        help: "write the verbs that are used".into(),
        place,
        confidence: None,
    })
}

/// Returns the verbs beyond the plain ones that the resources of the item take: the star grants them.
fn more_verbs(item: &Item<'_>, which: Which) -> Vec<&'static str> {
    let rule = &item.rule.value;
    let is_granted = |resource: &&Resource, verb: &str| {
        let request = Request::new(verb, resource.group, resource.plural);
        let is_held = match which {
            Which::All => rule.allows(&request),
            Which::Named => {
                verb != "deletecollection"
                    && rule.resource_names.iter().any(|name| rule.allows(&request.named(name)))
            }
        };
        is_held && (item.everywhere || !request.is_of_cluster())
    };
    let verbs = resources::all().iter().filter(|it| it.is_served() || it.kind.is_none());
    let verbs = verbs.flat_map(|it| {
        it.verbs.iter().copied().filter(move |verb| !PLAIN.contains(verb) && is_granted(&it, verb))
    });
    let found: BTreeSet<&'static str> = verbs.collect();
    found.into_iter().rev().collect()
}
