//! The resources of Kubernetes: what is served, in which scope, and which verbs each takes.
//!
//! The tables are `served.txt`, which the script `generate` writes, and `kept.txt`.

mod names;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::scope::Scope;

pub use names::{group_meant, plural_meant, subresource_meant};

/// The verbs that a word `all` of the tables stands for.
const ALL: [&str; 8] =
    ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/// The subresource that the server asks about when an owner reference blocks deletion: any
/// resource has it, though it is not served.
const FINALIZERS: &str = "finalizers";

/// A resource of Kubernetes, or something else that a rule can allow, such as `users`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// The API group; empty for the core.
    pub group: &'static str,
    /// The kind of its objects; none where there are no objects, only permissions.
    pub kind: Option<&'static str>,
    /// Its name in rules; `*` for any name of the group.
    pub plural: &'static str,
    /// Where its objects live.
    pub scope: Scope,
    /// The minor release of Kubernetes 1 that is the first with it; none where any supported one
    /// has it.
    pub since: Option<u32>,
    /// The minor release of Kubernetes 1 that is the first without it.
    pub gone: Option<u32>,
    /// The verbs it takes, sorted.
    pub verbs: Vec<&'static str>,
    /// Its subresources by name, sorted, with their verbs; the name `*` stands for any.
    pub subresources: Vec<(&'static str, Vec<&'static str>)>,
}

/// What a rule's resource leads to: a resource or one of its subresources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The resource.
    pub resource: &'static Resource,
    /// The verbs that the resource or subresource takes.
    pub verbs: &'static [&'static str],
}

struct Tables {
    resources: Vec<Resource>,
    /// The places of resources by group and kind.
    by_kind: BTreeMap<(&'static str, &'static str), usize>,
    /// The places of resources by name, in the order of their groups.
    by_plural: BTreeMap<&'static str, Vec<usize>>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let rows = [include_str!("served.txt"), include_str!("kept.txt")];
    let rows = rows.into_iter().flat_map(str::lines).filter_map(row);
    let mut resources: BTreeMap<(&str, &str), Resource> = BTreeMap::new();
    for row in rows {
        match resources.get_mut(&(row.group, row.plural)) {
            Some(known) => known.add(row),
            None => drop(resources.insert((row.group, row.plural), row)),
        }
    }
    let resources: Vec<Resource> = resources.into_values().collect();
    let places = resources.iter().enumerate();
    let by_kind = places.filter_map(|(at, it)| Some(((it.group, it.kind?), at))).collect();
    let mut by_plural: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, resource) in resources.iter().enumerate() {
        by_plural.entry(resource.plural).or_default().push(at);
    }
    Tables { resources, by_kind, by_plural }
});

/// Returns all resources, sorted by group and name.
#[must_use]
pub fn all() -> &'static [Resource] {
    &TABLES.resources
}

/// Returns the resource whose objects are of a kind.
#[must_use]
pub fn of_kind(group: &str, kind: &str) -> Option<&'static Resource> {
    TABLES.by_kind.get(&(group, kind)).map(|at| &TABLES.resources[*at])
}

/// Returns what a resource of a rule, such as `pods` or `pods/exec`, leads to; none where the
/// group has no such resource, or the resource no such subresource.
#[must_use]
pub fn lookup(group: &str, resource: &str) -> Option<Target> {
    let (plural, sub) = match resource.split_once('/') {
        Some((plural, sub)) => (plural, Some(sub)),
        None => (resource, None),
    };
    let resource = of_plural(group, plural).or_else(|| of_plural(group, "*"))?;
    let verbs: &'static [&'static str] = match sub {
        None => &resource.verbs,
        Some(sub) => resource.subresource(sub)?,
    };
    Some(Target { resource, verbs })
}

/// Tells whether Kubernetes serves anything in a group, or once did.
#[must_use]
pub fn has_group(group: &str) -> bool {
    first_of(group).is_some()
}

/// Tells whether Kubernetes itself has or had an API group, and the tables list all of its resources.
#[must_use]
pub fn is_listed(group: &str) -> bool {
    first_of(group).is_some_and(|it| it.plural != "*")
}

fn first_of(group: &str) -> Option<&'static Resource> {
    let resources = all();
    let at = resources.partition_point(|it| it.group < group);
    resources.get(at).filter(|it| it.group == group)
}

/// Returns the resources of a name, in the order of their groups; of a subresource those that have it.
pub fn homes(resource: &str) -> impl Iterator<Item = &'static Resource> {
    let (plural, sub) = match resource.split_once('/') {
        Some((plural, sub)) => (plural, Some(sub)),
        None => (resource, None),
    };
    let places = TABLES.by_plural.get(plural).map_or(&[][..], |it| it);
    let has = move |it: &&Resource| sub.is_none_or(|sub| it.subresource(sub).is_some());
    places.iter().map(|at| &TABLES.resources[*at]).filter(has)
}

fn of_plural(group: &str, plural: &str) -> Option<&'static Resource> {
    let resources = all();
    let at = resources.binary_search_by(|it| (it.group, it.plural).cmp(&(group, plural))).ok()?;
    Some(&resources[at])
}

impl Resource {
    /// Returns the verbs of a subresource.
    #[must_use]
    pub fn subresource(&self, name: &str) -> Option<&[&'static str]> {
        let known = |name: &str| self.subresources.iter().find(|(known, _)| *known == name);
        match known(name).or_else(|| known("*")) {
            Some((_, verbs)) => Some(verbs),
            None if name == FINALIZERS && self.kind.is_some() => Some(&["update"]),
            None => None,
        }
    }

    /// Tells whether a minor release of Kubernetes 1 serves it, as far as it is known: of those before
    /// 1.33 only what they had and lost is.
    #[must_use]
    pub fn is_served_by(&self, minor: u32) -> bool {
        self.gone.is_none_or(|gone| minor < gone)
    }

    /// Tells whether any supported release serves it.
    #[must_use]
    pub fn is_served(&self) -> bool {
        self.gone.is_none()
    }

    /// Tells whether who names it without a group may mean it: it has objects of its own, or is asked about
    /// like one that has.
    #[must_use]
    pub fn is_home(&self) -> bool {
        self.kind.is_some() && self.group != "metrics.k8s.io" || self.plural == "signers"
    }

    /// Adds what another row of the tables says of it.
    fn add(&mut self, row: Self) {
        self.verbs.extend(row.verbs);
        self.verbs.sort_unstable();
        self.subresources.extend(row.subresources);
        self.subresources.sort_unstable();
    }
}

/// Reads a line of a table; none for comments.
fn row(line: &'static str) -> Option<Resource> {
    let mut words = line.split_whitespace().map(|word| if word == "-" { "" } else { word });
    let group = words.next().filter(|word| !word.starts_with('#'))?;
    let kind = words.next().filter(|kind| !kind.is_empty());
    let plural = words.next()?;
    let scope = match words.next()? {
        "cluster" => Scope::Cluster,
        _ => Scope::Namespaced,
    };
    let (since, gone) = words.next()?.split_once("..").unwrap_or_default();
    let minor = |version: &str| version.strip_prefix("1.")?.parse().ok();
    let (since, gone) = (minor(since), minor(gone));
    let verbs = verbs(words.next()?);
    let subresource = |word: &'static str| Some(word).and_then(|it| it.split_once('='));
    let subresources =
        words.filter_map(subresource).map(|(name, listed)| (name, self::verbs(listed))).collect();
    Some(Resource { group, kind, plural, scope, since, gone, verbs, subresources })
}

fn verbs(listed: &'static str) -> Vec<&'static str> {
    let of = |word| if word == "all" { ALL.to_vec() } else { vec![word] };
    let mut verbs: Vec<_> =
        listed.split(',').filter(|word| !word.is_empty()).flat_map(of).collect();
    verbs.sort_unstable();
    verbs
}

#[cfg(test)]
mod tests;
