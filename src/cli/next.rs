//! The next step, in a line: what who reads a summary may type now.

use std::path::Path;

use clap::ValueEnum;

use super::args::{InputArgs, LintArgs, MergeArgs, Strategy};
use super::job::{Item, Job};
use super::paths;
use super::quiet::OF_PROBES;
use crate::collide::{Collision, Outcome};
use crate::finding::{Finding, Severity};
use crate::input;
use crate::report::text::counted;
use crate::rules::{self, Family, Fixable, Meta};

/// The most characters of flags that are typed again.
const MOST: usize = 80;

/// Returns what comes after findings; nothing where there is nothing to do.
pub(super) fn after_lint(
    args: &LintArgs,
    job: &Job,
    (collisions, findings): (&[Collision], &[Finding]),
) -> String {
    if job.items.is_empty() {
        return line(&[
            "name a chart or manifests, as in `rolecall lint charts/flux -n app1,app2`".into(),
        ]);
    }
    let mut steps = Vec::new();
    let is_of = |finding: &Finding, is: &dyn Fn(&Meta) -> bool| {
        rules::lookup(finding.rule).is_some_and(|rule| is(rule.meta()))
    };
    let is_collision = |it: &Finding| {
        it.severity >= Severity::Warning
            && (OF_PROBES.contains(&it.rule) || is_of(it, &|meta| meta.family == Family::Collision))
    };
    if findings.iter().any(is_collision) {
        steps.extend(of_collisions(args, job, collisions));
    }
    let is_safe = |it: &&Finding| it.fix.is_some() && is_of(it, &|meta| meta.fix == Fixable::Safe);
    let mendable = findings.iter().filter(is_safe).count();
    let is_file =
        args.input.builtin.is_none() && !job.items.iter().any(|it| matches!(it, Item::Stdin));
    if mendable > 0 && args.fix.is_empty() && is_file {
        steps.push(format!("`--fix` can mend {}", counted(mendable, "finding")));
    }
    let worst = findings.iter().rev().max_by_key(|it| it.severity);
    steps.extend(worst.map(|it| format!("`rolecall explain {}` says more", it.rule)));
    line(&steps)
}

fn of_collisions(args: &LintArgs, job: &Job, collisions: &[Collision]) -> Option<String> {
    let is_worth = |it: &&Collision| it.mergeable && it.outcome != Outcome::Identical;
    let mut mergeable = collisions.iter().filter(is_worth);
    if mergeable.clone().any(|it| it.probe.is_none()) {
        let against = export(args.against.as_deref());
        let inputs = inputs(&args.input, job);
        return Some(format!("`rolecall merge{inputs}{against}` merges what collides"));
    }
    mergeable.next()?;
    Some(match args.input.paths.is_empty() && args.input.builtin.is_none() {
        true => {
            "`rolecall init` writes a rolecall.yaml that says where charts are installed".into()
        }
        false => {
            let inputs = inputs(&args.input, job);
            format!("`rolecall merge{inputs} -n app1,app2` merges what two namespaces share")
        }
    })
}

/// Returns what comes after a merge.
pub(super) fn after_merge(args: &MergeArgs, job: &Job, output: Option<&Path>) -> String {
    let mut inputs = inputs(&args.input, job) + &export(args.against.as_deref());
    if let Some(strategy) = args.strategy.to_possible_value()
        && args.strategy != Strategy::Union
    {
        inputs += &format!(" --strategy {}", strategy.get_name());
    }
    match (output.map(paths::shown), &args.output) {
        (Some(path), typed) => {
            let flag =
                if typed.is_some() { format!(" -o {}", quoted(&path)) } else { String::new() };
            line(&[
                format!("`kubectl apply --server-side -f {}`", quoted(&path)),
                format!(
                    "`rolecall merge{inputs}{flag} --check` in CI says whether it is up to date"
                ),
            ])
        }
        (None, _) => line(&[format!("`rolecall merge{inputs} -o FILE` writes it to a file")]),
    }
}

/// Returns the flag that names an export of the cluster.
fn export(against: Option<&Path>) -> String {
    let against = against.map(|path| quoted(&paths::shown(path)));
    against.map(|path| format!(" --against {path}")).unwrap_or_default()
}

fn line(steps: &[String]) -> String {
    match steps {
        [] => String::new(),
        steps => format!("next: {}\n", steps.join("; ")),
    }
}

/// Returns the inputs as they were typed; what is set may be secret, and is left to who typed it.
fn inputs(args: &InputArgs, job: &Job) -> String {
    let mut words: Vec<String> = Vec::new();
    if let Some(name) = &args.builtin {
        words.push(format!("--builtin {}", quoted(name)));
    }
    let is_walk = args.paths.is_empty() && args.builtin.is_none() && job.base.is_none();
    words.extend(is_walk.then(|| ".".into()));
    words.extend(args.paths.iter().map(|path| quoted(&paths::shown(path))));
    let names = args.release.iter().map(|name| format!("--release {}", quoted(name)));
    words.extend(names);
    if !args.namespace.is_empty() {
        words.push(format!("-n {}", quoted(&args.namespace.join(","))));
    }
    let values = &args.values;
    let more =
        [&values.set, &values.set_string, &values.set_json, &values.set_file, &values.set_literal];
    if !values.values.is_empty() || more.iter().any(|it| !it.is_empty()) {
        words.push("…".into());
    }
    let text: String = words.iter().map(|word| format!(" {word}")).collect();
    match text.chars().count() <= MOST {
        true => text,
        false => " …".into(),
    }
}

/// Returns a word as a shell reads it.
pub(super) fn quoted(word: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_./,=:@%+".contains(it);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.into(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

/// Returns what to type in place of a path that was typed where a command goes.
pub(super) fn for_path(word: &str) -> Option<String> {
    let path = Path::new(word);
    input::disk::is_folder(path).is_ok().then(|| {
        let word = quoted(word);
        format!("\n  tip: `rolecall lint {word}` judges it, `rolecall render {word}` renders it\n")
    })
}
