//! Which rules `lint` runs, and which of the findings count.

use std::path::Path;

use super::args::{JudgingArgs, LintArgs};
use super::gather::Gathered;
use super::job::Job;
use super::lint::Examined;
use super::streams::Console;
use super::trouble::Trouble;
use super::{output, paths};
use crate::finding::{Finding, Severity, listed};
use crate::input::{self, FILE_NAME, Text};
use crate::rbac::{Estate, Owner, OwnerKind};
use crate::report::quiet::{Baseline, Compared, Judge, Judged, Known, Silence};
use crate::report::{Report, text};
use crate::rules::{self, Family, Meta, Policy, Selection};
use crate::source::SourceMap;

/// The rules that judge probes alone.
pub(super) const OF_PROBES: [&str; 3] =
    ["constant-cluster-name", "release-only-cluster-name", "truncated-cluster-name"];

/// Takes what was typed about rules into a policy.
pub(super) fn select(policy: &mut Policy, args: &JudgingArgs) {
    policy.selection = Selection { select: args.select.clone(), ignore: args.ignore.clone() };
}

/// Silences findings, but for what a baseline silences.
pub(super) fn judge(
    (job, args): (&Job, &JudgingArgs),
    found: Vec<Finding>,
    (gathered, estate): (&mut Gathered, &Estate),
    console: &Console<'_>,
) -> Judged {
    let is_whole = gathered.troubles.is_empty();
    let ran = Ran { policy: &job.policy, estate };
    let today = || console.surroundings().today();
    let was_run = |rule: &str, file| is_whole && ran.on(rule, &gathered.sources.file(file).name);
    let (sources, policy) = (&gathered.sources, &job.policy);
    let silences = !args.no_ignores;
    let judge = Judge { sources, policy, silences, today: &today, was_run: &was_run };
    let mut judged = judge.judge(found);
    gathered.troubles.extend(judged.errors.drain(..).map(Trouble::from));
    let words: Vec<String> = told(&gathered.sources, &judged.silence).collect();
    gathered.warn(words);
    judged
}

/// Returns the findings that comments and rolecall.yaml do not silence, for each release apart.
pub(super) fn counted(
    examined: &Examined,
    args: &JudgingArgs,
    console: &Console<'_>,
) -> Vec<Finding> {
    let today = || console.surroundings().today();
    Judge {
        sources: &examined.gathered.sources,
        policy: &examined.job.policy,
        silences: !args.no_ignores,
        today: &today,
        was_run: &|_, _| false,
    }
    .counted(examined.found_to_mend())
}

/// Says what is wrong with what silences findings.
fn told<'a>(sources: &'a SourceMap, silence: &'a Silence) -> impl Iterator<Item = String> + 'a {
    silence.problems.iter().map(|problem| {
        let place = sources.place(problem.span);
        let help = problem.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{place}: {}{help}", problem.message)
    })
}

/// Which rules were run on what.
struct Ran<'a> {
    policy: &'a Policy,
    estate: &'a Estate,
}

impl Ran<'_> {
    /// Tells whether a rule can have found something in what a file brought.
    fn on(&self, rule: &str, file: &str) -> bool {
        let Some(rule) = rules::lookup(rule) else { return false };
        let (meta, owners) = (rule.meta(), self.estate.owners());
        let is_inventory = Path::new(file).file_name().is_some_and(|name| name == FILE_NAME);
        let brought = owners.iter().filter(|owner| is_inventory || brings(owner, file));
        let kinds: Vec<OwnerKind> = brought.map(|owner| owner.kind).collect();
        let releases = owners.iter().filter(|owner| !owner.kind.is_probe()).count();
        self.policy.runs(meta) && can_find(meta, &kinds, releases + usize::from(is_inventory))
    }
}

/// Tells whether an owner's objects come from a file.
fn brings(owner: &Owner, file: &str) -> bool {
    match &owner.chart {
        Some(chart) => file.strip_prefix(chart.as_str()).is_some_and(|rest| rest.starts_with('/')),
        None => owner.name.name == file,
    }
}

/// Tells whether a rule can find something where such owners brought the objects, with so many owners
/// that may meet.
fn can_find(meta: &Meta, brought: &[OwnerKind], owners: usize) -> bool {
    let is_probed = brought.iter().any(|kind| kind.is_probe());
    let is_real = brought.iter().any(|kind| !kind.is_probe());
    match meta.name {
        name if OF_PROBES.contains(&name) => is_probed,
        "duplicate-object" => !brought.is_empty(),
        _ if meta.family == Family::Collision => is_real && owners > 1,
        _ => !brought.is_empty(),
    }
}

/// Reads the baseline; one that cannot be read is trouble of the job.
///
/// # Errors
/// Where there is none, and none is to be written.
pub(super) fn baseline(
    args: &JudgingArgs,
    examined: &mut Examined,
    console: &Console<'_>,
) -> Result<Option<Baseline>, Trouble> {
    let Some(path) = &args.baseline else { return Ok(None) };
    let path = paths::relative(path, &console.surroundings().folder);
    let shown = paths::shown(&path);
    match path.exists() {
        false if args.write_baseline => Ok(Some(Baseline::default())),
        false => {
            let error = input::Error::new(format!("there is no baseline {shown}"));
            Err(error.with_help("write what is found now to it with --write-baseline").into())
        }
        true => {
            let Gathered { sources, troubles, .. } = &mut examined.gathered;
            let text = Text::read(&path, &shown, sources);
            let read = text.and_then(|text| Baseline::read(&text));
            Ok(read.map_err(|error| troubles.push(error.into())).ok())
        }
    }
}

/// Takes what a baseline knows out of the findings, and writes it first where that is asked for.
pub(super) fn compare(
    (job, args): (&Job, &JudgingArgs),
    (baseline, is_whole): (Baseline, bool),
    (report, judged): (Report<'_>, &mut Judged),
    console: &mut Console<'_>,
) -> Result<(), Trouble> {
    let report = Report { findings: &judged.findings, silence: &judged.silence, ..report };
    let compared = match args.baseline.as_ref().filter(|_| args.write_baseline) {
        Some(path) if is_whole => write(path, &baseline, &report, console)?,
        Some(path) => {
            let shown = paths::shown(path);
            let remark = format!("warning: {shown} is not written: not all could be judged\n");
            console.remark(&remark);
            return Ok(());
        }
        None => {
            let mut compared = baseline.compared(&report);
            let was_run = |known: &Known| {
                rules::lookup(&known.rule).is_none_or(|rule| job.policy.runs(rule.meta()))
            };
            compared.gone.retain(|known| is_whole && was_run(known));
            note_gone(&compared.gone, console);
            compared
        }
    };
    judged.silence.problems.extend(compared.gone.iter().filter_map(|it| baseline.problem(it)));
    judged.silence.silenced.extend(compared.silenced);
    judged.findings = compared.left;
    Ok(())
}

fn note_gone(gone: &[Known], console: &mut Console<'_>) {
    if !gone.is_empty() {
        let verb = if gone.len() == 1 { "is" } else { "are" };
        console.remark(&format!(
            "note: {} {verb} in the baseline, and found no more: --write-baseline takes out what is \
             gone\n",
            listed(gone)
        ));
    }
}

/// Writes a baseline of what is found, and says what changes.
fn write(
    path: &Path,
    before: &Baseline,
    report: &Report<'_>,
    console: &mut Console<'_>,
) -> Result<Compared, Trouble> {
    let now = Baseline::of(report);
    let path = paths::relative(path, &console.surroundings().folder);
    output::write(&path, now.written().as_bytes())?;
    let changed = before.compared(report);
    let count = text::counted(now.known.len(), "finding");
    console.remark(&format!(
        "{} holds {count}: {} new, {} gone\n",
        paths::shown(&path),
        changed.left.len(),
        changed.gone.len()
    ));
    Ok(Compared { gone: Vec::new(), ..now.compared(report) })
}

/// Tells whether findings make the exit code 1.
pub(super) fn fails(args: &LintArgs, of_file: Option<Severity>, findings: &[Finding]) -> bool {
    let least = match args.fail_on {
        Some(level) => level.severity(),
        None => Some(of_file.unwrap_or(Severity::Error)),
    };
    let reaches = |least| findings.iter().any(|finding| finding.severity >= least);
    !args.judging.exit_zero && least.is_some_and(reaches)
}
