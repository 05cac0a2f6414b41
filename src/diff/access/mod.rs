//! Who gains and who loses access between two estates, by meaning.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use crate::rbac::access::{Access, Granted, Request};
use crate::rbac::{Identity, ObjectId, PolicyRule, RoleRef, Subject, gathered};

/// What a subject gains or loses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// The cluster, where the inputs name several.
    pub cluster: Option<SmolStr>,
    /// Who.
    pub subject: Subject,
    /// Where it holds; none: everywhere.
    pub namespace: Option<SmolStr>,
    /// What.
    pub what: What,
    /// The binding, the role that it binds, and the role that this one takes it from.
    pub via: Vec<String>,
    /// What is in it, and held before and after: where, and what.
    pub except: Vec<(Option<SmolStr>, PolicyRule)>,
}

/// What is granted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// What a rule says.
    Rule(PolicyRule),
    /// Whatever a role grants that is not among the inputs.
    Role(RoleRef),
}

/// The access that changes, by subject.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessChange {
    /// What is held after, and was not before.
    pub gained: Vec<Grant>,
    /// What was held before, and is not after.
    pub lost: Vec<Grant>,
}

impl AccessChange {
    /// Compares what two estates grant.
    #[must_use]
    pub fn between(before: &Access<'_>, after: &Access<'_>) -> Self {
        let (before, after) = (Held::of(before), Held::of(after));
        let subjects: BTreeSet<&Key> = before.0.keys().chain(after.0.keys()).collect();
        let mut change = Self::default();
        for key in subjects {
            let (old, new) = (before.of_subject(key), after.of_subject(key));
            if meaning(&old.own) == meaning(&new.own) && meaning(&old.wider) == meaning(&new.wider)
            {
                continue;
            }
            change.gained.extend(new.beyond(&old, key));
            change.lost.extend(old.beyond(&new, key));
        }
        change
    }

    /// Tells whether nobody gains or loses anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.gained.is_empty() && self.lost.is_empty()
    }
}

/// A subject on a cluster.
type Key = (Option<SmolStr>, Subject);

/// Something that a subject holds.
struct Holding<'a> {
    namespace: Option<SmolStr>,
    what: Whole<'a>,
    via: Vec<String>,
}

/// What is held, as it stands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Whole<'a> {
    Rule(&'a PolicyRule),
    Role(&'a RoleRef),
}

/// What all subjects hold, each by its own name.
struct Held<'a>(BTreeMap<Key, Vec<Holding<'a>>>);

impl<'a> Held<'a> {
    fn of(access: &'a Access<'a>) -> Self {
        let mut held: BTreeMap<Key, Vec<Holding<'a>>> = BTreeMap::new();
        for (cluster, subject, bindings) in access.bound() {
            let holdings = bindings.iter().flat_map(|id| holdings(access, *id));
            held.entry((cluster.cloned(), subject.clone())).or_default().extend(holdings);
        }
        Self(held)
    }

    fn of_subject(&self, (cluster, subject): &Key) -> Side<'_> {
        let of = |subject: &Subject| {
            self.0.get(&(cluster.clone(), subject.clone())).into_iter().flatten()
        };
        let wider = wider(subject);
        Side { own: of(subject).collect(), wider: wider.iter().flat_map(of).collect() }
    }
}

/// Returns the groups that all are in who are meant by a subject.
fn wider(subject: &Subject) -> Vec<Subject> {
    const ALL: &str = "system:authenticated";
    const ACCOUNTS: &str = "system:serviceaccounts";
    let group = |name: &str| Subject {
        kind: SmolStr::new_static("Group"),
        namespace: None,
        name: name.into(),
        api_group: Subject::default_group("Group"),
    };
    match (subject.kind.as_str(), subject.name.as_str()) {
        ("ServiceAccount", _) => subject.groups(),
        ("User", "system:anonymous") | ("Group", ALL | "system:unauthenticated") => Vec::new(),
        ("Group", name) if name.strip_prefix(ACCOUNTS).is_some_and(|it| it.starts_with(':')) => {
            vec![group(ACCOUNTS), group(ALL)]
        }
        _ => vec![group(ALL)],
    }
}

/// Returns what a binding grants, each with the way to it.
fn holdings<'a>(access: &'a Access<'a>, id: ObjectId) -> Vec<Holding<'a>> {
    let binding = access.object(id);
    let namespace = binding.identity.namespace.clone();
    let Some(role_ref) = binding.binding().map(|it| &it.role_ref) else { return Vec::new() };
    let of_role = namespace.as_ref().filter(|_| role_ref.kind == "Role");
    let role = called(&role_ref.kind, of_role, &role_ref.name);
    let called = |id: ObjectId| {
        let Identity { kind, namespace, name, .. } = &access.object(id).identity;
        called(kind, namespace.as_ref(), name)
    };
    let to_role = vec![called(id), role];
    let bound = match access.granted(id) {
        Granted::Objects(roles) => roles,
        Granted::BuiltIn(_) | Granted::Nowhere => &[],
    };
    let Some(rules) = access.rules_granted(id) else {
        return vec![Holding { namespace, what: Whole::Role(role_ref), via: to_role }];
    };
    let holding = |(role, rule): (Option<ObjectId>, &'a PolicyRule)| {
        let mut via = to_role.clone();
        via.extend(role.filter(|it| !bound.contains(it)).map(called));
        Holding { namespace: namespace.clone(), what: Whole::Rule(rule), via }
    };
    rules.into_iter().map(holding).collect()
}

fn called(kind: &str, namespace: Option<&SmolStr>, name: &str) -> String {
    let namespace = namespace.map(|it| format!("{it}/")).unwrap_or_default();
    format!("{kind}/{namespace}{name}")
}

/// What a subject holds before or after: by its own name, and by the groups that it is in.
struct Side<'a> {
    own: Vec<&'a Holding<'a>>,
    wider: Vec<&'a Holding<'a>>,
}

/// Where something holds, and by which way.
type Place = (Option<SmolStr>, Vec<String>, Vec<Except>);

/// What is kept: where, and what; none for all of it.
type Except = (Option<SmolStr>, Option<PolicyRule>);

impl Side<'_> {
    /// Returns what is held here by its own name, and by no name there.
    fn beyond(&self, other: &Side<'_>, (cluster, subject): &Key) -> Vec<Grant> {
        let theirs: Vec<&Holding<'_>> = other.own.iter().chain(&other.wider).copied().collect();
        let mut grants = Vec::new();
        let grant = |namespace, what, via, except| Grant {
            cluster: cluster.clone(),
            subject: subject.clone(),
            namespace,
            what,
            via,
            except,
        };
        let mut pieces: Vec<(PolicyRule, Place)> = Vec::new();
        for held in &self.own {
            match &held.what {
                Whole::Role(role) => {
                    let is_kept = theirs.iter().any(|it| it.what == held.what && it.reaches(held));
                    let what = || What::Role((*role).clone());
                    let grant = || grant(held.namespace.clone(), what(), held.via.clone(), vec![]);
                    grants.extend((!is_kept).then(grant));
                }
                Whole::Rule(rule) => {
                    let cut = cut((rule, held), &theirs);
                    pieces.extend(cut.into_iter().map(|(atom, except)| {
                        (atom, (held.namespace.clone(), held.via.clone(), except))
                    }));
                }
            }
        }
        let mut by_place: BTreeMap<Place, Vec<PolicyRule>> = BTreeMap::new();
        for (atom, place) in widest(pieces) {
            by_place.entry(place).or_default().push(atom);
        }
        for ((namespace, via, except), atoms) in by_place {
            grants.extend(gathered(atoms).into_iter().map(|rule| {
                let kept = |it: &Option<PolicyRule>| it.as_ref().unwrap_or(&rule).clone();
                let except = except.iter().map(|(place, it)| (place.clone(), kept(it))).collect();
                grant(namespace.clone(), What::Rule(rule), via.clone(), except)
            }));
        }
        grants.sort();
        grants.dedup();
        grants
    }
}

/// Returns what is held where, whatever the way to it.
fn meaning<'a>(holdings: &[&'a Holding<'a>]) -> BTreeSet<(Option<&'a SmolStr>, &'a Whole<'a>)> {
    holdings.iter().map(|it| (it.namespace.as_ref(), &it.what)).collect()
}

impl<'a> Holding<'a> {
    fn rule(&self) -> Option<&'a PolicyRule> {
        match self.what {
            Whole::Rule(rule) => Some(rule),
            Whole::Role(_) => None,
        }
    }

    /// Tells whether it holds wherever another does.
    fn reaches(&self, other: &Self) -> bool {
        self.namespace.is_none() || self.namespace == other.namespace
    }
}

/// Returns the atoms of a rule that others do not cover, each with what of it they hold.
fn cut(
    (rule, held): (&PolicyRule, &Holding<'_>),
    theirs: &[&Holding<'_>],
) -> Vec<(PolicyRule, Vec<Except>)> {
    let theirs: Vec<(&PolicyRule, bool, Option<SmolStr>)> = theirs
        .iter()
        .filter_map(|it| Some((it.rule()?, it.reaches(held), it.namespace.clone())))
        .collect();
    let is_held =
        |atom: &PolicyRule| theirs.iter().any(|(rule, reaches, _)| *reaches && rule.covers(atom));
    let counts = |atom: &PolicyRule| held.namespace.is_none() || !is_of_cluster(atom);
    let missed: Vec<PolicyRule> =
        rule.atoms().into_iter().filter(|it| counts(it) && !is_held(it)).collect();
    if missed.is_empty() {
        return Vec::new();
    }
    let parts: Vec<Vec<PolicyRule>> = theirs.iter().map(|(rule, ..)| rule.atoms()).collect();
    let shared = |atom: &PolicyRule| {
        let mut shared: BTreeMap<Option<SmolStr>, BTreeSet<PolicyRule>> = BTreeMap::new();
        for ((_, reaches, namespace), parts) in theirs.iter().zip(&parts) {
            let place = if *reaches { held.namespace.clone() } else { namespace.clone() };
            if *reaches || held.namespace.is_none() {
                let meets = parts.iter().filter_map(|it| it.shared(atom));
                shared.entry(place).or_default().extend(meets);
            }
        }
        shared
    };
    let mut left = Vec::new();
    for atom in missed {
        let here = |atom: &PolicyRule| shared(atom).remove(&held.namespace).unwrap_or_default();
        // Where some verbs are kept, those that are not are named.
        let atoms = match atom.by_verb() {
            Some(atoms) if !here(&atom).is_empty() => atoms,
            _ => vec![atom],
        };
        left.extend(atoms.into_iter().filter(|it| counts(it) && !is_held(it)).map(|atom| {
            let except = shared(&atom).into_iter().flat_map(|(namespace, atoms)| {
                gathered(atoms).into_iter().map(move |rule| (namespace.clone(), rule))
            });
            let all = |rule: PolicyRule| (rule != atom).then_some(rule);
            let except = except.map(|(namespace, rule)| (namespace, all(rule))).collect();
            (atom, except)
        }));
    }
    left
}

/// Tells whether only a ClusterRoleBinding can grant an atom.
fn is_of_cluster(atom: &PolicyRule) -> bool {
    let words = (atom.verbs.first(), atom.api_groups.first(), atom.resources.first());
    match words {
        (Some(verb), Some(group), Some(resource)) => {
            Request::new(verb, group, resource).is_of_cluster()
        }
        _ => !atom.non_resource_urls.is_empty(),
    }
}

/// Leaves out atoms that others cover which hold wherever they do; of two that are alike the first is
/// left.
fn widest(pieces: Vec<(PolicyRule, Place)>) -> Vec<(PolicyRule, Place)> {
    let beaten = |at: usize| {
        let (atom, (namespace, ..)) = &pieces[at];
        pieces.iter().enumerate().any(|(other, (wide, (place, ..)))| {
            let reaches = place.is_none() || place == namespace;
            let is_alike = || atom.covers(wide) && place == namespace;
            other != at && reaches && wide.covers(atom) && (!is_alike() || other < at)
        })
    };
    let is_left: Vec<bool> = (0..pieces.len()).map(|at| !beaten(at)).collect();
    pieces
        .into_iter()
        .zip(is_left)
        .filter_map(|(piece, is_left)| is_left.then_some(piece))
        .collect()
}

#[cfg(test)]
mod tests;
