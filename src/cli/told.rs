//! What --verbose tells of the inputs: which were found, and what becomes of each.

use super::chart::ChartSource;
use super::job::{Item, Job, Planned};
use super::paths;
use crate::finding::listed;
use crate::input::values::ValueSource;
use crate::input::{Passed, Why};
use crate::rbac::OwnerKind;

/// Lines that wait to be printed.
#[derive(Debug, Default)]
pub(super) struct Told {
    verbosity: u8,
    lines: Vec<String>,
}

impl Told {
    pub(super) fn new(verbosity: u8) -> Self {
        Self { verbosity, lines: Vec::new() }
    }

    /// Tells what becomes of an input.
    pub(super) fn tell(&mut self, what: impl std::fmt::Display, words: impl FnOnce() -> String) {
        if self.verbosity > 0 {
            self.lines.push(format!("{what}: {}", words()));
        }
    }

    /// Tells what a walk passed over; of what is hidden only who asks twice hears.
    pub(super) fn tell_passed(&mut self, passed: &[Passed]) {
        for Passed { path, why } in passed {
            match why {
                Why::Hidden if self.verbosity < 2 => {}
                Why::Hidden => self.tell(paths::shown(path), || "passed over: hidden".into()),
                Why::Ignored { rule, file } => {
                    self.tell(paths::shown(path), || format!("passed over: {file} says `{rule}`"))
                }
            }
        }
    }

    pub(super) fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Hands the lines over.
    pub(super) fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }
}

impl Job {
    /// Tells what is rendered, and with which values: a line for what differs in the namespace alone,
    /// and for who asks twice a line for each release.
    pub(super) fn tell_releases(&mut self, verbosity: u8) {
        let is_one = |one: &Planned, other: &Planned| {
            let key = |it: &Planned| (it.chart, it.kind, it.group, it.cluster.clone());
            let is_probe = one.kind != OwnerKind::Release;
            key(one) == key(other)
                && (is_probe || (one.name == other.name && verbosity < 2))
                && one.values == other.values
        };
        let planned: Vec<&Planned> = self.items.iter().filter_map(Item::release).collect();
        for same in planned.chunk_by(|one, other| is_one(one, other)) {
            let Some((chart, words)) = told(self.charts.as_slice(), same) else { continue };
            self.told.tell(chart, || words);
        }
    }
}

/// Says what is rendered of a chart; none for the probes that follow from others.
fn told(charts: &[ChartSource], same: &[&Planned]) -> Option<(String, String)> {
    let first = same.first()?;
    let (chart, what) = match charts.get(first.chart)? {
        ChartSource::Chart(path) => (paths::shown(path), "chart"),
        ChartSource::Jinja(path) => (paths::shown(path), "folder of Jinja templates"),
        ChartSource::Builtin(set) => (set.name.to_string(), "built-in templates"),
    };
    let namespaces: Vec<&str> = same.iter().map(|it| it.namespace.as_str()).collect();
    let treated = match first.kind {
        OwnerKind::LongProbe => return None,
        OwnerKind::Probe => "probed, as no namespace is given".to_owned(),
        _ => {
            let release =
                first.name.as_ref().map_or("a release".into(), |it| format!("release {it}"));
            let cluster = first.cluster.as_ref().map(|it| format!(" on {it}")).unwrap_or_default();
            format!("{release} in {}{cluster}", listed(&namespaces))
        }
    };
    Some((chart, format!("{what}, {treated}; {}", values(&first.values))))
}

/// Says which values are given.
fn values(sources: &[ValueSource]) -> String {
    let mut words: Vec<String> = Vec::new();
    for source in sources {
        words.push(match source {
            ValueSource::File(path) if path == "-" => "those on standard input".into(),
            ValueSource::File(path) => path.clone(),
            // What is set may be secret: the keys say enough.
            ValueSource::Set(text) => format!("--set {}", key(text)),
            ValueSource::SetString(text) => format!("--set-string {}", key(text)),
            ValueSource::SetJson(text) => format!("--set-json {}", key(text)),
            ValueSource::SetFile(text) => format!("--set-file {}", key(text)),
            ValueSource::SetLiteral(text) => format!("--set-literal {}", key(text)),
            ValueSource::Inventory { key, .. } => format!("set {key}"),
        });
    }
    match words.is_empty() {
        true => "values: its own".into(),
        false => format!("values: its own, {}", words.join(", ")),
    }
}

/// Returns the key of what is set.
fn key(text: &str) -> &str {
    match text.split_once('=') {
        Some((key, _)) if !key.starts_with('{') => key,
        _ => "{…}",
    }
}
