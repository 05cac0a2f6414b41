//! One object, the same in several releases.

use super::contenders::{REFUSED, Verdict, finding, holders, is_refused, named, with_outcome};
use super::{Facts, Family, Meta, Rule};
use crate::collide::{Apply, Collision, Outcome, Removal, fates};
use crate::finding::{Finding, Severity};

/// The rule `identical`.
pub(super) struct Identical;

static META: Meta = Meta {
    name: "identical",
    family: Family::Collision,
    summary: "one object, the same in several releases",
    severity: Severity::Info,
    explanation: include_str!("identical.md"),
    ..Meta::PLAIN
};

impl Rule for Identical {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        with_outcome(facts, Outcome::Identical)
            .filter(|collision| matters(facts, collision))
            .map(|collision| {
                let then = match is_refused(facts, collision) {
                    true => format!(": {REFUSED}"),
                    false => String::new(),
                };
                let verdict = Verdict {
                    severity: Severity::Info,
                    message: format!(
                        "{} is the same in {}{then}",
                        named(facts, collision),
                        holders(facts.estate, collision),
                    ),
                    help: "ship it once: in a release of its own, or in the file that \
                           `rolecall merge` writes"
                        .into(),
                };
                finding(facts, &META, collision, verdict)
            })
            .collect()
    }
}

/// Tells whether it matters to a deployer who brings the object.
fn matters(facts: &Facts<'_>, collision: &Collision) -> bool {
    fates(facts.estate, collision, facts.deployers)
        .iter()
        .any(|fate| fate.apply != Apply::Unchanged || fate.removal != Removal::Kept)
}
