//! What an inventory installs, taken into a job.

use std::collections::btree_map::Entry;
use std::path::PathBuf;

use super::inventory::{Entered, Installed};
use super::job::{Planned, Resolver};
use super::paths;
use super::trouble::Trouble;
use crate::finding::OwnerName;
use crate::input;
use crate::source::Span;

impl Resolver<'_> {
    pub(super) fn complain(&mut self, errors: impl IntoIterator<Item = input::Error>) {
        self.job.troubles.extend(errors.into_iter().map(Trouble::from));
    }

    /// Plans what an inventory installs.
    pub(super) fn install(&mut self, installed: &Installed) {
        match installed.policy() {
            Ok(policy) => {
                self.job.policy.settings.extend(policy.settings);
                self.job.policy.exclusions.extend(policy.exclusions);
            }
            Err(errors) => self.complain(errors),
        }
        self.job.fail_on = self.job.fail_on.or(installed.inventory.lint.fail_on);
        match installed.output() {
            Ok(output) => self.keep_output(output),
            Err(error) => self.complain([error]),
        }
        if let Some(against) = installed.against() {
            self.keep_against(against);
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

    fn keep_output(&mut self, output: Option<PathBuf>) {
        match (&self.job.output, output) {
            (None, output) => self.job.output = output,
            (Some(kept), Some(other)) if *kept != other => {
                let (kept, other) = (paths::shown(kept), paths::shown(&other));
                let warning = format!("merge.output {other} is passed over for {kept}");
                self.job.warnings.push(warning);
            }
            (Some(_), _) => {}
        }
    }

    fn keep_against(&mut self, (path, span): (PathBuf, Span)) {
        match &self.job.against {
            None => (self.job.against, self.job.against_place) = (Some(path), Some(span)),
            Some(kept) if *kept != path => {
                let place = self.job.sources.place(span);
                let (kept, path) = (paths::shown(kept), paths::shown(&path));
                let warning = format!("{place}: the export {path} is passed over for {kept}");
                self.job.warnings.push(warning);
            }
            Some(_) => {}
        }
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
