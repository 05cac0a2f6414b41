//! What Helm does with rendered files: splits them, reads their heads, sorts and prints them.

mod crds;
mod head;
mod hooks;
mod order;
mod print;
mod selection;
mod split;
mod trouble;

use std::sync::Arc;

use smol_str::SmolStr;

use self::head::Head;
use self::hooks::Role;
use super::Error;
use super::resolve::logfmt;
use crate::parallel;
use crate::source::{Trail, TrailPart};

pub use crds::CrdFiles;
pub use print::{Selected, Shown, select};
pub use selection::{Crds, Hooks, Selection, Tests};

/// A rendered template file.
#[derive(Debug, Clone)]
pub struct RenderedFile {
    /// The name: `c/templates/a.yaml`.
    pub name: SmolStr,
    /// Its text.
    pub text: String,
    /// Where its bytes came from.
    pub trail: Trail,
}

/// A document of a rendered file: what stands between two separators, trimmed.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// The name of the file: `c/templates/a.yaml`.
    pub source: SmolStr,
    /// The text.
    pub text: String,
    /// Where its bytes came from.
    pub trail: TrailPart,
    /// `kind`, empty where there is none.
    pub kind: String,
    /// The events of a hook, as Helm knows them; none for what is no hook.
    pub hook: Option<Vec<String>>,
}

/// The outcome of sorting.
#[derive(Debug, Clone, Default)]
pub struct Sorted {
    /// The manifests in the order of installation, then the hooks.
    pub manifests: Vec<Manifest>,
    /// What Helm warns of, each as the rest of a logfmt line after `level=`.
    pub warnings: Vec<String>,
}

/// Splits files into documents, drops NOTES.txt, empty ones and unknown hooks, and sorts as Helm
/// does: manifests in the order of installation, then hooks; and returns what Helm warns of.
/// `files` come in the order of execution.
///
/// # Errors
/// In Helm's words, where a document is no YAML or its head is of the wrong type.
pub fn sorted(mut files: Vec<RenderedFile>) -> Result<Sorted, Error> {
    files.retain(|file| is_manifest(&file.name));
    files.sort_by(|one, other| one.name.cmp(&other.name));
    let mut outcome = Sorted::default();
    let bytes = files.iter().map(|file| file.text.len()).sum();
    for read in parallel::map(files, bytes, read_file) {
        let read = read?;
        outcome.manifests.extend(read.manifests);
        outcome.warnings.extend(read.warnings);
    }
    outcome.manifests.sort_by(|one, other| {
        let is_hook = |manifest: &Manifest| manifest.hook.is_some();
        is_hook(one).cmp(&is_hook(other)).then_with(|| order::compare(&one.kind, &other.kind))
    });
    Ok(outcome)
}

fn is_manifest(name: &str) -> bool {
    let is_partial = name.rsplit('/').next().is_some_and(|base| base.starts_with('_'));
    !name.ends_with("NOTES.txt") && !is_partial
}

fn read_file(file: RenderedFile) -> Result<Sorted, Error> {
    let mut outcome = Sorted::default();
    let trail = Arc::new(file.trail);
    for range in split::pieces(&file.text) {
        let text = &file.text[range.clone()];
        let part = TrailPart::new(trail.clone(), range.start);
        let head =
            Head::read(text).map_err(|error| trouble::unread(&file.name, (text, &part), error))?;
        let hook = match hooks::role(&head) {
            Role::Manifest => None,
            Role::Hook(events) => Some(events),
            Role::Unknown(events) => {
                let attributes = [("hookTypes", events.as_str())];
                let message = "skipping unknown hooks";
                outcome.warnings.push(logfmt::line("INFO", message, &attributes));
                continue;
            }
        };
        outcome.manifests.push(Manifest {
            source: file.name.clone(),
            text: text.into(),
            trail: part,
            kind: head.kind,
            hook,
        });
    }
    Ok(outcome)
}

#[cfg(test)]
mod tests;
