//! What an inventory installs, taken into a job.

use std::collections::btree_map::Entry;

use super::inventory::{Entered, Installed};
use super::job::{Planned, Resolver};
use super::trouble::Trouble;
use crate::finding::OwnerName;
use crate::input;

impl Resolver<'_> {
    pub(super) fn complain(&mut self, errors: impl IntoIterator<Item = input::Error>) {
        self.job.troubles.extend(errors.into_iter().map(Trouble::from));
    }

    /// Plans what an inventory installs.
    pub(super) fn install(&mut self, installed: &Installed) {
        match installed.policy() {
            Ok(policy) => {
                self.job.policy.settings.extend(policy.settings);
                self.job.policy.places.extend(policy.places);
                self.job.policy.exclusions.extend(policy.exclusions);
            }
            Err(errors) => self.complain(errors),
        }
        self.job.fail_on = self.job.fail_on.or(installed.inventory.lint.fail_on);
        match installed.output() {
            Ok(output) => self.job.output = self.job.output.take().or(output),
            Err(error) => self.complain([error]),
        }
        if let (None, Some((path, place))) = (&self.job.against, installed.against()) {
            (self.job.against, self.job.against_place) = (Some(path), Some(place));
        }
        let releases = installed.releases(&self.values);
        self.complain(releases.errors);
        for release in releases.found {
            self.note_twice(&release);
            let chart = self.chart(release.chart);
            self.take_release(Planned { chart, ..release.planned });
        }
        let manifests = installed.manifests(&self.job.sources);
        self.complain(manifests.errors);
        self.job.warnings.extend(manifests.warnings);
        manifests.found.into_iter().for_each(|(path, how)| self.take_manifest(path, how));
    }

    /// Warns of a release that is installed already.
    fn note_twice(&mut self, release: &Entered) {
        let Entered { planned, name, span, .. } = release;
        let key = (name.clone(), planned.namespace.clone(), planned.cluster.clone());
        match self.installed.entry(key) {
            Entry::Vacant(entry) => drop(entry.insert(*span)),
            Entry::Occupied(first) => {
                let owner =
                    OwnerName { name: name.clone(), namespace: Some(planned.namespace.clone()) };
                let place = |span| self.job.sources.place(span);
                self.job.warnings.push(format!(
                    "{}: {owner} is installed already, at {}; the last one wins",
                    place(*span),
                    place(*first.get())
                ));
            }
        }
    }
}
