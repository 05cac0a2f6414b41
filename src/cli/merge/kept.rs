//! What the output file holds of releases that have switched it off: once a chart's switch is off, the
//! file alone has it, and must not lose it with the next merge.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::advice;
use super::file::OutputFile;
use crate::cli::job::{Job, Planned};
use crate::finding::listed;
use crate::merge::switch::Reviver;
use crate::merge::{Merged, kept, merged_from};
use crate::rbac::{Estate, Identity, Object, ObjectId, OwnerId, OwnerKind};
use crate::report::text;

/// For how many charts with their values it is tried, at most, whether they still have an object.
const MOST_TRIED: usize = 8;

/// What becomes of the objects of the output file that inputs do not ship any more.
#[derive(Default)]
pub(super) struct Fate {
    /// What stays.
    pub(super) kept: Vec<(ObjectId, Option<Word>)>,
    /// What goes, though who brought it is still there.
    pub(super) lost: Vec<Word>,
    /// What goes otherwise.
    gone: Vec<Word>,
}

/// What is to be known of an object: what stands before and after its name.
pub(super) struct Word {
    before: String,
    object: Identity,
    after: String,
}

/// Returns sentences without a period, one for all objects of which the same is said.
pub(super) fn told(words: Vec<Word>) -> Vec<String> {
    let mut told: Vec<(String, Vec<Identity>, String)> = Vec::new();
    for Word { before, object, after } in words {
        match told.iter_mut().find(|it| it.0 == before && it.2 == after) {
            Some((_, objects, _)) => objects.push(object),
            None => told.push((before, vec![object], after)),
        }
    }
    let sentence = |(before, objects, after): (String, Vec<Identity>, String)| {
        let objects: Vec<String> = objects.iter().map(Identity::to_string).collect();
        format!("{before} {}{after}", objects.join(", "))
    };
    told.into_iter().map(sentence).collect()
}

/// Adds the objects of the output file that releases have switched off, or that went from the
/// manifests, as one more contender.
///
/// Who is gone keeps nothing there, nor does a release whose chart does not have the object any
/// more, or that ships it under the name that it had before.
pub(super) fn add(
    job: &Job,
    estate: &mut Estate,
    (merged, file, is_typed): (&[Merged], &OutputFile, bool),
) -> Fate {
    let ships = Ships::of(job, estate, merged);
    let mut revivers: Revivers<'_> = Vec::new();
    let mut fate = Fate::default();
    let mut found = Vec::new();
    let written: BTreeSet<&Identity> = merged.iter().map(|it| &it.identity).collect();
    for object in file.estate.objects() {
        let is_written = written.contains(&object.identity);
        // What was typed as an input and is written over must not lose what is nowhere else.
        if is_typed {
            found.extend((!is_written).then_some((object, None)));
            continue;
        }
        let path = &file.text.path;
        let word = |before, after| Word { before, object: object.identity.clone(), after };
        let (stopped, gone) = ships.stopped_and_gone(object);
        if stopped.is_empty() {
            let from = merged_from(object).filter(|_| !is_written);
            fate.gone.extend(from.map(|from| {
                let from: Vec<&str> = from.split(", ").collect();
                let after = format!(", merged from {}", listed(&from));
                word(format!("{path} no longer holds"), after)
            }));
            continue;
        }
        let names: Vec<&str> = stopped.iter().map(|(_, name)| name.as_str()).collect();
        let before = format!("{} stopped shipping", listed(&names));
        let is_of_file = stopped.iter().any(|(id, _)| !ships.planned.contains_key(id));
        let again = match revival(job, estate, (&ships, object, &stopped), &mut revivers) {
            Revival::With(flags) => format!(
                "`rolecall merge {flags} -o {path}` makes it anew, with what new releases add"
            ),
            Revival::Unknown => "delete it there if nobody needs it".into(),
            Revival::None if is_of_file => "delete it there if nobody needs it".into(),
            Revival::None => {
                fate.lost.push(word(before, ", and no value of the chart brings it back".into()));
                continue;
            }
        };
        let too = match gone.as_slice() {
            [] => String::new(),
            gone => format!(", with what {} brought before going", listed(gone)),
        };
        let after = format!(", so {path} keeps what it holds{too}; {again}");
        found.push((object, Some(word(before, after))));
    }
    let mut owners: BTreeMap<OwnerId, OwnerId> = BTreeMap::new();
    for (object, word) in found {
        let new = || estate.add_owner(file.estate.owner(object.owner).clone());
        let owner = *owners.entry(object.owner).or_insert_with(new);
        fate.kept.push((estate.add(Object { owner, ..object.clone() }), word));
    }
    fate
}

impl Fate {
    /// Writes what is kept and not written yet, and returns what is to be known.
    pub(super) fn settle(self, estate: &Estate, merged: &mut Vec<Merged>) -> Vec<String> {
        let mut words = self.gone;
        for (id, word) in self.kept {
            let identity = &estate.object(id).identity;
            let written = merged.iter().find(|it| it.identity == *identity);
            let is_part = written.is_none_or(|it| it.members.contains(&id));
            if written.is_none() {
                merged.push(kept(estate, id));
            }
            words.extend(word.filter(|_| is_part));
        }
        merged.sort_by(|one, other| one.identity.cmp(&other.identity));
        told(words)
    }
}

/// Whether a chart still has an object.
enum Revival {
    /// It has, with these flags.
    With(String),
    /// No value brings it back.
    None,
    /// Not all could be tried.
    Unknown,
}

/// The charts with their values for which it is tried what they have.
type Revivers<'a> = Vec<(&'a Planned, Option<Reviver>)>;

/// Finds the values that make a release ship an object again, under this name or the one that it
/// had before, as they are typed.
fn revival<'a>(
    job: &'a Job,
    estate: &Estate,
    (ships, object, stopped): (&Ships<'a>, &Object, &[(OwnerId, String)]),
    revivers: &mut Revivers<'a>,
) -> Revival {
    let identity = &object.identity;
    // A RoleBinding may be what a ClusterRoleBinding was split into.
    let is_kind = |it: &Identity| {
        it.group == identity.group
            && (it.kind == identity.kind || it.kind.strip_prefix("Cluster") == Some(&identity.kind))
    };
    let is_it = |it: &Identity| is_kind(it) && is_name_of(&identity.name, &it.name);
    let mut tried: Vec<usize> = Vec::new();
    for (owner, _) in stopped {
        let Some(planned) = ships.planned.get(owner).copied() else { continue };
        let is_same = |(it, _): &(&Planned, _)| {
            (it.chart, &it.name, &it.values) == (planned.chart, &planned.name, &planned.values)
                && (it.namespace == planned.namespace || identity.namespace.is_none())
        };
        let place = match revivers.iter().position(is_same) {
            Some(place) => place,
            None => {
                let reviver = || {
                    let chart = advice::load(job.charts.get(planned.chart)?)?;
                    let bench = advice::bench(job, &chart, &planned.values)?;
                    let release = advice::release(job, planned, &estate.owner(*owner).name);
                    Some(Reviver::new(bench, release))
                };
                revivers.push((planned, reviver()));
                revivers.len() - 1
            }
        };
        if tried.contains(&place) {
            continue;
        }
        let reviver = revivers.get_mut(place).and_then(|(_, reviver)| reviver.as_mut());
        let Some(reviver) = reviver.filter(|_| tried.len() < MOST_TRIED) else {
            return Revival::Unknown;
        };
        tried.push(place);
        if let Some(settings) = reviver.revival(&is_it) {
            return Revival::With(text::flags(settings));
        }
    }
    Revival::None
}

/// Tells whether a name is `origin`, or was made of it by adding to its end.
fn is_name_of(name: &str, origin: &str) -> bool {
    let rest = name.strip_prefix(origin);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// What releases and manifests ship.
struct Ships<'a> {
    /// The owners by cluster and name.
    owners: BTreeMap<(Option<SmolStr>, String), OwnerId>,
    planned: BTreeMap<OwnerId, &'a Planned>,
    objects: BTreeSet<(OwnerId, Identity)>,
    /// What is written of the owners, under the names before and after.
    written: Vec<(BTreeSet<OwnerId>, SmolStr)>,
}

impl<'a> Ships<'a> {
    fn of(job: &'a Job, estate: &Estate, merged: &[Merged]) -> Self {
        let owners = (0..estate.owners().len()).map(OwnerId).filter_map(|id| {
            let owner = estate.owner(id);
            let is_input = matches!(owner.kind, OwnerKind::Release | OwnerKind::Manifest);
            is_input.then(|| ((owner.cluster.clone(), estate.source(id)), id))
        });
        let objects = estate.names();
        let written = merged.iter().map(|merged| {
            let owners = merged.members.iter().map(|id| estate.object(*id).owner).collect();
            (owners, merged.origin.name.clone())
        });
        Self {
            owners: owners.collect(),
            planned: advice::releases(job, estate).collect(),
            objects: objects.map(|(owner, identity)| (owner, identity.clone())).collect(),
            written: written.collect(),
        }
    }

    /// Returns who of those that an object of the file was made of no longer ships it, and who is
    /// not there any more.
    fn stopped_and_gone(&self, object: &Object) -> (Vec<(OwnerId, String)>, Vec<String>) {
        let (mut stopped, mut gone) = (Vec::new(), Vec::new());
        let name = object.identity.name.as_str();
        for from in merged_from(object).map(|it| it.split(", ")).into_iter().flatten() {
            let key = (object.identity.cluster.clone(), from.to_string());
            let Some(id) = self.owners.get(&key) else {
                gone.push(key.1);
                continue;
            };
            let is_written = |(owners, origin): &(BTreeSet<OwnerId>, SmolStr)| {
                owners.contains(id) && is_name_of(name, origin)
            };
            let is_shipped = self.objects.contains(&(*id, object.identity.clone()));
            if !is_shipped && !self.written.iter().any(is_written) {
                stopped.push((*id, key.1));
            }
        }
        (stopped, gone)
    }
}
