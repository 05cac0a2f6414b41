//! GitLab's Code Quality report.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Report;
use super::json::ErrorEntry;
use super::view::{Entry, View, clean, on_one_line, package};
use crate::finding::Severity;

/// The score from which on an error is a critical one.
const CRITICAL: f64 = 9.0;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Returns the report as one JSON list that ends with a newline.
#[must_use]
pub fn lint(report: &Report<'_>, errors: &[ErrorEntry]) -> String {
    let view = View::of(report, errors);
    let failed = errors.iter().enumerate().map(failure);
    let issues: Vec<Issue<'_>> = failed.chain(view.entries.iter().map(issue)).collect();
    let mut text = serde_json::to_string_pretty(&issues).expect("plain structs have a JSON form");
    text.push('\n');
    text
}

fn issue<'a>(entry: &'a Entry<'_>) -> Issue<'a> {
    let (path, region) = entry.primary.stored();
    let (begin, end) = region.map_or((1, 1), |region| (region.line, region.end_line));
    Issue {
        description: description(entry),
        check_name: entry.finding.rule,
        fingerprint: entry.fingerprint.clone(),
        severity: severity(entry),
        location: Location { path, lines: Lines { begin, end } },
    }
}

/// Says on one line what is wrong and what to do.
fn description(entry: &Entry<'_>) -> String {
    let help = entry.help.as_ref().map(|help| format!(". Fix: {help}")).unwrap_or_default();
    let also = entry.also.as_ref().map(|also| format!("; {also}")).unwrap_or_default();
    on_one_line(&format!("{}{help}{also}", entry.message))
}

fn severity(entry: &Entry<'_>) -> &'static str {
    let score = entry.score().and_then(|score| score.parse::<f64>().ok());
    match entry.finding.severity {
        Severity::Error if score.is_some_and(|score| score >= CRITICAL) => "critical",
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Info => "info",
    }
}

/// Returns the issue of an input that could not be judged.
fn failure((at, error): (usize, &ErrorEntry)) -> Issue<'_> {
    let path = error.file.as_deref().unwrap_or(".");
    let is_packed = package(path).is_some();
    let line = error.line.filter(|_| !is_packed).unwrap_or(1);
    let hash = Sha256::digest(format!("error\0{path}\0{}\0{at}", error.message));
    Issue {
        description: on_one_line(&clean(&error.message)),
        check_name: "rolecall",
        fingerprint: data_encoding::HEXLOWER.encode(&hash[..16]),
        severity: "blocker",
        location: Location {
            path: package(path).unwrap_or(path),
            lines: Lines { begin: line, end: line },
        },
    }
}
