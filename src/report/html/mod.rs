//! One page with all findings, which needs no network.

mod graph;
mod snippet;

use std::collections::{BTreeMap, BTreeSet};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Value, context};
use sha2::{Digest, Sha256};

use super::json::ErrorEntry;
use super::view::{Entry, View, clean};
use super::{Report, sarif, text};
use crate::collide::{Collision, Outcome};
use crate::finding::{OwnerName, Severity, listed};
use crate::rules::Meta;
use snippet::Snippets;

static TEMPLATE: &str = include_str!("../../../templates/report/report.html.j2");
static STYLE: &str = include_str!("../../../templates/report/report.css");
static SCRIPT: &str = include_str!("../../../templates/report/report.js");

/// The most findings that are unfolded at first.
const MOST_OPEN: usize = 5;

/// Returns the report as one HTML page.
///
/// # Panics
/// Never: the template is part of the program, and the tests carry out all of it.
#[must_use]
pub fn lint(report: &Report<'_>, errors: &[ErrorEntry]) -> String {
    page(TEMPLATE, content(&View::of(report, errors)))
}

/// Returns the page that a template makes.
pub(super) fn page(template: &str, content: Value) -> String {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("its marks are the usual ones"));
    environment.add_template("report.html", template).expect("the tests carry it out");
    let template = environment.get_template("report.html").expect("it was added");
    let page = template.render(content).expect("all that it uses is there");
    if page.ends_with('\n') { page } else { page + "\n" }
}

/// Returns the style of all pages, with what allows it and nothing else.
pub(super) fn style() -> Value {
    context! {
        style => Value::from_safe_string(STYLE.into()),
        style_hash => hash(STYLE),
        version => env!("CARGO_PKG_VERSION"),
    }
}

fn content(view: &View<'_>) -> Value {
    let report = view.report;
    let summary = report.summary();
    let releases = releases(view);
    let snippets = Snippets::of(report);
    let findings = view.entries.iter().enumerate();
    let findings = findings.map(|(at, it)| finding(it, at, (&snippets, &releases)));
    let rules: BTreeMap<&str, &Meta> =
        view.entries.iter().filter_map(|it| it.meta).map(|meta| (meta.name, meta)).collect();
    let collisions = report.collisions.iter().filter(|it| it.outcome != Outcome::Identical);
    let worst = view.entries.iter().map(|entry| entry.finding.severity).max();
    context! {
        script => Value::from_safe_string(SCRIPT.into()),
        // Nothing but these runs, whatever the names in the report say.
        script_hash => hash(SCRIPT),
        title => title(view),
        verdict => text::summary(&summary, view.errors.len()).trim_end(),
        worst => if view.errors.is_empty() { worst.map_or("clean", Severity::word) } else { "error" },
        summary => Serde(summary),
        errors => view.errors.iter().map(error).collect::<Vec<_>>(),
        notes => report.notes.iter().map(|it| clean(it)).collect::<Vec<_>>(),
        findings => findings.collect::<Vec<_>>(),
        releases => releases.keys().map(|it| clean(&it.to_string())).collect::<Vec<_>>(),
        rules => rules.into_values().map(rule).collect::<Vec<_>>(),
        collisions => collisions.map(|it| collision(view, it)).collect::<Vec<_>>(),
        graph => Serde(graph::drawn(view)),
        ..style()
    }
}

/// Says what the findings come to.
fn title(view: &View<'_>) -> &'static str {
    let worst = view.entries.iter().map(|entry| entry.finding.severity).max();
    match worst {
        _ if !view.errors.is_empty() => "Not everything could be judged",
        Some(Severity::Error) => "Something breaks or loses access",
        Some(Severity::Warning) => "Something is likely wrong",
        Some(Severity::Info) => "Nothing is wrong, some things are worth knowing",
        None => "Nothing found",
    }
}

/// Returns the hash by which a page's policy knows a text.
fn hash(text: &str) -> String {
    let hash = data_encoding::BASE64.encode(&Sha256::digest(text));
    format!("sha256-{hash}")
}

/// Numbers the releases that findings are about.
fn releases<'a>(view: &View<'a>) -> BTreeMap<&'a OwnerName, usize> {
    let owners = view.report.findings.iter().flat_map(|finding| &finding.owners);
    let owners: BTreeSet<&OwnerName> = owners.collect();
    owners.into_iter().enumerate().map(|(at, owner)| (owner, at)).collect()
}

/// Returns the name by which the page knows a finding.
fn id(at: usize) -> String {
    format!("f{}", at + 1)
}

fn finding(
    entry: &Entry<'_>,
    at: usize,
    (snippets, releases): (&Snippets<'_>, &BTreeMap<&OwnerName, usize>),
) -> Value {
    let finding = entry.finding;
    let numbers = finding.owners.iter().filter_map(|owner| releases.get(owner));
    let numbers: Vec<String> = numbers.map(usize::to_string).collect();
    context! {
        id => id(at),
        is_open => at < MOST_OPEN && finding.severity == Severity::Error,
        severity => finding.severity.word(),
        confidence => Serde(finding.confidence),
        rule => finding.rule,
        has_page => entry.meta.is_some(),
        score => entry.score(),
        object => entry.object(),
        message => marked(&entry.message),
        place => format!("{}:{}", entry.primary.file, entry.primary.region.line),
        numbers => numbers.join(" "),
        snippets => Serde(snippets.of_finding(entry)),
        help => entry.help.as_deref().map(marked),
        also => &finding.also,
        rendered => snippets.rendered(entry),
        releases => finding.owners.iter().map(|it| clean(&it.to_string())).collect::<Vec<_>>(),
        deployers => finding.deployers.iter().map(|(name, words)| (*name, marked(&clean(words)))).collect::<Vec<_>>(),
        fingerprint => entry.fingerprint.as_str(),
    }
}

/// Splits words at backticks: each part with whether it is code.
pub(super) fn marked(words: &str) -> Vec<(bool, String)> {
    let parts: Vec<&str> = words.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return vec![(false, words.into())];
    }
    let parts = parts.into_iter().enumerate().map(|(at, part)| (at % 2 == 1, part.to_owned()));
    parts.filter(|(_, part)| !part.is_empty()).collect()
}

fn error(error: &ErrorEntry) -> Value {
    let line = error.line.map(|line| format!(":{line}")).unwrap_or_default();
    let place = error.file.as_ref().map(|file| clean(&format!("{file}{line}")));
    context! { place, message => clean(&error.message) }
}

fn rule(meta: &Meta) -> Value {
    let page = sarif::page(meta).replace("\n## ", "\n#### ");
    let page = page.strip_prefix("## ").map_or(page.clone(), |rest| format!("#### {rest}"));
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(&page));
    context! {
        name => meta.name,
        summary => meta.summary,

        score => meta.score,
        peers => meta.peers.iter().map(|(peer, name)| (peer.name(), *name)).collect::<Vec<_>>(),
        // The pages are the program's own.
        page => Value::from_safe_string(html),
    }
}

fn collision(view: &View<'_>, collision: &Collision) -> Value {
    let object = &collision.identity;
    let estate = view.report.estate;
    let owner = |id: &crate::rbac::ObjectId| &estate.owner_of(*id).name;
    let owners: Vec<&OwnerName> = collision.members.iter().map(owner).collect();
    let namespace = object.namespace.as_ref().map(|it| format!("{it}/")).unwrap_or_default();
    let name = object.object_name();
    let found = view.entries.iter().position(|it| it.finding.object == name);
    context! {
        object => clean(&format!("{} {namespace}{}", object.kind, object.name)),
        cluster => object.cluster.as_ref().map(|it| clean(it)),
        holders => clean(&listed(&owners)),
        outcome => collision.outcome.word(),
        mergeable => collision.mergeable,
        lost => collision.lost.iter().map(|it| clean(&it.to_string())).collect::<Vec<_>>(),
        finding => found.map(id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_backticks_are_code() {
        let parts = [(false, "a "), (true, "b"), (false, " c")];
        assert_eq!(marked("a `b` c"), parts.map(|(code, part)| (code, part.to_owned())));
        assert_eq!(marked("a ` c"), [(false, "a ` c".to_owned())]);
    }
}
