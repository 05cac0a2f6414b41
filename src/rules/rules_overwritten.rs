//! A role whose rules are overwritten by the next release.

use super::contenders::{
    REFUSED, Verdict, finding, holders, is_refused, named, unclaimed, with_outcome,
};
use super::{Facts, Family, Meta, Rule};
use crate::collide::{Difference, Outcome};
use crate::finding::{Finding, Severity};

/// The rule `rules-overwritten`.
pub(super) struct RulesOverwritten;

static META: Meta = Meta {
    name: "rules-overwritten",
    family: Family::Collision,
    summary: "a role whose rules are overwritten by the next release",
    severity: Severity::Error,
    explanation: include_str!("rules_overwritten.md"),
    ..Meta::PLAIN
};

impl Rule for RulesOverwritten {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        with_outcome(facts, Outcome::RulesOverwritten)
            .map(|collision| {
                let then = match is_refused(facts, collision) {
                    true => REFUSED,
                    false => "the last one applied decides what it grants",
                };
                let verdict = Verdict {
                    severity: match collision.difference {
                        Difference::RulesOfOneCoverAll => Severity::Warning,
                        _ => Severity::Error,
                    },
                    message: format!(
                        "{} has other rules in each of {}: {then}{}",
                        named(facts, collision),
                        holders(facts.estate, collision),
                        unclaimed(collision),
                    ),
                    help: "rename one, or let `rolecall merge` write one role with all rules"
                        .into(),
                };
                finding(facts, &META, collision, verdict)
            })
            .collect()
    }
}
