//! Whose an object on the cluster is, as Helm's marks say, and what of it no release brings.

use std::collections::BTreeMap;

use crate::finding::OwnerName;
use crate::rbac::{
    Estate, Identity, Marks, ObjectId, OwnerKind, PolicyRule, Subject, covered, union,
};

/// What an object on the cluster is to a release that brings it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ownership {
    /// Helm's marks name the release.
    Mine,
    /// No release is named, or the marks are incomplete: Helm takes it once they are set.
    Adoptable,
    /// The marks name another release.
    Foreign,
}

impl Ownership {
    /// Judges the marks of an object for a release.
    #[must_use]
    pub fn of(marks: &Marks, release: &OwnerName) -> Self {
        let is_other = |mark: &Option<smol_str::SmolStr>, wanted: Option<&str>| {
            mark.as_deref().is_some_and(|it| Some(it) != wanted)
        };
        if marks.refusal(release).is_none() {
            Self::Mine
        } else if is_other(&marks.name, Some(&release.name))
            || is_other(&marks.namespace, release.namespace.as_deref())
        {
            Self::Foreign
        } else {
            Self::Adoptable
        }
    }
}

/// An object that is on the cluster and that releases bring.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The object of the export.
    pub exported: ObjectId,
    /// The release that its marks name.
    pub owner: Option<OwnerName>,
    /// The objects of the releases, and what the exported one is to each.
    pub claims: Vec<(ObjectId, Ownership)>,
}

/// Returns the objects of the export that releases bring too, by identity.
#[must_use]
pub fn claimed(estate: &Estate) -> Vec<Claimed> {
    let mut found: BTreeMap<&Identity, (Claimed, Marks)> = BTreeMap::new();
    for (id, object) in estate.ids() {
        if estate.owner(object.owner).kind == OwnerKind::Export {
            let marks = Marks::of(&object.data);
            let claimed = Claimed { exported: id, owner: marks.owner(), claims: Vec::new() };
            found.insert(&object.identity, (claimed, marks));
        }
    }
    if found.is_empty() {
        return Vec::new();
    }
    for (id, object) in estate.ids() {
        let owner = estate.owner(object.owner);
        if owner.kind == OwnerKind::Release
            && let Some((claimed, marks)) = found.get_mut(&object.identity)
        {
            claimed.claims.push((id, Ownership::of(marks, &owner.name)));
        }
    }
    let claimed = found.into_values().map(|(claimed, _)| claimed);
    claimed.filter(|claimed| !claimed.claims.is_empty()).collect()
}

/// What a role or binding on the cluster holds and no contender brings.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Unclaimed {
    /// Its subjects that none binds.
    pub subjects: Vec<Subject>,
    /// Its rules that none covers.
    pub rules: Vec<PolicyRule>,
}

impl Unclaimed {
    /// Compares what is there with what is brought.
    pub(super) fn among(estate: &Estate, exported: &[ObjectId], brought: &[ObjectId]) -> Self {
        if exported.is_empty() {
            return Self::default();
        }
        let subjects = |ids: &[ObjectId]| -> BTreeMap<Subject, ()> {
            let bindings = ids.iter().filter_map(|id| estate.object(*id).binding());
            bindings.flat_map(|it| it.by_canonical().into_keys()).map(|it| (it, ())).collect()
        };
        let kept = subjects(brought);
        let lost = subjects(exported).into_keys().filter(|it| !kept.contains_key(it));
        // The rules of a role that aggregates are not its own: a controller writes them.
        let rules = |ids: &[ObjectId]| {
            let roles = ids.iter().filter_map(|id| estate.object(*id).role());
            let roles = roles.filter(|role| role.selectors.is_none());
            union(roles.flat_map(|role| role.policy_rules()))
        };
        let granted = rules(brought);
        let is_granted = |rule: &PolicyRule| covered(&granted, std::slice::from_ref(rule));
        let taken = rules(exported).into_iter().filter(|rule| !is_granted(rule));
        Self { subjects: lost.collect(), rules: taken.collect() }
    }

    /// Tells whether everything that is there is brought too.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.subjects.is_empty() && self.rules.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_decide() {
        let release = OwnerName { name: "flux".into(), namespace: Some("app1".into()) };
        let table = [
            ((Some("Helm"), Some("flux"), Some("app1")), Ownership::Mine),
            ((None, Some("flux"), Some("app1")), Ownership::Adoptable),
            ((Some("Helm"), None, None), Ownership::Adoptable),
            ((Some("argocd"), None, None), Ownership::Adoptable),
            ((None, None, None), Ownership::Adoptable),
            ((Some("Helm"), Some("flux"), Some("app2")), Ownership::Foreign),
            ((None, Some("other"), None), Ownership::Foreign),
        ];
        for ((managed_by, name, namespace), expected) in table {
            let mark = |text: Option<&str>| text.map(smol_str::SmolStr::new);
            let (managed_by, name, namespace) = (mark(managed_by), mark(name), mark(namespace));
            let marks = Marks { managed_by, name, namespace };
            assert_eq!(Ownership::of(&marks, &release), expected, "{marks:?}");
        }
    }
}
