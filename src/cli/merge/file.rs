//! The output file as an earlier merge left it.

use std::collections::BTreeSet;
use std::path::Path;

use smol_str::SmolStr;

use crate::cli::paths;
use crate::document::Document;
use crate::finding::OwnerName;
use crate::input::{Error, Text};
use crate::rbac::{Estate, MERGED_FROM, Owner, OwnerId, OwnerKind};
use crate::source::SourceMap;

/// What a document begins with where objects go to several clusters.
const CLUSTER: &str = "# Cluster: ";

/// The comment that says where an object goes.
pub(super) fn of_cluster(cluster: &str) -> String {
    format!("{CLUSTER}{cluster}\n")
}

/// A file and the objects in it.
pub(super) struct OutputFile {
    pub(super) text: Text,
    /// The objects, with an owner for each cluster.
    pub(super) estate: Estate,
}

impl OutputFile {
    /// Reads a file, if it is there; `cluster` is where all goes, if that is one.
    ///
    /// # Errors
    /// Where it cannot be read: what it holds may be nowhere else.
    pub(super) fn read(
        path: &Path,
        (cluster, inputs): (Option<&SmolStr>, &Estate),
        sources: &mut SourceMap,
    ) -> Result<Option<Self>, Error> {
        if !path.exists() {
            return Ok(None);
        }
        let text = Text::read(path, &paths::shown(path), sources)?;
        let help = "correct it, or delete it to start anew, which loses what only it holds";
        let documents = Document::read_all(&text).map_err(|error| error.with_help(help))?;
        let mut by_cluster: Vec<(Option<SmolStr>, Vec<&Document>)> = Vec::new();
        for document in &documents {
            let of = named(&text.content, document)
                .or_else(|| cluster.cloned())
                .or_else(|| of_sources(document, inputs));
            match by_cluster.iter_mut().find(|(known, _)| *known == of) {
                Some((_, documents)) => documents.push(document),
                None => by_cluster.push((of, vec![document])),
            }
        }
        let mut estate = Estate::new();
        for (cluster, documents) in by_cluster {
            let owner = estate.add_owner(owner(&text.path, cluster));
            for document in documents {
                estate.read(document, owner);
            }
        }
        estate.settle(inputs.custom());
        Ok(Some(Self { text, estate }))
    }
}

fn owner(path: &str, cluster: Option<SmolStr>) -> Owner {
    Owner {
        name: OwnerName { name: path.into(), namespace: None },
        kind: OwnerKind::Manifest,
        chart: None,
        cluster,
        group: 0,
    }
}

/// Returns the cluster that the line above a document names.
fn named(content: &str, document: &Document) -> Option<SmolStr> {
    let before = content.get(..document.root().span().start as usize)?;
    let line = before.lines().next_back()?;
    line.strip_prefix(CLUSTER).map(|name| SmolStr::new(name.trim_end()))
}

/// Returns the cluster of those that an object was made of, if that is one: where a file was written
/// when there was but one, nothing else says it.
fn of_sources(document: &Document, inputs: &Estate) -> Option<SmolStr> {
    let annotations = document.root().get("metadata").and_then(|it| it.get("annotations"));
    let names = annotations.and_then(|it| it.text(MERGED_FROM))?;
    let names: BTreeSet<&str> = names.split(", ").collect();
    let owners = (0..inputs.owners().len()).map(OwnerId);
    let sources = owners.filter(|id| names.contains(inputs.source(*id).as_str()));
    let clusters = sources.map(|id| inputs.owner(id).cluster.clone());
    let clusters: BTreeSet<Option<SmolStr>> = clusters.collect();
    clusters.into_iter().collect::<Vec<_>>().try_into().ok().and_then(|[only]: [_; 1]| only)
}
