//! A rolecall.yaml as releases, manifests and settings, its paths relative to the working
//! directory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use smol_str::SmolStr;

use super::chart::ChartSource;
use super::job::Planned;
use super::paths;
use crate::finding::{OwnerName, listed};
use crate::input::values::{self, ValueSource};
use crate::input::{self, Entry, Found, Input, Inventory, Level, Text};
use crate::rbac::OwnerKind;
use crate::rules::{self, Exclusion, Policy, Selection, Setting};
use crate::source::{Located, SourceMap, Span};
use crate::yaml::{self, Data};

/// An inventory and where it stands.
pub(super) struct Installed {
    pub(super) inventory: Inventory,
    text: Text,
    path: PathBuf,
    folder: PathBuf,
}

/// A release of an inventory; its chart has no place among the job's charts yet.
pub(super) struct Entered {
    pub(super) chart: ChartSource,
    pub(super) planned: Planned,
    /// Its name, the chart's where the inventory gives none.
    pub(super) name: String,
    /// Where the inventory says where it is installed.
    pub(super) span: Span,
}

/// What an inventory gives of one kind, and what it names in vain.
pub(super) struct Given<T> {
    pub(super) found: Vec<T>,
    pub(super) errors: Vec<input::Error>,
    pub(super) warnings: Vec<String>,
}

impl<T> Default for Given<T> {
    fn default() -> Self {
        Self { found: Vec::new(), errors: Vec::new(), warnings: Vec::new() }
    }
}

impl Installed {
    pub(super) fn read(path: &Path, sources: &mut SourceMap) -> Result<Self, Vec<input::Error>> {
        let text = Text::read(path, &paths::shown(path), sources).map_err(|error| vec![error])?;
        let inventory = Inventory::read(&text)?;
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        Ok(Self { inventory, text, path: path.into(), folder })
    }

    fn path(&self, path: &str) -> PathBuf {
        paths::tidy(&self.folder.join(path))
    }

    fn error(&self, span: Span, message: &str, help: impl Into<String>) -> input::Error {
        let error = self.text.error_at(None, message).with_help(help);
        input::Error { span: Some(span), ..error }
    }

    /// Says what the file names.
    pub(super) fn in_words(&self) -> String {
        let Inventory { releases, manifests, .. } = &self.inventory;
        let (releases, manifests) = (releases.len(), manifests.len());
        format!("inventory, with {releases} under `releases` and {manifests} under `manifests`")
    }

    /// Returns the paths of the charts.
    pub(super) fn charts(&self) -> Vec<PathBuf> {
        self.inventory.releases.iter().map(|entry| self.path(&entry.chart.value)).collect()
    }

    /// Returns the export of the cluster, and where the file names it.
    pub(super) fn against(&self) -> Option<(PathBuf, Span)> {
        self.inventory.against.as_ref().map(|path| (self.path(&path.value), path.span))
    }

    /// Returns the files that the inventory names as the export and for merged objects.
    pub(super) fn own_files(&self) -> Vec<PathBuf> {
        let output = self.inventory.merge.output.as_ref().map(|path| self.path(&path.value));
        self.against().map(|(path, _)| path).into_iter().chain(output).collect()
    }

    /// Returns the file for merged objects.
    ///
    /// # Errors
    /// Where writing it would destroy an input.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn output(&self) -> Result<Option<PathBuf>, input::Error> {
        let Some(output) = &self.inventory.merge.output else { return Ok(None) };
        let path = self.path(&output.value);
        let taken = match self.against() {
            Some((against, _)) if against == path => Some("the export of the cluster"),
            _ if path == self.path => Some("this file"),
            _ if path.is_dir() => Some("a folder"),
            _ => None,
        };
        match taken {
            Some(what) => {
                let message =
                    format!("`{}` is {what}, and cannot hold what is merged", output.value);
                let help = "name a file that `merge` may write: `output: rbac/merged.yaml`";
                Err(self.error(output.span, &message, help))
            }
            None => Ok(Some(path)),
        }
    }

    /// Returns the manifests that the patterns match, in the order of the patterns.
    pub(super) fn manifests(&self, sources: &SourceMap) -> Given<(PathBuf, Found)> {
        let mut given = Given::default();
        let output = self.inventory.merge.output.as_ref().map(|path| self.path(&path.value));
        for pattern in &self.inventory.manifests {
            match input::matching(&self.folder, &pattern.value) {
                Ok(paths) => {
                    if paths.is_empty() {
                        let place = sources.place(pattern.span);
                        let warning = format!("{place}: `{}` matches no file", pattern.value);
                        given.warnings.push(warning);
                    }
                    let how = match paths.as_slice() {
                        [path] if path.ends_with(pattern.value.trim_start_matches("./")) => {
                            Found::Named
                        }
                        _ => Found::Matched,
                    };
                    let paths = paths.iter().map(|path| paths::tidy(path));
                    // What was merged before is no input of the next merge.
                    let how_of = |path: &PathBuf| {
                        if Some(path) == output.as_ref() { Found::Matched } else { how }
                    };
                    given.found.extend(paths.map(|path| (path.clone(), how_of(&path))));
                }
                Err(error) => {
                    let help = "paths and patterns are relative to this file: \
                                `rendered/**/*.yaml`";
                    given.errors.push(self.error(pattern.span, &error.message, help));
                }
            }
        }
        given
    }

    /// Returns the releases in the order written; `values` come after those of the file.
    pub(super) fn releases(&self, values: &[ValueSource]) -> Given<Entered> {
        let mut given = Given::default();
        for entry in &self.inventory.releases {
            if let Err(error) = self.add_releases(&mut given, entry, values) {
                given.errors.push(error);
            }
        }
        // An anchor brings one mistake into several entries.
        let mut known = BTreeSet::new();
        given.errors.retain(|error| known.insert((error.span, error.message.clone())));
        given
    }

    fn add_releases(
        &self,
        given: &mut Given<Entered>,
        entry: &Entry,
        more: &[ValueSource],
    ) -> Result<(), input::Error> {
        let chart = self.chart(&entry.chart)?;
        let set = self.set(entry)?;
        let name = match &entry.name {
            Some(name) => name.value.clone(),
            None => chart_name(&chart),
        };
        let default = Located { value: "default".to_string(), span: entry.chart.span };
        let namespaces = match entry.namespaces.as_slice() {
            [] => std::slice::from_ref(&default),
            namespaces => namespaces,
        };
        let mut missing = Missing::new();
        for namespace in namespaces {
            let owner = OwnerName { name: name.clone(), namespace: Some(namespace.value.clone()) };
            let Some(own) = self.files(entry, &owner, &mut missing)? else { continue };
            let planned = Planned {
                chart: 0,
                name: entry.name.as_ref().map(|name| name.value.clone()),
                namespace: namespace.value.clone(),
                kind: OwnerKind::Release,
                group: 0,
                cluster: entry.cluster.as_ref().map(|it| SmolStr::new(&it.value)),
                values: own.into_iter().chain(set.iter().chain(more).cloned()).collect(),
            };
            // What `<<` merges into an entry stands in another.
            let is_own = entry.span.holds(namespace.span);
            let span = if is_own { namespace.span } else { entry.span };
            let (chart, name) = (chart.clone(), name.clone());
            given.found.push(Entered { chart, planned, name, span });
        }
        given.errors.extend(missing.into_iter().map(|(at, (paths, owners))| {
            let pattern = &entry.values[at];
            let message = format!("`{}` is not there for {}", pattern.value, listed(&owners));
            let help = format!("write {}, or leave it out of `values`", listed(&paths));
            self.error(pattern.span, &message, help)
        }));
        Ok(())
    }

    fn chart(&self, chart: &Located<String>) -> Result<ChartSource, input::Error> {
        let path = self.path(&chart.value);
        let what = match input::discover(&path) {
            Ok(found) => match found.into_iter().next() {
                Some((Input::Chart(path), Found::Named)) => return Ok(ChartSource::Chart(path)),
                Some((Input::Jinja(path), Found::Named)) => return Ok(ChartSource::Jinja(path)),
                Some((_, Found::Named)) => "is no chart",
                _ => "holds no Chart.yaml",
            },
            Err(_) => "is not there",
        };
        let shown = paths::shown(&path);
        let help = match chart.value.contains("://") {
            true => Some("nothing is fetched: `helm pull --untar` it, and name its folder".into()),
            false => self.chart_help(&path),
        };
        let help = help.unwrap_or_else(|| {
            format!(
                "a chart is a folder with a Chart.yaml or a package (.tgz), and its path is \
                 relative to this file; {shown} was looked at"
            )
        });
        Err(self.error(chart.span, &format!("`{}` {what}", chart.value), help))
    }

    /// Returns what to write in place of a path that leads to no chart.
    fn chart_help(&self, path: &Path) -> Option<String> {
        let is_chart = |(input, _): (Input, Found)| match input {
            Input::Chart(path) | Input::Jinja(path) => Some(path),
            _ => None,
        };
        let of_inventory =
            |path: &PathBuf| paths::shown(path.strip_prefix(&self.folder).unwrap_or(path));
        let is_folder = path.is_dir();
        let folder = if is_folder { path } else { path.parent()? };
        let folder = if folder == Path::new("") { Path::new(".") } else { folder };
        let found = input::discover(folder).ok()?.into_iter().filter_map(is_chart);
        let found: Vec<String> = found.map(|path| of_inventory(&path)).collect();
        let names: Vec<&str> = found.iter().map(String::as_str).collect();
        match is_folder {
            true if names.is_empty() => None,
            true => Some(format!("charts below it: {}", listed(&names))),
            false => {
                let near = input::nearest(&of_inventory(&path.into()), &names)?;
                Some(format!("did you mean `{near}`?"))
            }
        }
    }

    /// Returns the files of values of a release; none where some are missing.
    fn files(
        &self,
        entry: &Entry,
        owner: &OwnerName,
        missing: &mut Missing,
    ) -> Result<Option<Vec<ValueSource>>, input::Error> {
        let mut found = Vec::new();
        for (at, pattern) in entry.values.iter().enumerate() {
            let cluster = entry.cluster.as_ref().map(|it| it.value.as_str());
            if cluster.is_none() && pattern.value.contains("{cluster}") {
                let help = "say where it is installed: `cluster: prod`";
                let message = "`{cluster}` stands for nothing: the entry names no cluster";
                return Err(self.error(pattern.span, message, help));
            }
            let path = pattern
                .value
                .replace("{namespace}", owner.namespace.as_deref().unwrap_or_default())
                .replace("{release}", &owner.name)
                .replace("{cluster}", cluster.unwrap_or_default());
            let path = self.path(&path);
            let shown = paths::shown(&path);
            if path.exists() {
                found.push(ValueSource::File(shown));
                continue;
            }
            let (paths, owners) = missing.entry(at).or_default();
            owners.push(owner.clone());
            if !paths.contains(&shown) {
                paths.push(shown);
            }
        }
        Ok((found.len() == entry.values.len()).then_some(found))
    }

    fn set(&self, entry: &Entry) -> Result<Vec<ValueSource>, input::Error> {
        let mut set = Vec::new();
        for (key, value) in &entry.set {
            // What Helm takes for a key and then ignores is a mistake too.
            let mut probe = Data::Null;
            let why = match values::set_value(&mut probe, &key.value, Data::Bool(true)) {
                Err(error) => Some(error.message),
                Ok(()) if probe == Data::Map(BTreeMap::new()) => Some("it sets nothing".into()),
                Ok(()) => None,
            };
            if let Some(why) = why {
                let message = format!("`{}` is no key: {why}", key.value);
                let help = "keys are written as for `--set`: `a.b`, `a.list[0]`, `a.with\\.dot`";
                return Err(self.error(key.span, &message, help));
            }
            let (key, json) = (key.value.clone(), yaml::json_write(value));
            set.push(ValueSource::Inventory { key, json });
        }
        Ok(set)
    }

    /// Returns what the file says about rules.
    ///
    /// # Errors
    /// For each rule that does not exist.
    pub(super) fn policy(&self) -> Result<Policy, Vec<input::Error>> {
        let lint = &self.inventory.lint;
        let settings = lint.rules.iter().map(|(name, _)| name);
        let named = settings.chain(lint.exclude.iter().map(|it| &it.rule));
        let unknown = named.filter(|name| rules::lookup(&name.value).is_none());
        let errors: Vec<_> = unknown
            .map(|name| {
                let message = format!("there is no rule `{}`", name.value);
                self.error(name.span, &message, suggestion(&name.value))
            })
            .collect();
        if !errors.is_empty() {
            return Err(errors);
        }
        let setting = |level: &Level| match level {
            Level::Off => Setting::Off,
            Level::As(severity) => Setting::As(*severity),
        };
        let exclusion = |it: &input::Exclude| Exclusion {
            rule: it.rule.value.clone(),
            name: it.name.as_ref().map(|name| name.value.clone()),
            reason: it.reason.clone(),
            until: it.until,
            place: Some(it.rule.span),
        };
        Ok(Policy {
            settings: lint
                .rules
                .iter()
                .map(|(name, level)| (name.value.clone(), setting(level)))
                .collect(),
            exclusions: lint.exclude.iter().map(exclusion).collect(),
            selection: Selection::default(),
        })
    }
}

/// The files of values that an entry names in vain: by their place in `values` the paths, and the
/// releases that ask for them.
type Missing = BTreeMap<usize, (Vec<String>, Vec<OwnerName>)>;

/// Returns the name of a chart; that of its folder where it cannot be loaded, which is said later.
pub(super) fn chart_name(chart: &ChartSource) -> String {
    let name = match chart {
        ChartSource::Chart(path) => input::chart::name(path),
        ChartSource::Jinja(path) => {
            input::load_jinja(path, "", &mut SourceMap::new()).map(|chart| chart.metadata.name)
        }
        ChartSource::Builtin(builtin) => Ok(builtin.name.into()),
    };
    name.unwrap_or_default()
}

/// Returns which rule was meant, or how to see them all.
pub(super) fn suggestion(name: &str) -> String {
    rules::suggestion(name, &[])
}
