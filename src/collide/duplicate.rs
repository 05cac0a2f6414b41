//! One identity twice inside one owner.

use std::collections::BTreeMap;

use super::{Collision, Difference, Outcome, Unclaimed, lost};
use crate::rbac::{Estate, Hook, Identity, ObjectId, OwnerId, OwnerKind};

/// Finds the owners that hold one identity twice; of a probed chart's releases the first speaks
/// for all, and an export may repeat itself.
pub(super) fn find(estate: &Estate, identity: &Identity, members: &[ObjectId]) -> Vec<Collision> {
    let mut by_owner: BTreeMap<OwnerId, Vec<ObjectId>> = BTreeMap::new();
    for id in members {
        by_owner.entry(estate.object(*id).owner).or_default().push(*id);
    }
    let first = members.first().map(|id| estate.object(*id).owner);
    let speaks = |owner: OwnerId| match estate.owner(owner).kind {
        OwnerKind::Export | OwnerKind::LongProbe => false,
        OwnerKind::Probe => Some(owner) == first,
        OwnerKind::Release | OwnerKind::Manifest => true,
    };
    by_owner
        .into_iter()
        .filter(|(owner, _)| speaks(*owner))
        .map(|(_, held)| at_one_time(estate, &held))
        .filter(|held| held.len() > 1)
        .map(|held| Collision {
            difference: Difference::among(estate, &held),
            lost: lost(estate, &held),
            identity: identity.clone(),
            members: held,
            outcome: Outcome::DuplicateObject,
            probe: None,
            mergeable: false,
            unclaimed: Unclaimed::default(),
        })
        .collect()
}

/// Leaves out the hooks that Helm never holds beside another of the objects.
fn at_one_time(estate: &Estate, held: &[ObjectId]) -> Vec<ObjectId> {
    if held.len() < 2 {
        return held.to_vec();
    }
    let hooks: Vec<Option<Hook>> =
        held.iter().map(|id| Hook::of(&estate.object(*id).data)).collect();
    let meets = |at: usize| {
        let others = hooks.iter().enumerate().filter(|(other, _)| *other != at);
        others.into_iter().any(|(_, other)| meet(hooks[at].as_ref(), other.as_ref()))
    };
    (0..held.len()).filter(|at| meets(*at)).map(|at| held[at]).collect()
}

/// Tells whether Helm would hold two objects of one release at one time.
///
/// A hook is deleted before it is created again, at each of its events, so hooks of different events
/// never meet, and a hook takes the place of the release's own object or leaves it to it. Only what
/// is there before the release's objects are created stands in their way: a hook of `pre-install` that
/// nothing deletes when it has succeeded.
///
/// Source: helm, `pkg/action/hooks.go` (execHook, hookSetDeletePolicy), `install.go`.
fn meet(one: Option<&Hook>, other: Option<&Hook>) -> bool {
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => one.events.iter().any(|event| other.events.contains(event)),
        (Some(hook), None) | (None, Some(hook)) => {
            hook.events.iter().any(|event| event == "pre-install")
                && !hook.delete_policies.iter().any(|policy| policy == "hook-succeeded")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_helm_holds_at_one_time_meets() {
        let hook = |events: &str, policies: &str| {
            let words = |text: &str| text.split(' ').map(Into::into).collect();
            Some(Hook { events: words(events), delete_policies: words(policies) })
        };
        let table = [
            (None, None, true),
            (hook("pre-install", ""), None, true),
            (hook("pre-install pre-upgrade", "before-hook-creation"), None, true),
            (hook("pre-install", "before-hook-creation hook-succeeded"), None, false),
            (hook("pre-upgrade", ""), None, false),
            (hook("post-delete", ""), None, false),
            (hook("pre-install", ""), hook("post-delete", ""), false),
            (hook("pre-install post-install", ""), hook("post-install", ""), true),
        ];
        for (one, other, expected) in table {
            assert_eq!(meet(one.as_ref(), other.as_ref()), expected, "{one:?} {other:?}");
            assert_eq!(meet(other.as_ref(), one.as_ref()), expected, "{other:?} {one:?}");
        }
    }
}
