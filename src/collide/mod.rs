//! One identity, several contenders: how they differ and who loses what.

mod compare;
mod deployer;
mod duplicate;
mod fixed;
mod outcome;
mod ownership;
mod probe;

use std::collections::{BTreeMap, BTreeSet};

pub use compare::Difference;
pub use deployer::{Apply, Deployer, Fate, Removal, fates};
pub use outcome::Outcome;
pub use ownership::{Claimed, Ownership, Unclaimed, claimed};
pub use probe::ProbeClass;

use crate::rbac::{Estate, Hook, Identity, ObjectId, OwnerId, OwnerKind, Subject, covered};
use probe::Probed;

/// Several objects of one identity.
#[derive(Debug, Clone)]
pub struct Collision {
    /// The identity.
    pub identity: Identity,
    /// The contenders in the order in which they are applied.
    pub members: Vec<ObjectId>,
    /// What happens.
    pub outcome: Outcome,
    /// The subjects that are gone once all contenders were applied, the last one winning.
    pub lost: Vec<Subject>,
    /// The most harmful difference among them.
    pub difference: Difference,
    /// What a probe says of the name; none for releases that someone asked for.
    pub probe: Option<ProbeClass>,
    /// Whether a merge can keep all that the contenders hold.
    pub mergeable: bool,
    /// What the export holds and no contender brings.
    pub unclaimed: Unclaimed,
}

/// Finds the collisions of an estate, ordered by identity.
#[must_use]
pub fn find(estate: &Estate) -> Vec<Collision> {
    let mut found = Vec::new();
    for ((_, identity), members) in estate.by_identity() {
        if members.len() < 2 {
            continue;
        }
        found.extend(duplicate::find(estate, identity, &members));
        found.extend(contest(estate, identity, &members));
    }
    found
}

/// Finds what happens where several owners hold one identity.
fn contest(estate: &Estate, identity: &Identity, members: &[ObjectId]) -> Option<Collision> {
    let (last_of, probe) = match probe::class(estate, last_of_owners(estate, members)) {
        Probed::Not(owners) => (owners, None),
        Probed::Safe => return None,
        Probed::Class(owners, class) => (owners, Some(class)),
    };
    if last_of.len() < 2 {
        return None;
    }
    let members: Vec<ObjectId> = last_of.into_values().collect();
    let (exported, brought): (Vec<_>, Vec<_>) =
        members.iter().partition(|id| estate.owner_of(**id).kind == OwnerKind::Export);
    let lost = lost(estate, &members);
    let difference = match (exported.len(), Difference::among(estate, &members)) {
        (0, difference) => difference,
        // What is there may be updated: only what is taken away from it counts.
        (
            _,
            Difference::Fixed(_) | Difference::Content | Difference::Metadata | Difference::Nothing,
        ) => (brought.len() > 1).then(|| Difference::among(estate, &brought))?,
        (_, difference) if brought.len() > 1 => difference,
        (_, difference) => takes_away(estate, &members, difference).then_some(difference)?,
    };
    Some(Collision {
        lost,
        identity: identity.clone(),
        outcome: difference.outcome(),
        difference,
        mergeable: difference.mergeable(&identity.group),
        unclaimed: Unclaimed::among(estate, &exported, &brought),
        members,
        probe,
    })
}

/// Returns the last object of each owner; a hook does not stand for an object of the release itself.
fn last_of_owners(estate: &Estate, members: &[ObjectId]) -> BTreeMap<OwnerId, ObjectId> {
    let mut last_of: BTreeMap<OwnerId, ObjectId> = BTreeMap::new();
    for id in members {
        let known = last_of.entry(estate.object(*id).owner).or_insert(*id);
        let is_hook = |id: ObjectId| Hook::of(&estate.object(id).data).is_some();
        if *known == *id || !is_hook(*id) || is_hook(*known) {
            *known = *id;
        }
    }
    last_of
}

/// Tells whether the one release that brings an object takes something from what is there.
fn takes_away(estate: &Estate, members: &[ObjectId], difference: Difference) -> bool {
    match (difference, members) {
        (Difference::Subjects, _) => !lost(estate, members).is_empty(),
        (Difference::Rules | Difference::RulesOfOneCoverAll, [before, after]) => {
            let rules = |id: &ObjectId| -> Vec<_> {
                let role = estate.object(*id).role();
                role.into_iter().flat_map(|role| role.policy_rules().cloned()).collect()
            };
            let selectors = |id: &ObjectId| estate.object(*id).role().map(|it| &it.selectors);
            !covered(&rules(after), &rules(before)) || selectors(before) != selectors(after)
        }
        _ => true,
    }
}

/// Returns the subjects of all bindings that the last one does not hold.
fn lost(estate: &Estate, members: &[ObjectId]) -> Vec<Subject> {
    let mut bindings = members.iter().filter_map(|id| estate.object(*id).binding());
    let Some(last) = bindings.next_back() else { return Vec::new() };
    let kept = last.by_canonical();
    let held: BTreeSet<Subject> =
        bindings.flat_map(|binding| binding.by_canonical().into_keys()).collect();
    held.into_iter().filter(|subject| !kept.contains_key(subject)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads texts as the objects of owners of a kind.
    fn estate(owners: &[(OwnerKind, &str, Option<&str>, String)]) -> Estate {
        let owners = owners.iter().map(|(kind, name, space, text)| (*kind, *name, *space, &**text));
        Estate::of_texts(&owners.collect::<Vec<_>>())
    }

    fn binding(name: &str, role: &str, subject: &str) -> String {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n\
             metadata: {{name: {name}}}\nroleRef: {{kind: ClusterRole, name: {role}}}\n\
             subjects: [{{kind: ServiceAccount, name: x, namespace: {subject}}}]\n"
        )
    }

    fn role(verbs: &str) -> String {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: a}}\n\
             rules: [{{apiGroups: [''], resources: [pods], verbs: [{verbs}]}}]\n"
        )
    }

    fn other(version: &str, data: &str) -> String {
        format!(
            "apiVersion: {version}\nkind: PriorityClass\nmetadata: {{name: a}}\nvalue: {data}\n"
        )
    }

    #[test]
    fn outcomes_follow_the_worst_difference() {
        let v1 = "scheduling.k8s.io/v1";
        let labelled = "metadata: {name: a, labels: {x: y}}";
        let table = [
            (binding("a", "r", "x"), binding("a", "r", "y"), Some((Outcome::LostSubjects, true))),
            (
                binding("a", "r", "x"),
                binding("a", "s", "x"),
                Some((Outcome::RoleRefConflict, false)),
            ),
            (binding("a", "r", "x"), binding("b", "r", "y"), None),
            (binding("a", "r", "x"), binding("a", "r", "x"), Some((Outcome::Identical, true))),
            (role("get"), role("list"), Some((Outcome::RulesOverwritten, true))),
            (role("get, list"), role("list, get"), Some((Outcome::Identical, true))),
            (
                role("get"),
                role("get").replace("metadata: {name: a}", labelled),
                Some((Outcome::ContentOverwritten, true)),
            ),
            (other(v1, "1"), other(v1, "2"), Some((Outcome::ContentOverwritten, false))),
            (other(v1, "1"), other(v1, "1"), Some((Outcome::Identical, true))),
            (other(v1, "1"), other("example.com/v1", "1"), None),
            (
                format!("{}---\n{}", role("get"), role("get")),
                other(v1, "1"),
                Some((Outcome::DuplicateObject, false)),
            ),
        ];
        for (one, two, expected) in table {
            let manifest = OwnerKind::Manifest;
            let estate = estate(&[
                (manifest, "one", None, one.clone()),
                (manifest, "two", None, two.clone()),
            ]);
            let found = find(&estate);
            let outcome = found.first().map(|it| (it.outcome, it.mergeable));
            assert_eq!(outcome, expected, "{one}{two}");
        }
    }

    #[test]
    fn the_last_one_applied_keeps_its_subjects() {
        let manifest = OwnerKind::Manifest;
        let files = ["x", "y", "z"].map(|it| (manifest, it, None, binding("a", "r", it)));
        let found = find(&estate(&files));
        let lost: Vec<String> =
            found.iter().flat_map(|it| &it.lost).map(ToString::to_string).collect();
        assert_eq!(lost, ["x/x", "y/x"]);
    }

    #[test]
    fn a_probe_tells_what_a_name_depends_on() {
        type NameOf = fn(&str, &str) -> String;
        let table: [(NameOf, Option<ProbeClass>); 4] = [
            (|_, _| "a".into(), Some(ProbeClass::Constant)),
            (|name, _| name.into(), Some(ProbeClass::ReleaseOnly)),
            (|_, namespace| namespace.into(), None),
            (|name, namespace| format!("{name}-{namespace}"), None),
        ];
        for (index, (name_of, expected)) in table.into_iter().enumerate() {
            let probes = [("probe-a", "team-a"), ("probe-a", "team-b"), ("probe-b", "team-b")];
            let owners = probes.map(|(name, namespace)| {
                let text = binding(&name_of(name, namespace), "r", namespace);
                (OwnerKind::Probe, name, Some(namespace), text)
            });
            let classes: Vec<_> = find(&estate(&owners)).iter().map(|it| it.probe).collect();
            assert_eq!(classes, expected.map(Some).into_iter().collect::<Vec<_>>(), "{index}");
        }
    }
}
