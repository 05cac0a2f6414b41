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

impl Rule for ContentOverwritten {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        with_outcome(facts, Outcome::ContentOverwritten)
            .map(|collision| {
                let holders = holders(facts.estate, collision);
                let (severity, what) = match collision.difference {
                    Difference::Metadata => (Severity::Info, "other labels or annotations"),
                    _ => (Severity::Error, "other content"),
                };
                let verdict = Verdict {
                    severity,
                    message: format!(
                        "{} has {what} in each of {holders}: the last one applied stays",
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
