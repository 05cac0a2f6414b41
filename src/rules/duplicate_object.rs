//! One object twice inside one release or manifest file.

use super::contenders::{Verdict, finding, named, owners, with_outcome};
use super::{Facts, Family, Meta, Rule};
use crate::collide::Outcome;
use crate::finding::{Finding, Severity};

/// The rule `duplicate-object`.
pub(super) struct DuplicateObject;

static META: Meta = Meta {
    name: "duplicate-object",
    family: Family::Collision,
    summary: "one object twice inside one release or manifest file",
    severity: Severity::Error,
    explanation: include_str!("duplicate_object.md"),
    ..Meta::PLAIN
};

impl Rule for DuplicateObject {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        with_outcome(facts, Outcome::DuplicateObject)
            .map(|collision| {
                let owner = &owners(facts.estate, collision)[0];
                let times = match collision.members.len() {
                    2 => "twice".into(),
                    many => format!("{many} times"),
                };
                let verdict = Verdict {
                    severity: Severity::Error,
                    message: format!(
                        "{} stands {times} in {owner}: the last one wins, or the apply fails",
                        named(facts, collision),
                    ),
                    help: "delete all but one, or rename them".into(),
                };
                finding(facts, &META, collision, verdict)
            })
            .collect()
    }
}
