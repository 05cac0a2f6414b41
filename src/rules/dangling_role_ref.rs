//! Bindings to a role that is not there.

use super::{Facts, Family, Meta, Peer, Rule};
use crate::finding::{Confidence, Finding, Label, Severity};
use crate::rbac::access::Granted;
use crate::rbac::{GROUP, Object, ObjectId, OwnerKind, builtin};

/// The rule `dangling-role-ref`.
pub(super) struct DanglingRoleRef;

static META: Meta = Meta {
    name: "dangling-role-ref",
    family: Family::Hygiene,
    summary: "a binding to a role that no input brings",
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    peers: &[(Peer::KubeLinter, "cluster-admin-role-binding"), (Peer::Krane, "non-existing-roles")],
    explanation: include_str!("dangling_role_ref.md"),
    ..Meta::PLAIN
};

impl Rule for DanglingRoleRef {
    fn meta(&self) -> &Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let judged = facts.judged().filter(|(_, object)| !Facts::is_test(object));
        judged.filter_map(|(id, object)| found(facts, id, object)).collect()
    }
}

fn found(facts: &Facts<'_>, id: ObjectId, object: &Object) -> Option<Finding> {
    let binding = object.binding()?;
    let (role, identity) = (&binding.role_ref, &object.identity);
    let is_role = role.api_group == GROUP
        && !role.name.is_empty()
        && match role.kind.as_str() {
            "ClusterRole" => true,
            "Role" => identity.namespace.is_some(),
            _ => false,
        };
    // Which roles a platform makes cannot be known.
    let is_known = || {
        builtin::is_reserved(&role.name)
            || builtin::is_built_in(&role.kind, identity.namespace.as_deref(), &role.name)
    };
    if !is_role || matches!(facts.access.granted(id), Granted::Objects(_)) || is_known() {
        return None;
    }
    let owner = facts.estate.owner_of(id);
    let is_export = |it: &crate::rbac::Owner| {
        it.kind == OwnerKind::Export && it.group == owner.group && it.cluster == owner.cluster
    };
    // What is named like the release is no other release's.
    let is_own = || facts.release_of(id).is_some_and(|it| role.name.contains(it.name.as_str()));
    let is_sure = is_own() || facts.estate.owners().iter().any(is_export);
    let severity = if is_sure { META.severity } else { Severity::Info };
    let label = Label {
        span: binding.role_name.unwrap_or(binding.role_ref_span),
        text: "no such role".into(),
        owner: facts.release_of(id),
    };
    let message = format!("{identity} gives {role}, which no input brings: it gives nothing");
    let help = match home_of(&role.kind, &role.name) {
        Some(home) => format!("put the binding into namespace {home}, where the API server has it"),
        None => {
            "write the name that the role is given, or create it; `--against` tells rolecall what \
                 the cluster has"
                .into()
        }
    };
    Some(Finding {
        help: Some(help),
        confidence: META.confidence,
        owners: vec![owner.name.clone()],
        ..Finding::new((META.name, severity), message, label, identity.object_name())
    })
}

/// Returns the namespace in which the API server makes a Role of a name itself.
fn home_of(kind: &str, name: &str) -> Option<&'static str> {
    let has = |home: &&str| builtin::is_built_in("Role", Some(*home), name);
    ["kube-system", "kube-public"].into_iter().find(has).filter(|_| kind == "Role")
}
