//! `rolecall merge --post-renderer`: what Helm rendered for one release goes through, and what
//! collides in it is merged.

mod job;
mod rewrite;

use std::collections::BTreeMap;

use super::product::after;
use super::{call_sources, estate, input};
use crate::cli::args::{MergeArgs, Strategy as Typed};
use crate::cli::streams::Console;
use crate::cli::{Exit, Trouble, complain, warn};
use crate::collide::{self, Ownership};
use crate::diff::{Change, Lead, Side};
use crate::finding::OwnerName;
use crate::merge::{self, Action, Merged, Plan, Step, is_merged};
use crate::rbac::{Estate, Marks, ObjectId, OwnerKind, covered};
use crate::report::text;
use rewrite::{Rewrite, Rewritten};

pub(super) fn run(args: &MergeArgs, console: &mut Console<'_>) -> Result<Exit, Trouble> {
    if args.strategy == Typed::RoleBinding {
        let error = input::Error::new("--strategy rolebinding makes objects that no release has");
        let help = "leave it out with --post-renderer, or take `--strategy rename`";
        return Err(error.with_help(help).into());
    }
    let release = job::release(&args.input)?;
    let (mut job, against) = job::resolve(args, &release, console)?;
    let stdin = input::disk::read_from(console.stdin())?;
    let inputs: (&mut dyn std::io::Read, _) = (&mut stdin.as_slice(), against.as_deref());
    let (gathered, mut estate) = estate(&mut job, &args.input.selection, inputs);
    warn(&gathered.warnings, console);
    if !gathered.troubles.is_empty() {
        complain(&gathered.troubles, &gathered.sources, console);
        return Ok(Exit::Failed);
    }
    call_sources(&job, &mut estate, &console.surroundings().folder.clone());
    forget_own(&mut estate, &release);
    let strategy: merge::Strategy = args.strategy.into();
    let plan = strategy.plan(&estate, &collide::find(&estate));
    let own = Own { estate: &estate, release: &release };
    let refused: Vec<_> = plan.left_out().filter(|(step, _)| own.is_contested(step)).collect();
    for (step, why) in &refused {
        console.complain(&format!("cannot be merged: {}: {why}\n", step.identity));
    }
    if !refused.is_empty() {
        console.complain(&format!("{release} is not printed, so that it is not installed\n"));
        return Ok(Exit::Found);
    }
    let written = own.written(&plan);
    let rewritten = Rewritten::of(stdin, &own.rewrites(&written))?;
    console.print(&rewritten.text)?;
    console.remark(&own.said(&written, &rewritten, console));
    Ok(Exit::Clean)
}

/// Leaves out of the export what the release itself has installed: the release says anew what that
/// is. What was merged before stays, since it holds what others need.
fn forget_own(estate: &mut Estate, release: &OwnerName) {
    estate.forget(|owner, object| {
        owner.kind == OwnerKind::Export
            && Ownership::of(&Marks::of(&object.data), release) == Ownership::Mine
            && !is_merged(object)
    });
}

/// The objects of the release that standard input stands for.
struct Own<'a> {
    estate: &'a Estate,
    release: &'a OwnerName,
}

/// An object that is written otherwise, what stands in its place, and why.
type Written<'a> = (ObjectId, Merged, &'a Step);

impl Own<'_> {
    fn is_own(&self, id: ObjectId) -> bool {
        let owner = self.estate.owner_of(id);
        owner.kind == OwnerKind::Release && owner.chart.is_none() && owner.name == *self.release
    }

    /// Tells whether the release meets others in a step: what it holds twice is its own affair.
    fn is_contested(&self, step: &Step) -> bool {
        let own = step.members.iter().filter(|id| self.is_own(**id)).count();
        own > 0 && own < step.members.len()
    }

    /// Returns what is written in place of the release's objects: only of those that lack something.
    fn written<'p>(&self, plan: &'p Plan) -> Vec<Written<'p>> {
        let steps: BTreeMap<_, &Step> = plan.steps.iter().map(|it| (&it.identity, it)).collect();
        let mut written = Vec::new();
        for merged in merge::apply(self.estate, plan) {
            let own = merged.members.iter().copied().find(|id| self.is_own(*id));
            let step = steps.get(&merged.origin).copied();
            if let (Some(id), Some(step)) = (own, step)
                && self.lacks(id, step)
            {
                written.push((id, merged, step));
            }
        }
        written
    }

    /// Tells whether an object lacks what other contenders hold, or needs another name.
    fn lacks(&self, id: ObjectId, step: &Step) -> bool {
        let own = self.estate.object(id);
        let others = step.members.iter().map(|id| self.estate.object(*id));
        match &step.action {
            Action::UniteSubjects => {
                let held = own.binding().map(|it| it.by_canonical()).unwrap_or_default();
                let theirs = others.filter_map(|it| it.binding());
                let mut theirs = theirs.flat_map(|it| it.by_canonical().into_keys());
                theirs.any(|subject| !held.contains_key(&subject))
            }
            Action::UniteRules => {
                let Some(role) = own.role() else { return false };
                let rules: Vec<_> = role.policy_rules().cloned().collect();
                let mut theirs = others.filter_map(|it| it.role());
                theirs.any(|their| match (&role.selectors, &their.selectors) {
                    (Some(own), Some(their)) => !their.is_subset(own),
                    (None, Some(_)) => true,
                    // A controller replaces the rules of a role that aggregates.
                    (Some(_), None) => false,
                    (None, None) => {
                        !covered(&rules, &their.policy_rules().cloned().collect::<Vec<_>>())
                    }
                })
            }
            Action::Rename(_) => true,
            Action::KeepOne | Action::Split(_) | Action::LeaveOut { .. } => false,
        }
    }

    fn rewrites(&self, written: &[Written<'_>]) -> Vec<Rewrite> {
        let rewrite = |(id, merged, step): &Written<'_>| Rewrite {
            span: self.estate.object(*id).span,
            merged: merged.clone(),
            names_sources: !matches!(step.action, Action::Rename(_)),
        };
        written.iter().map(rewrite).collect()
    }

    /// Says what became of which objects.
    fn said(
        &self,
        written: &[Written<'_>],
        rewritten: &Rewritten,
        console: &Console<'_>,
    ) -> String {
        let change = |((id, merged, step), data): (&Written<'_>, &crate::yaml::Data)| Change {
            identity: merged.identity.clone(),
            before: Some(Side::from(self.estate.object(*id))),
            after: Some(Side { data: data.clone(), ..after(merged) }),
            brought: None,
            lead: step.in_words().map_or(Lead::Sides, Lead::Words),
        };
        let changes: Vec<_> = written.iter().zip(&rewritten.objects).map(change).collect();
        let shown = text::changes(&changes, ("as rendered", "merged"), console.err_style());
        let release = self.release;
        match written.len() {
            0 => format!("{release} goes through unchanged\n"),
            1 => format!("{shown}1 object of {release} changed\n"),
            count => format!("{shown}{count} objects of {release} changed\n"),
        }
    }
}
