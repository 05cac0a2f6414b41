//! ClusterRoles that only one namespace uses.

use super::unused_role::is_offered;
use super::{Facts, Family, Meta, Rule};
use crate::finding::{Confidence, Finding, Label, Severity};
use crate::rbac::{Object, ObjectId, Role};

/// The rule `could-be-role`.
pub(super) struct CouldBeRole;

static META: Meta = Meta {
    name: "could-be-role",
    family: Family::Hygiene,
    summary: "a ClusterRole that is only bound in one namespace",
    severity: Severity::Info,
    confidence: Confidence::Medium,
    explanation: include_str!("could_be_role.md"),
    ..Meta::PLAIN
};

impl Rule for CouldBeRole {
    fn meta(&self) -> &Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let roles = facts.judged().filter(|(_, it)| it.identity.kind == "ClusterRole");
        roles.filter_map(|(id, it)| found(facts, id, (it, it.role()?))).collect()
    }
}

fn found(facts: &Facts<'_>, id: ObjectId, (object, role): (&Object, &Role)) -> Option<Finding> {
    let mut namespaces = facts.access.namespaces(id);
    let only = namespaces.next().filter(|_| !facts.access.is_everywhere(id))?;
    let is_shared = namespaces.next().is_some()
        || role.selectors.is_some()
        || facts.access.is_aggregated(id)
        || is_offered(object);
    if is_shared {
        return None;
    }
    let identity = &object.identity;
    let message = format!("{identity} is only bound in namespace {only}, where a Role would do");
    let owner = facts.release_of(id);
    let label = Label { span: object.name_span, text: "bound in one namespace".into(), owner };
    Some(Finding {
        help: Some("make it a Role of that namespace: nobody can bind it elsewhere".into()),
        related: facts.labels_of_bindings(id),
        extent: object.span,
        confidence: META.confidence,
        owners: vec![facts.estate.owner_of(id).name.clone()],
        ..Finding::new((META.name, META.severity), message, label, identity.object_name())
    })
}
