//! Nodes that can be changed.

use super::grants::{Ask, Item, ItemRule, Risky, Words};
use super::{Facts, Family, Meta, Peer};
use crate::finding::{Confidence, Severity};
use crate::rbac::Subject;

/// The rule `node-write`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "node-write",
        family: Family::Risk,
        summary: "a grant to change or delete nodes",
        severity: Severity::Warning,
        confidence: Confidence::Medium,
        score: Some("6.0"),
        peers: &[(Peer::RbacPolice, "modify_node_status, steal_pods")],
        explanation: include_str!("node_write.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// What is asked about.
pub(super) const ASKS: [Ask; 1] =
    [("", &["nodes", "nodes/status"], &["update", "patch", "delete"])];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let many = item.holds_any(&ASKS)?;
    let severity = if is_agent(facts, item) {
        Severity::Info
    } else {
        item.severity(Severity::Warning, many.which)
    };
    // A request on the status changes labels, but no taints.
    let (means, help) = match many.resources.as_slice() {
        ["nodes/status"] => (
            "labels, capacity and conditions steer pods onto a node of choice",
            "leave it to the kubelet, or bind it to the account of a DaemonSet alone",
        ),
        _ => (
            "taints and labels steer pods onto a node of choice",
            "ask for nodes/status alone, and let the cloud provider set labels",
        ),
    };
    let words = Words { objects: "", means, help };
    Some(many.risky((facts, item), severity, words))
}

/// Tells whether the item is that of an agent of nodes: a DaemonSet in kube-system, by its account.
fn is_agent(facts: &Facts<'_>, item: &Item<'_>) -> bool {
    let in_system = |subject: &Subject| subject.namespace.as_deref() == Some("kube-system");
    let is_of_system = |id| {
        let binding = facts.estate.object(id).binding();
        binding.is_some_and(|it| it.by_canonical().keys().all(in_system))
    };
    facts.brings_agents(item.role) && item.bindings(facts).into_iter().all(is_of_system)
}
