//! JUnit's XML: a suite for each release or manifest, a case for each finding.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::json::ErrorEntry;
use super::view::{Entry, View, clean};
use super::{Report, text};
use crate::finding::OwnerName;
use crate::rbac::OwnerKind;

/// Returns the report as one XML document.
///
/// A finding that several inputs have is a case of the first; one that has none has a case that
/// passes.
#[must_use]
pub fn lint(report: &Report<'_>, errors: &[ErrorEntry]) -> String {
    let view = View::of(report, errors);
    let mut document = quick_junit::Report::new("rolecall");
    if !errors.is_empty() {
        let mut suite = TestSuite::new("inputs");
        suite.add_test_cases(errors.iter().map(failure));
        document.add_test_suite(suite);
    }
    let suites = suites(&view);
    document.add_test_suites(suites);
    let text = document.to_string().expect("no time is given, which alone could not be written");
    if text.ends_with('\n') { text } else { text + "\n" }
}

fn suites(view: &View<'_>) -> Vec<TestSuite> {
    let mut found: BTreeMap<Option<&OwnerName>, Vec<&Entry<'_>>> = BTreeMap::new();
    for entry in &view.entries {
        found.entry(entry.finding.owners.first()).or_default().push(entry);
    }
    let owners = view.entries.iter().flat_map(|entry| &entry.finding.owners);
    let concerned: BTreeSet<&OwnerName> = owners.collect();
    let mut known: BTreeSet<&OwnerName> = BTreeSet::new();
    let mut suites = Vec::new();
    let judged = view.report.estate.owners().iter();
    let judged = judged.filter(|owner| owner.kind != OwnerKind::Export).map(|owner| &owner.name);
    for name in judged.filter(|name| known.insert(name)) {
        match found.remove(&Some(name)) {
            Some(entries) => suites.push(suite(&name.to_string(), view, &entries)),
            None if concerned.contains(name) => {}
            None => suites.push(passed(&name.to_string())),
        }
    }
    // What is found about an export, or about nobody, comes last.
    let name = |name: Option<&OwnerName>| name.map_or("rolecall".into(), OwnerName::to_string);
    suites.extend(found.into_iter().map(|(owner, entries)| suite(&name(owner), view, &entries)));
    suites
}

fn suite(name: &str, view: &View<'_>, entries: &[&Entry<'_>]) -> TestSuite {
    let mut suite = TestSuite::new(clean(name));
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for entry in entries {
        // Readers take cases of one name for one case; lines would make them others on each change.
        let title = format!("{}: {}", entry.finding.rule, entry.object());
        let count = seen.entry(title.clone()).or_default();
        *count += 1;
        let title = if *count == 1 { title } else { format!("{title} ({count})") };
        suite.add_test_case(case(&title, view, entry));
    }
    suite
}

fn passed(name: &str) -> TestSuite {
    let mut suite = TestSuite::new(clean(name));
    let mut case = TestCase::new("nothing found", TestCaseStatus::success());
    case.set_classname(clean(name));
    suite.add_test_case(case);
    suite
}

fn case(title: &str, view: &View<'_>, entry: &Entry<'_>) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(&entry.message);
    status.set_type(entry.finding.severity.word());
    status.set_description(body(view, entry));
    let (path, region) = entry.primary.stored();
    let mut case = TestCase::new(title, status);
    case.set_classname(path);
    case.extra.insert("file".into(), path.into());
    if let Some(region) = region {
        case.extra.insert("line".into(), region.line.to_string().into());
    }
    case
}

/// Returns all that is known of a finding, a line for each thing.
fn body(view: &View<'_>, entry: &Entry<'_>) -> String {
    let mut body = format!("{}: {}\n", entry.finding.severity.word(), entry.message);
    for spot in std::iter::once(&entry.primary).chain(&entry.related).chain(&entry.via) {
        writeln!(body, "{}: {}", spot.place(), spot.words).expect("a string can be written to");
    }
    if let Some(help) = text::help(view.report.sources, entry.finding) {
        writeln!(body, "help: {}", clean(&help)).expect("a string can be written to");
    }
    for (deployer, words) in &entry.finding.deployers {
        writeln!(body, "{deployer}: {}", clean(words)).expect("a string can be written to");
    }
    body
}

/// Returns the case of an input that could not be judged.
fn failure(error: &ErrorEntry) -> TestCase {
    let message = clean(&error.message);
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(message.lines().next().unwrap_or_default());
    status.set_type("input");
    status.set_description(&message);
    let file = error.file.as_deref().map(clean);
    let title = file.as_deref().unwrap_or_else(|| message.lines().next().unwrap_or("input"));
    let mut case = TestCase::new(title, status);
    case.set_classname("rolecall");
    if let Some(file) = file {
        case.extra.insert("file".into(), file.into());
    }
    if let Some(line) = error.line {
        case.extra.insert("line".into(), line.to_string().into());
    }
    case
}
