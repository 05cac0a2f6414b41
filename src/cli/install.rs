//! What an inventory installs, taken into a job.

use std::path::PathBuf;

use super::inventory::{Entered, Installed};
use super::job::{Item, Planned, Resolver};
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
        self.job.base.get_or_insert_with(|| installed.folder().into());
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
            self.install_release(release);
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

    /// Plans a release in place of one that has its name in its namespace: Helm would upgrade that.
    fn install_release(&mut self, release: Entered) {
        let Entered { chart, planned, name, span } = release;
        let planned = Planned { chart: self.chart(chart), ..planned };
        let key = (name.clone(), planned.namespace.clone(), planned.cluster.clone());
        if let Some((before, first)) = self.installed.insert(key, (planned.clone(), span)) {
            let owner = OwnerName { name, namespace: Some(planned.namespace.clone()) };
            let place = |span| self.job.sources.place(span);
            let (here, there) = (place(span), place(first));
            let warning =
                format!("{here}: {owner} is installed already, at {there}; the last one wins");
            self.job.warnings.push(warning);
            self.releases.remove(&before);
            self.job.items.retain(|it| !matches!(it, Item::Release(known) if *known == before));
        }
        self.take_release(planned);
    }
}
