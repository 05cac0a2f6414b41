//! Patterns for the plain manifests that a walk finds.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::found::below;
use crate::document::Document;
use crate::input::{self, Text};
use crate::source::SourceMap;

/// The endings of manifests.
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// What makes a pattern of a path.
const SPECIAL: [char; 4] = ['*', '?', '[', '{'];

/// Returns the fewest patterns that match manifests among files and nothing else, and what looks like
/// an export of the cluster.
pub(super) fn patterns(folder: &Path, files: &[PathBuf]) -> (Vec<String>, Option<String>) {
    let (mut manifests, mut export) = (BTreeSet::new(), None);
    for path in files {
        let relative = below(path, folder);
        match kind(path) {
            Some(Kind::Export) if export.is_none() => export = Some(relative),
            Some(_) if !relative.contains(SPECIAL) => drop(manifests.insert(relative)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    let mut left = manifests.clone();
    while let Some(first) = left.first().cloned() {
        let pattern = widest(folder, &first, &manifests);
        left.retain(|path| *path != first && !pattern.matched.contains(path));
        found.push(pattern.text);
    }
    (found, export)
}

enum Kind {
    Manifest,
    Export,
}

/// Tells what a file is; none for what holds no object or cannot be read.
fn kind(path: &Path) -> Option<Kind> {
    let text = Text::read(path, "", &mut SourceMap::new()).ok()?;
    let documents = Document::read_all(&text).ok()?;
    let is_object =
        |it: &Document| it.root().text("kind").is_some() && it.root().text("apiVersion").is_some();
    if !documents.iter().any(is_object) {
        return None;
    }
    // What an API server gave has both; nobody writes them.
    let is_live = |it: &Document| {
        it.root()
            .get("metadata")
            .is_some_and(|it| it.text("uid").is_some() && it.text("resourceVersion").is_some())
    };
    Some(if documents.iter().any(is_live) { Kind::Export } else { Kind::Manifest })
}

/// A pattern, and what it matches.
struct Pattern {
    text: String,
    matched: BTreeSet<String>,
}

/// Returns the widest pattern that matches a manifest and nothing but manifests.
fn widest(folder: &Path, path: &str, manifests: &BTreeSet<String>) -> Pattern {
    let ending = ENDINGS.into_iter().find(|it| path.ends_with(&format!(".{it}")));
    let parents: Vec<&str> = path.match_indices('/').filter_map(|(at, _)| path.get(..at)).collect();
    let deep = parents.iter().map(|parent| (*parent, "**/*"));
    let flat = parents.last().map(|parent| (*parent, "*"));
    for (parent, stars) in deep.chain(flat) {
        let Some(ending) = ending else { break };
        let text = format!("{parent}/{stars}.{ending}");
        let Ok(matched) = input::matching(folder, &text) else { continue };
        let matched: BTreeSet<String> = matched.iter().map(|it| below(it, folder)).collect();
        if matched.len() > 1 && matched.is_subset(manifests) {
            return Pattern { text, matched };
        }
    }
    Pattern { text: path.into(), matched: BTreeSet::new() }
}
