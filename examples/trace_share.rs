//! Prints how well the RBAC of charts can be led back to the templates that wrote it.
//!
//! `cargo run --example trace_share -- FILE [--show]`, where FILE names a chart's folder on each
//! line; `--show` names each value that does not lead to the very text or action.

#![allow(clippy::print_stdout, reason = "it is a program")]
#![allow(clippy::disallowed_methods, reason = "it reads the list of charts")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use rolecall::document::{Document, View};
use rolecall::input::chart;
use rolecall::render::{Prepared, Release, Settings, Stage};
use rolecall::source::{Certainty, SourceMap};
use rolecall::yaml::{self, Data};

/// What is counted, in the order in which it is shown.
const PARTS: [&str; 4] = ["names", "namespaces", "subjects", "rules"];

/// How well a value can be led back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Traced {
    Known(Certainty),
    /// To no template.
    Nowhere,
}

/// One value that was led back.
struct Row {
    part: &'static str,
    traced: Traced,
    /// The rendered file and line, the text and where it leads.
    text: String,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let shows = args.iter().any(|it| it == "--show");
    let list = args.iter().find(|it| !it.starts_with("--")).map(std::fs::read_to_string);
    let Some(Ok(list)) = list else {
        println!("usage: trace_share FILE [--show]");
        return;
    };
    let charts: Vec<&str> = list.lines().filter(|line| !line.is_empty()).collect();
    let rows: Vec<Vec<Row>> = charts.par_iter().filter_map(|path| rows(path)).collect();
    let with_rbac = rows.iter().filter(|rows| !rows.is_empty()).count();
    println!("{} charts rendered, {with_rbac} with RBAC", rows.len());
    let rows: Vec<Row> = rows.into_iter().flatten().collect();
    if shows {
        for row in rows.iter().filter(|row| row.traced != Traced::Known(Certainty::Exact)) {
            println!("{:?} {} {}", row.traced, row.part, row.text);
        }
    }
    print_table(&rows);
}

fn print_table(rows: &[Row]) {
    println!("{:<12}{:>8}{:>9}{:>9}{:>9}{:>9}", "", "count", "exact", "line", "call", "nowhere");
    for part in PARTS.into_iter().map(Some).chain([None]) {
        let mut counts: BTreeMap<Traced, u32> = BTreeMap::new();
        for row in rows.iter().filter(|row| part.is_none_or(|part| part == row.part)) {
            *counts.entry(row.traced).or_default() += 1;
        }
        let all: u32 = counts.values().sum();
        let share = |traced| {
            let count = counts.get(&traced).copied().unwrap_or_default();
            format!("{:.2} %", 100.0 * f64::from(count) / f64::from(all.max(1)))
        };
        println!(
            "{:<12}{all:>8}{:>9}{:>9}{:>9}{:>9}",
            part.unwrap_or("all"),
            share(Traced::Known(Certainty::Exact)),
            share(Traced::Known(Certainty::Line)),
            share(Traced::Known(Certainty::Call)),
            share(Traced::Nowhere),
        );
    }
}

/// Renders a chart, and leads the values of its RBAC back; none where it does not render.
fn rows(path: &str) -> Option<Vec<Row>> {
    let mut sources = SourceMap::new();
    let chart = chart::load(Path::new(path), &mut sources).ok()?;
    let prepared = Prepared::new(&Arc::new(chart), &Data::Null, &Settings::default()).ok()?;
    let release =
        Release { name: "demo".into(), namespace: "team-a".into(), stage: Stage::Install };
    let rendered = prepared.render(&release).ok()?;
    let mut rows = Vec::new();
    for manifest in rendered.manifests {
        let title = manifest.source.as_str();
        let file = sources.add_rendered(title, manifest.text.as_str(), manifest.trail);
        let roots = yaml::parse_all(&manifest.text).unwrap_or_default();
        let documents = roots.into_iter().map(|root| Document::new(file, 0, root));
        for document in documents.flat_map(Document::unfold) {
            judge(document.root(), &sources, &mut rows);
        }
    }
    Some(rows)
}

fn judge(root: View<'_>, sources: &SourceMap, rows: &mut Vec<Row>) {
    let kind = root.text("kind").unwrap_or_default();
    let is_rbac = root.text("apiVersion").is_some_and(|it| it.starts_with("rbac."));
    if !is_rbac && kind != "ServiceAccount" {
        return;
    }
    let metadata = root.get("metadata");
    let mut add = |part, value: Option<View<'_>>| {
        rows.extend(value.filter(|it| !it.is_null()).map(|value| row(part, value, sources)));
    };
    add("names", metadata.and_then(|it| it.get("name")));
    add("namespaces", metadata.and_then(|it| it.get("namespace")));
    for subject in root.list("subjects") {
        add("subjects", subject.get("name"));
        add("subjects", subject.get("namespace"));
    }
    for rule in root.list("rules") {
        add("rules", Some(rule));
    }
}

fn row(part: &'static str, value: View<'_>, sources: &SourceMap) -> Row {
    let span = value.span();
    let origin = sources.trace(span);
    let traced = match sources.file(origin.template.file).trail {
        Some(_) => Traced::Nowhere,
        None => Traced::Known(origin.certainty),
    };
    let place = |span| {
        let region = sources.region(span);
        format!("{}:{}:{}", sources.file(span.file).name, region.line, region.column)
    };
    let line = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    let text = format!(
        "{} `{}` from {} `{}`",
        place(span),
        line(sources.text(span)),
        place(origin.template),
        line(sources.text(origin.template)),
    );
    Row { part, traced, text }
}
