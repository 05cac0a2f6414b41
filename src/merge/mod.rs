//! Collisions to a plan, and the plan applied.

mod apply;
mod rename;
mod scope;
mod split;
pub mod switch;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;

use smol_str::SmolStr;

pub use apply::{Merged, apply, kept};
pub use rename::Renamed;
pub use split::Share;

use crate::collide::{Collision, Difference, Outcome};
use crate::rbac::{Estate, Hook, Identity, MERGED_FROM, Object, ObjectId, OwnerKind};
use crate::yaml::Data;

/// What becomes of objects that collide.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Strategy {
    /// One object that holds what all contenders hold.
    #[default]
    Union,
    /// A role or binding of its own for each release, under a name of its own.
    Rename,
    /// A RoleBinding in the namespace of each subject in place of a ClusterRoleBinding; anything
    /// else is united.
    RoleBinding,
}

/// What is done with the contenders for one identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// One binding with the subjects of all.
    UniteSubjects,
    /// One role with the rules of all.
    UniteRules,
    /// One copy.
    KeepOne,
    /// Each release's object under a name of its own.
    Rename(Vec<Renamed>),
    /// A RoleBinding for each namespace that subjects live in.
    Split(Vec<Share>),
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
    /// What is to be known beside it, in sentences without a period.
    pub notes: Vec<String>,
}

/// What a merge would do, ordered by identity; it can be printed, tested and applied.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// One step for each identity that collides, and for each binding that follows a role which
    /// gets another name.
    pub steps: Vec<Step>,
    /// What is to be known beside the steps, in sentences without a period.
    pub notes: Vec<String>,
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

/// Plans the merge of collisions: what can be kept whole becomes one object.
#[must_use]
pub fn plan(estate: &Estate, collisions: &[Collision]) -> Plan {
    Strategy::Union.plan(estate, collisions)
}

impl Strategy {
    /// Plans what becomes of collisions.
    #[must_use]
    pub fn plan(self, estate: &Estate, collisions: &[Collision]) -> Plan {
        let mut by_identity: BTreeMap<&Identity, Vec<&Collision>> = BTreeMap::new();
        for collision in collisions {
            by_identity.entry(&collision.identity).or_default().push(collision);
        }
        let steps = match self {
            Self::Union => united(estate, &by_identity).collect(),
            Self::Rename => rename::steps(estate, &by_identity),
            Self::RoleBinding => {
                let splitter = split::Splitter::new(estate);
                united(estate, &by_identity).map(|step| splitter.split(step)).collect()
            }
        };
        Plan { steps, notes: Vec::new() }
    }
}

/// The collisions of each identity.
type ByIdentity<'a> = BTreeMap<&'a Identity, Vec<&'a Collision>>;

fn united<'a>(
    estate: &'a Estate,
    collisions: &'a ByIdentity<'a>,
) -> impl Iterator<Item = Step> + 'a {
    collisions.iter().map(|(identity, collisions)| {
        let members: Vec<ObjectId> =
            collisions.iter().flat_map(|it| it.members.iter().copied()).collect();
        let action = action(estate, collisions);
        let is_written = !matches!(action, Action::LeaveOut { .. });
        let notes = of_hooks(estate, &members).filter(|_| is_written);
        Step { identity: (*identity).clone(), members, action, notes: notes.into_iter().collect() }
    })
}

/// Says that an object is a hook in all charts: a deployer that knows hooks takes the merged one for
/// one, too.
fn of_hooks(estate: &Estate, members: &[ObjectId]) -> Option<String> {
    let mut hooks = members.iter().map(|id| Hook::of(&estate.object(*id).data));
    hooks.all(|hook| hook.is_some()).then(|| {
        "it is a hook of each chart and keeps `helm.sh/hook`: Argo CD runs it as a hook and may \
         delete it; take the annotation out where it applies the merged file"
            .into()
    })
}

/// Decides for one identity: what cannot be kept whole is left out whole.
fn action(estate: &Estate, collisions: &[&Collision]) -> Action {
    let refused = collisions.iter().find(|collision| !collision.mergeable);
    if let Some(collision) = refused {
        return Action::LeaveOut { why: reason(estate, collision) };
    }
    let members = collisions.iter().flat_map(|collision| &collision.members).copied();
    if let Some(why) = members.clone().find_map(|id| unread(estate, id)) {
        return Action::LeaveOut { why };
    }
    members.clone().next().map_or(Action::KeepOne, |id| unite(estate.object(id)))
}

/// Returns how objects like this one are united.
fn unite(object: &Object) -> Action {
    match (object.binding(), object.role()) {
        (Some(_), _) => Action::UniteSubjects,
        (_, Some(_)) => Action::UniteRules,
        _ => Action::KeepOne,
    }
}

/// Says which part of a role or binding holds what cannot be read.
fn unread(estate: &Estate, id: ObjectId) -> Option<String> {
    let object = estate.object(id);
    let subjects = object.binding().and_then(|binding| binding.unread).map(|_| "subjects");
    let rules = || object.role().and_then(|role| role.unread).map(|_| "rules");
    let part = subjects.or_else(rules)?;
    let owner = &estate.owner_of(id).name;
    Some(format!("its {part} in {owner} cannot be read as a whole; correct them there"))
}

fn reason(estate: &Estate, collision: &Collision) -> String {
    if collision.outcome == Outcome::DuplicateObject {
        return twice(estate, &collision.members);
    }
    let files = collision
        .members
        .iter()
        .filter(|id| estate.owner_of(**id).name.namespace.is_none() && !is_exported(estate, **id));
    let or_strategy = match files.count() {
        0 | 1 => ", or take `--strategy rename`",
        _ => "",
    };
    match collision.difference {
        Difference::RoleRef => {
            format!("its contenders bind different roles; rename one{or_strategy}")
        }
        Difference::Aggregation => format!(
            "one contender aggregates and another has rules of its own, which aggregation would \
             replace; rename one{or_strategy}"
        ),
        Difference::Metadata => {
            "its labels or annotations differ, which is merged for roles and bindings only; ship it \
             once"
                .into()
        }
        _ => "its contenders differ in more than labels and annotations; rename one".into(),
    }
}

/// Says that an object stands more than once in one owner.
fn twice(estate: &Estate, members: &[ObjectId]) -> String {
    let owner = members.first().map(|id| estate.owner_of(*id).name.to_string());
    let owner = owner.unwrap_or_default();
    format!("it stands {} times in {owner}; keep one there", members.len())
}

/// Returns who an object was merged from, separated by `, `, where a merge wrote it.
#[must_use]
pub fn merged_from(object: &Object) -> Option<&SmolStr> {
    let Data::Map(root) = &object.data else { return None };
    let Some(Data::Map(metadata)) = root.get("metadata") else { return None };
    let Some(Data::Map(annotations)) = metadata.get("annotations") else { return None };
    match annotations.get(MERGED_FROM) {
        Some(Data::Str(names)) => Some(names),
        _ => None,
    }
}

/// Tells whether an object was written by a merge.
#[must_use]
pub fn is_merged(object: &Object) -> bool {
    merged_from(object).is_some()
}

/// Tells whether an object is what the cluster holds, not what an input brings.
fn is_exported(estate: &Estate, id: ObjectId) -> bool {
    estate.owner_of(id).kind == OwnerKind::Export
}
