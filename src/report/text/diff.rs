//! Changes for people: what changes in words, then the text.

use similar::TextDiff;

use super::{Colour, Style};
use crate::diff::{Change, unified};

/// Shows changes: for each object a line in words, then the diff of its YAML, its sides titled.
#[must_use]
pub fn changes(changes: &[Change], titles: (&str, &str), style: Style) -> String {
    let mut out = String::new();
    for change in changes {
        if let Some(words) = change.in_words() {
            out.push_str(&painted(&words, BOLD, style));
            out.push('\n');
        }
        let text = unified(change, titles);
        for line in text.lines() {
            out.push_str(&painted(line, ink(line), style));
            out.push('\n');
        }
        out.push('\n');
    }
    out
}

/// Shows how a file changes, as `diff -u` does.
#[must_use]
pub fn source_diff(name: &str, (before, after): (&str, &str), style: Style) -> String {
    let diff = TextDiff::from_lines(before, after);
    let text = diff.unified_diff().context_radius(3).header(name, name).to_string();
    let lines = text.split_inclusive('\n').map(|line| match line.strip_suffix('\n') {
        Some(line) => format!("{}\n", painted(line, ink(line), style)),
        None => painted(line, ink(line), style),
    });
    lines.collect()
}

pub(super) const BOLD: &str = "1";

/// Returns the ANSI code of a line of a unified diff; empty for context.
fn ink(line: &str) -> &'static str {
    match line.as_bytes() {
        [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] => BOLD,
        [b'+', ..] => "32",
        [b'-', ..] => "31",
        [b'@', ..] => "36",
        _ => "",
    }
}

pub(in crate::report) fn painted(line: &str, code: &str, style: Style) -> String {
    match style.colour {
        Colour::Ansi if !code.is_empty() => format!("\u{1b}[{code}m{line}\u{1b}[0m"),
        _ => line.into(),
    }
}
