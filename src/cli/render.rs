//! `rolecall render`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Component, Path, PathBuf};

use super::args::RenderArgs;
use super::gather::{Gathered, Part, RenderedRelease, gather};
use super::job::{Job, Purpose};
use super::streams::Console;
use super::{Exit, Trouble, complain, output, paths, warn};
use crate::document::Document;
use crate::emit;
use crate::input::{self, Text};
use crate::rbac::GROUP;
use crate::render::output::Manifest;
use crate::source::{FileId, SourceMap};
use crate::yaml::{self, Node};

pub(super) fn run(args: &RenderArgs, console: &mut Console<'_>) -> Result<Exit, Trouble> {
    let mut job = Job::resolve(&args.input, Purpose::Use, console.surroundings())?;
    let gathered = gather(&mut job, &args.input.selection, console.stdin());
    warn(&gathered.warnings, console);
    // What goes to a cluster must be whole: with trouble nothing is printed.
    if !gathered.troubles.is_empty() {
        complain(&gathered.troubles, &gathered.sources, console);
        return Ok(Exit::Failed);
    }
    let kept = if args.rbac { Kept::Rbac } else { Kept::All };
    let printer = Printer { kept, several: job.releases() > 1 };
    let done = match &args.output_dir {
        Some(folder) => printer.write(&gathered, folder, console),
        None => printer.text(&gathered).and_then(|text| Ok(console.print(&text)?)),
    };
    match done {
        Ok(()) => Ok(Exit::Clean),
        Err(trouble) => {
            complain(&[trouble], &gathered.sources, console);
            Ok(Exit::Failed)
        }
    }
}

/// Which documents are printed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    All,
    /// `--rbac`
    Rbac,
}

/// How documents are printed.
struct Printer {
    kept: Kept,
    /// Whether a comment names each release.
    several: bool,
}

impl Printer {
    fn text(&self, gathered: &Gathered) -> Result<String, Trouble> {
        let mut out = String::new();
        for part in &gathered.parts {
            match part {
                Part::Release(release) => {
                    if self.several {
                        let name = &release.name;
                        let namespace = name.namespace.as_deref().unwrap_or_default();
                        let line = format!("# Release: {} (namespace {namespace})\n", name.name);
                        out.push_str(&line);
                    }
                    out.push_str(&self.release(release));
                }
                Part::Manifest(text, _) => out.push_str(&self.manifest(text)?),
            }
        }
        Ok(out)
    }

    fn keeps(&self, manifest: &Manifest) -> bool {
        self.kept == Kept::All || yaml::parse_all(&manifest.text).is_ok_and(|roots| is_rbac(&roots))
    }

    /// Prints a release as `helm template` does.
    fn release(&self, release: &RenderedRelease) -> String {
        let selected = &release.documents;
        let joined = |manifests: &[Manifest]| -> String {
            manifests.iter().filter(|it| self.keeps(it)).map(piece).collect()
        };
        let (manifests, hooks) = (joined(&selected.manifests), joined(&selected.hooks));
        match (selected.chosen, self.kept) {
            (true, _) => manifests,
            (false, Kept::Rbac) if manifests.is_empty() => hooks,
            // Helm trims what it prints, hooks apart, and ends it with one newline.
            (false, _) => format!("{}\n{hooks}", manifests.trim()),
        }
    }

    /// Prints a file of manifests as it was read, or the documents of it that are kept.
    fn manifest(&self, text: &Text) -> Result<String, input::Error> {
        let content = match self.kept {
            Kept::All => text.content.to_string(),
            Kept::Rbac => {
                let documents = Document::read_all(text)?;
                let kept = documents.iter().filter(|document| is_rbac_object(document));
                let kept: Vec<_> = kept.map(|document| document.root().data()).collect();
                emit::documents(&kept)
            }
        };
        let mut out = String::new();
        if !content.is_empty() && !content.starts_with("---") {
            out.push_str("---\n");
        }
        out.push_str(&content);
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        Ok(out)
    }

    /// Writes files below a folder and says which, as `helm template --output-dir` does.
    fn write(
        &self,
        gathered: &Gathered,
        folder: &Path,
        console: &mut Console<'_>,
    ) -> Result<(), Trouble> {
        let mut files: BTreeMap<PathBuf, String> = BTreeMap::new();
        let mut said = String::new();
        for part in &gathered.parts {
            match part {
                Part::Release(release) => {
                    let mut root = folder.to_path_buf();
                    if self.several {
                        root.extend(release.name.namespace.as_deref().map(below));
                        root.push(below(&release.name.name));
                    }
                    for manifest in release.documents.all().filter(|it| self.keeps(it)) {
                        let path = root.join(below(&manifest.source));
                        writeln!(said, "wrote {}", paths::shown(&path)).expect("strings grow");
                        files.entry(path).or_default().push_str(&piece(manifest));
                    }
                    said.push('\n');
                }
                Part::Manifest(text, _) => {
                    let path = folder.join(below(&text.path));
                    writeln!(said, "wrote {}", paths::shown(&path)).expect("strings grow");
                    files.entry(path).or_default().push_str(&self.manifest(text)?);
                }
            }
        }
        for (path, content) in files {
            output::write(&path, content.as_bytes())?;
        }
        console.print(&said)?;
        Ok(())
    }
}

/// Returns a document as Helm prints it.
fn piece(manifest: &Manifest) -> String {
    format!("---\n# Source: {}\n{}\n", manifest.source, manifest.text)
}

/// Returns the part of a path that cannot lead out of the folder that it is joined to.
fn below(path: &str) -> PathBuf {
    Path::new(path).components().filter(|it| matches!(it, Component::Normal(_))).collect()
}

/// Tells whether one of the documents of a piece is about RBAC.
fn is_rbac(roots: &[Node]) -> bool {
    let file = placeless();
    roots.iter().any(|root| is_rbac_object(&Document::new(file, 0, root.clone())))
}

/// Returns a text for nodes whose places nobody asks for.
fn placeless() -> FileId {
    SourceMap::new().add("", "")
}

/// Tells whether an object is of the kinds that `--rbac` keeps.
fn is_rbac_object(document: &Document) -> bool {
    let root = document.root();
    let kind = root.text("kind").unwrap_or_default();
    let version = root.text("apiVersion").unwrap_or_default();
    let group = version.split_once('/').map_or("", |(group, _)| group);
    match kind.as_str() {
        "ServiceAccount" => group.is_empty(),
        "ClusterRole" | "ClusterRoleBinding" | "Role" | "RoleBinding" => group == GROUP,
        _ => false,
    }
}
