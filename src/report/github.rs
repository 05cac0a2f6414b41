//! Workflow commands of GitHub Actions, which become annotations.

use std::fmt::Write;

use super::Report;
use super::json::ErrorEntry;
use super::view::{Entry, View, clean, package};
use crate::finding::Severity;

/// The most annotations of each kind that a step may have, the rest of which is dropped without a
/// word; and the most places that one names.
const MOST: usize = 10;

/// Returns a command for each finding, the most harmful ones first, and one that says how many are
/// left out.
#[must_use]
pub fn lint(report: &Report<'_>, errors: &[ErrorEntry]) -> String {
    let view = View::of(report, errors);
    let mut out = String::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        let failed = errors.iter().filter(|_| severity == Severity::Error).map(failure);
        let found = view.entries.iter().filter(|it| it.finding.severity == severity);
        let commands: Vec<String> = failed.chain(found.map(command)).collect();
        let shown = if commands.len() > MOST { MOST - 1 } else { commands.len() };
        commands.iter().take(shown).for_each(|command| out.push_str(command));
        if let left @ 1.. = commands.len() - shown {
            let words = format!("and {left} more; `--format text` shows all");
            out.push_str(&written(word(severity), &[("title", "rolecall")], &words));
        }
    }
    out
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "notice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn command(entry: &Entry<'_>) -> String {
    let (path, region) = entry.primary.stored();
    let mut properties = vec![("file", path.to_owned())];
    if let Some(region) = region {
        properties.push(("line", region.line.to_string()));
        // An annotation stands below its last line, and has columns on one line only.
        if entry.primary.is_on_one_line() {
            properties.push(("endLine", region.end_line.to_string()));
            properties.push(("col", region.column.to_string()));
            properties.push(("endColumn", region.end_column.to_string()));
        }
    }
    properties.push(("title", entry.finding.rule.to_owned()));
    let properties: Vec<(&str, &str)> =
        properties.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut words = entry.words();
    let spots = || entry.related.iter().chain(entry.via.last());
    for spot in spots().take(MOST) {
        write!(words, "\n{}: {}", spot.place(), spot.words).expect("a string can be written to");
    }
    if let more @ 1.. = spots().count().saturating_sub(MOST) {
        write!(words, "\nand {more} more places").expect("a string can be written to");
    }
    written(word(entry.finding.severity), &properties, &words)
}

/// Returns the command for an input that could not be judged.
fn failure(error: &ErrorEntry) -> String {
    let line = error.line.map(|line| line.to_string());
    let mut properties = Vec::new();
    if let Some(file) = &error.file {
        properties.push(("file", package(file).unwrap_or(file)));
        let line = line.as_deref().filter(|_| package(file).is_none());
        properties.extend(line.map(|line| ("line", line)));
    }
    properties.push(("title", "rolecall"));
    written("error", &properties, &clean(&error.message))
}

fn written(word: &str, properties: &[(&str, &str)], words: &str) -> String {
    let properties: Vec<String> =
        properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    format!("::{word} {}::{}\n", properties.join(","), data(words))
}

/// Escapes what ends a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes what ends a property too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_command_or_a_property_is_escaped() {
        let command = written("error", &[("file", "a:b,c%.yaml"), ("title", "t")], "x: 1,\n%0A::");
        assert_eq!(command, "::error file=a%3Ab%2Cc%25.yaml,title=t::x: 1,%0A%250A::\n");
    }
}
