//! `rolecall render`.

use std::borrow::Cow;
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
use crate::finding::OwnerName;
use crate::input::{self, Text};
use crate::rbac::GROUP;
use crate::render::Trails;
use crate::render::output::Manifest;
use crate::yaml::{self, Node};

pub(super) fn run(args: &RenderArgs, console: &mut Console<'_>) -> Result<Exit, Trouble> {
    let mut job = Job::resolve(&args.input, Purpose::Use, console)?;
    console.tell(&job.told.take());
    let kept = if args.rbac { Kept::Rbac } else { Kept::All };
    let printer = Printer { kept, several: job.releases() > 1 };
    let selection = &args.input.selection;
    if let Some(folder) = &args.output_dir {
        let (gathered, parts) = gather(&mut job, selection, (console.stdin(), &|release| release));
        return finish(&gathered, console, |console| printer.write(&parts, folder, console));
    }
    // Of many large releases the texts alone are kept.
    job.settings.trails = Trails::Drop;
    let text_of = |release| printer.titled(&release);
    let (gathered, parts) = gather(&mut job, selection, (console.stdin(), &text_of));
    finish(&gathered, console, |console| printer.print(&parts, console))
}

/// Hands over what was gathered, unless there is trouble: what goes to a cluster must be whole.
fn finish(
    gathered: &Gathered,
    console: &mut Console<'_>,
    hand_over: impl FnOnce(&mut Console<'_>) -> Result<(), Trouble>,
) -> Result<Exit, Trouble> {
    console.tell(gathered.told.lines());
    warn(&gathered.warnings, console);
    if !gathered.troubles.is_empty() {
        complain(&gathered.troubles, &gathered.sources, console);
        return Ok(Exit::Failed);
    }
    match hand_over(console) {
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
#[derive(Clone, Copy)]
struct Printer {
    kept: Kept,
    /// Whether a comment names each release.
    several: bool,
}

impl Printer {
    /// Prints all parts, once it is known that each of them can be printed.
    fn print(self, parts: &[Part<String>], console: &mut Console<'_>) -> Result<(), Trouble> {
        let mut texts = Vec::with_capacity(parts.len());
        for part in parts {
            texts.push(match part {
                Part::Release(text) => Cow::Borrowed(text.as_str()),
                Part::Manifest(text, _) => Cow::Owned(self.manifest(text)?),
            });
        }
        for text in texts {
            console.print(&text)?;
        }
        Ok(())
    }

    /// Returns what is printed of a release, below its name where there are several.
    fn titled(self, release: &RenderedRelease) -> String {
        let mut out = String::new();
        if self.several {
            let OwnerName { name, namespace } = &release.name;
            let namespace = namespace.as_deref().unwrap_or_default();
            writeln!(out, "# Release: {name} (namespace {namespace})").expect("strings grow");
        }
        self.release(release, &mut out);
        out
    }

    fn keeps(self, manifest: &Manifest) -> bool {
        self.kept == Kept::All || yaml::parse_all(&manifest.text).is_ok_and(|roots| is_rbac(&roots))
    }

    /// Adds a release as `helm template` prints it.
    fn release(self, release: &RenderedRelease, out: &mut String) {
        let start = out.len();
        release.documents.printed.print(out, |manifest| self.keeps(manifest));
        // Helm prints an empty line in place of manifests; it is no RBAC.
        if self.kept == Kept::Rbac && out[start..].starts_with('\n') {
            out.remove(start);
        }
    }

    /// Prints a file of manifests as it was read, or the documents of it that are kept.
    fn manifest(self, text: &Text) -> Result<String, input::Error> {
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
        self,
        parts: &[Part],
        folder: &Path,
        console: &mut Console<'_>,
    ) -> Result<(), Trouble> {
        let mut files: BTreeMap<PathBuf, String> = BTreeMap::new();
        let mut said = String::new();
        for part in parts {
            match part {
                Part::Release(release) => {
                    let mut root = folder.to_path_buf();
                    if self.several {
                        root.extend(release.name.namespace.as_deref().map(below));
                        root.push(below(&release.name.name));
                    }
                    let shown = release.documents.printed.shown();
                    for shown in shown.filter(|it| self.keeps(&it.manifest)) {
                        let path = root.join(below(&shown.manifest.source));
                        writeln!(said, "wrote {}", paths::shown(&path)).expect("strings grow");
                        shown.print(files.entry(path).or_default());
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

/// Returns the part of a path that cannot lead out of the folder that it is joined to.
fn below(path: &str) -> PathBuf {
    Path::new(path).components().filter(|it| matches!(it, Component::Normal(_))).collect()
}

/// Tells whether one of the documents of a piece is about RBAC.
fn is_rbac(roots: &[Node]) -> bool {
    roots.iter().any(|root| is_rbac_object(&Document::unplaced(root.clone())))
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
