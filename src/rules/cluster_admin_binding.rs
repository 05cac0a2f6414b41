//! Bindings to cluster-admin.

use super::bindings::{finding, risky};
use super::grants::few;
use super::{Facts, Family, Meta, Peer, Rule};
use crate::finding::{Finding, Severity};
use crate::rbac::{GROUP, RoleRef, Subject};

/// The rule `cluster-admin-binding`.
pub(super) struct ClusterAdminBinding;

static META: Meta = Meta {
    name: "cluster-admin-binding",
    family: Family::Risk,
    summary: "a binding to cluster-admin",
    severity: Severity::Error,
    score: Some("9.8"),
    peers: &[
        (Peer::KubeLinter, "cluster-admin-role-binding"),
        (Peer::Polaris, "clusterrolebindingClusterAdmin, rolebindingClusterAdminClusterRole"),
        (Peer::Kubescape, "C-0035, C-0185, C-0272"),
    ],
    explanation: include_str!("cluster_admin_binding.md"),
    ..Meta::PLAIN
};

/// The group that the server asks nobody about.
const MASTERS: &str = "system:masters";

impl Rule for ClusterAdminBinding {
    fn meta(&self) -> &Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        for (id, object) in facts.judged() {
            let Some(binding) = object.binding() else { continue };
            let RoleRef { api_group, kind, name } = &binding.role_ref;
            let subjects: Vec<Subject> = binding.by_canonical().into_keys().collect();
            let is_no_news = |it: &Subject| it.kind == "Group" && it.name == MASTERS;
            if (api_group.as_str(), kind.as_str(), name.as_str()) != (GROUP, "ClusterRole", ADMIN)
                || subjects.iter().all(is_no_news)
            {
                continue;
            }
            let (severity, what) = match &object.identity.namespace {
                None => (Severity::Error, "everything in the whole cluster".to_owned()),
                Some(namespace) => (Severity::Warning, format!("everything in {namespace}")),
            };
            let message = format!("{} lets {} do {what}", object.identity, few(&subjects));
            let help = "bind a role of its own that lists what is used";
            let place = binding.role_name.unwrap_or(binding.role_ref_span);
            let risky = risky(severity, (message, "cluster-admin", help), place);
            found.push(finding(facts, id, (&META, risky), binding.role_ref_span));
        }
        found
    }
}

const ADMIN: &str = "cluster-admin";
