//! The JSON of `lint`, version 1: keys may be added, never renamed or removed.

use serde::Serialize;

use super::quiet::{By, Problem, ProblemKind, Silenced};
use super::{Report, Summary, fingerprint};
use crate::collide::{Collision, Fate, Outcome, Ownership, Unclaimed, fates};
use crate::finding::{Finding, ObjectName, OwnerName, Severity};
use crate::rbac::{Marks, Object, Owner, OwnerKind, Subject};
use crate::source::{Region, SourceMap, Span};

#[derive(Serialize)]
struct Root<'a> {
    version: u32,
    releases: Vec<Release<'a>>,
    collisions: Vec<CollisionEntry<'a>>,
    findings: Vec<FindingEntry<'a>>,
    errors: &'a [ErrorEntry],
    notes: &'a [String],
    suppressions: Vec<Suppression<'a>>,
    #[serde(rename = "suppressionProblems")]
    suppression_problems: Vec<ProblemEntry<'a>>,
    summary: Summary,
}

/// A finding that does not count.
#[derive(Serialize)]
struct Suppression<'a> {
    rule: &'a str,
    message: &'a str,
    object: &'a ObjectName,
    releases: &'a [OwnerName],
    location: Location<'a>,
    by: By,
    reason: Option<&'a str>,
    /// Where the comment stands, or the line of rolecall.yaml.
    place: Option<Location<'a>>,
}

/// What is wrong with something that silences findings.
#[derive(Serialize)]
struct ProblemEntry<'a> {
    kind: ProblemKind,
    message: &'a str,
    help: Option<&'a str>,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Release<'a> {
    name: &'a str,
    namespace: Option<&'a str>,
    cluster: Option<&'a str>,
    chart: &'a str,
}

#[derive(Serialize)]
struct CollisionEntry<'a> {
    #[serde(flatten)]
    object: ObjectName,
    cluster: Option<&'a str>,
    outcome: Outcome,
    probe: bool,
    mergeable: bool,
    contenders: Vec<Contender<'a>>,
    lost: &'a [Subject],
    /// What the export holds and no contender brings; null without an export.
    unclaimed: Option<&'a Unclaimed>,
    deployers: Vec<Fate>,
}

#[derive(Serialize)]
struct Contender<'a> {
    release: &'a str,
    namespace: Option<&'a str>,
    file: &'a str,
    line: u32,
    /// What the export's object is to a release; null for what is no release, and without an export.
    ownership: Option<Ownership>,
    /// The release that the marks of the export's object name; null for all else.
    owner: Option<OwnerName>,
}

#[derive(Serialize)]
struct FindingEntry<'a> {
    rule: &'a str,
    severity: Severity,
    message: &'a str,
    help: Option<&'a str>,
    fingerprint: String,
    object: &'a ObjectName,
    release: Option<&'a OwnerName>,
    releases: &'a [OwnerName],
    location: Location<'a>,
    via: Vec<Location<'a>>,
    related: Vec<Related<'a>>,
    /// The other rules that speak of the same rule item.
    also: &'a [&'static str],
}

#[derive(Serialize)]
struct Related<'a> {
    message: String,
    #[serde(flatten)]
    location: Location<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

/// An input that could not be read or rendered, as the machine formats show it.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorEntry {
    /// What is wrong.
    pub message: String,
    /// The file, if the error has a place.
    pub file: Option<String>,
    /// The line, counted from 1.
    pub line: Option<u32>,
}

/// Returns the report as one JSON object that ends with a newline.
#[must_use]
pub fn lint(report: &Report<'_>, errors: &[ErrorEntry]) -> String {
    let fingerprints = fingerprint::fingerprints(report);
    let root = Root {
        version: 1,
        releases: report.releases().map(release).collect(),
        collisions: report.collisions.iter().map(|it| collision(report, it)).collect(),
        findings: report
            .findings
            .iter()
            .zip(fingerprints)
            .map(|(it, fingerprint)| finding(report.sources, it, fingerprint))
            .collect(),
        errors,
        notes: report.notes,
        suppressions: report.silence.silenced.iter().map(|it| suppression(report, it)).collect(),
        suppression_problems: report
            .silence
            .problems
            .iter()
            .map(|it| problem(report, it))
            .collect(),
        summary: report.summary(),
    };
    let mut text = serde_json::to_string_pretty(&root).expect("plain structs have a JSON form");
    text.push('\n');
    text
}

fn suppression<'a>(report: &Report<'a>, silenced: &'a Silenced) -> Suppression<'a> {
    let Silenced { finding, by, reason, place: written } = silenced;
    Suppression {
        rule: finding.rule,
        message: &finding.message,
        object: &finding.object,
        releases: &finding.owners,
        location: location(report.sources, finding.primary.span),
        by: *by,
        reason: reason.as_deref(),
        place: written.map(|span| place(report.sources, span)),
    }
}

fn problem<'a>(report: &Report<'a>, problem: &'a Problem) -> ProblemEntry<'a> {
    ProblemEntry {
        kind: problem.kind,
        message: &problem.message,
        help: problem.help.as_deref(),
        location: place(report.sources, problem.span),
    }
}

fn release(owner: &Owner) -> Release<'_> {
    Release {
        name: &owner.name.name,
        namespace: owner.name.namespace.as_deref(),
        cluster: owner.cluster.as_deref(),
        chart: owner.chart.as_deref().unwrap_or(""),
    }
}

fn collision<'a>(report: &Report<'a>, collision: &'a Collision) -> CollisionEntry<'a> {
    let members = || collision.members.iter().map(|id| report.estate.object(*id));
    let is_export = |object: &&Object| report.estate.owner(object.owner).kind == OwnerKind::Export;
    let exported = members().find(is_export).map(|object| Marks::of(&object.data));
    CollisionEntry {
        object: collision.identity.object_name(),
        cluster: collision.identity.cluster.as_deref(),
        outcome: collision.outcome,
        probe: collision.probe.is_some(),
        mergeable: collision.mergeable,
        contenders: members().map(|it| contender(report, it, exported.as_ref())).collect(),
        lost: &collision.lost,
        unclaimed: exported.as_ref().map(|_| &collision.unclaimed),
        deployers: fates(report.estate, collision, report.deployers),
    }
}

fn contender<'a>(report: &Report<'a>, object: &Object, exported: Option<&Marks>) -> Contender<'a> {
    let owner = report.estate.owner(object.owner);
    let place = location(report.sources, object.name_span);
    let is_release = owner.kind == OwnerKind::Release;
    let is_export = owner.kind == OwnerKind::Export;
    Contender {
        release: &owner.name.name,
        namespace: owner.name.namespace.as_deref(),
        file: place.file,
        line: place.line,
        ownership: exported.filter(|_| is_release).map(|it| Ownership::of(it, &owner.name)),
        owner: exported.filter(|_| is_export).and_then(Marks::owner),
    }
}

fn finding<'a>(
    sources: &'a SourceMap,
    finding: &'a Finding,
    fingerprint: String,
) -> FindingEntry<'a> {
    let origin = sources.trace(finding.primary.span);
    let related = finding.related.iter().map(|label| Related {
        message: label.to_string(),
        location: location(sources, label.span),
    });
    FindingEntry {
        rule: finding.rule,
        severity: finding.severity,
        message: &finding.message,
        help: finding.help.as_deref(),
        fingerprint,
        object: &finding.object,
        release: finding.owners.first(),
        releases: &finding.owners,
        location: location(sources, finding.primary.span),
        via: origin.via.iter().map(|span| place(sources, *span)).collect(),
        related: related.collect(),
        also: &finding.also,
    }
}

/// Returns the place in the template that wrote a span.
fn location(sources: &SourceMap, span: Span) -> Location<'_> {
    place(sources, sources.trace(span).template)
}

fn place(sources: &SourceMap, span: Span) -> Location<'_> {
    let Region { line, column, end_line, end_column } = sources.region(span);
    Location { file: &sources.file(span.file).name, line, column, end_line, end_column }
}
