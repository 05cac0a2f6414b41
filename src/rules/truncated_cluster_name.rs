//! A name whose end is cut off, so that two namespaces share it.

use super::contenders::{Verdict, consequence, finding, with_class};
use super::{Facts, Family, Meta, Rule};
use crate::collide::ProbeClass;
use crate::finding::{Finding, Severity};

/// The rule `truncated-cluster-name`.
pub(super) struct TruncatedClusterName;

static META: Meta = Meta {
    name: "truncated-cluster-name",
    family: Family::Template,
    summary: "a name whose end is cut off, so that two long namespaces share it",
    severity: Severity::Warning,
    explanation: include_str!("truncated_cluster_name.md"),
    ..Meta::PLAIN
};

impl Rule for TruncatedClusterName {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        with_class(facts, ProbeClass::Truncated)
            .map(|collision| {
                let verdict = Verdict {
                    severity: Severity::Warning,
                    message: format!(
                        "{} is cut off, so that releases in two long namespaces share it: {}",
                        collision.identity,
                        consequence(facts, collision),
                    ),
                    help:
                        "cut the parts before they are joined, or end the name with a hash of the \
                           namespace; names of roles and bindings may be longer than 63 characters"
                            .into(),
                };
                finding(facts, &META, collision, verdict)
            })
            .collect()
    }
}
