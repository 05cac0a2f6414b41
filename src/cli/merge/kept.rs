//! What the output file holds of releases that have switched it off: once a chart's switch is off, the
//! file alone has it, and must not lose it with the next merge.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use smol_str::SmolStr;

use super::advice;
use crate::cli::job::Job;
use crate::cli::paths;
use crate::document::Document;
use crate::finding::OwnerName;
use crate::input::Text;
use crate::merge::{Merged, merged_from};
use crate::rbac::{Estate, Identity, Object, ObjectId, Owner, OwnerId, OwnerKind};
use crate::report::text;
use crate::source::SourceMap;

/// An object that stays in the output file.
pub(super) struct Kept {
    pub(super) id: ObjectId,
    /// The releases that are still there and no longer ship it.
    pub(super) stopped: Vec<String>,
    /// The value that would make the first of them ship it, as `--set` takes it.
    pub(super) setting: String,
}

/// Adds the objects of the output file that releases have switched off as one more contender.
///
/// A release that is gone keeps nothing there, nor does one whose chart does not have the object any
/// more, or that ships it under the name that it had before.
pub(super) fn add(
    job: &Job,
    estate: &mut Estate,
    (merged, path, cluster): (&[Merged], &Path, Option<SmolStr>),
) -> Vec<Kept> {
    let mut sources = SourceMap::new();
    // What cannot be read was not written by a merge.
    let text = path.exists().then(|| Text::read(path, &paths::shown(path), &mut sources).ok());
    let Some(text) = text.flatten() else { return Vec::new() };
    let documents = Document::read_all(&text).unwrap_or_default();
    let mut file = Estate::new();
    let owner = Owner {
        name: OwnerName { name: text.path.clone(), namespace: None },
        kind: OwnerKind::Manifest,
        chart: None,
        cluster,
        group: 0,
    };
    let of_file = file.add_owner(owner.clone());
    for document in &documents {
        file.read(document, of_file);
    }
    file.settle(estate.custom());
    let ships = Ships::of(estate, merged);
    let mut found = Vec::new();
    for object in file.objects() {
        let stopped = ships.stopped(object);
        let first = stopped.first().and_then(|name| ships.releases.get(name));
        let setting = first.and_then(|release| revival(job, estate, (*release, object)));
        found.extend(setting.map(|setting| (object.clone(), stopped, setting)));
    }
    if found.is_empty() {
        return Vec::new();
    }
    let owner = estate.add_owner(owner);
    let add = |(object, stopped, setting)| {
        let id = estate.add(Object { owner, ..object });
        Kept { id, stopped, setting }
    };
    found.into_iter().map(add).collect()
}

/// Finds the value that makes a release ship an object again, under this name or the one that it
/// had before.
fn revival(job: &Job, estate: &Estate, (owner, object): (OwnerId, &Object)) -> Option<String> {
    let (_, planned) = advice::releases(job, estate).find(|(id, _)| *id == owner)?;
    let chart = advice::load(job.charts.get(planned.chart)?)?;
    let bench = advice::bench(job, &chart, &planned.values)?;
    let release = advice::release(job, planned, &estate.owner(owner).name);
    let identity = &object.identity;
    // A RoleBinding may be what a ClusterRoleBinding was split into.
    let is_kind = |it: &Identity| {
        it.group == identity.group
            && (it.kind == identity.kind || it.kind.strip_prefix("Cluster") == Some(&identity.kind))
    };
    let is_it = |it: &Identity| is_kind(it) && is_name_of(&identity.name, &it.name);
    let (path, value) = bench.revival(&release, &is_it)?;
    Some(text::setting(&path, &value))
}

/// Tells whether a name is `origin`, or was made of it by adding to its end.
fn is_name_of(name: &str, origin: &str) -> bool {
    let rest = name.strip_prefix(origin);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// What the releases ship.
struct Ships {
    releases: BTreeMap<String, OwnerId>,
    objects: BTreeSet<(OwnerId, Identity)>,
    /// What is written of the releases, under the names before and after.
    written: Vec<(BTreeSet<OwnerId>, SmolStr)>,
}

impl Ships {
    fn of(estate: &Estate, merged: &[Merged]) -> Self {
        let releases = (0..estate.owners().len()).map(OwnerId).filter_map(|id| {
            let owner = estate.owner(id);
            (owner.kind == OwnerKind::Release).then(|| (owner.name.to_string(), id))
        });
        let objects = estate.names();
        let written = merged.iter().map(|merged| {
            let owners = merged.members.iter().map(|id| estate.object(*id).owner).collect();
            (owners, merged.origin.name.clone())
        });
        Self {
            releases: releases.collect(),
            objects: objects.map(|(owner, identity)| (owner, identity.clone())).collect(),
            written: written.collect(),
        }
    }

    /// Returns the releases that an object of the file was made of, that are still there, and that
    /// no longer ship it.
    fn stopped(&self, object: &Object) -> Vec<String> {
        let names = merged_from(object).map(|it| it.split(", ")).into_iter().flatten();
        let name = object.identity.name.as_str();
        let has_stopped = |release: &&str| {
            let Some(id) = self.releases.get(*release) else { return false };
            let is_written = |(owners, origin): &(BTreeSet<OwnerId>, SmolStr)| {
                owners.contains(id) && is_name_of(name, origin)
            };
            !self.objects.contains(&(*id, object.identity.clone()))
                && !self.written.iter().any(is_written)
        };
        names.filter(has_stopped).map(String::from).collect()
    }
}
