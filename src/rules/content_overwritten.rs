//! An object whose content is overwritten by the next release.

use super::contenders::{REFUSED, Verdict, finding, holders, is_refused, named, with_outcome};
use super::{Facts, Family, Meta, Rule};
use crate::collide::{Difference, Outcome};
use crate::finding::{Finding, Severity};

/// The rule `content-overwritten`.
pub(super) struct ContentOverwritten;

static META: Meta = Meta {
    name: "content-overwritten",
    family: Family::Collision,
    summary: "an object whose content is overwritten by the next release",
    severity: Severity::Error,
    explanation: include_str!("content_overwritten.md"),
    ..Meta::PLAIN
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
                let stays = if is_refused(facts, collision) { REFUSED } else { STAYS };
                let (severity, what, then) = match collision.difference {
                    Difference::Metadata => {
                        let severity =
                            if stays == STAYS { Severity::Info } else { Severity::Error };
                        (severity, "other labels or annotations".into(), stays)
                    }
                    Difference::Fixed(field) => {
                        let then = "it cannot be changed, so only the first is applied";
                        (Severity::Error, format!("another `{field}`"), then)
                    }
                    _ => (Severity::Error, "other content".into(), stays),
                };
                let verdict = Verdict {
                    severity,
                    message: format!(
                        "{} has {what} in each of {holders}: {then}",
                        named(facts, collision),
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
