//! One object, the same in several releases.

use super::contenders::{Verdict, finding, holders, with_outcome};
use super::{Facts, Meta, Rule};
use crate::collide::Outcome;
use crate::finding::{Finding, Severity};

/// The rule `identical`.
pub(super) struct Identical;

static META: Meta = Meta {
    name: "identical",
    summary: "one object, the same in several releases",
    severity: Severity::Info,
    explanation: include_str!("identical.md"),
};

impl Rule for Identical {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        with_outcome(facts, Outcome::Identical)
            .map(|collision| {
                let verdict = Verdict {
                    severity: Severity::Info,
                    message: format!(
                        "{} is the same in {}: it goes with the first that is uninstalled",
                        collision.identity,
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
