//! A name that two releases of one name share across namespaces.

use super::contenders::{Verdict, consequence, finding, is_refused, with_class};
use super::{Facts, Family, Fixable, Meta, Rule};
use crate::collide::{Collision, Difference, ProbeClass};
use crate::finding::{Finding, Severity};

/// The rule `release-only-cluster-name`.
pub(super) struct ReleaseOnlyClusterName;

static META: Meta = Meta {
    name: "release-only-cluster-name",
    family: Family::Template,
    summary: "a name that two releases of one name share across namespaces",
    severity: Severity::Warning,
    fix: Fixable::Asked,
    explanation: include_str!("release_only_cluster_name.md"),
    ..Meta::PLAIN
};

impl Rule for ReleaseOnlyClusterName {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        with_class(facts, ProbeClass::ReleaseOnly)
            .map(|collision| {
                let verdict = Verdict {
                    severity: severity(facts, collision),
                    message: format!(
                        "{} is shared by releases of one name in different namespaces: {}",
                        collision.identity,
                        consequence(facts, collision),
                    ),
                    help:
                        "add `.Release.Namespace` to the name, or give each release a name of its \
                           own"
                        .into(),
                };
                finding(facts, &META, collision, verdict)
            })
            .collect()
    }
}

/// Charts named after their release are the custom: only where a subject loses its access, or
/// the second release is refused, is it worth a warning.
fn severity(facts: &Facts<'_>, collision: &Collision) -> Severity {
    match collision.difference {
        Difference::Subjects | Difference::RoleRef => Severity::Warning,
        _ if is_refused(facts, collision) => Severity::Warning,
        _ => Severity::Info,
    }
}
