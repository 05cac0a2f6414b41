//! A job carried out: releases rendered in parallel, manifests read, in the order of the inputs.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::args::SelectionArgs;
use super::job::{Item, Job, Planned};
use super::kitchen::{Kitchen, Served};
use super::paths;
use super::progress::Work;
use super::select::Selected;
use super::told::Told;
use super::trouble::{self, Trouble};
use crate::finding::OwnerName;
use crate::input::{Chart, Found, Text};
use crate::parallel;
use crate::render::VersionCheck;
use crate::source::SourceMap;
use crate::yaml::Data;

/// How many items are worked on before what they gave is taken, and what it was made of goes.
const AT_ONCE: usize = 256;

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
    /// Where the chart's templates ask which API versions the cluster has.
    pub(super) checks: Arc<[VersionCheck]>,
}

/// What comes up while the items of a job are gathered.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) sources: SourceMap,
    pub(super) troubles: Vec<Trouble>,
    pub(super) warnings: Vec<String>,
    /// What is told of the inputs.
    pub(super) told: Told,
    /// What was warned of before.
    warned: BTreeSet<String>,
}

/// What is kept of a release, given the place of its item among those worked on.
pub(super) type Keep<'a, R> = &'a (dyn Fn(usize, RenderedRelease) -> R + Sync);

/// Takes what is kept of an item, given its place, in the order of the items.
pub(super) type Take<'a, R> = &'a mut (dyn FnMut(&mut Gathered, usize, Part<R>) + Send);

/// Renders and reads all items of a job, and keeps of each release what `keep` makes of it; what
/// fails becomes trouble, the rest goes on.
pub(super) fn gather<R: Send>(
    job: &mut Job,
    selection: &SelectionArgs,
    (stdin, keep): (&mut dyn Read, &(dyn Fn(RenderedRelease) -> R + Sync)),
) -> (Gathered, Vec<Part<R>>) {
    let mut session = Session::open(job, selection);
    let mut parts = Vec::new();
    let items = session.items();
    let take: Take<'_, R> = &mut |gathered, _, part| {
        if let Part::Manifest(text, _) = &part {
            gathered.told.tell(&text.path, || "manifests, as read".into());
        }
        parts.push(part);
    };
    session.each(&items, stdin, (&|_, release| keep(release), take));
    (session.close(), parts)
}

/// A job under way, the charts of which are loaded.
pub(super) struct Session<'a> {
    gathered: Gathered,
    job: &'a Job,
    // What was made of a chart goes with the process: to take it apart takes half as long as to
    // make it.
    kitchen: ManuallyDrop<Kitchen<'a>>,
    /// Whether all was rendered once.
    is_again: bool,
}

impl<'a> Session<'a> {
    /// Loads the charts of a job.
    pub(super) fn open(job: &'a mut Job, selection: &'a SelectionArgs) -> Self {
        let mut gathered = Gathered {
            sources: std::mem::take(&mut job.sources),
            troubles: std::mem::take(&mut job.troubles),
            warnings: std::mem::take(&mut job.warnings),
            told: std::mem::take(&mut job.told),
            warned: BTreeSet::new(),
        };
        let charts = gathered.load(job);
        let kitchen = ManuallyDrop::new(Kitchen::new(job, charts, selection));
        Self { gathered, job, kitchen, is_again: false }
    }

    /// Returns the items of the job.
    pub(super) fn items(&self) -> Vec<&'a Item> {
        self.job.items.iter().collect()
    }

    /// Renders and reads items; `take` is given what `keep` makes of them, while the next ones are
    /// being rendered.
    pub(super) fn each<R: Send>(
        &mut self,
        items: &[&'a Item],
        stdin: &mut dyn Read,
        (keep, take): (Keep<'_, R>, Take<'_, R>),
    ) {
        self.begin(items);
        let Self { gathered, kitchen, job, .. } = self;
        let mut before: Option<Chunk<R>> = None;
        for (first, chunk) in (0..).step_by(AT_ONCE).zip(items.chunks(AT_ONCE)) {
            gathered.troubles.extend(kitchen.prepare(chunk));
            let overlay = &job.overlay;
            let read: Vec<_> =
                chunk.iter().map(|item| gathered.read(item, (stdin, overlay))).collect();
            let kitchen = &*kitchen;
            let serve = |(at, item): (usize, &&Item)| -> Option<Served<Part<R>>> {
                let keep = |release| Part::Release(Box::new(keep(at, release)));
                let served = kitchen.serve(item)?;
                job.progress.advance();
                Some(served.map(|(release, warnings)| (keep(release), warnings)))
            };
            let numbered = (first..).zip(chunk).collect();
            let absorb = before.take().map(|chunk| || gathered.absorb(chunk, take));
            let (_, served) =
                parallel::both(absorb, || parallel::map(numbered, parallel::MUCH, serve));
            let given = read.into_iter().zip(served).map(|(read, served)| read.or(served));
            before = Some((first, given.collect()));
        }
        before.into_iter().for_each(|chunk| gathered.absorb(chunk, take));
    }

    /// Begins to work on items, before the eyes of who looks on.
    fn begin(&mut self, items: &[&Item]) {
        let releases = items.iter().filter(|item| item.release().is_some()).count();
        if releases > 0 {
            let work = if self.is_again { Work::Again } else { Work::Rendering };
            self.job.progress.begin(work(releases));
            self.is_again = true;
        }
    }

    /// Shows the values that the templates of releases see, each with its place.
    pub(super) fn with_values(&mut self, items: &[&'a Item], see: &mut dyn FnMut(usize, &Data)) {
        for (first, chunk) in (0..).step_by(AT_ONCE).zip(items.chunks(AT_ONCE)) {
            // Why some cannot be made ready was said when they were rendered.
            drop(self.kitchen.prepare(chunk));
            for (at, item) in (first..).zip(chunk) {
                if let Some(values) = self.kitchen.values(item) {
                    see(at, values);
                }
            }
        }
    }

    /// Begins to work with what was gathered.
    pub(super) fn begin_with_all(&self, work: Work) {
        self.job.progress.begin(work);
    }

    /// Ends the work.
    pub(super) fn close(mut self) -> Gathered {
        self.kitchen.close();
        self.gathered.troubles = trouble::joined(self.gathered.troubles);
        self.gathered
    }
}

impl Deref for Session<'_> {
    type Target = Gathered;

    fn deref(&self) -> &Gathered {
        &self.gathered
    }
}

impl DerefMut for Session<'_> {
    fn deref_mut(&mut self) -> &mut Gathered {
        &mut self.gathered
    }
}

/// The place of the first of some items, and what they gave.
type Chunk<R> = (usize, Vec<Option<Served<Part<R>>>>);

impl Gathered {
    fn load(&mut self, job: &Job) -> Vec<Option<Arc<Chart>>> {
        let mut charts = Vec::new();
        job.progress.begin(Work::Loading(job.charts.len()));
        for (index, source) in job.charts.iter().enumerate() {
            let chart = source.load(&mut self.sources);
            let chart = chart.map(|it| it.overlaid(&job.overlay, &mut self.sources));
            match chart {
                Ok(chart) if chart.metadata.chart_type == "library" && job.probes(index) => {
                    let path = &chart.path;
                    self.warn([format!("{path} is a library chart: nothing of it is installed")]);
                    charts.push(None);
                }
                Ok(chart) => charts.push(Some(Arc::new(chart))),
                Err(error) => {
                    self.troubles.push(error.into());
                    charts.push(None);
                }
            }
            job.progress.advance();
        }
        charts
    }

    /// Adds warnings; the releases of one chart give most of them again.
    pub(super) fn warn(&mut self, warnings: impl IntoIterator<Item = String>) {
        for warning in warnings {
            if self.warned.insert(warning.clone()) {
                self.warnings.push(warning);
            }
        }
    }

    /// Reads an item that is no release.
    fn read<R>(
        &mut self,
        item: &Item,
        (stdin, overlay): (&mut dyn Read, &BTreeMap<String, String>),
    ) -> Option<Served<Part<R>>> {
        let sources = &mut self.sources;
        let (text, how) = match item {
            Item::Release(_) => return None,
            Item::Manifest(path, how) => {
                let name = paths::shown(path);
                let text = match overlay.get(&name) {
                    Some(text) => Text::of_bytes(text.clone().into(), &name, sources),
                    None => Text::read(path, &name, sources),
                };
                (text, *how)
            }
            Item::Stdin | Item::Piped(_) => {
                (Text::of_stdin(stdin, &mut self.sources), Found::Named)
            }
        };
        let part = |text| (Part::Manifest(text, how), Vec::new());
        Some(text.map(part).map_err(Trouble::from))
    }

    /// Hands over what items gave, and keeps what came up.
    fn absorb<R>(&mut self, (first, given): Chunk<R>, take: Take<'_, R>) {
        for (at, given) in (first..).zip(given) {
            match given {
                Some(Ok((part, warnings))) => {
                    self.warn(warnings);
                    take(self, at, part);
                }
                Some(Err(trouble)) => self.troubles.push(trouble),
                None => {}
            }
        }
    }
}
