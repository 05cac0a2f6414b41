//! What was typed, resolved: which releases are rendered, which manifests are read.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use smol_str::SmolStr;

use super::args::{InputArgs, ValueArgs};
use super::chart::ChartSource;
use super::flags::List;
use super::inventory::Installed;
use super::progress::{Progress, Work};
use super::streams::Console;
use super::told::Told;
use super::trouble::Trouble;
use super::{cluster, limits, paths};
use crate::finding::Severity;
use crate::input::values::ValueSource;
use crate::input::{self, Discovered, Found, Input};
use crate::rbac::{Owner, OwnerKind};
use crate::render::{self, Settings, Stage};
use crate::rules::Policy;
use crate::source::{SourceMap, Span};

/// What a command does with charts that no namespace is given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It judges them: they are probed.
    Judge,
    /// It works with what they give: they are rendered for the namespace `default`.
    Use,
}

/// A release to render.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Planned {
    /// The place in [`Job::charts`].
    pub(super) chart: usize,
    /// The name; the chart's where there is none.
    pub(super) name: Option<String>,
    pub(super) namespace: String,
    pub(super) kind: OwnerKind,
    /// Which releases it is compared with.
    pub(super) group: usize,
    pub(super) cluster: Option<SmolStr>,
    pub(super) values: Vec<ValueSource>,
}

/// One thing that brings objects.
#[derive(Debug, Clone)]
pub(super) enum Item {
    Release(Planned),
    Manifest(PathBuf, Found),
    Stdin,
    /// What Helm rendered for a release, on standard input.
    Piped(Box<Owner>),
}

/// All that a command works on.
#[derive(Debug)]
pub(super) struct Job {
    /// The texts that were read so far.
    pub(super) sources: SourceMap,
    pub(super) charts: Vec<ChartSource>,
    /// In the order in which they are applied.
    pub(super) items: Vec<Item>,
    pub(super) settings: Settings,
    pub(super) stage: Stage,
    /// The export of the cluster that the inventory names.
    pub(super) against: Option<PathBuf>,
    /// Where the inventory names it.
    pub(super) against_place: Option<Span>,
    /// The file for merged objects that the inventory names.
    pub(super) output: Option<PathBuf>,
    /// The folder of the inventory.
    pub(super) base: Option<PathBuf>,
    pub(super) fail_on: Option<Severity>,
    pub(super) policy: Policy,
    pub(super) troubles: Vec<Trouble>,
    pub(super) warnings: Vec<String>,
    /// Texts that stand for those on disk, by the paths that messages show.
    pub(super) overlay: BTreeMap<String, String>,
    /// What ends the process where nothing else holds a bound.
    pub(super) end: Option<fn(u8) -> !>,
    /// What is told of the inputs.
    pub(super) told: Told,
    pub(super) progress: Progress,
}

impl Item {
    /// Returns the release that the item is, if it is one.
    pub(super) fn release(&self) -> Option<&Planned> {
        match self {
            Self::Release(planned) => Some(planned),
            _ => None,
        }
    }
}

impl Job {
    /// Resolves what was typed; what cannot be found is trouble of the job.
    ///
    /// # Errors
    /// Where nothing can be done at all.
    pub(super) fn resolve(
        args: &InputArgs,
        purpose: Purpose,
        console: &Console<'_>,
    ) -> Result<Self, Trouble> {
        let surroundings = console.surroundings();
        console.progress().begin(Work::Looking);
        let stage = if args.is_upgrade { Stage::Upgrade } else { Stage::Install };
        let schema = args.values.schema();
        let settings = cluster::settings(&args.cluster, schema, surroundings)?;
        let settings = limits::bounded(settings, &args.limits);
        let name = name(args, &settings)?;
        let job = Self {
            sources: SourceMap::new(),
            charts: Vec::new(),
            items: Vec::new(),
            settings,
            stage,
            against: None,
            against_place: None,
            output: None,
            base: None,
            fail_on: None,
            policy: Policy::default(),
            troubles: Vec::new(),
            warnings: Vec::new(),
            overlay: BTreeMap::new(),
            end: surroundings.end,
            told: Told::new(console.verbosity()),
            progress: console.progress().clone(),
        };
        let (values, folder) = (args.values.sources(), surroundings.folder.as_path());
        let mut resolver = Resolver {
            args,
            purpose,
            folder,
            home: surroundings.home(),
            name,
            values,
            known: HashMap::new(),
            releases: HashSet::new(),
            manifests: HashSet::new(),
            job,
            groups: 0,
            installed: BTreeMap::new(),
        };
        resolver.run()?;
        if resolver.groups > 0 && resolver.name.is_some() {
            let warning =
                "--release goes with -n: without it charts are probed, under names of their own";
            resolver.job.warnings.push(warning.into());
        }
        resolver.plan_long_probes();
        resolver.job.tell_releases(console.verbosity());
        Ok(resolver.job)
    }

    /// Returns the cluster that everything without one belongs to: the only one that is named.
    ///
    /// # Errors
    /// In words which clusters there are, if there are several.
    pub(super) fn cluster(&self) -> Result<Option<SmolStr>, Vec<SmolStr>> {
        let mut named: Vec<Option<SmolStr>> = Vec::new();
        for item in &self.items {
            let cluster = match item {
                Item::Release(release) => &release.cluster,
                Item::Piped(owner) => &owner.cluster,
                _ => continue,
            };
            if !named.contains(cluster) {
                named.push(cluster.clone());
            }
        }
        match named.as_slice() {
            [] => Ok(None),
            [only] => Ok(only.clone()),
            several => {
                let word =
                    |it: &Option<SmolStr>| it.clone().unwrap_or("one that has no name".into());
                Err(several.iter().map(word).collect())
            }
        }
    }

    /// Returns the export of the cluster that was typed, or that the inventory names: where a folder
    /// or a pattern brought it too, it is no manifest.
    pub(super) fn take_against(&mut self, typed: Option<PathBuf>) -> Option<PathBuf> {
        let against = typed.or_else(|| self.against.clone())?;
        let is_export = |path: &Path, how| how != Found::Named && paths::is_same(path, &against);
        self.items.retain(|it| !matches!(it, Item::Manifest(path, how) if is_export(path, *how)));
        Some(against)
    }

    /// Returns where the inventory names an export of the cluster, unless it was typed.
    pub(super) fn place_of(&self, against: Option<&Path>) -> Option<Span> {
        self.against_place.filter(|_| self.against.as_deref() == against)
    }

    /// Tells whether a chart, by its place, is probed.
    pub(super) fn probes(&self, chart: usize) -> bool {
        let is_probe = |item: &Item| matches!(item, Item::Release(it) if it.chart == chart && it.kind == OwnerKind::Probe);
        self.items.iter().any(is_probe)
    }

    /// Returns the number of releases.
    pub(super) fn releases(&self) -> usize {
        self.items.iter().filter(|item| matches!(item, Item::Release(_))).count()
    }
}

/// Returns the name of the releases that `--release` or `--name-template` gives.
fn name(args: &InputArgs, settings: &Settings) -> Result<Option<String>, Trouble> {
    let template = args.name_template.as_ref().filter(|template| !template.is_empty());
    match (template, &args.release) {
        (Some(_), Some(_)) => {
            let message = "cannot set --name-template and also specify a name";
            Err(input::Error::new(message).with_help("leave out --release").into())
        }
        (Some(template), None) => {
            render::name_from_template(template, settings).map(Some).map_err(of_name)
        }
        (None, name) => Ok(name.clone()),
    }
}

fn of_name(error: render::Error) -> Trouble {
    Trouble::Render {
        chart: "the template of --name-template".into(),
        releases: vec![],
        error: Box::new(error),
    }
}

impl ValueArgs {
    fn schema(&self) -> render::resolve::SchemaCheck {
        match self.skip_schema_validation {
            true => render::resolve::SchemaCheck::Skip,
            false => render::resolve::SchemaCheck::Check,
        }
    }

    fn sources(&self) -> Vec<ValueSource> {
        let files = List::all(&self.values).cloned().map(ValueSource::File);
        files
            .chain(self.set_json.iter().cloned().map(ValueSource::SetJson))
            .chain(self.set.iter().cloned().map(ValueSource::Set))
            .chain(self.set_string.iter().cloned().map(ValueSource::SetString))
            .chain(self.set_file.iter().cloned().map(ValueSource::SetFile))
            .chain(self.set_literal.iter().cloned().map(ValueSource::SetLiteral))
            .collect()
    }
}

/// What is told of files that a rolecall.yaml names as the export or for merged objects.
const OWN: &str = "no manifest: a rolecall.yaml exports or merges to it";

/// What is told of charts that a rolecall.yaml installs.
const INSTALLED: &str = "not probed: a rolecall.yaml installs it";

/// A job in the making.
pub(super) struct Resolver<'a> {
    pub(super) args: &'a InputArgs,
    pub(super) purpose: Purpose,
    folder: &'a Path,
    pub(super) home: String,
    pub(super) name: Option<String>,
    pub(super) values: Vec<ValueSource>,
    /// The charts by their true paths.
    known: HashMap<PathBuf, usize>,
    /// The releases and manifests that were taken.
    pub(super) releases: HashSet<Planned>,
    manifests: HashSet<PathBuf>,
    pub(super) job: Job,
    /// How many groups of probes there are.
    pub(super) groups: usize,
    /// What inventories install, and where they say so: by name, namespace and cluster.
    pub(super) installed: BTreeMap<(String, String, Option<SmolStr>), (Planned, Span)>,
}

impl Resolver<'_> {
    fn run(&mut self) -> Result<(), Trouble> {
        if let Some(name) = &self.args.builtin {
            self.job.charts.push(ChartSource::Builtin(input::builtin(name)?));
            self.plan(0);
            return Ok(());
        }
        let mut found: Vec<(Input, Found)> = Vec::new();
        for path in self.roots()? {
            match input::survey(&path) {
                Ok(Discovered { inputs, passed }) => {
                    self.job.told.tell_passed(&passed);
                    if inputs.is_empty() {
                        let shown = paths::shown(&path);
                        self.job.warnings.push(format!("{shown} holds nothing to judge"));
                    }
                    found.extend(inputs);
                }
                Err(error) => self.job.troubles.push(error.into()),
            }
        }
        self.take(found)
    }

    /// Returns the paths that were typed, or what is taken in their place.
    fn roots(&self) -> Result<Vec<PathBuf>, Trouble> {
        if !self.args.paths.is_empty() {
            return Ok(self.args.paths.iter().map(|it| paths::relative(it, self.folder)).collect());
        }
        match (input::nearest_inventory(self.folder), self.purpose) {
            (Some(path), _) => Ok(vec![paths::relative(&path, self.folder)]),
            (None, Purpose::Judge) => Ok(vec![PathBuf::from(".")]),
            (None, Purpose::Use) => Err(input::Error::new("nothing to render was given")
                .with_help(
                    "name a chart or manifests, such as `charts/flux -n app1,app2`, or let `rolecall \
                     init` write a rolecall.yaml here",
                )
                .into()),
        }
    }

    fn take(&mut self, found: Vec<(Input, Found)>) -> Result<(), Trouble> {
        let mut inventories = Vec::new();
        for (input, _) in &found {
            if let Input::Inventory(path) = input {
                match Installed::read(path, &mut self.job.sources) {
                    Ok(installed) => {
                        self.job.told.tell(paths::shown(path), || installed.in_words());
                        inventories.push((path.clone(), installed));
                    }
                    Err(errors) => self.complain(errors),
                }
            }
        }
        let has_charts =
            found.iter().any(|(it, _)| matches!(it, Input::Chart(_) | Input::Jinja(_)));
        let flag = match (self.args.namespace.as_slice(), &self.name) {
            ([], None) => None,
            ([], Some(_)) => Some(("--release", "names")),
            _ => Some(("-n", "namespaces")),
        };
        if let Some((flag, what)) = flag
            && !has_charts
            && !inventories.is_empty()
        {
            let error = input::Error::new(format!("{flag} goes with charts, and none was named"));
            let help = format!("the {what} of a rolecall.yaml stand in the file itself");
            return Err(error.with_help(help).into());
        }
        let installed: Vec<PathBuf> =
            inventories.iter().flat_map(|(_, it)| it.charts()).map(|it| true_path(&it)).collect();
        let written: Vec<PathBuf> = inventories.iter().flat_map(|(_, it)| it.own_files()).collect();
        let is_own = |path: &Path| written.iter().any(|it| paths::is_same(it, path));
        for (input, how) in found {
            match input {
                // What was exported or merged is no source of its own.
                Input::Manifest(path) if how == Found::Walked && is_own(&path) => {
                    self.job.told.tell(paths::shown(&path), || OWN.into());
                }
                Input::Inventory(path) => {
                    if let Some((_, it)) = inventories.iter().find(|(known, _)| *known == path) {
                        self.install(it);
                    }
                }
                Input::Chart(path) | Input::Jinja(path)
                    if how == Found::Walked && installed.contains(&true_path(&path)) =>
                {
                    self.job.told.tell(paths::shown(&path), || INSTALLED.into());
                }
                Input::Chart(path) => self.take_chart(ChartSource::Chart(path)),
                Input::Jinja(path) => self.take_chart(ChartSource::Jinja(path)),
                Input::Manifest(path) => self.take_manifest(path, how),
                Input::Stdin => self.job.items.push(Item::Stdin),
            }
        }
        if self.job.items.is_empty() && self.job.troubles.is_empty() {
            let empty = |(path, _): &(PathBuf, Installed)| {
                format!("{} names neither releases nor manifests", paths::shown(path))
            };
            self.job.warnings.extend(inventories.iter().map(empty));
        }
        Ok(())
    }

    pub(super) fn take_manifest(&mut self, path: PathBuf, how: Found) {
        if self.manifests.insert(path.clone()) {
            self.job.items.push(Item::Manifest(path, how));
        }
    }

    /// Takes a chart that was named or found; twice the same counts once.
    fn take_chart(&mut self, source: ChartSource) {
        let before = self.job.charts.len();
        let chart = self.chart(source);
        if chart == before {
            self.plan(chart);
        }
    }

    /// Returns the place of a chart among the job's.
    pub(super) fn chart(&mut self, source: ChartSource) -> usize {
        let path = match &source {
            ChartSource::Chart(path) | ChartSource::Jinja(path) => true_path(path),
            ChartSource::Builtin(builtin) => PathBuf::from(builtin.name),
        };
        let index = *self.known.entry(path).or_insert(self.job.charts.len());
        if index == self.job.charts.len() {
            self.job.charts.push(source);
        }
        index
    }

    /// Takes a release; twice the same counts once.
    pub(super) fn take_release(&mut self, release: Planned) {
        if self.releases.insert(release.clone()) {
            self.job.items.push(Item::Release(release));
        }
    }
}

fn true_path(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.into())
}
