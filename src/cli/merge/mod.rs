//! `rolecall merge`.

mod advice;
mod kept;
mod product;

use std::collections::BTreeSet;
use std::path::Path;

use smol_str::SmolStr;

use super::args::{InputArgs, MergeArgs};
use super::estate::estate;
use super::job::{Item, Job, Purpose};
use super::streams::Console;
use super::{Exit, Trouble, complain, paths, warn};
use crate::collide;
use crate::emit;
use crate::finding::listed;
use crate::input;
use crate::merge::{self, Merged, Plan, Strategy};
use crate::rbac::Estate;
use product::Product;

pub(super) fn run(args: &MergeArgs, console: &mut Console<'_>) -> Result<Exit, Trouble> {
    let folder = console.surroundings().folder.clone();
    let mut job = Job::resolve(&args.input, Purpose::Use, console.surroundings())?;
    let output = args.output.as_ref().map(|path| paths::relative(path, &folder));
    let output = output.or_else(|| job.output.clone());
    let against = args.against.as_ref().map(|path| paths::relative(path, &folder));
    let against = job.take_against(against);
    forget_output(&mut job, output.as_deref(), &args.input);
    let inputs = (console.stdin(), against.as_deref());
    let (gathered, mut estate) = estate(&mut job, &args.input.selection, inputs);
    warn(&gathered.warnings, console);
    // What goes to a cluster must be whole: with trouble nothing is written.
    if !gathered.troubles.is_empty() {
        complain(&gathered.troubles, &gathered.sources, console);
        return Ok(Exit::Failed);
    }
    let strategy = args.strategy.into();
    let cluster = job.cluster().ok();
    let (plan, merged) = merged(&job, &mut estate, (strategy, output.as_deref().zip(cluster)));
    let product = Product {
        strategy,
        plan: &plan,
        merged: &merged,
        estate: &estate,
        export: against.is_some(),
        text: yaml_of(&merged),
    };
    let done = match (args.check, output) {
        (true, Some(path)) => product.check(&path, console)?,
        (true, None) => return Err(no_output().into()),
        (false, path) => {
            let advice = || advice::advice(&job, &args.input, &product, path.as_deref());
            product.write((path.as_deref(), &advice), console)?
        }
    };
    console.remark(&summary(&product, job.releases()));
    notes(&plan, console);
    let left_out = left_out(&plan, console);
    Ok(done.max(left_out))
}

/// Merges, with what the output file holds of releases that no longer ship it.
fn merged(
    job: &Job,
    estate: &mut Estate,
    (strategy, output): (Strategy, Option<(&Path, Option<SmolStr>)>),
) -> (Plan, Vec<Merged>) {
    let plan = strategy.plan(estate, &collide::find(estate));
    let merged = merge::apply(estate, &plan);
    let Some((path, cluster)) = output else { return (plan, merged) };
    let kept = kept::add(job, estate, (&merged, path, cluster));
    if kept.is_empty() {
        return (plan, merged);
    }
    let mut plan = strategy.plan(estate, &collide::find(estate));
    let mut merged = merge::apply(estate, &plan);
    let file = paths::shown(path);
    for kept in kept {
        let identity = estate.object(kept.id).identity.clone();
        if !merged.iter().any(|it| it.identity == identity) {
            merged.push(merge::kept(estate, kept.id));
        }
        let stopped = listed(&kept.stopped);
        plan.notes.push(format!(
            "{identity}: {stopped} stopped shipping it, so what {file} holds is kept; `rolecall \
             merge --set {}` has what new releases add, too",
            kept.setting
        ));
    }
    merged.sort_by(|one, other| one.identity.cmp(&other.identity));
    (plan, merged)
}

fn no_output() -> input::Error {
    input::Error::new("there is no file to check")
        .with_help("name it: `--check -o FILE`, or `merge: { output: FILE }` in rolecall.yaml")
}

/// Drops the output file from the inputs, unless it was typed as one: what was merged before must
/// not stay for ever.
fn forget_output(job: &mut Job, output: Option<&Path>, args: &InputArgs) {
    let Some(output) = output else { return };
    let is_output = |path: &Path| paths::is_same(path, output);
    if args.paths.iter().any(|path| is_output(path)) {
        return;
    }
    job.items.retain(|item| !matches!(item, Item::Manifest(path, _) if is_output(path)));
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
