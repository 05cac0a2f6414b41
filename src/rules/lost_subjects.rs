//! A binding whose subjects are overwritten by the next release.

use super::contenders::{
    REFUSED, Verdict, finding, holders, is_refused, losers, named, unclaimed, with_outcome,
};
use super::{Facts, Family, Meta, Rule};
use crate::collide::Outcome;
use crate::finding::{Finding, Severity};

/// The rule `lost-subjects`.
pub(super) struct LostSubjects;

static META: Meta = Meta {
    name: "lost-subjects",
    family: Family::Collision,
    summary: "a binding whose subjects are overwritten by the next release",
    severity: Severity::Error,
    explanation: include_str!("lost_subjects.md"),
    ..Meta::PLAIN
};

impl Rule for LostSubjects {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        with_outcome(facts, Outcome::LostSubjects)
            .map(|collision| {
                let holders = holders(facts.estate, collision);
                let object = named(facts, collision);
                let consequence = if is_refused(facts, collision) {
                    REFUSED.into()
                } else if collision.lost.is_empty() {
                    "whichever is applied last decides who keeps access".into()
                } else {
                    format!("{} when the last one is applied", losers(collision))
                };
                let verdict = Verdict {
                    severity: Severity::Error,
                    message: format!(
                        "{object} has other subjects in each of {holders}: {consequence}{}",
                        unclaimed(collision),
                    ),
                    help:
                        "give the binding a name that holds the namespace, or let `rolecall merge` \
                           write one binding with all subjects"
                            .into(),
                };
                finding(facts, &META, collision, verdict)
            })
            .collect()
    }
}
