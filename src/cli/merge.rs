//! `rolecall merge`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::args::MergeArgs;
use super::estate::estate;
use super::job::{Item, Job, Purpose};
use super::streams::Console;
use super::{Exit, Trouble, complain, output, paths, warn};
use crate::collide;
use crate::diff::{Change, Side};
use crate::document::Document;
use crate::emit;
use crate::finding::OwnerName;
use crate::input::{self, Found, Text};
use crate::merge::{self, Merged, Plan};
use crate::rbac::{CustomScopes, Estate, Identity, Owner, OwnerKind};
use crate::report::text;
use crate::source::SourceMap;

pub(super) fn run(args: &MergeArgs, console: &mut Console<'_>) -> Result<Exit, Trouble> {
    let folder = console.surroundings().folder.clone();
    let mut job = Job::resolve(&args.input, Purpose::Use, console.surroundings())?;
    let output = args.output.as_ref().map(|path| paths::relative(path, &folder));
    let output = output.or_else(|| job.output.clone());
    let against = args.against.as_ref().map(|path| paths::relative(path, &folder));
    let against = against.or_else(|| job.against.clone());
    forget_output(&mut job, output.as_deref());
    let inputs = (console.stdin(), against.as_deref());
    let (gathered, estate) = estate(&mut job, &args.input.selection, inputs);
    warn(&gathered.warnings, console);
    // What goes to a cluster must be whole: with trouble nothing is written.
    if !gathered.troubles.is_empty() {
        complain(&gathered.troubles, &gathered.sources, console);
        return Ok(Exit::Failed);
    }
    let plan = merge::plan(&estate, &collide::find(&estate));
    let merged = merge::apply(&estate, &plan);
    let product = Product {
        merged: &merged,
        estate: &estate,
        export: against.is_some(),
        text: yaml_of(&merged),
    };
    let done = match (args.check, output) {
        (true, Some(path)) => product.check(&path, console)?,
        (true, None) => return Err(no_output().into()),
        (false, path) => product.write(path.as_deref(), console)?,
    };
    console.remark(&summary(&product, job.releases()));
    let left_out = left_out(&plan, console);
    Ok(done.max(left_out))
}

fn no_output() -> input::Error {
    input::Error::new("there is no file to check")
        .with_help("name it: `--check -o FILE`, or `merge: { output: FILE }` in rolecall.yaml")
}

/// Drops the output file from what a walk found or a pattern matches: what was merged before must not stay for ever.
fn forget_output(job: &mut Job, output: Option<&Path>) {
    let is_output = |item: &Item| match item {
        Item::Manifest(path, Found::Walked | Found::Matched) => Some(path.as_path()) == output,
        _ => false,
    };
    job.items.retain(|item| !is_output(item));
}

/// Returns the merged objects as YAML; where they go to several clusters each says to which.
fn yaml_of(merged: &[Merged]) -> String {
    let clusters: BTreeSet<_> = merged.iter().map(|it| &it.identity.cluster).collect();
    let document = |merged: &Merged| {
        let comment = match &merged.identity.cluster {
            Some(cluster) if clusters.len() > 1 => format!("# Cluster: {cluster}\n"),
            _ => String::new(),
        };
        format!("---\n{comment}{}", emit::object(&merged.data))
    };
    merged.iter().map(document).collect()
}

/// Says what was left out and why.
fn left_out(plan: &Plan, console: &mut Console<'_>) -> Exit {
    let mut exit = Exit::Clean;
    for (step, why) in plan.left_out() {
        console.complain(&format!("left out: {}: {why}\n", step.identity));
        exit = Exit::Found;
    }
    exit
}

fn summary(product: &Product<'_>, releases: usize) -> String {
    let of = match releases {
        0 => String::new(),
        1 => " of 1 release".into(),
        count => format!(" of {count} releases"),
    };
    match product.merged.len() {
        0 if releases == 1 => {
            "nothing to merge of 1 release; `-n app1,app2` renders one for each namespace\n".into()
        }
        0 => format!("nothing to merge{of}\n"),
        1 => format!("1 object merged{of}\n"),
        count => format!("{count} objects merged{of}\n"),
    }
}

/// What was merged.
struct Product<'a> {
    merged: &'a [Merged],
    estate: &'a Estate,
    /// Whether the estate holds an export of the cluster.
    export: bool,
    text: String,
}

impl Product<'_> {
    /// Writes the merged YAML and the diff.
    fn write(&self, path: Option<&Path>, console: &mut Console<'_>) -> Result<Exit, Trouble> {
        let titles =
            if self.export { ("on the cluster", "merged") } else { ("as applied", "merged") };
        let changes = self.changes();
        match path {
            Some(path) => {
                output::write(path, self.text.as_bytes())?;
                console.print(&text::changes(&changes, titles, console.out_style()))?;
            }
            None => {
                console.print(&self.text)?;
                console.remark(&text::changes(&changes, titles, console.err_style()));
            }
        }
        Ok(Exit::Clean)
    }

    /// Compares the file with what would be written, and shows how they differ.
    fn check(&self, path: &Path, console: &mut Console<'_>) -> Result<Exit, Trouble> {
        let shown = paths::shown(path);
        let mut sources = SourceMap::new();
        let old = match path.exists() {
            true => Some(Text::read(path, &shown, &mut sources)?),
            false => None,
        };
        if old.as_ref().is_some_and(|old| *old.content == *self.text) {
            console.remark(&format!("{shown} is up to date\n"));
            return Ok(Exit::Clean);
        }
        let old = match old.map(|old| sides(&old)).transpose() {
            Ok(old) => old.unwrap_or_default(),
            Err(error) => {
                complain(&[error.into()], &sources, console);
                return Ok(Exit::Failed);
            }
        };
        let changes = self.changes_from(old);
        console.print(&text::changes(&changes, (shown.as_str(), "merged"), console.out_style()))?;
        console.complain(&format!("{shown} is not up to date: run `rolecall merge -o {shown}`\n"));
        Ok(Exit::Found)
    }

    /// Returns what the merge changes: from the export, or from what the last one applied leaves.
    fn changes(&self) -> Vec<Change> {
        let before = |merged: &Merged| {
            let is_export =
                |id: &&crate::rbac::ObjectId| self.estate.owner_of(**id).kind == OwnerKind::Export;
            let id = match self.export {
                true => merged.members.iter().rfind(is_export),
                false => merged.members.last(),
            };
            id.map(|id| Side::from(self.estate.object(*id)))
        };
        let change = |merged: &Merged| Change {
            identity: merged.identity.clone(),
            before: before(merged),
            after: Some(after(merged)),
        };
        self.merged.iter().map(change).collect()
    }

    /// Returns what differs from the objects of a file.
    fn changes_from(&self, mut old: BTreeMap<Identity, Side>) -> Vec<Change> {
        let of_file = |merged: &Merged| Identity { cluster: None, ..merged.identity.clone() };
        let mut changes: Vec<Change> = Vec::new();
        for merged in self.merged {
            let (before, after) = (old.remove(&of_file(merged)), after(merged));
            if before.as_ref().is_none_or(|before| before.data != after.data) {
                let identity = merged.identity.clone();
                changes.push(Change { identity, before, after: Some(after) });
            }
        }
        let gone = old.into_iter().map(|(identity, side)| Change {
            identity,
            before: Some(side),
            after: None,
        });
        changes.extend(gone);
        changes
    }
}

fn after(merged: &Merged) -> Side {
    let canonical = |subjects: &Vec<crate::rbac::Subject>| {
        subjects.iter().map(crate::rbac::Subject::canonical).collect()
    };
    Side {
        data: merged.data.clone(),
        subjects: merged.subjects.as_ref().map(canonical),
        rules: merged.rules.clone(),
    }
}

/// Reads the objects of a file that was merged before.
fn sides(text: &Text) -> Result<BTreeMap<Identity, Side>, input::Error> {
    let documents = Document::read_all(text)?;
    let mut estate = Estate::new();
    let owner = estate.add_owner(Owner {
        name: OwnerName { name: text.path.clone(), namespace: None },
        kind: OwnerKind::Manifest,
        chart: None,
        cluster: None,
        group: 0,
    });
    for document in &documents {
        estate.read(document, owner);
    }
    estate.settle(&CustomScopes::read(&documents));
    let side = |object: &crate::rbac::Object| (object.identity.clone(), Side::from(object));
    Ok(estate.objects().iter().map(side).collect())
}
