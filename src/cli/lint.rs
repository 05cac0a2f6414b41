//! `rolecall lint`.

use super::args::LintArgs;
use super::estate::estate;
use super::gather::Gathered;
use super::job::{Job, Purpose};
use super::streams::Console;
use super::{Exit, Trouble, complain, format, paths, warn};
use crate::collide::{self, Deployer};
use crate::finding::{Severity, listed};
use crate::rbac::Estate;
use crate::rbac::access::Access;
use crate::report::{self, Report, text};
use crate::rules::{self, Facts, Judged};
use crate::source::Span;

pub(super) fn run(args: &LintArgs, console: &mut Console<'_>) -> Result<Exit, Trouble> {
    format::check(&args.format)?;
    let folder = console.surroundings().folder.clone();
    let mut job = Job::resolve(&args.input, Purpose::Judge, console.surroundings())?;
    let against = args.against.as_ref().map(|path| paths::relative(path, &folder));
    let against = job.take_against(against);
    let inputs = (console.stdin(), against.as_deref());
    let (mut gathered, mut estate) = estate(&mut job, &args.input.selection, inputs);
    estate.mark_crd_files(&gathered.sources);
    let collisions = collide::find(&estate);
    let deployers = deployers(args);
    let access = Access::of(&estate);
    let facts = Facts::new((&estate, &gathered.sources), &collisions, &deployers, &access);
    let found = report::joined(&gathered.sources, rules::check(&facts));
    let judged = job.policy.judge(found);
    note_unused(&mut gathered, &job, &judged);
    let notes = notes(&estate);
    let report = Report {
        sources: &gathered.sources,
        estate: &estate,
        collisions: &collisions,
        findings: &judged.findings,
        suppressed: judged.suppressed,
        deployers: &deployers,
        notes: &notes,
    };
    let errors: Vec<_> = gathered.troubles.iter().map(|it| it.entry(report.sources)).collect();
    for target in &args.format {
        format::deliver(&report, &errors, target, console)?;
    }
    warn(&gathered.warnings, console);
    notes.iter().for_each(|note| console.remark(&format!("note: {note}\n")));
    complain(&gathered.troubles, &gathered.sources, console);
    console.remark(&text::summary(&report.summary(), gathered.troubles.len()));
    let fail_on = args.fail_on.map(Severity::from).or(job.fail_on).unwrap_or(Severity::Error);
    let fails = judged.findings.iter().any(|finding| finding.severity >= fail_on);
    Ok(match (gathered.troubles.is_empty(), fails) {
        (false, _) => Exit::Failed,
        (true, true) => Exit::Found,
        (true, false) => Exit::Clean,
    })
}

/// Returns the deployers that were named, each once in the order of all, or all.
fn deployers(args: &LintArgs) -> Vec<Deployer> {
    let named: Vec<Deployer> = args.deployer.iter().copied().map(Deployer::from).collect();
    let is_meant = |deployer: &Deployer| named.is_empty() || named.contains(deployer);
    Deployer::ALL.into_iter().filter(is_meant).collect()
}

/// Says what was assumed of the objects.
fn notes(estate: &Estate) -> Vec<String> {
    let kinds: Vec<String> = estate.assumed_namespaced().collect();
    let verb = if kinds.len() == 1 { "is" } else { "are" };
    let note = format!(
        "no CRD says whether {} {verb} namespaced: what names no namespace counts as an object of the \
         release's",
        listed(&kinds)
    );
    if kinds.is_empty() { Vec::new() } else { vec![note] }
}

/// Warns of what is accepted and was not found, unless what was not judged may hold it.
fn note_unused(gathered: &mut Gathered, job: &Job, judged: &Judged) {
    if !gathered.troubles.is_empty() {
        return;
    }
    let place = |span: Option<&Span>| {
        span.map(|span| format!("{}: ", gathered.sources.place(*span))).unwrap_or_default()
    };
    let unused = judged.unused.iter().filter_map(|at| job.policy.exclusions.get(*at));
    let unused = unused.map(|it| {
        let name = it.name.as_ref().map(|name| format!(" of {name}")).unwrap_or_default();
        let place = place(it.place.as_ref());
        format!("{place}lint.exclude accepts {}{name}, which was not found", it.rule)
    });
    let words: Vec<String> = unused.collect();
    gathered.warn(words);
}
