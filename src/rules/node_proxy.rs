//! The API of kubelets.

use super::grants::{Ask, Item, ItemRule, Risky, Which, Words};
use super::{Facts, Family, Meta, Peer};
use crate::finding::Severity;

/// The rule `node-proxy`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "node-proxy",
        family: Family::Risk,
        summary: "a grant on nodes/proxy, the whole API of kubelets",
        severity: Severity::Warning,
        score: Some("8.0"),
        peers: &[
            (Peer::Kubescape, "C-0279"),
            (Peer::Trivy, "KSV-0047"),
            (Peer::RbacPolice, "nodes_proxy"),
            (Peer::KubiScan, "risky role"),
            (Peer::RbacTool, "nodes/proxy"),
            (Peer::Checkov, "CKV2_K8S_2"),
        ],
        explanation: include_str!("node_proxy.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// What is asked about.
pub(super) const ASKS: [Ask; 1] =
    [("", &["nodes/proxy"], &["get", "create", "update", "patch", "delete"])];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let many = item.holds_any(&ASKS)?;
    let severity = if many.which == Which::Named { Severity::Info } else { Severity::Warning };
    let words = Words {
        objects: "",
        means: "even get runs commands in all pods, past admission and audit",
        help: "ask for nodes/metrics, nodes/stats or nodes/log; from 1.33 also nodes/pods, nodes/healthz, nodes/configz",
    };
    Some(many.risky((facts, item), severity, words))
}
