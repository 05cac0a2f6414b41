//! Bindings of one name that grant different roles.

use std::collections::BTreeSet;

use super::contenders::{Verdict, finding, holders, named, with_outcome};
use super::{Facts, Family, Meta, Rule};
use crate::collide::Outcome;
use crate::finding::{Finding, Severity, listed};

/// The rule `role-ref-conflict`.
pub(super) struct RoleRefConflict;

static META: Meta = Meta {
    name: "role-ref-conflict",
    family: Family::Collision,
    summary: "bindings of one name that grant different roles",
    severity: Severity::Error,
    explanation: include_str!("role_ref_conflict.md"),
    ..Meta::PLAIN
};

impl Rule for RoleRefConflict {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        with_outcome(facts, Outcome::RoleRefConflict)
            .map(|collision| {
                let roles: BTreeSet<String> = collision
                    .members
                    .iter()
                    .filter_map(|id| facts.estate.object(*id).binding())
                    .map(|binding| binding.role_ref.to_string())
                    .collect();
                let roles: Vec<String> = roles.into_iter().collect();
                let verdict = Verdict {
                    severity: Severity::Error,
                    message: format!(
                        "{} binds {} in {}: roleRef cannot be changed, so only the first is applied",
                        named(facts, collision),
                        listed(&roles),
                        holders(facts.estate, collision),
                    ),
                    help: "rename one of the bindings".into(),
                };
                finding(facts, &META, collision, verdict)
            })
            .collect()
    }
}
