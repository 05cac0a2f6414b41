//! `rolecall explain`.

use serde::Serialize;

use super::args::{ExplainArgs, ExplainFormat};
use super::inventory::suggestion;
use super::streams::Console;
use super::{Exit, Trouble};
use crate::finding::{Confidence, Severity};
use crate::input;
use crate::report::text::{Colour, Style};
use crate::rules::{self, Family, Meta, RULES};

/// A rule in JSON.
#[derive(Serialize)]
struct Entry {
    name: &'static str,
    family: Family,
    severity: Severity,
    confidence: Confidence,
    summary: &'static str,
    explanation: &'static str,
}

impl From<&'static Meta> for Entry {
    fn from(meta: &'static Meta) -> Self {
        let Meta { name, family, severity, confidence, summary, explanation, .. } = *meta;
        Self { name, family, severity, confidence, summary, explanation }
    }
}

pub(super) fn run(args: &ExplainArgs, console: &mut Console<'_>) -> Result<Exit, Trouble> {
    let rule = args.rule.as_deref().map(known).transpose()?;
    let text = match (rule, args.format) {
        (Some(meta), ExplainFormat::Text) => page(meta.explanation, console.out_style()),
        (None, ExplainFormat::Text) => list(console.out_style()),
        (Some(meta), ExplainFormat::Json) => json(&Entry::from(meta)),
        (None, ExplainFormat::Json) => {
            json(&RULES.iter().map(|rule| Entry::from(rule.meta())).collect::<Vec<_>>())
        }
    };
    console.print(&text)?;
    Ok(Exit::Clean)
}

fn known(name: &str) -> Result<&'static Meta, input::Error> {
    rules::lookup(name).map(|rule| rule.meta()).ok_or_else(|| {
        input::Error::new(format!("there is no rule `{name}`")).with_help(suggestion(name))
    })
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("plain structs have a JSON form") + "\n"
}

/// Lists the rules, a line each.
fn list(style: Style) -> String {
    let widest = RULES.iter().map(|rule| rule.meta().name.len()).max().unwrap_or(0);
    let line = |meta: &Meta| {
        let (before, after) = match (style.colour, meta.severity) {
            (Colour::None, _) => ("", ""),
            (Colour::Ansi, Severity::Error) => ("\u{1b}[31m", "\u{1b}[0m"),
            (Colour::Ansi, Severity::Warning) => ("\u{1b}[33m", "\u{1b}[0m"),
            (Colour::Ansi, Severity::Info) => ("\u{1b}[36m", "\u{1b}[0m"),
        };
        let (name, severity) = (meta.name, meta.severity.word());
        format!("{name:widest$}  {before}{severity:7}{after}  {}\n", meta.summary)
    };
    let lines: String = RULES.iter().map(|rule| line(rule.meta())).collect();
    format!("{lines}\n`rolecall explain RULE` says more.\n")
}

/// Returns a page as people read it on a terminal: titles stand out, fences are gone.
fn page(markdown: &str, style: Style) -> String {
    let mut out = String::new();
    let mut in_code = false;
    for line in markdown.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
            continue;
        }
        let title = line.trim_start_matches('#').trim_start();
        match style.colour {
            _ if in_code => out.push_str(&format!("    {line}")),
            Colour::Ansi if title.len() < line.len() => {
                out.push_str(&format!("\u{1b}[1m{title}\u{1b}[0m"));
            }
            Colour::None if title.len() < line.len() => out.push_str(title),
            _ => out.push_str(line),
        }
        out.truncate(out.trim_end_matches(' ').len());
        out.push('\n');
    }
    out
}
