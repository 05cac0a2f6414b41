//! Grants on what is in no namespace, given in namespaces.

use super::grants::Item;
use super::idle::{Idle, IdleRule, told, words_where};
use super::{Facts, Family, Meta};
use crate::finding::Severity;
use crate::rbac::access::Reach;
use crate::rbac::{List, Scope, Word, resources};

/// The rule `cluster-resource-in-role`.
pub(super) static RULE: IdleRule = IdleRule {
    meta: Meta {
        name: "cluster-resource-in-role",
        family: Family::Hygiene,
        summary: "a cluster-scoped resource that is only granted in namespaces",
        severity: Severity::Warning,
        explanation: include_str!("cluster_resource_in_role.md"),
        ..Meta::PLAIN
    },
    judge,
};

fn judge<'a>(facts: &Facts<'_>, item: &Item<'a>) -> Option<Idle<'a>> {
    // What is asked in the namespace of a pod, though the policy is in none.
    if item.rule.value.verbs.contains("use") {
        return None;
    }
    let mut words: Vec<&Word> =
        words_where(item, List::Resources, |it| is_in_none(facts, item, it));
    words.extend(item.rule.words_of(List::NonResourceUrls));
    if words.is_empty() || !is_in_namespaces(facts, item) {
        return None;
    }
    let is_role = item.object.identity.kind == "Role";
    let (why, help) = match is_role {
        true => ("a Role cannot give", "grant it by a ClusterRole and a ClusterRoleBinding"),
        false => ("the RoleBindings that lead here cannot give", "bind it by a ClusterRoleBinding"),
    };
    let verb = if words.len() == 1 { "is" } else { "are" };
    Some(Idle {
        severity: Severity::Warning,
        confidence: None,
        message: format!("grants {}, which {verb} in no namespace: {why} that", told(&words)),
        label: "in no namespace",
        help: help.into(),
        words,
        fix: None,
    })
}

/// Tells whether a resource is in no namespace in whichever of the item's groups has it.
fn is_in_none(facts: &Facts<'_>, item: &Item<'_>, resource: &str) -> bool {
    let rule = &item.rule.value;
    // A request on one namespace counts as one in it.
    let in_itself = ["get", "update", "patch", "delete", "*"];
    let is_namespaces = resource.split('/').next() == Some("namespaces");
    if is_namespaces && in_itself.iter().any(|verb| rule.verbs.contains(*verb)) {
        return false;
    }
    let plural = resource.split('/').next().unwrap_or(resource);
    let scope = |group: &smol_str::SmolStr| {
        let built_in = || resources::lookup(group, resource).map(|it| it.resource.scope);
        facts.estate.custom().of_plural(group, plural).or_else(built_in)
    };
    let mut scopes = rule.api_groups.iter().filter_map(scope).peekable();
    scopes.peek().is_some() && scopes.all(|scope| scope == Scope::Cluster)
}

/// Tells whether an item only holds in namespaces: it is a Role's, or only RoleBindings lead to it.
fn is_in_namespaces(facts: &Facts<'_>, item: &Item<'_>) -> bool {
    if item.object.identity.kind == "Role" {
        return true;
    }
    item.reach != Reach::Unbound
        && !item.everywhere
        && !facts.access.is_aggregated(item.role)
        && !super::unused_role::is_offered(item.object)
}
