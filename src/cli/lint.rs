//! `rolecall lint`.

use super::args::LintArgs;
use super::estate::estate;
use super::format::Target;
use super::gather::Gathered;
use super::job::{Job, Purpose};
use super::streams::Console;
use super::{Exit, Trouble, complain, fix, format, next, paths, quiet, warn};
use crate::collide::{self, Collision, Deployer};
use crate::finding::{Finding, listed};
use crate::rbac::Estate;
use crate::rbac::access::Access;
use crate::report::quiet::{Judged, Silence};
use crate::report::{Report, text};
use crate::rules::{self, Facts};

pub(super) fn run(args: &LintArgs, console: &mut Console<'_>) -> Result<Exit, Trouble> {
    format::check(&args.format)?;
    let mended = match args.fix.as_slice() {
        [] => None,
        _ => Some(fix::run(args, console)?),
    };
    if let Some(done) = mended.as_ref().filter(|_| args.diff) {
        console.remark(&done.summary);
        return Ok(done.exit);
    }
    let mut examined = Examined::of(args, console)?;
    let baseline = quiet::baseline(&args.judging, &mut examined, console)?;
    let found = examined.found();
    let Examined { job, mut gathered, estate, collisions, deployers } = examined;
    let judging = (&job, &args.judging);
    let mut judged = quiet::judge(judging, found, (&mut gathered, &estate), console);
    let notes = notes(&estate);
    let report = Report {
        sources: &gathered.sources,
        estate: &estate,
        collisions: &collisions,
        findings: &[],
        suppressed: 0,
        silence: &Silence::default(),
        deployers: &deployers,
        notes: &notes,
    };
    if let Some(baseline) = baseline.filter(|_| !args.judging.no_ignores) {
        let baseline = (baseline, gathered.troubles.is_empty());
        quiet::compare(judging, baseline, (report, &mut judged), console)?;
    }
    let Judged { findings, silence, .. } = &judged;
    let report = Report { findings, suppressed: silence.silenced.len(), silence, ..report };
    let errors: Vec<_> = gathered.troubles.iter().map(|it| it.entry(report.sources)).collect();
    for target in &args.format {
        format::deliver(&report, &errors, target, console)?;
    }
    warn(&gathered.warnings, console);
    notes.iter().for_each(|note| console.remark(&format!("note: {note}\n")));
    note_of_helm(&job, console);
    if args.judging.no_ignores {
        let note = "comments, lint.exclude and the baseline silence nothing (--no-ignores)";
        console.remark(&format!("note: {note}\n"));
    }
    complain(&gathered.troubles, &gathered.sources, console);
    console.remark(&text::summary(&report.summary(), gathered.troubles.len()));
    if let Some(done) = &mended {
        console.remark(&done.summary);
    }
    let is_read = gathered.troubles.is_empty() || !findings.is_empty();
    if is_read && args.format.iter().any(Target::is_for_people) {
        console.remark(&next::after_lint(args, &job, (&collisions, findings)));
    }
    let exit = match (gathered.troubles.is_empty(), quiet::fails(args, job.fail_on, findings)) {
        (false, _) => Exit::Failed,
        (true, true) => Exit::Found,
        (true, false) => Exit::Clean,
    };
    Ok(mended.map_or(exit, |done| exit.max(done.exit)))
}

/// Says which namespace Helm may have kept to itself, where charts are probed for want of one.
fn note_of_helm(job: &Job, console: &mut Console<'_>) {
    let home = console.surroundings().home();
    if home != "default" && (0..job.charts.len()).any(|chart| job.probes(chart)) {
        console.remark(&format!(
            "note: Helm hands -n to no plugin, so charts are probed; `--namespaces {home}` names it\n"
        ));
    }
}

/// All that findings are found in.
pub(super) struct Examined {
    pub(super) job: Job,
    pub(super) gathered: Gathered,
    pub(super) estate: Estate,
    pub(super) collisions: Vec<Collision>,
    deployers: Vec<Deployer>,
}

impl Examined {
    /// Resolves what was typed, and reads and renders all of it.
    pub(super) fn of(args: &LintArgs, console: &mut Console<'_>) -> Result<Self, Trouble> {
        let folder = console.surroundings().folder.clone();
        let mut job = Job::resolve(&args.input, Purpose::Judge, console)?;
        console.tell(&job.told.take());
        quiet::select(&mut job.policy, &args.judging);
        let against = args.against.as_ref().map(|path| paths::relative(path, &folder));
        let against = job.take_against(against);
        let inputs = (console.stdin(), against.as_deref());
        let (gathered, mut estate) = estate(&mut job, &args.input.selection, inputs);
        console.tell(gathered.told.lines());
        estate.mark_crd_files(&gathered.sources);
        let collisions = collide::find(&estate);
        Ok(Self { job, gathered, estate, collisions, deployers: deployers(args) })
    }

    /// Returns what the rules that are to be run find, for each release apart.
    pub(super) fn found(&self) -> Vec<Finding> {
        self.judged(|facts| rules::check(&facts, &self.job.policy))
    }

    /// Returns what they find in each probe of a chart too, and behind it what they would write out.
    pub(super) fn found_to_mend(&self) -> Vec<Finding> {
        self.judged(|facts| {
            let facts = facts.of_every_probe();
            let mut found = rules::check(&facts, &self.job.policy);
            found.extend(rules::left_out(&facts, &self.job.policy));
            found
        })
    }

    fn judged(&self, find: impl Fn(Facts<'_>) -> Vec<Finding>) -> Vec<Finding> {
        let access = Access::of(&self.estate);
        let texts = (&self.estate, &self.gathered.sources);
        let minor = self.job.settings.capabilities.minor();
        let facts = Facts::new(texts, &self.collisions, &self.deployers, &access);
        find(facts.for_kubernetes(minor))
    }
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
