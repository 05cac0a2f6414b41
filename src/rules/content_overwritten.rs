//! An object whose content is overwritten by the next release.

use super::contenders::{Verdict, finding, holders, with_outcome};
use super::{Facts, Meta, Rule};
use crate::collide::{Difference, Outcome};
use crate::finding::{Finding, Severity};

/// The rule `content-overwritten`.
pub(super) struct ContentOverwritten;

static META: Meta = Meta {
    name: "content-overwritten",
    summary: "an object whose content is overwritten by the next release",
    severity: Severity::Error,
    explanation: include_str!("content_overwritten.md"),
};

/// What becomes of content that can be changed.
const STAYS: &str = "the last one applied stays";

impl Rule for ContentOverwritten {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        with_outcome(facts, Outcome::ContentOverwritten)
            .map(|collision| {
                let holders = holders(facts.estate, collision);
                let (severity, what, then) = match collision.difference {
                    Difference::Metadata => {
                        (Severity::Info, "other labels or annotations".into(), STAYS)
                    }
                    Difference::Fixed(field) => {
                        let then = "it cannot be changed, so only the first is applied";
                        (Severity::Error, format!("another `{field}`"), then)
                    }
                    _ => (Severity::Error, "other content".into(), STAYS),
                };
                let verdict = Verdict {
                    severity,
                    message: format!(
                        "{} has {what} in each of {holders}: {then}",
                        collision.identity,
                    ),
                    help:
                        "give it a name that holds the namespace, or ship it once, in a release of \
                           its own"
                            .into(),
                };
                finding(facts, &META, collision, verdict)
            })
            .collect()
    }
}
