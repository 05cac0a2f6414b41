//! What to switch off, so that a chart stops shipping an object: found by rendering with a value
//! changed, not by reading templates.

mod base;
mod revival;
mod trial;

use std::collections::BTreeSet;
use std::sync::Arc;

use smol_str::SmolStr;

use base::{Base, is_same};
pub use revival::Reviver;
pub use trial::Trial;

use crate::input::Chart;
use crate::rbac::{GROUP, Identity};
use crate::render::{Error, Prepared, Release, Settings, Trails};
use crate::yaml::Data;

/// How many values are tried for a chart and its values, at most.
const MOST_TRIALS: usize = 64;

/// The kinds that run something: without them a release is not what it was.
const WORKLOADS: &[&str] =
    &["CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "StatefulSet"];

/// A value that makes a chart stop shipping objects.
#[derive(Debug, Clone, PartialEq)]
pub struct Switch {
    /// Where it stands among the values: `[rbac, create]`.
    pub path: Vec<SmolStr>,
    /// What it is set to.
    pub value: Data,
    /// The objects that were asked for and are gone with it.
    pub removes: Vec<Identity>,
    /// The objects of the release that are gone with it too.
    pub drops: Vec<Identity>,
    /// The objects of the release that change with it.
    pub changes: Vec<Identity>,
}

impl Switch {
    /// Tells whether what the release runs is gone with it too.
    #[must_use]
    pub fn stops_work(&self) -> bool {
        let is_workload = |it: &Identity| WORKLOADS.contains(&it.kind.as_str());
        self.drops.iter().any(is_workload)
    }

    /// Returns what speaks against it, the least first.
    fn price(&self) -> (bool, usize, usize) {
        (self.stops_work(), self.drops.len(), self.changes.len())
    }
}

/// What was found for the objects of a release.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Switches {
    /// The switches to use, in the order of what they remove.
    pub found: Vec<Switch>,
    /// The objects that no switch removes, each with the one that would, at the price of what the
    /// release runs.
    pub without: Vec<(Identity, Option<Switch>)>,
}

/// A chart on which values are tried.
#[derive(Debug)]
pub struct Bench {
    chart: Arc<Chart>,
    values: Data,
    prepared: Prepared,
    settings: Settings,
}

impl Bench {
    /// Prepares a chart with the values that its releases have.
    ///
    /// # Errors
    /// As [`Prepared::new`].
    pub fn new(chart: &Arc<Chart>, values: Data, settings: &Settings) -> Result<Self, Error> {
        let settings = Settings { trails: Trails::Drop, ..settings.clone() };
        let prepared = Prepared::new(chart, &values, &settings)?;
        Ok(Self { chart: chart.clone(), values, prepared, settings })
    }

    /// Finds what makes a release stop shipping objects.
    #[must_use]
    pub fn switches(&self, release: &Release, wanted: &BTreeSet<Identity>) -> Switches {
        let Some(base) = Base::of(&self.prepared, release) else {
            return choose(wanted, Vec::new());
        };
        let wanted: BTreeSet<Identity> =
            wanted.iter().filter(|it| base.objects.contains_key(*it)).cloned().collect();
        let found = self.search(release, (&base, &wanted));
        choose(&wanted, found)
    }

    /// Returns what switches that were found for another release do to this one; none where they
    /// are not enough.
    #[must_use]
    pub fn confirm(
        &self,
        (release, wanted): (&Release, &BTreeSet<Identity>),
        switches: &Switches,
    ) -> Option<Switches> {
        if !switches.without.is_empty() {
            return None;
        }
        let base = Base::of(&self.prepared, release)?;
        let tried = switches.found.iter().map(|switch| {
            let trial = Trial { path: switch.path.clone(), value: switch.value.clone() };
            self.full(release, (&base, wanted), &trial)
        });
        let chosen = choose(wanted, tried.collect::<Option<Vec<_>>>()?);
        chosen.without.is_empty().then_some(chosen)
    }

    fn search(
        &self,
        release: &Release,
        (base, wanted): (&Base, &BTreeSet<Identity>),
    ) -> Vec<Switch> {
        let files = |wanted: &mut dyn Iterator<Item = &Identity>| -> BTreeSet<SmolStr> {
            let held = wanted.filter_map(|it| base.objects.get(it)).flatten();
            held.map(|it| it.source.clone()).collect()
        };
        let trials = trial::all(&self.prepared, &files(&mut wanted.iter()));
        let time = self.settings.stopwatch.as_ref();
        let time = time.map(|it| it.start(self.settings.limits.seconds));
        let mut found: Vec<Switch> = Vec::new();
        for trial in trials.into_iter().take(MOST_TRIALS) {
            // What something switches off for nothing needs no other switch.
            let is_free = |it: &&Switch| it.price() == (false, 0, 0);
            let free: BTreeSet<_> =
                found.iter().filter(is_free).flat_map(|it| &it.removes).collect();
            if free.len() == wanted.len() || time.as_ref().is_some_and(|is_over| is_over()) {
                break;
            }
            let files = files(&mut wanted.iter().filter(|it| !free.contains(*it)));
            if self.removes_some(release, (base, &files, wanted), &trial) {
                found.extend(self.full(release, (base, wanted), &trial));
            }
        }
        found
    }

    /// Executes the files of the objects alone, and tells whether some are gone.
    fn removes_some(
        &self,
        release: &Release,
        (base, files, wanted): (&Base, &BTreeSet<SmolStr>, &BTreeSet<Identity>),
        trial: &Trial,
    ) -> bool {
        let tried = self.prepared(trial).and_then(|it| it.render_only(release, files).ok());
        let after = tried.and_then(|manifests| base.read(&manifests, release));
        let is_of_files = |it: &&Identity| {
            base.objects
                .get(*it)
                .is_some_and(|held| held.iter().all(|it| files.contains(&it.source)))
        };
        let mut wanted = wanted.iter().filter(is_of_files);
        after.is_some_and(|after| wanted.any(|it| !after.contains_key(it)))
    }

    /// Renders the whole release, and compares; none where it fails or nothing is removed.
    fn full(
        &self,
        release: &Release,
        (base, wanted): (&Base, &BTreeSet<Identity>),
        trial: &Trial,
    ) -> Option<Switch> {
        let manifests = self.prepared(trial)?.render(release).ok()?.manifests;
        let after = base.read(&manifests, release)?;
        let kind = |it: &Identity| (it.group.clone(), it.kind.clone());
        let is_new = |it: &&Identity| !base.objects.contains_key(*it);
        // What grants something else in its place is no way to switch off.
        if after.keys().filter(is_new).any(|it| it.group == GROUP) {
            return None;
        }
        let new: BTreeSet<_> = after.keys().filter(is_new).map(kind).collect();
        let gone = base.objects.keys().filter(|it| !after.contains_key(*it)).cloned();
        // What comes back under another name was not switched off.
        let (renamed, gone): (Vec<_>, Vec<_>) = gone.partition(|it| new.contains(&kind(it)));
        let (removes, drops): (Vec<_>, Vec<_>) =
            gone.into_iter().partition(|it| wanted.contains(it));
        let changes = base.objects.iter().filter(|(identity, held)| {
            after.get(*identity).is_some_and(|other| !is_same(held, other))
        });
        let changes = changes.map(|(identity, _)| identity.clone()).chain(renamed).collect();
        let (path, value) = (trial.path.clone(), trial.value.clone());
        let switch = Switch { path, value, removes, drops, changes };
        (!switch.removes.is_empty()).then_some(switch)
    }

    fn prepared(&self, trial: &Trial) -> Option<Prepared> {
        let mut values = self.values.clone();
        trial.set(&mut values)?;
        self.prepared.with_values(&self.chart, &values).ok()
    }
}

/// Chooses among switches: those with the least price, of these the ones that remove most.
fn choose(wanted: &BTreeSet<Identity>, found: Vec<Switch>) -> Switches {
    let mut left: BTreeSet<&Identity> = wanted.iter().collect();
    let mut chosen: Vec<Switch> = Vec::new();
    while !left.is_empty() {
        let covered = |it: &Switch| it.removes.iter().filter(|it| left.contains(it)).count();
        let useful = found.iter().filter(|it| !it.stops_work() && covered(it) > 0);
        let Some(best) = useful.min_by_key(|it| (it.price(), usize::MAX - covered(it))) else {
            break;
        };
        left.retain(|it| !best.removes.contains(*it));
        chosen.push(best.clone());
    }
    // What was chosen first may remove nothing that the later ones do not remove anyway.
    let mut index = 0;
    while index < chosen.len() {
        let others = || chosen.iter().enumerate().filter(|(other, _)| *other != index);
        let is_other = |it: &Identity| others().any(|(_, switch)| switch.removes.contains(it));
        if chosen[index].removes.iter().all(is_other) {
            chosen.remove(index);
        } else {
            index += 1;
        }
    }
    chosen.sort_by(|one, other| (&one.removes, &one.path).cmp(&(&other.removes, &other.path)));
    let costly = |identity: &Identity| {
        let removing = found.iter().filter(|it| it.removes.contains(identity));
        removing.min_by_key(|it| it.price()).cloned()
    };
    let without = left.into_iter().map(|it| (it.clone(), costly(it))).collect();
    Switches { found: chosen, without }
}
