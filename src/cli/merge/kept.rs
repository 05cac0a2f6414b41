//! What the output file holds of releases that no longer ship it: once a chart's switch is off, the
//! file alone has it, and must not lose it with the next merge.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use smol_str::SmolStr;

use crate::cli::paths;
use crate::document::Document;
use crate::finding::OwnerName;
use crate::input::Text;
use crate::merge::{Merged, merged_from};
use crate::rbac::{Estate, Identity, Object, ObjectId, Owner, OwnerId, OwnerKind};
use crate::source::SourceMap;

/// An object that stays in the output file.
pub(super) struct Kept {
    pub(super) id: ObjectId,
    /// The releases that are still there and no longer ship it.
    pub(super) stopped: Vec<String>,
}

/// Adds the objects of the output file that releases stopped shipping as one more contender.
///
/// A release that is gone, or that ships the object under the name that it had before, keeps
/// nothing there.
pub(super) fn add(
    estate: &mut Estate,
    merged: &[Merged],
    (path, cluster): (&Path, Option<SmolStr>),
) -> Vec<Kept> {
    let mut sources = SourceMap::new();
    // What cannot be read was not written by a merge.
    let text = path.exists().then(|| Text::read(path, &paths::shown(path), &mut sources).ok());
    let Some(text) = text.flatten() else { return Vec::new() };
    let documents = Document::read_all(&text).unwrap_or_default();
    let mut file = Estate::new();
    let owner = |name: &str| Owner {
        name: OwnerName { name: name.into(), namespace: None },
        kind: OwnerKind::Manifest,
        chart: None,
        cluster: cluster.clone(),
        group: 0,
    };
    let of_file = file.add_owner(owner(&text.path));
    for document in &documents {
        file.read(document, of_file);
    }
    file.settle(estate.custom());
    let ships = Ships::of(estate, merged);
    let stopped = |object: &Object| ships.stopped(object);
    let kept: Vec<(Object, Vec<String>)> = file
        .objects()
        .iter()
        .map(|object| (object.clone(), stopped(object)))
        .filter(|(_, stopped)| !stopped.is_empty())
        .collect();
    if kept.is_empty() {
        return Vec::new();
    }
    let owner = estate.add_owner(owner(&text.path));
    let add = |(object, stopped)| Kept { id: estate.add(Object { owner, ..object }), stopped };
    kept.into_iter().map(add).collect()
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
                let rest = name.strip_prefix(origin.as_str());
                owners.contains(id) && rest.is_some_and(|it| it.is_empty() || it.starts_with('-'))
            };
            !self.objects.contains(&(*id, object.identity.clone()))
                && !self.written.iter().any(is_written)
        };
        names.filter(has_stopped).map(String::from).collect()
    }
}
