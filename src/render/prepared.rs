//! A chart with its values, ready to be rendered for any number of releases.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use smol_str::SmolStr;

use super::checks::VersionCheck;
use super::compiled::{Compiled, Executed, Language};
use super::context::{World, set_template, values_of};
use super::functions::{Budget, Random};
use super::go::eval::{Failure, Machine};
use super::go::ir::Source;
use super::go::{self, TemplateSet};
use super::limits::{Limits, Stopwatch};
use super::mentions::{self, Mentions};
use super::no_value::without_no_value;
use super::output::{self, CrdFiles, Manifest, RenderedFile};
use super::resolve::{self, ResolvedChart, SchemaCheck};
use super::value::{Map, MapType, Value};
use super::{Capabilities, Error, Release, jinja, objects};
use crate::input::Chart;
use crate::source::Trail;
use crate::yaml::Data;

/// What `now` gives where nothing says otherwise: 2025-01-01T00:00:00Z.
const DEFAULT_NOW: i64 = 1_735_689_600;

/// Whether it is noted which template wrote which byte.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Trails {
    /// It is.
    #[default]
    Keep,
    /// It is not, but for what is wrong: nobody asks where the bytes of a good release come from.
    Drop,
}

/// What a chart is rendered with besides values and release.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What templates see of the cluster.
    pub capabilities: Capabilities,
    /// Whether values are checked against values.schema.json.
    pub schema: SchemaCheck,
    /// What bounds the rendering of one release.
    pub limits: Limits,
    /// What measures time; without it nothing does.
    pub stopwatch: Option<Stopwatch>,
    /// The time that `now` gives, in Unix seconds.
    pub now: i64,
    /// Whether it is noted which template wrote which byte.
    pub trails: Trails,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            capabilities: Capabilities::default(),
            schema: SchemaCheck::Check,
            limits: Limits::default(),
            stopwatch: None,
            now: DEFAULT_NOW,
            trails: Trails::Keep,
        }
    }
}

impl Settings {
    /// Returns the budget of a release whose rendering begins now.
    fn budget(&self) -> Budget {
        let start = |stopwatch: &Stopwatch| stopwatch.start(self.limits.seconds);
        Budget::of(self.limits, self.stopwatch.as_ref().map(start))
    }
}

/// A chart with its values, its templates parsed; shared by all of its releases.
#[derive(Debug)]
pub struct Prepared {
    chart: ResolvedChart,
    values: Data,
    compiled: Arc<Compiled>,
    crds: CrdFiles,
    warnings: Vec<String>,
    settings: Settings,
}

/// What a release renders to.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// The documents in the order in which Helm installs them, hooks last.
    pub manifests: Vec<Manifest>,
    /// The files below crds/, under their names in template style: `c/crds/a.yaml`; the same for
    /// all releases of a chart.
    pub crds: CrdFiles,
    /// What Helm warns of, each as the rest of a logfmt line.
    pub warnings: Vec<String>,
}

impl Prepared {
    /// Resolves the chart against the values given, and parses its templates.
    ///
    /// # Errors
    /// In Helm's words, in Helm's order.
    pub fn new(chart: &Arc<Chart>, values: &Data, settings: &Settings) -> Result<Self, Error> {
        Self::resolved(chart, values, (settings, None))
    }

    /// Resolves the same chart against other values: what was parsed is used again, unless they
    /// enable other sub-charts.
    ///
    /// # Errors
    /// As [`Prepared::new`].
    pub fn with_values(&self, chart: &Arc<Chart>, values: &Data) -> Result<Self, Error> {
        Self::resolved(chart, values, (&self.settings, Some(self)))
    }

    fn resolved(
        chart: &Arc<Chart>,
        values: &Data,
        (settings, before): (&Settings, Option<&Self>),
    ) -> Result<Self, Error> {
        let same = |chart: &ResolvedChart| before.filter(|it| it.chart.has_same_files(chart));
        let compile = |chart: &ResolvedChart| match same(chart) {
            Some(before) => Ok((before.compiled.clone(), before.crds.clone())),
            None => Compiled::new(chart, settings.limits)
                .map(|compiled| (Arc::new(compiled), CrdFiles::of(chart))),
        };
        let checks = (&settings.capabilities, settings.schema);
        let (resolved, compiled) = resolve::resolve_beside((chart, values), checks, compile)?;
        let (compiled, crds) = compiled?;
        Ok(Self {
            compiled,
            crds,
            values: resolved.values,
            warnings: resolved.warnings,
            settings: settings.clone(),
            chart: resolved.chart,
        })
    }

    /// Returns the values that the templates of the chart see, those of sub-charts under their
    /// names.
    #[must_use]
    pub fn values(&self) -> &Data {
        &self.values
    }

    /// Returns the names of the template files that are executed.
    pub fn files(&self) -> impl Iterator<Item = &SmolStr> {
        self.compiled.order.iter().map(|executed| &executed.name)
    }

    /// Returns where the templates ask which API versions the cluster has.
    #[must_use]
    pub fn version_checks(&self) -> Arc<[VersionCheck]> {
        self.compiled.checks().clone()
    }

    /// Returns which values a template file mentions.
    #[must_use]
    pub fn mentions(&self, file: &str) -> Mentions {
        mentions::of_file(&self.compiled, &self.chart, file)
    }

    /// Renders the documents of some template files of a release, the others not being executed.
    ///
    /// # Errors
    /// In Helm's words.
    pub fn render_only(
        &self,
        release: &Release,
        files: &BTreeSet<SmolStr>,
    ) -> Result<Vec<Manifest>, Error> {
        let is_wanted = |executed: &&Executed| files.contains(&executed.name);
        let files = self.execute_where(release, Trails::Drop, &is_wanted)?;
        Ok(output::sorted(files)?.manifests)
    }

    /// Renders one release.
    ///
    /// # Errors
    /// In Helm's words.
    pub fn render(&self, release: &Release) -> Result<Rendered, Error> {
        let trails = self.settings.trails;
        let sorted = match (output::sorted(self.execute(release, trails)?), trails) {
            // Where the text that is no manifest came from was not noted.
            (Err(_), Trails::Drop) => output::sorted(self.execute(release, Trails::Keep)?)?,
            (sorted, _) => sorted?,
        };
        let warnings = self.warnings.iter().cloned().chain(sorted.warnings).collect();
        Ok(Rendered { manifests: sorted.manifests, crds: self.crds.clone(), warnings })
    }

    /// Executes the templates of one release, and returns what each file wrote, in the order of
    /// execution.
    ///
    /// # Errors
    /// In Helm's words.
    pub fn render_files(&self, release: &Release) -> Result<Vec<RenderedFile>, Error> {
        self.execute(release, self.settings.trails)
    }

    fn execute(&self, release: &Release, trails: Trails) -> Result<Vec<RenderedFile>, Error> {
        self.execute_where(release, trails, &|_| true)
    }

    /// Executes some of the templates.
    fn execute_where(
        &self,
        release: &Release,
        trails: Trails,
        is_wanted: &dyn Fn(&&Executed) -> bool,
    ) -> Result<Vec<RenderedFile>, Error> {
        let mut machine = Machine::new(
            &self.compiled.templates,
            self.seed(release),
            self.settings.now,
            self.settings.budget(),
        )
        .with_trails(trails);
        let mut contexts = BTreeMap::new();
        let world = World {
            release: objects::release(release),
            capabilities: objects::capabilities(&self.settings.capabilities),
        };
        world.context(&self.chart, values_of(&self.values), &mut contexts);
        let mut files = Vec::new();
        for executed in self.compiled.order.iter().filter(is_wanted) {
            let context = &contexts[&executed.chart];
            set_template(context, executed);
            let (text, trail) = match executed.language {
                Language::Go => run_go(&mut machine, executed, context)?,
                Language::Jinja => {
                    let world = jinja::World {
                        random: Random::new(&[&self.seed(release), executed.name.as_bytes()]),
                        now: self.settings.now,
                        budget: machine.budget.clone(),
                        burnt: 0,
                    };
                    let jinja = self.compiled.jinja.as_ref().expect("it was compiled there");
                    let rendered = jinja.render(&executed.name, context, world)?;
                    let (text, trail, budget) = rendered;
                    machine.budget = budget;
                    (text, trail)
                }
            };
            files.push(RenderedFile { name: executed.name.clone(), text, trail });
        }
        Ok(files)
    }

    /// Returns what the seeds of random functions begin with: the same for the same release and
    /// chart.
    fn seed(&self, release: &Release) -> Vec<u8> {
        [&release.name, &release.namespace, &self.chart.metadata.name]
            .map(String::as_str)
            .join("/")
            .into()
    }
}

fn run_go(
    machine: &mut Machine<'_>,
    executed: &Executed,
    context: &Rc<Map>,
) -> Result<(String, Trail), Error> {
    let dot = Value::Map(Rc::new(Map::view(context, MapType::Values)));
    let (bytes, mut trail) = machine.execute(&executed.name, dot).map_err(Failure::into_error)?;
    let length = bytes.len();
    let (bytes, cut) = without_no_value(bytes);
    if !cut.is_empty() {
        trail = trail.cut(length, &cut);
    }
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    Ok((text, trail))
}

/// Returns what `--name-template` gives: a Go template without data, within the settings' limits.
///
/// # Errors
/// Where it is no template, or fails.
pub fn name_from_template(template: &str, settings: &Settings) -> Result<String, Error> {
    let source = Arc::new(Source {
        name: SmolStr::new_static("name-template"),
        file: None,
        text: template.into(),
    });
    let parsed = go::parse(&source).map_err(|error| Error::new(error.message))?;
    let mut templates = TemplateSet::default();
    parsed.into_iter().for_each(|template| templates.add(Arc::new(template)));
    let budget = settings.budget();
    let mut machine = Machine::new(&templates, source.text.as_bytes().into(), DEFAULT_NOW, budget);
    let (bytes, _) = machine.execute(&source.name, Value::Nil).map_err(Failure::into_error)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
