//! What to switch off in the inputs, so that only the merged file ships what was merged.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use smol_str::SmolStr;

use super::product::Product;
use crate::cli::args::InputArgs;
use crate::cli::chart::ChartSource;
use crate::cli::job::{Item, Job, Planned};
use crate::cli::paths;
use crate::finding::OwnerName;
use crate::input::Chart;
use crate::input::values::{self, ValueSource};
use crate::merge::switch::{Bench, Switches};
use crate::merge::{Action, Merged, Strategy, is_merged};
use crate::parallel;
use crate::rbac::{Estate, Identity, Object, OwnerId, OwnerKind};
use crate::render::Release;
use crate::report::text::{Advice, Off, Place};
use crate::source::SourceMap;

/// How many releases of a chart are looked at, at most: of those that have the same values and
/// ship the same objects, one.
const MOST_LOOKED_AT: usize = 32;

/// What the owners of merged objects ship of them.
type Shipped = BTreeMap<OwnerId, BTreeSet<Identity>>;

/// Finds what to switch off, by chart and by file.
pub(super) fn advice(
    job: &Job,
    args: &InputArgs,
    product: &Product<'_>,
    output: Option<&Path>,
) -> Vec<Advice> {
    let estate = product.estate;
    let shipped = shipped(estate, product.merged);
    let mut by_chart: BTreeMap<usize, Vec<Shipper<'_>>> = BTreeMap::new();
    for (owner, planned) in releases(job, estate) {
        if let Some(wanted) = shipped.get(&owner) {
            let name = &estate.owner(owner).name;
            by_chart.entry(planned.chart).or_default().push(Shipper { planned, name, wanted });
        }
    }
    let of_chart = |(chart, shippers): (usize, Vec<Shipper<'_>>)| of_chart(job, chart, &shippers);
    let mut found: Vec<Advice> =
        parallel::map(by_chart.into_iter().collect(), parallel::MUCH, of_chart)
            .into_iter()
            .flatten()
            .collect();
    for advice in &mut found {
        if let Advice::Switch { is_typed, .. } = advice {
            *is_typed = !args.namespace.is_empty();
        }
    }
    let is_shipped = !found.is_empty() && product.strategy != Strategy::Rename;
    found.extend(of_files(estate, &shipped, output));
    found.extend(of_cluster(product));
    found.extend(is_shipped.then_some(Advice::Again));
    found
}

/// Returns the releases: as owners, and as they were planned.
pub(super) fn releases<'a>(
    job: &'a Job,
    estate: &Estate,
) -> impl Iterator<Item = (OwnerId, &'a Planned)> {
    let planned = job.items.iter().filter_map(|item| match item {
        Item::Release(planned) => Some(planned),
        _ => None,
    });
    let owners = (0..estate.owners().len())
        .map(OwnerId)
        .filter(|id| matches!(estate.owner(*id).kind, OwnerKind::Release | OwnerKind::Probe));
    owners.zip(planned)
}

/// Names what goes by another name now, and stays on the cluster under the old one.
fn of_cluster(product: &Product<'_>) -> Option<Advice> {
    let is_exported = |identity: &Identity| {
        product.estate.objects().iter().any(|object| {
            object.identity == *identity
                && product.estate.owner(object.owner).kind == OwnerKind::Export
        })
    };
    let renamed = product.plan.steps.iter().filter(|step| {
        matches!(step.action, Action::Rename(_) | Action::Split(_))
            && (!product.export || is_exported(&step.identity))
    });
    let objects: Vec<Place> = renamed.map(|step| Place::of(&step.identity, None)).collect();
    let is_there = product.export;
    (!objects.is_empty()).then_some(Advice::Cluster { objects, is_there })
}

/// Returns what each owner ships of the merged objects; what an export holds or an earlier merge
/// wrote is shipped by nobody.
fn shipped(estate: &Estate, merged: &[Merged]) -> Shipped {
    let mut shipped = Shipped::new();
    for merged in merged {
        for id in &merged.members {
            let object: &Object = estate.object(*id);
            let is_file = estate.owner(object.owner).name.namespace.is_none();
            let is_export = estate.owner(object.owner).kind == OwnerKind::Export;
            let is_ours = is_file && is_merged(object);
            if !is_export && !is_ours {
                let identity = Identity { cluster: None, ..object.identity.clone() };
                shipped.entry(object.owner).or_default().insert(identity);
            }
        }
    }
    shipped
}

fn of_files(estate: &Estate, shipped: &Shipped, output: Option<&Path>) -> Vec<Advice> {
    let output = output.map(paths::shown);
    let mut found = Vec::new();
    for (owner, wanted) in shipped {
        let owner = estate.owner(*owner);
        if owner.name.namespace.is_none() && Some(&owner.name.name) != output.as_ref() {
            let objects = wanted.iter().map(|it| Place::of(it, None)).collect();
            found.push(Advice::File { file: owner.name.name.clone(), objects });
        }
    }
    found
}

/// A release that ships merged objects.
struct Shipper<'a> {
    planned: &'a Planned,
    name: &'a OwnerName,
    wanted: &'a BTreeSet<Identity>,
}

impl Shipper<'_> {
    fn release(&self, job: &Job) -> Release {
        release(job, self.planned, self.name)
    }
}

/// Returns a release as it is rendered.
pub(super) fn release(job: &Job, planned: &Planned, name: &OwnerName) -> Release {
    let (name, namespace) = (name.name.clone(), planned.namespace.clone());
    Release { name, namespace, stage: job.stage }
}

fn of_chart(job: &Job, chart: usize, shippers: &[Shipper<'_>]) -> Vec<Advice> {
    let Some(loaded) = job.charts.get(chart).and_then(load) else { return Vec::new() };
    let mut collected = Collected { chart: loaded.path.clone(), ..Collected::default() };
    let mut benches: Vec<(&[ValueSource], Bench)> = Vec::new();
    let mut looked_at: Vec<(&Shipper<'_>, Switches)> = Vec::new();
    for shipper in shippers {
        let same = |(other, _): &&(&Shipper<'_>, Switches)| {
            other.planned.values == shipper.planned.values && other.wanted == shipper.wanted
        };
        if let Some((like, switches)) = looked_at.iter().find(same) {
            collected.add((shipper, like), switches);
            continue;
        }
        if looked_at.len() >= MOST_LOOKED_AT {
            continue;
        }
        let values = shipper.planned.values.as_slice();
        if !benches.iter().any(|(known, _)| *known == values) {
            let Some(bench) = bench(job, &loaded, values) else { continue };
            benches.push((values, bench));
        }
        let Some((_, bench)) = benches.iter().find(|(known, _)| *known == values) else { continue };
        let release = shipper.release(job);
        let known = looked_at
            .iter()
            .take(2)
            .find_map(|(_, known)| bench.confirm((&release, shipper.wanted), known));
        let switches = known.unwrap_or_else(|| bench.switches(&release, shipper.wanted));
        collected.add((shipper, shipper), &switches);
        looked_at.push((shipper, switches));
    }
    collected.finish()
}

/// Prepares a chart with its values; none where they came from standard input, which is read once.
pub(super) fn bench(job: &Job, chart: &Arc<Chart>, sources: &[ValueSource]) -> Option<Bench> {
    let is_stdin = |it: &ValueSource| matches!(it, ValueSource::File(path) if path.trim() == "-");
    if sources.iter().any(is_stdin) {
        return None;
    }
    Bench::new(chart, values::merge(sources).ok()?, &job.settings).ok()
}

/// Loads a chart again, which was loaded before; its texts are shown to nobody.
pub(super) fn load(source: &ChartSource) -> Option<Arc<Chart>> {
    source.load(&mut SourceMap::new()).ok().map(Arc::new)
}

/// What was found for the releases of a chart, put together by key.
#[derive(Default)]
struct Collected {
    chart: String,
    by_key: BTreeMap<String, Off>,
    without: BTreeMap<Place, Option<Off>>,
    /// The releases that ship something.
    all: Vec<OwnerName>,
}

impl Collected {
    /// Adds what was found for a release, or for another one like it.
    fn add(&mut self, (shipper, like): (&Shipper<'_>, &Shipper<'_>), switches: &Switches) {
        self.all.push(shipper.name.clone());
        let own = SmolStr::new(&like.planned.namespace);
        for switch in &switches.found {
            let off = Off::of(switch, &own);
            let known = self.by_key.entry(off.flags().to_string()).or_insert_with(|| off.clone());
            known.add(off, shipper.name);
        }
        for (identity, costly) in &switches.without {
            let costly = costly.as_ref().map(|it| Off::of(it, &own));
            self.without.entry(Place::of(identity, Some(&own))).or_insert(costly);
        }
    }

    fn finish(self) -> Vec<Advice> {
        let mut found = Vec::new();
        for mut off in self.by_key.into_values() {
            if off.releases.len() == self.all.len() {
                off.releases.clear();
            }
            found.push(Advice::Switch { chart: self.chart.clone(), off, is_typed: false });
        }
        let mut by_costly: Vec<(Option<Off>, Vec<Place>)> = Vec::new();
        for (place, costly) in self.without {
            match by_costly.iter_mut().find(|(known, _)| *known == costly) {
                Some((_, places)) => places.push(place),
                None => by_costly.push((costly, vec![place])),
            }
        }
        for (costly, objects) in by_costly {
            found.push(Advice::Nothing { chart: self.chart.clone(), objects, costly });
        }
        found
    }
}
