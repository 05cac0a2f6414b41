//! Much that can be deleted at once.

use super::grants::{Ask, Item, ItemRule, Risky};
use super::{Facts, Family, Meta, Peer};
use crate::finding::{Confidence, Severity};
use crate::rbac::List;
use crate::rbac::access::{Reach, Request};
use crate::source::Span;
use smol_str::SmolStr;

/// The rule `mass-delete`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "mass-delete",
        family: Family::Risk,
        summary: "a grant to delete much at once, or traces",
        confidence: Confidence::Medium,
        score: Some("4.0"),
        peers: &[
            (Peer::Kubescape, "C-0007, C-0031"),
            (Peer::KubiScan, "risky role"),
            (Peer::Krane, "risky rule"),
        ],
        explanation: include_str!("mass_delete.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// The traces of what was done.
pub(super) const ASKS: [Ask; 2] = [
    ("", &["events"], &["delete", "deletecollection"]),
    ("events.k8s.io", &["events"], &["delete", "deletecollection"]),
];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let in_namespace = item.object.identity.namespace.is_some();
    if item.reach == Reach::Namespace || item.reach == Reach::Unbound && in_namespace {
        return None;
    }
    let (role, extent) = (item.holder(), item.extent(facts));
    let (many, help) =
        ("one call, and it is gone", "drop it, or name the resources and delete them one by one");
    let (does, place, means, help) = if let Some(place) = of_collections(item) {
        (format!("delete all {} at once", item.resources()), place, many, help)
    } else if let Some(place) = of_everything(item) {
        ("delete every resource of a group".to_owned(), place, many, help)
    } else {
        let held = item.holds_any(&ASKS)?;
        let help = "drop it: the API server removes old events by itself";
        ("delete events".to_owned(), held.place, "they are the traces of what was done", help)
    };
    Some(Risky {
        severity: Severity::Info,
        message: format!("{role} can {does} {extent}: {means}"),
        label: "deletes much".into(),
        help: help.into(),
        place,
        confidence: None,
    })
}

/// Returns where the item names `deletecollection`, if it holds that on resources of Kubernetes.
fn of_collections(item: &Item<'_>) -> Option<Span> {
    let place = item.rule.place_of(List::Verbs, "deletecollection")?;
    item.has_built_in_group().then_some(place)
}

/// Returns where the item names all resources of a group of Kubernetes, if it can delete them.
fn of_everything(item: &Item<'_>) -> Option<Span> {
    let place = item.rule.place_of(List::Resources, "*")?;
    let deletes = |group: &&SmolStr| item.rule.value.allows(&Request::new("delete", group, "*"));
    let groups = item.rule.value.api_groups.iter();
    (item.has_built_in_group() && groups.filter(deletes).count() > 0).then_some(place)
}
