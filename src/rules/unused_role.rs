//! Roles that nobody binds.

use super::{Facts, Family, Meta, Rule};
use crate::finding::{Confidence, Finding, Label, Severity};
use crate::rbac::{Object, ObjectId, builtin};

/// The rule `unused-role`.
pub(super) struct UnusedRole;

static META: Meta = Meta {
    name: "unused-role",
    family: Family::Hygiene,
    summary: "a role that no binding among the inputs leads to",
    severity: Severity::Info,
    confidence: Confidence::Medium,
    explanation: include_str!("unused_role.md"),
    ..Meta::PLAIN
};

/// How the names of roles end that are made for people to be bound to.
const FOR_PEOPLE: [&str; 5] = ["view", "edit", "viewer", "editor", "admin"];

impl Rule for UnusedRole {
    fn meta(&self) -> &Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let roles = facts.judged().filter(|(_, object)| object.role().is_some());
        let unused = roles.filter(|(id, object)| {
            facts.access.bindings_of(*id).is_empty()
                && !facts.access.is_aggregated(*id)
                && !Facts::is_test(object)
                && !object.identity.name.is_empty()
                && !is_offered(object)
        });
        unused.map(|(id, object)| found(facts, id, object)).collect()
    }
}

/// Tells whether a role is made for others to take: its labels say so, or its name, or the API server
/// makes it.
pub(super) fn is_offered(object: &Object) -> bool {
    let it = &object.identity;
    let is_for_people = FOR_PEOPLE.iter().any(|end| it.name.ends_with(end));
    let is_known = builtin::is_built_in(&it.kind, it.namespace.as_deref(), &it.name);
    is_for_people || is_known || object.label_keys().any(|key| key.contains("aggregate-to-"))
}

fn found(facts: &Facts<'_>, id: ObjectId, object: &Object) -> Finding {
    let identity = &object.identity;
    let message = format!("{identity} is bound by nobody");
    let owner = facts.release_of(id);
    let label = Label { span: object.name_span, text: "no binding".into(), owner };
    Finding {
        help: Some(
            "bind it, or leave it away; give rolecall the bindings if others make them".into(),
        ),
        extent: object.span,
        confidence: META.confidence,
        owners: vec![facts.estate.owner_of(id).name.clone()],
        ..Finding::new((META.name, META.severity), message, label, identity.object_name())
    }
}
