//! A job carried out: releases rendered in parallel, manifests read, in the order of the inputs.

use std::io::Read;
use std::mem::ManuallyDrop;
use std::path::Path;
use std::sync::Arc;

use super::args::SelectionArgs;
use super::job::{ChartSource, Item, Job, Planned};
use super::select::{Selected, select};
use super::trouble::{self, Trouble};
use super::watch::Watch;
use super::{paths, warning};
use crate::finding::OwnerName;
use crate::input::values::{self, ValueSource};
use crate::input::{self, Chart, Found, Text};
use crate::parallel;
use crate::render::{self, Prepared, Release};
use crate::source::SourceMap;

/// What an item of a job gave; `R` is what is kept of a release.
#[derive(Debug)]
pub(super) enum Part<R = RenderedRelease> {
    Release(Box<R>),
    Manifest(Text, Found),
}

/// A release that was rendered.
#[derive(Debug)]
pub(super) struct RenderedRelease {
    pub(super) planned: Planned,
    pub(super) name: OwnerName,
    /// The path of its chart.
    pub(super) chart: String,
    pub(super) documents: Selected,
}

/// All that the items of a job gave, in their order.
#[derive(Debug)]
pub(super) struct Gathered<R = RenderedRelease> {
    pub(super) sources: SourceMap,
    pub(super) parts: Vec<Part<R>>,
    pub(super) troubles: Vec<Trouble>,
    pub(super) warnings: Vec<String>,
}

/// Renders and reads all items of a job; what fails becomes trouble, the rest goes on.
pub(super) fn gather(job: &mut Job, selection: &SelectionArgs, stdin: &mut dyn Read) -> Gathered {
    gather_as(job, selection, (stdin, &|release| release))
}

/// Gathers as [`gather`] does, and keeps of each release only what `keep` makes of it, while the
/// others are still being rendered.
pub(super) fn gather_as<R: Send>(
    job: &mut Job,
    selection: &SelectionArgs,
    (stdin, keep): (&mut dyn Read, &(dyn Fn(RenderedRelease) -> R + Sync)),
) -> Gathered<R> {
    let mut gathered = Gathered {
        sources: std::mem::take(&mut job.sources),
        parts: Vec::new(),
        troubles: std::mem::take(&mut job.troubles),
        warnings: std::mem::take(&mut job.warnings),
    };
    let watch = Watch::new(job);
    let charts = gathered.load(job);
    let (kitchen, troubles) = Kitchen::new(job, (&charts, &watch), selection);
    // What was made of a chart goes with the process: to take it apart takes half as long as to
    // make it.
    let kitchen = ManuallyDrop::new(kitchen);
    gathered.troubles.extend(troubles);
    let serve = |item| {
        let served = kitchen.serve(item)?;
        Some(served.map(|(release, warnings)| (Box::new(keep(release)), warnings)))
    };
    let rendered = parallel::map(job.items.iter().collect(), parallel::MUCH, serve);
    drop(watch);
    for (item, served) in job.items.iter().zip(rendered) {
        match (item, served) {
            (Item::Release(_), Some(Ok((release, warnings)))) => {
                gathered.warn(warnings.iter().map(|it| warning(it)));
                gathered.parts.push(Part::Release(release));
            }
            (Item::Release(_), Some(Err(trouble))) => gathered.troubles.push(trouble),
            (Item::Release(_), None) => {}
            (Item::Manifest(path, how), _) => gathered.read(path, *how),
            (Item::Stdin, _) => gathered.read_stdin(stdin),
        }
    }
    gathered.troubles = trouble::joined(gathered.troubles);
    gathered
}

impl<R> Gathered<R> {
    fn load(&mut self, job: &Job) -> Vec<Option<Arc<Chart>>> {
        let mut charts = Vec::new();
        for source in &job.charts {
            let chart = match source {
                ChartSource::Chart(path) => input::chart::load(path, &mut self.sources),
                ChartSource::Jinja(path) => {
                    input::load_jinja(path, &paths::shown(path), &mut self.sources)
                }
                ChartSource::Builtin(builtin) => builtin.chart(&mut self.sources),
            };
            match chart {
                Ok(chart) => charts.push(Some(Arc::new(chart))),
                Err(error) => {
                    self.troubles.push(error.into());
                    charts.push(None);
                }
            }
        }
        charts
    }

    /// Adds warnings; the releases of one chart give most of them again.
    pub(super) fn warn(&mut self, warnings: impl IntoIterator<Item = String>) {
        for warning in warnings {
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
    }

    fn read(&mut self, path: &Path, how: Found) {
        match Text::read(path, &paths::shown(path), &mut self.sources) {
            Ok(text) => self.parts.push(Part::Manifest(text, how)),
            Err(error) => self.troubles.push(error.into()),
        }
    }

    fn read_stdin(&mut self, stdin: &mut dyn Read) {
        match Text::of_stdin(stdin, &mut self.sources) {
            Ok(text) => self.parts.push(Part::Manifest(text, Found::Named)),
            Err(error) => self.troubles.push(error.into()),
        }
    }
}

/// A release and Helm's warnings, or why there is none.
type Served = Result<(RenderedRelease, Vec<String>), Trouble>;

/// A chart with certain values, made ready for all of its releases.
struct Dish<'a> {
    chart: &'a Arc<Chart>,
    index: usize,
    values: &'a [ValueSource],
    prepared: Prepared,
}

/// What renders the releases of a job.
struct Kitchen<'a> {
    job: &'a Job,
    selection: &'a SelectionArgs,
    watch: &'a Watch,
    dishes: Vec<Dish<'a>>,
}

impl<'a> Kitchen<'a> {
    /// Prepares each chart once for each set of values, and returns why some cannot be.
    fn new(
        job: &'a Job,
        (charts, watch): (&'a [Option<Arc<Chart>>], &'a Watch),
        selection: &'a SelectionArgs,
    ) -> (Self, Vec<Trouble>) {
        let mut wanted: Vec<(usize, &[ValueSource])> = Vec::new();
        for item in &job.items {
            if let Item::Release(planned) = item
                && !wanted.contains(&(planned.chart, &planned.values))
            {
                wanted.push((planned.chart, &planned.values));
            }
        }
        let prepare = |(index, values): (usize, &'a [ValueSource])| {
            let chart = charts.get(index)?.as_ref()?;
            watch.look_at(chart);
            let _busy = watch.busy(|| chart.path.clone());
            let dish = |prepared| Dish { chart, index, values, prepared };
            Some(prepared(job, chart, values).map(dish))
        };
        let mut kitchen = Self { job, selection, watch, dishes: Vec::new() };
        let mut troubles = Vec::new();
        for prepared in parallel::map(wanted, parallel::MUCH, prepare).into_iter().flatten() {
            match prepared {
                Ok(dish) => kitchen.dishes.push(dish),
                Err(trouble) => troubles.push(trouble),
            }
        }
        (kitchen, troubles)
    }

    /// Renders a release; none for what is no release, or whose chart has trouble of its own.
    fn serve(&self, item: &Item) -> Option<Served> {
        let Item::Release(planned) = item else { return None };
        let is_its =
            |dish: &&Dish<'_>| dish.index == planned.chart && dish.values == planned.values;
        let dish = self.dishes.iter().find(is_its)?;
        let name = planned.name.clone().unwrap_or_else(|| dish.chart.metadata.name.clone());
        let release = Release {
            name: name.clone(),
            namespace: planned.namespace.clone(),
            stage: self.job.stage,
        };
        let name = OwnerName { name, namespace: Some(planned.namespace.clone()) };
        let chart = dish.chart.path.clone();
        let _busy = self.watch.busy(|| format!("{chart} for {name}"));
        let checked = planned.name.as_deref().map_or(Ok(()), render::check_release_name);
        let served =
            checked.and_then(|()| dish.prepared.render(&release)).and_then(|mut rendered| {
                let warnings = std::mem::take(&mut rendered.warnings);
                Ok((select(rendered, self.selection)?, warnings))
            });
        Some(match served {
            Ok((documents, warnings)) => {
                let planned = planned.clone();
                Ok((RenderedRelease { planned, name, chart, documents }, warnings))
            }
            Err(error) => {
                let error = Box::new(error);
                Err(Trouble::Render { chart, releases: vec![name], error })
            }
        })
    }
}

fn prepared(job: &Job, chart: &Arc<Chart>, values: &[ValueSource]) -> Result<Prepared, Trouble> {
    let values = values::merge(values)?;
    let of_chart = |error: render::Error| Trouble::Render {
        chart: chart.path.clone(),
        releases: Vec::new(),
        error: Box::new(error),
    };
    Prepared::new(chart, &values, &job.settings).map_err(of_chart)
}
