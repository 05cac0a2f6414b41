//! `rolecall merge`.

mod advice;
mod file;
mod kept;
mod post_renderer;
mod product;

use std::collections::BTreeSet;
use std::path::Path;

use super::args::{InputArgs, MergeArgs};
use super::estate::estate;
use super::job::{Item, Job, Purpose};
use super::streams::Console;
use super::{Exit, Trouble, complain, next, paths, warn};
use crate::collide;
use crate::emit;
use crate::input;
use crate::merge::{self, Merged, Plan, Strategy};
use crate::rbac::{Estate, OwnerId};
use crate::source::SourceMap;
use file::OutputFile;
use product::Product;

pub(super) fn run(args: &MergeArgs, console: &mut Console<'_>) -> Result<Exit, Trouble> {
    match args.post_renderer {
        true => post_renderer::run(args, console),
        false => merge(args, console),
    }
}

fn merge(args: &MergeArgs, console: &mut Console<'_>) -> Result<Exit, Trouble> {
    let folder = console.surroundings().folder.clone();
    let mut job = Job::resolve(&args.input, Purpose::Use, console)?;
    let output = args.output.as_ref().map(|path| paths::relative(path, &folder));
    let output = output.or_else(|| job.output.clone());
    let against = args.against.as_ref().map(|path| paths::relative(path, &folder));
    let against = job.take_against(against);
    forget_output(&mut job, output.as_deref(), &args.input);
    let inputs = (console.stdin(), against.as_deref());
    let (gathered, mut estate) = estate(&mut job, &args.input.selection, inputs);
    console.tell(gathered.told.lines());
    warn(&gathered.warnings, console);
    // What goes to a cluster must be whole: with trouble nothing is written.
    if !gathered.troubles.is_empty() {
        complain(&gathered.troubles, &gathered.sources, console);
        return Ok(Exit::Failed);
    }
    call_sources(&job, &mut estate, &folder);
    let strategy = args.strategy.into();
    let mut sources = SourceMap::new();
    let file = match &output {
        Some(path) => {
            let cluster = job.cluster().ok().flatten();
            match OutputFile::read(path, (cluster.as_ref(), &estate), &mut sources) {
                Ok(file) => file,
                Err(error) => {
                    complain(&[error.into()], &sources, console);
                    return Ok(Exit::Failed);
                }
            }
        }
        None => None,
    };
    let is_typed = output.as_deref().is_some_and(|it| is_typed(it, &args.input));
    let (plan, merged, lost) = merged(&job, &mut estate, (strategy, file.as_ref(), is_typed));
    let product = Product {
        strategy,
        plan: &plan,
        merged: &merged,
        estate: &estate,
        export: against.is_some(),
        text: yaml_of(&merged, &job),
    };
    let next = next::after_merge(args, &job, output.as_deref());
    let done = match (args.check, output) {
        (true, Some(path)) => product.check((&path, file.as_ref()), console)?,
        (true, None) => return Err(no_output().into()),
        (false, path) => {
            let advice = || advice::advice(&job, &args.input, &product, path.as_deref());
            product.write((path.as_deref(), &advice), console)?
        }
    };
    console.remark(&summary(&product, job.releases()));
    if !args.check && !merged.is_empty() {
        console.remark(&next);
    }
    notes(&plan, console);
    for lost in lost {
        console.complain(&format!("lost: {lost}\n"));
    }
    let left_out = left_out(&plan, console);
    // Whether a file is up to date is another question than whether it holds all.
    Ok(if args.check { done } else { done.max(left_out) })
}

/// Merges, with what the output file holds and inputs no longer ship; returns what is lost, too.
fn merged(
    job: &Job,
    estate: &mut Estate,
    (strategy, file, is_typed): (Strategy, Option<&OutputFile>, bool),
) -> (Plan, Vec<Merged>, Vec<String>) {
    let plan = strategy.plan(estate, &collide::find(estate));
    let merged = merge::apply(estate, &plan);
    let Some(file) = file else { return (plan, merged, Vec::new()) };
    let mut fate = kept::add(job, estate, (&merged, file, is_typed));
    let lost = kept::told(std::mem::take(&mut fate.lost));
    let (mut plan, mut merged) = match fate.kept.is_empty() || is_typed {
        true => (plan, merged),
        false => {
            let plan = strategy.plan(estate, &collide::find(estate));
            let merged = merge::apply(estate, &plan);
            (plan, merged)
        }
    };
    plan.notes.extend(fate.settle(estate, &mut merged));
    (plan, merged, lost)
}

fn no_output() -> input::Error {
    input::Error::new("there is no file to check")
        .with_help("name it: `--check -o FILE`, or `merge: { output: FILE }` in rolecall.yaml")
}

/// Drops the output file from the inputs, unless it was typed as one: what was merged before must
/// not stay for ever.
fn forget_output(job: &mut Job, output: Option<&Path>, args: &InputArgs) {
    let Some(output) = output else { return };
    if is_typed(output, args) {
        return;
    }
    let is_output = |path: &Path| paths::is_same(path, output);
    job.items.retain(|item| !matches!(item, Item::Manifest(path, _) if is_output(path)));
}

/// Names manifests in what is written as the inventory sees them, so that it does not depend on the
/// folder that the program was started in.
fn call_sources(job: &Job, estate: &mut Estate, folder: &Path) {
    let Some(base) = job.base.as_ref().map(|it| paths::tidy(&folder.join(it))) else { return };
    let files = job.items.iter().filter_map(|item| match item {
        Item::Manifest(path, _) => Some(paths::shown(path)),
        _ => None,
    });
    let files: BTreeSet<String> = files.collect();
    for id in (0..estate.owners().len()).map(OwnerId) {
        let name = &estate.owner(id).name;
        if name.namespace.is_none() && files.contains(&name.name) {
            let path = paths::tidy(&folder.join(&name.name));
            let path = paths::relative(&path, &base);
            if path.is_relative() {
                estate.call(id, paths::shown(&path));
            }
        }
    }
}

/// Tells whether the output file was typed as an input.
fn is_typed(output: &Path, args: &InputArgs) -> bool {
    args.paths.iter().any(|path| paths::is_same(path, output))
}

/// Returns the merged objects as YAML; where releases go to several clusters each says to which.
fn yaml_of(merged: &[Merged], job: &Job) -> String {
    let are_several = job.cluster().is_err();
    let document = |merged: &Merged| {
        let comment = match &merged.identity.cluster {
            Some(cluster) if are_several => file::of_cluster(cluster),
            _ => String::new(),
        };
        format!("---\n{comment}{}", emit::object(&merged.data))
    };
    merged.iter().map(document).collect()
}

/// Says what is to be known beside the merge.
fn notes(plan: &Plan, console: &mut Console<'_>) {
    for step in &plan.steps {
        for note in &step.notes {
            console.remark(&format!("note: {}: {note}\n", step.identity));
        }
    }
    for note in &plan.notes {
        console.remark(&format!("note: {note}\n"));
    }
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
    let done = product.participle();
    match product.merged.len() {
        0 if releases == 1 => {
            "nothing to merge of 1 release; `-n app1,app2` renders one for each namespace\n".into()
        }
        0 => format!("nothing to merge{of}\n"),
        1 => format!("1 object {done}{of}\n"),
        count => format!("{count} objects {done}{of}\n"),
    }
}
