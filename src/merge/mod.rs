//! Collisions to a plan, and the plan applied.

mod apply;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use apply::{Merged, apply};

use crate::collide::{Collision, Difference, Outcome};
use crate::rbac::{Estate, Identity, ObjectId};

/// What is done with the contenders for one identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// One binding with the subjects of all.
    UniteSubjects,
    /// One role with the rules of all.
    UniteRules,
    /// One copy.
    KeepOne,
    /// Nothing: a merge would drop something. The text says what, and what to do.
    LeaveOut {
        /// Why.
        why: String,
    },
}

/// What is done with one identity.
#[derive(Debug, Clone)]
pub struct Step {
    /// The identity.
    pub identity: Identity,
    /// The contenders in the order in which they are applied.
    pub members: Vec<ObjectId>,
    /// What is done.
    pub action: Action,
}

/// What a merge would do, ordered by identity; it can be printed, tested and applied.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// One step for each identity that collides.
    pub steps: Vec<Step>,
}

impl Plan {
    /// Returns the steps that leave something out.
    pub fn left_out(&self) -> impl Iterator<Item = (&Step, &str)> {
        self.steps.iter().filter_map(|step| match &step.action {
            Action::LeaveOut { why } => Some((step, why.as_str())),
            _ => None,
        })
    }
}

/// Plans the merge of collisions.
#[must_use]
pub fn plan(estate: &Estate, collisions: &[Collision]) -> Plan {
    let mut by_identity: BTreeMap<&Identity, Vec<&Collision>> = BTreeMap::new();
    for collision in collisions {
        by_identity.entry(&collision.identity).or_default().push(collision);
    }
    let steps = by_identity.into_iter().map(|(identity, collisions)| Step {
        identity: identity.clone(),
        members: collisions.iter().flat_map(|it| it.members.iter().copied()).collect(),
        action: action(estate, &collisions),
    });
    Plan { steps: steps.collect() }
}

/// Decides for one identity: what cannot be kept whole is left out whole.
fn action(estate: &Estate, collisions: &[&Collision]) -> Action {
    let refused = collisions.iter().find(|collision| !collision.mergeable);
    if let Some(collision) = refused {
        return Action::LeaveOut { why: reason(estate, collision) };
    }
    let mut members = collisions.iter().flat_map(|collision| &collision.members).copied();
    if let Some((id, part)) = members.clone().find_map(|id| Some((id, unread(estate, id)?))) {
        let owner = &estate.owner_of(id).name;
        let why = format!("its {part} in {owner} cannot be read as a whole; correct them there");
        return Action::LeaveOut { why };
    }
    match members.next() {
        Some(id) if estate.object(id).binding().is_some() => Action::UniteSubjects,
        Some(id) if estate.object(id).role().is_some() => Action::UniteRules,
        _ => Action::KeepOne,
    }
}

/// Returns the part of a role or binding that holds what cannot be read.
fn unread(estate: &Estate, id: ObjectId) -> Option<&'static str> {
    let object = estate.object(id);
    let subjects = object.binding().and_then(|binding| binding.unread).map(|_| "subjects");
    subjects.or_else(|| object.role().and_then(|role| role.unread).map(|_| "rules"))
}

fn reason(estate: &Estate, collision: &Collision) -> String {
    if collision.outcome == Outcome::DuplicateObject {
        let owners: Vec<_> =
            collision.members.iter().map(|id| &estate.owner_of(*id).name).collect();
        let owner = owners.first().map(ToString::to_string).unwrap_or_default();
        return format!("it stands {} times in {owner}; keep one there", owners.len());
    }
    match collision.difference {
        Difference::RoleRef => "its contenders bind different roles; rename one".into(),
        Difference::Aggregation => {
            "one contender aggregates and another has rules of its own, which aggregation would \
             replace; rename one"
                .into()
        }
        Difference::Metadata => {
            "its labels or annotations differ, which is merged for roles and bindings only; ship it \
             once"
                .into()
        }
        _ => "its contenders differ in more than labels and annotations; rename one".into(),
    }
}
