//! `rolecall explain`.

use serde::Serialize;

use super::args::{ExplainArgs, ExplainFormat};
use super::inventory::suggestion;
use super::streams::Console;
use super::{Exit, Trouble};
use crate::finding::{Confidence, Severity};
use crate::input;
use crate::report;
use crate::report::text::{Colour, Style};
use crate::rules::{self, Family, Fixable, Meta, Peer, RULES};

/// A rule in JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    name: &'static str,
    family: Family,
    severity: Severity,
    confidence: Confidence,
    security_severity: Option<&'static str>,
    fix: Fixable,
    summary: &'static str,
    peers: Vec<PeerEntry>,
    explanation: &'static str,
}

/// What another tool calls a rule, in JSON.
#[derive(Serialize)]
struct PeerEntry {
    tool: &'static str,
    name: &'static str,
}

impl From<&'static Meta> for Entry {
    fn from(meta: &'static Meta) -> Self {
        let Meta { name, family, severity, confidence, score, fix, summary, .. } = *meta;
        let peer = |(peer, name): &(Peer, &'static str)| PeerEntry { tool: peer.name(), name };
        let peers = meta.peers.iter().map(peer).collect();
        let (security_severity, explanation) = (score, meta.explanation);
        Self {
            name,
            family,
            severity,
            confidence,
            security_severity,
            fix,
            summary,
            peers,
            explanation,
        }
    }
}

pub(super) fn run(args: &ExplainArgs, console: &mut Console<'_>) -> Result<Exit, Trouble> {
    let rule = args.rule.as_deref().map(known).transpose()?;
    let text = match (rule, args.format) {
        (Some(meta), ExplainFormat::Text) => {
            page(meta.explanation, console.out_style()) + &facts(meta)
        }
        (None, ExplainFormat::Text) => list(console.out_style()),
        (Some(meta), ExplainFormat::Json) => json(&Entry::from(meta)),
        (None, ExplainFormat::Json) => {
            json(&RULES.iter().map(|rule| Entry::from(rule.meta())).collect::<Vec<_>>())
        }
        (Some(meta), ExplainFormat::Markdown) => meta.explanation.into(),
        (None, ExplainFormat::Markdown) => report::catalogue(),
    };
    console.print(&text)?;
    Ok(Exit::Clean)
}

/// Returns what stands beside a rule's page: how sure it is, what `--fix` does, who else finds it.
fn facts(meta: &Meta) -> String {
    let fix = match meta.fix {
        Fixable::No => "nothing",
        Fixable::Safe => "mends it",
        Fixable::Asked => "mends it where it is asked for by name",
    };
    let lines = [
        ("severity", format!("{} at most", meta.severity.word())),
        ("confidence", meta.confidence.word().into()),
        ("lint --fix", fix.into()),
    ];
    let peers = meta.peers.iter().map(|(peer, name)| (peer.name(), (*name).to_owned()));
    let lines = lines.into_iter().chain(peers);
    let line = |(key, value): (&str, String)| format!("{key:12}  {value}\n");
    format!("\n{}", lines.map(line).collect::<String>())
}

fn known(name: &str) -> Result<&'static Meta, input::Error> {
    rules::lookup(name).map(|rule| rule.meta()).ok_or_else(|| {
        input::Error::new(format!("there is no rule `{name}`")).with_help(suggestion(name))
    })
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("plain structs have a JSON form") + "\n"
}

/// Lists the rules, a line each, below their families.
fn list(style: Style) -> String {
    let widest = RULES.iter().map(|rule| rule.meta().name.len()).max().unwrap_or(0);
    let mut out = String::new();
    for family in Family::ALL {
        let (title, summary) = (family.title(), family.summary());
        out.push_str(&match style.colour {
            Colour::Ansi => format!("\u{1b}[1m{title}\u{1b}[0m  {summary}\n"),
            Colour::None => format!("{title}  {summary}\n"),
        });
        let rules = RULES.iter().map(|rule| rule.meta()).filter(|meta| meta.family == family);
        rules.for_each(|meta| out.push_str(&line(meta, widest, style)));
        out.push('\n');
    }
    out + "`rolecall explain RULE` says more.\n"
}

fn line(meta: &Meta, widest: usize, style: Style) -> String {
    let (before, after) = match (style.colour, meta.severity) {
        (Colour::None, _) => ("", ""),
        (Colour::Ansi, Severity::Error) => ("\u{1b}[31m", "\u{1b}[0m"),
        (Colour::Ansi, Severity::Warning) => ("\u{1b}[33m", "\u{1b}[0m"),
        (Colour::Ansi, Severity::Info) => ("\u{1b}[36m", "\u{1b}[0m"),
    };
    let low = if meta.confidence == Confidence::Low { " (only where selected)" } else { "" };
    let (name, severity) = (meta.name, meta.severity.word());
    format!("  {name:widest$}  {before}{severity:7}{after}  {}{low}\n", meta.summary)
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
