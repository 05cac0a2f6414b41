//! An object that goes from all releases when one of them is removed.

use super::contenders::{label_of_name, named, owners_of};
use super::{Facts, Family, Meta, Rule};
use crate::collide::{Collision, Outcome, Removal, fates};
use crate::finding::{Finding, OwnerName, Severity, listed};
use crate::rbac::{Hook, ObjectId, OwnerKind};

/// The rule `uninstall-hazard`.
pub(super) struct UninstallHazard;

static META: Meta = Meta {
    name: "uninstall-hazard",
    family: Family::Collision,
    summary: "an object that goes from all releases when one of them is removed",
    severity: Severity::Warning,
    explanation: include_str!("uninstall_hazard.md"),
    ..Meta::PLAIN
};

impl Rule for UninstallHazard {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let shared = facts
            .collisions
            .iter()
            .filter(|it| it.probe.is_none() && it.outcome != Outcome::DuplicateObject);
        shared.filter_map(|collision| hazard(facts, collision)).collect()
    }
}

fn hazard(facts: &Facts<'_>, collision: &Collision) -> Option<Finding> {
    let estate = facts.estate;
    let kind = |id: &ObjectId| estate.owner_of(*id).kind;
    let holders: Vec<ObjectId> =
        collision.members.iter().copied().filter(|id| kind(id) != OwnerKind::Export).collect();
    let is_release = |id: &ObjectId| kind(id) == OwnerKind::Release;
    let is_hook = |id: &ObjectId| Hook::of(&estate.object(*id).data).is_some();
    if holders.len() < 2 || !holders.iter().any(is_release) || holders.iter().any(is_hook) {
        return None;
    }
    let fates = fates(estate, collision, facts.deployers);
    if !fates.iter().any(|fate| fate.removal == Removal::Deleted) {
        return None;
    }
    let releases: Vec<OwnerName> = holders
        .iter()
        .filter(|id| is_release(id))
        .map(|id| estate.owner_of(*id).name.clone())
        .collect();
    let mut names = holders.iter().filter(|id| is_release(id)).map(|id| label_of_name(estate, *id));
    let object = named(facts, collision);
    let message = match releases.as_slice() {
        [only] => {
            let others = owners_of(estate, &holders);
            let others: Vec<_> = others.into_iter().filter(|owner| owner != only).collect();
            let verb = if others.len() == 1 { "brings" } else { "bring" };
            format!(
                "removing release {only} deletes {object}, which {} {verb} too",
                listed(&others)
            )
        }
        all => {
            let rest = if holders.len() == 2 { "the other" } else { "the others" };
            format!("removing one of releases {} takes {object} from {rest}", listed(all))
        }
    };
    let (primary, object) = (names.next()?, collision.identity.object_name());
    Some(Finding {
        help: Some(
            "ship it once, in a release of its own or in the file that `rolecall merge` writes; or \
             keep it with the annotation `helm.sh/resource-policy: keep`"
                .into(),
        ),
        related: names.collect(),
        owners: releases,
        ..Finding::new((META.name, Severity::Warning), message, primary, object)
    })
}
