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

/// An object that stays in the output file.
pub(super) struct Kept {
    pub(super) id: ObjectId,
    /// What is to be known of it.
    note: String,
}

/// What becomes of the objects of the output file that inputs do not ship any more.
#[derive(Default)]
pub(super) struct Fate {
    pub(super) kept: Vec<Kept>,
    /// What goes, though who brought it is still there; sentences without a period.
    pub(super) lost: Vec<String>,
    /// What is to be known of the others.
    notes: Vec<String>,
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
    for object in file.estate.objects() {
        let is_written = merged.iter().any(|it| it.identity == object.identity);
        // What was typed as an input and is written over must not lose what is nowhere else.
        if is_typed {
            found.extend((!is_written).then(|| (object, String::new())));
            continue;
        }
        let (stopped, gone) = ships.stopped_and_gone(object);
        if stopped.is_empty() {
            let from = merged_from(object).filter(|_| !is_written);
            fate.notes.extend(from.map(|from| {
                let from: Vec<&str> = from.split(", ").collect();
                let path = &file.text.path;
                format!("{path} no longer holds {}, merged from {}", object.identity, listed(&from))
            }));
            continue;
        }
        let revival = revival(job, estate, (&ships, object, &stopped), &mut revivers);
        let is_of_file = stopped.iter().any(|(id, _)| !ships.planned.contains_key(id));
        let names: Vec<&str> = stopped.iter().map(|(_, name)| name.as_str()).collect();
        let who = format!("{}: {} stopped shipping it", object.identity, listed(&names));
        let path = &file.text.path;
        let again = match revival {
            Some(flags) => {
                format!(
                    "`rolecall merge {flags} -o {path}` makes it anew, with what new releases add"
                )
            }
            None if is_of_file => "delete it there if nobody needs it".into(),
            None => {
                fate.lost.push(format!("{who}, and no value of the chart brings it back"));
                continue;
            }
        };
        let too = match gone.as_slice() {
            [] => String::new(),
            gone => format!(", with what {} brought before going", listed(gone)),
        };
        found.push((object, format!("{who}, so what {path} holds is kept{too}; {again}")));
    }
    let mut owners: BTreeMap<OwnerId, OwnerId> = BTreeMap::new();
    for (object, note) in found {
        let new = || estate.add_owner(file.estate.owner(object.owner).clone());
        let owner = *owners.entry(object.owner).or_insert_with(new);
        let id = estate.add(Object { owner, ..object.clone() });
        fate.kept.push(Kept { id, note });
    }
    fate
}

impl Fate {
    /// Writes what is kept and not written yet, and returns what is to be known.
    pub(super) fn settle(self, estate: &Estate, merged: &mut Vec<Merged>) -> Vec<String> {
        let mut notes = self.notes;
        for Kept { id, note } in self.kept {
            let identity = &estate.object(id).identity;
            let written = merged.iter().find(|it| it.identity == *identity);
            let is_part = written.is_none_or(|it| it.members.contains(&id));
            if written.is_none() {
                merged.push(kept(estate, id));
            }
            notes.extend(Some(note).filter(|note| is_part && !note.is_empty()));
        }
        merged.sort_by(|one, other| one.identity.cmp(&other.identity));
        notes
    }
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
) -> Option<String> {
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
        if tried.len() == MOST_TRIED {
            break;
        }
        tried.push(place);
        let reviver = revivers.get_mut(place).and_then(|(_, reviver)| reviver.as_mut());
        if let Some(settings) = reviver.and_then(|it| it.revival(&is_it)) {
            return Some(text::flags(settings));
        }
    }
    None
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
            is_input.then(|| ((owner.cluster.clone(), owner.name.to_string()), id))
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
