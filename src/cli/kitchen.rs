//! What renders the releases of a job: each chart is made ready once for all that share its values.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::args::SelectionArgs;
use super::gather::RenderedRelease;
use super::job::{Item, Job};
use super::select::select;
use super::trouble::Trouble;
use super::warning;
use super::watch::Watch;
use crate::finding::OwnerName;
use crate::input::Chart;
use crate::input::values::{self, ValueSource};
use crate::parallel;
use crate::render::{self, Prepared, Release};
use crate::yaml::Data;

/// What an item gave and what it warns of, or why it gave nothing.
pub(super) type Served<T = RenderedRelease> = Result<(T, Vec<String>), Trouble>;

/// The place of a chart among the job's, and the values given to it.
type Order<'a> = (usize, &'a [ValueSource]);

/// What renders the releases of a job.
pub(super) struct Kitchen<'a> {
    job: &'a Job,
    selection: &'a SelectionArgs,
    watch: Option<Watch>,
    charts: Vec<Option<Arc<Chart>>>,
    /// The charts that were made ready; none for those with trouble.
    dishes: HashMap<Order<'a>, Option<Prepared>>,
}

impl<'a> Kitchen<'a> {
    pub(super) fn new(
        job: &'a Job,
        charts: Vec<Option<Arc<Chart>>>,
        selection: &'a SelectionArgs,
    ) -> Self {
        Self { job, selection, watch: Some(Watch::new(job)), charts, dishes: HashMap::new() }
    }

    /// Ends the watch.
    pub(super) fn close(&mut self) {
        self.watch = None;
    }

    /// Makes ready what some items need, forgets what they do not, and returns why some cannot be
    /// made ready.
    pub(super) fn prepare(&mut self, items: &[&'a Item]) -> Vec<Trouble> {
        let mut wanted: HashSet<Order<'a>> = HashSet::new();
        let (mut first, mut others) = (Vec::new(), Vec::new());
        let mut charts: HashSet<usize> = self.dishes.keys().map(|(chart, _)| *chart).collect();
        for item in items {
            let Item::Release(planned) = item else { continue };
            let order = (planned.chart, planned.values.as_slice());
            if wanted.insert(order) && !self.dishes.contains_key(&order) {
                let is_first = charts.insert(order.0);
                if is_first { &mut first } else { &mut others }.push(order);
            }
        }
        // Each chart is parsed for the first of its values, and the others use that again.
        let mut troubles = self.make(first);
        troubles.extend(self.make(others));
        self.dishes.retain(|order, _| wanted.contains(order));
        troubles
    }

    fn make(&mut self, orders: Vec<Order<'a>>) -> Vec<Trouble> {
        let mut troubles = Vec::new();
        let made = parallel::map(orders.clone(), parallel::MUCH, |order| self.made(order));
        for (order, made) in orders.into_iter().zip(made) {
            let dish = made.and_then(|made| made.map_err(|trouble| troubles.push(trouble)).ok());
            self.dishes.insert(order, dish);
        }
        troubles
    }

    /// Makes a chart ready; none where it could not be loaded.
    fn made(&self, (index, values): Order<'a>) -> Option<Result<Prepared, Trouble>> {
        let chart = self.charts.get(index)?.as_ref()?;
        let _busy = self.watch.as_ref().and_then(|watch| {
            watch.look_at(chart);
            watch.busy(|| chart.path.clone())
        });
        let of_chart = |error: render::Error| Trouble::Render {
            chart: chart.path.clone(),
            releases: Vec::new(),
            error: Box::new(error),
        };
        let lender = self.dishes.iter().filter(|((lent, _), _)| *lent == index);
        let lender = lender.filter_map(|(_, dish)| dish.as_ref()).next();
        Some(values::merge(values).map_err(Trouble::from).and_then(|values| {
            match lender {
                Some(lender) => lender.with_values(chart, &values),
                None => Prepared::new(chart, &values, &self.job.settings),
            }
            .map_err(of_chart)
        }))
    }

    /// Returns the values that the templates of a release see; none where its chart is not ready.
    pub(super) fn values(&self, item: &'a Item) -> Option<&Data> {
        let Item::Release(planned) = item else { return None };
        let dish = self.dishes.get(&(planned.chart, planned.values.as_slice()))?.as_ref()?;
        Some(dish.values())
    }

    /// Renders a release; none for what is no release, or whose chart has trouble of its own.
    pub(super) fn serve(&self, item: &Item) -> Option<Served> {
        let Item::Release(planned) = item else { return None };
        let dish = self.dishes.get(&(planned.chart, planned.values.as_slice()))?.as_ref()?;
        let chart = self.charts.get(planned.chart)?.as_ref()?;
        let name = planned.name.clone().unwrap_or_else(|| chart.metadata.name.clone());
        let release = Release {
            name: name.clone(),
            namespace: planned.namespace.clone(),
            stage: self.job.stage,
        };
        let name = OwnerName { name, namespace: Some(planned.namespace.clone()) };
        let chart = chart.path.clone();
        let watch = self.watch.as_ref();
        let _busy = watch.and_then(|watch| watch.busy(|| format!("{chart} for {name}")));
        let checked = planned.name.as_deref().map_or(Ok(()), render::check_release_name);
        let served = checked.and_then(|()| dish.render(&release)).and_then(|mut rendered| {
            let warnings = std::mem::take(&mut rendered.warnings);
            Ok((select(rendered, self.selection)?, warnings))
        });
        Some(match served {
            Ok((documents, warnings)) => {
                let planned = planned.clone();
                let warnings = warnings.iter().map(|it| warning(it)).collect();
                let checks = dish.version_checks();
                Ok((RenderedRelease { planned, name, chart, documents, checks }, warnings))
            }
            Err(error) => {
                let error = Box::new(error);
                Err(Trouble::Render { chart, releases: vec![name], error })
            }
        })
    }
}
