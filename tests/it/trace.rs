//! Rendered values led back to the templates that wrote them.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use rolecall::document::{Document, View};
use rolecall::input::chart;
use rolecall::render::{Prepared, Release, Settings, Stage};
use rolecall::source::{Certainty, Origin, SourceMap, Span};
use rolecall::yaml::{self, Data};
use snapbox::{assert_data_eq, file};

const CHART: &str = "fixtures/trace/web";

/// Values by the file that they were rendered from, the number of its document, and their path.
const VALUES: &[(&str, &[&str])] = &[
    ("web/crds/things.yaml", &["0.metadata.name"]),
    ("web/charts/db/templates/role.yaml", &["0.metadata.name", "0.metadata.labels.parent"]),
    (
        "web/templates/names.yaml",
        &[
            "0.metadata.name",
            "0.metadata.namespace",
            "0.metadata.labels.app",
            "0.metadata.labels.tier",
            "0.metadata.labels.part",
            "0.data.plain",
            "0.data.joined",
            "0.data.helper",
            "0.data.suffixed",
            "0.data.inner",
            "0.data.quoted",
            "0.data.upper",
            "0.data.printed",
            "0.data.variable",
            "0.data.template",
            "0.data.block",
            "0.data.branch",
            "0.data.with",
            "0.data.empty",
            "0.data.last",
        ],
    ),
    (
        "web/templates/rbac.yaml",
        &[
            "1.metadata.name",
            "1.subjects.0.name",
            "1.subjects.0.namespace",
            "2.metadata.name",
            "2.subjects.0",
            "2.subjects.0.name",
            "2.subjects.0.namespace",
            "0.metadata.name",
            "0.rules.0",
            "0.rules.0.resources.0",
            "0.rules.1",
            "0.rules.1.resources.0",
            "0.rules.1.verbs.0",
            "0.rules.1.verbs.1",
            "0.rules.2.resources.0",
            "0.rules.2.verbs.1",
        ],
    ),
    (
        "web/templates/tpl.yaml",
        &[
            "0.data.title",
            "0.data.nested",
            "0.data.by",
            "0.data.plain",
            "0.data.variable",
            "0.data.called",
            "0.data.yaml",
        ],
    ),
    (
        "web/templates/pages.yaml.j2",
        &[
            "0.metadata.name",
            "0.data.literal",
            "0.data.filtered",
            "0.data.ann",
            "0.data.bob",
            "0.data.part",
            "0.data.after",
        ],
    ),
];

/// The documents of a release, each with the file that it was rendered from.
fn documents(sources: &mut SourceMap) -> Vec<(String, Document)> {
    let chart = chart::load(Path::new(CHART), sources).expect("the chart can be read");
    let prepared = Prepared::new(&Arc::new(chart), &Data::Null, &Settings::default());
    let release =
        Release { name: "demo".into(), namespace: "team-a".into(), stage: Stage::Install };
    let rendered = prepared.and_then(|it| it.render(&release)).expect("the chart renders");
    let crds = rendered.crds.iter().cloned().map(|it| (it.name, it.text, it.trail.into()));
    let manifests = rendered.manifests.into_iter().map(|it| (it.source, it.text, it.trail));
    let mut documents = Vec::new();
    for (name, text, trail) in crds.chain(manifests) {
        let file = sources.add_rendered(name.as_str(), text.as_str(), trail);
        let roots = yaml::parse_all(&text).expect("it is YAML");
        documents
            .extend(roots.into_iter().map(|root| (name.to_string(), Document::new(file, 0, root))));
    }
    documents
}

fn at<'a>(root: View<'a>, path: &str) -> View<'a> {
    path.split('.').fold(root, |view, step| {
        let next = match step.parse::<usize>() {
            Ok(index) => view.items().nth(index),
            Err(_) => view.get(step),
        };
        next.unwrap_or_else(|| panic!("{path}: there is no {step}"))
    })
}

fn shown(sources: &SourceMap, origin: &Origin) -> String {
    let place = |span: &Span| {
        let region = sources.region(*span);
        let text = sources.text(*span).replace('\n', "\\n");
        let file = sources.file(span.file).name.strip_prefix(CHART).unwrap_or("elsewhere");
        format!("{}:{}:{}  {text}", file.trim_start_matches('/'), region.line, region.column)
    };
    let certainty = match origin.certainty {
        Certainty::Exact => "exact",
        Certainty::Line => "line ",
        Certainty::Call => "call ",
    };
    let mut text = format!("    {certainty} {}\n", place(&origin.template));
    for span in &origin.via {
        writeln!(text, "      via {}", place(span)).expect("writing to a string succeeds");
    }
    text
}

#[test]
fn values_are_led_back_to_the_templates_that_wrote_them() {
    let mut sources = SourceMap::new();
    let documents = documents(&mut sources);
    let mut table = String::new();
    for (file, paths) in VALUES {
        let own: Vec<_> = documents.iter().filter(|(name, _)| name == file).collect();
        writeln!(table, "{file}").expect("writing to a string succeeds");
        for path in *paths {
            let (number, path) = path.split_once('.').expect("the number of a document is first");
            let number: usize = number.parse().expect("it is a number");
            let value = at(own[number].1.root(), path);
            let text = sources.text(value.span()).trim_end().replace('\n', "\\n");
            writeln!(table, "  {path} = {text}").expect("writing to a string succeeds");
            table.push_str(&shown(&sources, &sources.trace(value.span())));
        }
    }
    assert_data_eq!(table, file!["snapshots/trace.txt"].raw());
}
