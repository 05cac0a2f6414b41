//! Ports of pods that can be reached.

use super::grants::{Ask, Item, ItemRule, Risky, Which, Words};
use super::{Facts, Family, Meta, Peer};
use crate::finding::Severity;

/// The rule `pod-port-forward`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "pod-port-forward",
        family: Family::Risk,
        summary: "a grant to reach ports that no Service exposes",
        score: Some("4.0"),
        peers: &[(Peer::Kubescape, "C-0063")],
        explanation: include_str!("pod_port_forward.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// What is asked about.
pub(super) const ASKS: [Ask; 2] = [
    ("", &["pods/portforward"], &["create", "get"]),
    ("", &["pods/proxy", "services/proxy"], &["get", "create", "update", "patch", "delete"]),
];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let many = item.holds_any(&ASKS).filter(|it| it.which == Which::All)?;
    let severity = item.severity(Severity::Info, many.which);
    let words = Words {
        objects: "",
        means: "this reaches ports past network policies and any login in front",
        help: "drop it, or name the pods or Services in `resourceNames`",
    };
    Some(many.risky((facts, item), severity, words))
}
