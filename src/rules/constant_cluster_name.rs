//! A name that is the same in every release of a chart.

use super::contenders::{Verdict, consequence, finding, is_refused, with_class};
use super::{Facts, Family, Fixable, Meta, Rule};
use crate::collide::{Collision, Difference, ProbeClass};
use crate::finding::{Finding, Severity};
use crate::rbac::Identity;

/// The rule `constant-cluster-name`.
pub(super) struct ConstantClusterName;

static META: Meta = Meta {
    name: "constant-cluster-name",
    family: Family::Template,
    summary: "a name that is the same in every release of a chart",
    severity: Severity::Error,
    fix: Fixable::Asked,
    explanation: include_str!("constant_cluster_name.md"),
    ..Meta::PLAIN
};

impl Rule for ConstantClusterName {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        with_class(facts, ProbeClass::Constant)
            .filter(|it| !is_prescribed(&it.identity))
            .map(|collision| {
                let verdict = Verdict {
                    severity: severity(facts, collision),
                    message: format!(
                        "{} has the same name in every release of the chart: {}",
                        collision.identity,
                        consequence(facts, collision),
                    ),
                    help: help(collision).into(),
                };
                finding(facts, &META, collision, verdict)
            })
            .collect()
    }
}

/// Returns what to do: a merge cures what is lost by bindings.
fn help(collision: &Collision) -> &'static str {
    match collision.difference {
        Difference::Subjects => {
            "build the name from `.Release.Name` and `.Release.Namespace`, or install the chart once and \
             bind all subjects with `rolecall merge`"
        }
        _ => {
            "build the name from `.Release.Name` and `.Release.Namespace`, or ship the object once, in a \
             release of its own"
        }
    }
}

/// Tells whether an object can have no other name: the API that it stands for gives it.
fn is_prescribed(identity: &Identity) -> bool {
    let kind = (identity.group.as_str(), identity.kind.as_str());
    matches!(
        kind,
        ("apiextensions.k8s.io", "CustomResourceDefinition")
            | ("apiregistration.k8s.io", "APIService")
            | ("storage.k8s.io", "CSIDriver")
    )
}

/// Where something is lost, or the second release is, it is an error; a shared object that nobody loses
/// is worth a warning.
fn severity(facts: &Facts<'_>, collision: &Collision) -> Severity {
    match collision.difference {
        Difference::Nothing | Difference::Metadata if !is_refused(facts, collision) => {
            Severity::Warning
        }
        _ => Severity::Error,
    }
}
