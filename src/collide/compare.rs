//! How the contenders for one identity differ.

use std::collections::BTreeSet;

use super::{Outcome, fixed};
use crate::rbac::{
    Body, Estate, GROUP, Object, ObjectId, OwnerKind, PolicyRule, Role, covered,
    remove_merged_from, remove_ownership,
};
use crate::yaml::Data;

/// The most harmful difference among contenders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// Other roles are bound.
    RoleRef,
    /// Other subjects are bound.
    Subjects,
    /// Other rules, and no contender has them all, or other aggregation rules.
    Rules,
    /// Other rules, and one contender's cover the others'.
    RulesOfOneCoverAll,
    /// One aggregates, another holds rules of its own, which aggregation would replace.
    Aggregation,
    /// Other content in a field that cannot be changed, which is named.
    Fixed(&'static str),
    /// Other content.
    Content,
    /// Other metadata only.
    Metadata,
    /// None.
    Nothing,
}

impl Difference {
    /// Compares the contenders, at least one.
    pub(super) fn among(estate: &Estate, members: &[ObjectId]) -> Self {
        let objects: Vec<&Object> = members.iter().map(|id| estate.object(*id)).collect();
        let of_meaning = bindings(&objects).or_else(|| roles(estate, &objects));
        of_meaning.unwrap_or_else(|| {
            if !same(&objects, |object| content(object, Part::Spec)) {
                fixed::field(&objects).map_or(Self::Content, Self::Fixed)
            } else if !same(&objects, |object| content(object, Part::Metadata)) {
                Self::Metadata
            } else {
                Self::Nothing
            }
        })
    }

    /// Returns the outcome that the difference leads to.
    pub(super) fn outcome(self) -> Outcome {
        match self {
            Self::RoleRef => Outcome::RoleRefConflict,
            Self::Subjects => Outcome::LostSubjects,
            Self::Rules | Self::RulesOfOneCoverAll | Self::Aggregation => Outcome::RulesOverwritten,
            Self::Fixed(_) | Self::Content | Self::Metadata => Outcome::ContentOverwritten,
            Self::Nothing => Outcome::Identical,
        }
    }

    /// Tells whether a merge can keep all that the contenders of an API group hold.
    pub(super) fn mergeable(self, group: &str) -> bool {
        match self {
            Self::Subjects | Self::Rules | Self::RulesOfOneCoverAll | Self::Nothing => true,
            Self::Metadata => group == GROUP,
            Self::RoleRef | Self::Aggregation | Self::Fixed(_) | Self::Content => false,
        }
    }
}

/// Tells whether a part is the same in all objects.
pub(super) fn same<T: PartialEq>(objects: &[&Object], part: impl Fn(&Object) -> T) -> bool {
    let mut parts = objects.iter().map(|object| part(object));
    let first = parts.next();
    parts.all(|other| first.as_ref() == Some(&other))
}

fn bindings(objects: &[&Object]) -> Option<Difference> {
    let bindings: Vec<_> = objects.iter().filter_map(|object| object.binding()).collect();
    let first = bindings.first()?;
    if bindings.iter().any(|binding| binding.role_ref != first.role_ref) {
        return Some(Difference::RoleRef);
    }
    let subjects = first.by_canonical();
    let differs =
        |binding: &&crate::rbac::Binding| !binding.by_canonical().keys().eq(subjects.keys());
    bindings.iter().any(differs).then_some(Difference::Subjects)
}

fn roles(estate: &Estate, objects: &[&Object]) -> Option<Difference> {
    let roles: Vec<_> = objects.iter().filter_map(|object| object.role()).collect();
    let first = roles.first()?;
    if roles.iter().any(|role| role.selectors != first.selectors) {
        let plain = |role: &&Role| role.selectors.is_none() && !role.rules.is_empty();
        let mixed = roles.iter().any(plain) && roles.iter().any(|role| role.selectors.is_some());
        return Some(if mixed { Difference::Aggregation } else { Difference::Rules });
    }
    // What is on the cluster under a role that aggregates was written by a controller.
    let is_written = |object: &&&Object| {
        let is_export = estate.owner(object.owner).kind == OwnerKind::Export;
        !is_export || first.selectors.is_none()
    };
    let written = objects.iter().filter(is_written).filter_map(|object| object.role());
    // Many releases bring the same rules; each list is compared once.
    let rules: BTreeSet<Vec<PolicyRule>> =
        written.map(|role| role.policy_rules().cloned().collect()).collect();
    let covers_all = |owner: &Vec<PolicyRule>| rules.iter().all(|other| covered(owner, other));
    match rules.iter().filter(|owner| covers_all(owner)).count() {
        count if count == rules.len() => None,
        0 => Some(Difference::Rules),
        _ => Some(Difference::RulesOfOneCoverAll),
    }
}

/// Which part of an object is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Metadata,
    Spec,
}

/// Returns a part of an object without what is compared by meaning, the namespace, which the
/// identity holds, and the marks of Helm and of merging.
fn content(object: &Object, part: Part) -> Data {
    let Data::Map(mut root) = object.data.clone() else { return object.data.clone() };
    let mut metadata = root.remove("metadata").unwrap_or_default();
    if part == Part::Metadata {
        if let Data::Map(entries) = &mut metadata {
            entries.remove("namespace");
        }
        remove_ownership(&mut metadata);
        remove_merged_from(&mut metadata);
        return metadata;
    }
    if !matches!(object.body, Body::Other) {
        for key in ["apiVersion", "rules", "aggregationRule", "subjects", "roleRef"] {
            root.remove(key);
        }
    }
    Data::Map(root)
}
