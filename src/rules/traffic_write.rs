//! Traffic that can be led elsewhere.

use super::grants::{Ask, Item, ItemRule, Risky, Which, Words};
use super::{Facts, Family, Meta, Peer};
use crate::finding::{Confidence, Severity};

/// The rule `traffic-write`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "traffic-write",
        family: Family::Risk,
        summary: "a grant to lead traffic elsewhere",
        confidence: Confidence::Medium,
        score: Some("4.5"),
        peers: &[
            (Peer::Trivy, "KSV-0056"),
            (Peer::RbacPolice, "modify_service_status, modify_pod_status"),
            (Peer::RbacTool, "networking"),
            (Peer::Checkov, "CKV2_K8S_4"),
        ],
        explanation: include_str!("traffic_write.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// What is asked about.
pub(super) const ASKS: [Ask; 2] = [
    ("", &["endpoints", "services/status", "pods/status"], &["create", "update", "patch"]),
    ("discovery.k8s.io", &["endpointslices"], &["create", "update", "patch"]),
];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let many = item.holds_any(&ASKS).filter(|it| it.which == Which::All)?;
    let severity = item.severity(Severity::Info, many.which);
    let is_status = |it: &&str| it.ends_with("/status");
    let help = match many.resources.iter().all(is_status) {
        true => {
            "leave it to what balances load or runs pods, or name the objects in `resourceNames`"
        }
        false => "take a Lease for leader election, and name what is written in `resourceNames`",
    };
    let words = Words {
        objects: "",
        means: "connections of others can be led to an address of choice",
        help,
    };
    Some(many.risky((facts, item), severity, words))
}
