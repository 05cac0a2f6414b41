//! What a merge gives: written, or compared with a file that was written before.

use std::collections::BTreeMap;
use std::path::Path;

use super::file::OutputFile;
use crate::cli::streams::Console;
use crate::cli::{Exit, Trouble, output, paths};
use crate::diff::{Change, Lead, Side};
use crate::merge::{Action, Merged, Plan, Strategy};
use crate::rbac::{Estate, Identity, ObjectId, OwnerKind};
use crate::report::text;
use crate::yaml::Data;

/// What was merged.
pub(super) struct Product<'a> {
    pub(super) strategy: Strategy,
    pub(super) plan: &'a Plan,
    pub(super) merged: &'a [Merged],
    pub(super) estate: &'a Estate,
    /// Whether the estate holds an export of the cluster.
    pub(super) export: bool,
    pub(super) text: String,
}

impl Product<'_> {
    /// Writes the merged YAML, the diff, and what to switch off.
    pub(super) fn write(
        &self,
        (path, advice): (Option<&Path>, &dyn Fn() -> Vec<text::Advice>),
        console: &mut Console<'_>,
    ) -> Result<Exit, Trouble> {
        let titles = match (self.strategy, self.export) {
            (Strategy::Rename, _) => ("as shipped", "renamed"),
            (_, true) => ("on the cluster", "merged"),
            (_, false) => ("as applied", "merged"),
        };
        let changes = self.changes();
        match path {
            Some(path) => {
                output::write(path, self.text.as_bytes())?;
                console.print(&text::changes(&changes, titles, console.out_style()))?;
                if !console.is_hushed() {
                    console.print(&text::advice(&advice(), console.out_style()))?;
                }
            }
            None => {
                console.print(&self.text)?;
                let style = console.err_style();
                console.remark(&text::changes(&changes, titles, style));
                if !console.is_hushed() {
                    console.remark(&text::advice(&advice(), style));
                }
            }
        }
        Ok(Exit::Clean)
    }

    /// Compares the file with what would be written, and shows how they differ.
    pub(super) fn check(
        &self,
        (path, file): (&Path, Option<&OutputFile>),
        console: &mut Console<'_>,
    ) -> Result<Exit, Trouble> {
        let shown = paths::shown(path);
        if file.is_some_and(|it| *it.text.content == *self.text) {
            console.remark(&format!("{shown} is up to date\n"));
            return Ok(Exit::Clean);
        }
        let side = |object: &crate::rbac::Object| (object.identity.clone(), Side::from(object));
        let old = file.map(|it| it.estate.objects().iter().map(side).collect());
        let old = old.unwrap_or_default();
        let changes = self.changes_from(old);
        console.print(&text::changes(
            &changes,
            (shown.as_str(), self.participle()),
            console.out_style(),
        ))?;
        console.complain(&format!("{shown} is not up to date: run `rolecall merge -o {shown}`\n"));
        Ok(Exit::Found)
    }

    /// Returns what the merge changes: from the export, or from what the last one applied leaves;
    /// what was renamed, from what its release ships.
    fn changes(&self) -> Vec<Change> {
        let mut by_origin: BTreeMap<&Identity, Vec<&Merged>> = BTreeMap::new();
        for merged in self.merged {
            by_origin.entry(&merged.origin).or_default().push(merged);
        }
        let mut changes = Vec::new();
        for step in &self.plan.steps {
            let mut lead = step.in_words();
            for merged in by_origin.get(&step.identity).into_iter().flatten() {
                let lead = match (&step.action, lead.take()) {
                    (_, Some(words)) => Lead::Words(words),
                    (Action::Rename(_) | Action::Split(_), None) => Lead::Nothing,
                    (_, None) => Lead::Sides,
                };
                let before = match &step.action {
                    Action::Split(_) => None,
                    _ => self.before(merged),
                };
                changes.push(Change {
                    identity: merged.identity.clone(),
                    before: before.map(|id| Side::from(self.estate.object(id))),
                    after: Some(after(merged)),
                    brought: (lead == Lead::Sides).then(|| self.brought(merged)).flatten(),
                    lead,
                });
            }
        }
        changes
    }

    /// Returns what was done with the objects.
    pub(super) fn participle(&self) -> &'static str {
        match self.strategy {
            Strategy::Rename => "renamed",
            Strategy::Union | Strategy::RoleBinding => "merged",
        }
    }

    fn is_export(&self, id: ObjectId) -> bool {
        self.estate.owner_of(id).kind == OwnerKind::Export
    }

    fn before(&self, merged: &Merged) -> Option<ObjectId> {
        let is_renamed = merged.identity != merged.origin;
        match self.export && !is_renamed {
            true => merged.members.iter().copied().rfind(|id| self.is_export(*id)),
            false => merged.members.last().copied(),
        }
    }

    /// Returns what the inputs bring beside the export.
    fn brought(&self, merged: &Merged) -> Option<Side> {
        if !merged.members.iter().any(|id| self.is_export(*id)) {
            return None;
        }
        let brought = merged.members.iter().filter(|id| !self.is_export(**id));
        let sides: Vec<Side> = brought.map(|id| Side::from(self.estate.object(*id))).collect();
        let subjects = sides.iter().filter_map(|it| it.subjects.as_ref()).flatten().cloned();
        let rules = sides.iter().filter_map(|it| it.rules.as_ref()).flatten().cloned();
        Some(Side {
            identity: merged.identity.clone(),
            data: Data::Null,
            subjects: merged.subjects.as_ref().map(|_| subjects.collect()),
            rules: merged.rules.as_ref().map(|_| rules.collect()),
        })
    }

    /// Returns what differs from the objects of a file.
    fn changes_from(&self, mut old: BTreeMap<Identity, Side>) -> Vec<Change> {
        let mut changes: Vec<Change> = Vec::new();
        for merged in self.merged {
            let (before, after) = (old.remove(&merged.identity), after(merged));
            if before.as_ref().is_none_or(|before| before.data != after.data) {
                let identity = merged.identity.clone();
                changes.push(change(identity, before, Some(after)));
            }
        }
        let gone = old.into_iter();
        changes.extend(gone.map(|(identity, side)| change(identity, Some(side), None)));
        changes
    }
}

fn change(identity: Identity, before: Option<Side>, after: Option<Side>) -> Change {
    Change { identity, before, after, brought: None, lead: Lead::Sides }
}

/// Returns a merged object as what is there afterwards.
pub(super) fn after(merged: &Merged) -> Side {
    let canonical = |subjects: &Vec<crate::rbac::Subject>| {
        subjects.iter().map(crate::rbac::Subject::canonical).collect()
    };
    Side {
        identity: merged.identity.clone(),
        data: merged.data.clone(),
        subjects: merged.subjects.as_ref().map(canonical),
        rules: merged.rules.clone(),
    }
}
