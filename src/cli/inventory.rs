//! A rolecall.yaml as releases, manifests and settings, its paths relative to the working
//! directory.

use std::path::{Path, PathBuf};

use smol_str::SmolStr;

use super::job::{ChartSource, Planned};
use super::paths;
use crate::finding::Severity;
use crate::input::values::ValueSource;
use crate::input::{self, Entry, Input, Inventory, Level, Text};
use crate::rbac::OwnerKind;
use crate::rules::{self, Exclusion, Policy, Setting};
use crate::source::{SourceMap, Span};

/// An inventory and where it stands.
pub(super) struct Installed {
    pub(super) inventory: Inventory,
    text: Text,
    folder: PathBuf,
}

/// A release of an inventory; its chart has no place among the job's charts yet.
pub(super) struct Entered {
    pub(super) chart: ChartSource,
    pub(super) planned: Planned,
}

impl Installed {
    pub(super) fn read(path: &Path, sources: &mut SourceMap) -> Result<Self, input::Error> {
        let text = Text::read(path, &paths::shown(path), sources)?;
        let inventory = Inventory::read(&text)?;
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        Ok(Self { inventory, text, folder })
    }

    fn path(&self, path: &str) -> PathBuf {
        paths::tidy(&self.folder.join(path))
    }

    /// Returns the paths of the charts.
    pub(super) fn charts(&self) -> Vec<PathBuf> {
        self.inventory.releases.iter().map(|entry| self.path(&entry.chart)).collect()
    }

    pub(super) fn against(&self) -> Option<PathBuf> {
        self.inventory.against.as_deref().map(|path| self.path(path))
    }

    pub(super) fn output(&self) -> Option<PathBuf> {
        self.inventory.merge.output.as_deref().map(|path| self.path(path))
    }

    /// Returns the manifests that the patterns match, in the order of the patterns.
    pub(super) fn manifests(&self) -> Result<Vec<PathBuf>, input::Error> {
        let mut found = Vec::new();
        for pattern in &self.inventory.manifests {
            let matching = input::matching(&self.folder, pattern)?;
            found.extend(matching.into_iter().map(|path| paths::tidy(&path)));
        }
        Ok(found)
    }

    /// Returns the releases in the order written; `values` come after those of the file.
    pub(super) fn releases(&self, values: &[ValueSource]) -> Vec<Entered> {
        let entries = self.inventory.releases.iter();
        entries.flat_map(|entry| self.releases_of(entry, values)).collect()
    }

    fn releases_of(&self, entry: &Entry, values: &[ValueSource]) -> Vec<Entered> {
        let path = self.path(&entry.chart);
        let chart = match input::discover(&path).as_deref() {
            Ok([(Input::Jinja(path), _)]) => ChartSource::Jinja(path.clone()),
            _ => ChartSource::Chart(path),
        };
        let mut namespaces: Vec<&String> =
            entry.namespace.iter().chain(&entry.namespaces).collect();
        let default = "default".to_string();
        if namespaces.is_empty() {
            namespaces.push(&default);
        }
        let release = |namespace: &String| Planned {
            chart: 0,
            name: entry.name.clone(),
            namespace: namespace.clone(),
            kind: OwnerKind::Release,
            group: 0,
            cluster: entry.cluster.as_deref().map(SmolStr::new),
            values: self.values(entry, namespace, values),
        };
        let entered = |namespace| Entered { chart: chart.clone(), planned: release(namespace) };
        namespaces.into_iter().map(entered).collect()
    }

    fn values(&self, entry: &Entry, namespace: &str, more: &[ValueSource]) -> Vec<ValueSource> {
        let name = entry.name.as_deref().unwrap_or("");
        let file = |pattern: &String| {
            let path = pattern.replace("{namespace}", namespace).replace("{release}", name);
            ValueSource::File(paths::shown(&self.path(&path)))
        };
        let set = |(key, value): (&String, &serde_yaml::Value)| {
            let value = serde_json::to_string(value).unwrap_or_else(|_| "null".into());
            ValueSource::SetJson(format!("{key}={value}"))
        };
        let (files, flags): (Vec<_>, Vec<_>) =
            more.iter().cloned().partition(|it| matches!(it, ValueSource::File(_)));
        let own = entry.values.iter().map(file).chain(files);
        own.chain(entry.set.iter().map(set)).chain(flags).collect()
    }

    /// Returns what the file says about rules.
    pub(super) fn policy(&self) -> Result<Policy, input::Error> {
        let lint = &self.inventory.lint;
        let named = lint.rules.keys().chain(lint.exclude.iter().map(|it| &it.rule));
        for name in named {
            if rules::lookup(name).is_none() {
                return Err(self.unknown_rule(name));
            }
        }
        let setting = |level: &Level| match level {
            Level::Off => Setting::Off,
            Level::Info => Setting::As(Severity::Info),
            Level::Warning => Setting::As(Severity::Warning),
            Level::Error => Setting::As(Severity::Error),
        };
        let exclusion =
            |it: &input::Exclude| Exclusion { rule: it.rule.clone(), name: it.name.clone() };
        Ok(Policy {
            settings: lint.rules.iter().map(|(name, it)| (name.clone(), setting(it))).collect(),
            exclusions: lint.exclude.iter().map(exclusion).collect(),
        })
    }

    fn unknown_rule(&self, name: &str) -> input::Error {
        let place = self.text.content.find(name);
        let error = self.text.error_at(place, format!("there is no rule `{name}`"));
        let span = error.span.map(|span| Span { end: span.start + len(name), ..span });
        input::Error { span, ..error }.with_help(suggestion(name))
    }
}

fn len(name: &str) -> u32 {
    u32::try_from(name.len()).unwrap_or(u32::MAX)
}

/// Returns which rule was meant, or how to see them all.
pub(super) fn suggestion(name: &str) -> String {
    let names = rules::RULES.iter().map(|rule| rule.meta().name);
    let nearest = names.map(|known| (strsim::damerau_levenshtein(known, name), known)).min();
    match nearest.filter(|(distance, _)| *distance <= 4) {
        Some((_, known)) => format!("did you mean `{known}`?"),
        None => "`rolecall explain` lists all rules".into(),
    }
}
