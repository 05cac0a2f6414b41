//! Estate and collisions to findings; one rule, one file, its explanation and examples beside it.

mod constant_cluster_name;
mod contenders;
mod content_overwritten;
mod duplicate_object;
mod foreign_owner;
mod identical;
mod lost_subjects;
mod policy;
mod release_only_cluster_name;
mod role_ref_conflict;
mod rules_overwritten;
mod truncated_cluster_name;
mod uninstall_hazard;

pub use policy::{Exclusion, Judged, Policy, Setting};

use crate::collide::{Collision, Deployer};
use crate::finding::{Finding, Severity};
use crate::rbac::Estate;

/// All rules, sorted by name.
pub static RULES: &[&dyn Rule] = &[
    &constant_cluster_name::ConstantClusterName,
    &content_overwritten::ContentOverwritten,
    &duplicate_object::DuplicateObject,
    &foreign_owner::ForeignOwner,
    &identical::Identical,
    &lost_subjects::LostSubjects,
    &release_only_cluster_name::ReleaseOnlyClusterName,
    &role_ref_conflict::RoleRefConflict,
    &rules_overwritten::RulesOverwritten,
    &truncated_cluster_name::TruncatedClusterName,
    &uninstall_hazard::UninstallHazard,
];

/// What a rule says of itself.
#[derive(Debug)]
pub struct Meta {
    /// The name that users write.
    pub name: &'static str,
    /// What it finds, in one phrase.
    pub summary: &'static str,
    /// The severity that its findings have at most.
    pub severity: Severity,
    /// Its page in Markdown: what it finds, why it matters, how to fix it, examples.
    pub explanation: &'static str,
}

/// What rules judge.
#[derive(Debug)]
pub struct Facts<'a> {
    /// All objects.
    pub estate: &'a Estate,
    /// The collisions among them.
    pub collisions: &'a [Collision],
    /// What brings the objects to the cluster: those that were chosen, or all.
    pub deployers: &'a [Deployer],
}

impl Facts<'_> {
    /// Tells whether one of these deployers was chosen, or all are meant.
    fn deploys(&self, any: &[Deployer]) -> bool {
        self.deployers.iter().any(|deployer| any.contains(deployer))
    }
}

/// A rule: it sees the facts, never texts or files, and cannot fail.
pub trait Rule: Sync {
    /// Returns what the rule says of itself.
    fn meta(&self) -> &'static Meta;

    /// Returns what the rule finds.
    fn check(&self, facts: &Facts<'_>) -> Vec<Finding>;
}

impl std::fmt::Debug for dyn Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.meta().name)
    }
}

/// Returns the rule of a name.
#[must_use]
pub fn lookup(name: &str) -> Option<&'static dyn Rule> {
    RULES.iter().copied().find(|rule| rule.meta().name == name)
}

/// Returns what all rules find: most harmful first, then in the order of the objects.
#[must_use]
pub fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = RULES.iter().flat_map(|rule| rule.check(facts)).collect();
    found.sort_by(|one, other| {
        let key = |finding: &Finding| {
            (std::cmp::Reverse(finding.severity), finding.object.clone(), finding.rule)
        };
        key(one).cmp(&key(other))
    });
    found
}
