//! Whether a chart still has what a release does not ship.

use std::collections::BTreeSet;

use super::base::Base;
use super::trial::{self, Trial};
use super::{Bench, MOST_TRIALS};
use crate::rbac::Identity;
use crate::render::Release;
use crate::yaml::Data;

/// A release that is rendered with other values, each once.
pub struct Reviver {
    bench: Bench,
    release: Release,
    /// What was not tried yet, the last first.
    left: Vec<Vec<Trial>>,
    /// What was tried, and what the release ships with it.
    tried: Vec<(Vec<Trial>, BTreeSet<Identity>)>,
}

impl Reviver {
    /// Prepares a release.
    #[must_use]
    pub fn new(bench: Bench, release: Release) -> Self {
        let empty = Data::Map(std::collections::BTreeMap::new());
        let plain = bench.prepared.with_values(&bench.chart, &empty);
        let own = plain.ok().map(|it| it.values().clone()).unwrap_or_default();
        let mut left = trial::revivals(&bench.values, &own, &bench.prepared);
        left.truncate(MOST_TRIALS);
        left.reverse();
        Self { bench, release, left, tried: Vec::new() }
    }

    /// Finds the values that make the release ship an object that it does not ship.
    pub fn revival(&mut self, is_it: &dyn Fn(&Identity) -> bool) -> Option<&[Trial]> {
        let known = |tried: &[(Vec<Trial>, BTreeSet<Identity>)], from: usize| {
            let found = tried.iter().skip(from).position(|(_, them)| them.iter().any(is_it));
            found.map(|at| at + from)
        };
        let mut found = known(&self.tried, 0);
        while found.is_none() {
            let trials = self.left.pop()?;
            let shipped = self.shipped(&trials);
            self.tried.push((trials, shipped));
            found = known(&self.tried, self.tried.len() - 1);
        }
        found.and_then(|at| self.tried.get(at)).map(|(trials, _)| trials.as_slice())
    }

    fn shipped(&self, trials: &[Trial]) -> BTreeSet<Identity> {
        let mut values = self.bench.values.clone();
        if !trials.iter().all(|trial| trial.set(&mut values).is_some()) {
            return BTreeSet::new();
        }
        let prepared = self.bench.prepared.with_values(&self.bench.chart, &values).ok();
        let base = prepared.and_then(|it| Base::of(&it, &self.release));
        base.map(|it| it.objects.into_keys().collect()).unwrap_or_default()
    }
}
