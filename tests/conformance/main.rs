//! Runs the recorded cases: small charts, and what the real Helm made of them.
//!
//! `CONFORMANCE=group-or-id,…` runs only those; README.md tells the rest.

#![allow(
    clippy::disallowed_methods,
    reason = "a test writes its charts and reads its cases itself"
)]

mod case;
mod chart;
mod verdict;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use case::Case;
use verdict::Failure;

#[test]
fn every_case_renders_as_helm_does() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let cases: Vec<Case> = case::all(&folder).into_iter().filter(case::chosen).collect();
    assert!(!cases.is_empty(), "no case has such a group or id");
    let failures = run_all(&cases);
    let known = known_failures(&folder.join("known_failures.txt"));
    let complaint = complain(&cases, &failures, &known);
    keep_list(&failures);
    assert!(complaint.is_empty(), "{complaint}");
}

/// Runs the cases on all processors; the failures come in the order of the cases.
fn run_all(cases: &[Case]) -> Vec<Failure> {
    let next = AtomicUsize::new(0);
    let found = Mutex::new(Vec::new());
    let workers = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((at, case)) = claim(&next, cases) {
                    if let Some(failure) = verdict::judge(case) {
                        found
                            .lock()
                            .expect("no worker panics while it holds the lock")
                            .push((at, failure));
                    }
                }
            });
        }
    });
    let mut found = found.into_inner().expect("no worker panics while it holds the lock");
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, failure)| failure).collect()
}

fn claim<'a>(next: &AtomicUsize, cases: &'a [Case]) -> Option<(usize, &'a Case)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    cases.get(at).map(|case| (at, case))
}

fn known_failures(path: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(path).expect("known_failures.txt is part of the repository");
    let ids = text.lines().map(|line| line.split('#').next().unwrap_or("").trim());
    ids.filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

/// The table of what should not be: failures that are not known, known ones that pass.
fn complain(cases: &[Case], failures: &[Failure], known: &BTreeSet<String>) -> String {
    let mut text = String::new();
    let failing: BTreeSet<&str> = failures.iter().map(|failure| failure.id.as_str()).collect();
    let mut group = "";
    for failure in failures.iter().filter(|failure| !known.contains(&failure.id)) {
        if failure.group != group {
            group = &failure.group;
            text += &format!("\n== {group}: {}\n", tally(cases, failures, group));
        }
        text += &format!("-- {}\n{}\n", failure.id, failure.short());
    }
    for case in
        cases.iter().filter(|case| known.contains(&case.id) && !failing.contains(case.id.as_str()))
    {
        text += &format!("\n{} passes now: take it out of known_failures.txt\n", case.id);
    }
    if text.is_empty() { text } else { text + &table(cases, failures) }
}

/// How many cases fail, by group.
fn table(cases: &[Case], failures: &[Failure]) -> String {
    let groups: BTreeSet<&str> = failures.iter().map(|failure| failure.group.as_str()).collect();
    let lines =
        groups.iter().map(|group| format!("{group:16} {}\n", tally(cases, failures, group)));
    let lines: String = lines.collect();
    format!("\n{lines}{:16} {} of {} fail", "all", failures.len(), cases.len())
}

fn tally(cases: &[Case], failures: &[Failure], group: &str) -> String {
    let all = cases.iter().filter(|case| case.group == group).count();
    let bad = failures.iter().filter(|failure| failure.group == group).count();
    format!("{bad} of {all} fail")
}

/// Leaves the failing ids in a file, for known_failures.txt or for the next run.
fn keep_list(failures: &[Failure]) {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conformance-failures.txt");
    let text: String = failures.iter().map(|failure| format!("{}\n", failure.id)).collect();
    std::fs::write(path, text).expect("the folder that cargo gives to tests is writable");
}
