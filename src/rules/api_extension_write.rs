//! APIs that can be changed.

use super::grants::{Ask, Item, ItemRule, Risky, Which, Words};
use super::{Facts, Family, Meta, Peer};
use crate::finding::{Confidence, Severity};

/// The rule `api-extension-write`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "api-extension-write",
        family: Family::Risk,
        summary: "a grant to write CustomResourceDefinitions or APIServices",
        severity: Severity::Warning,
        confidence: Confidence::Medium,
        score: Some("6.2"),
        peers: &[(Peer::RbacTool, "CRDs")],
        explanation: include_str!("api_extension_write.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// What is asked about.
pub(super) const ASKS: [Ask; 2] = [
    ("apiregistration.k8s.io", &["apiservices"], &["create", "update", "patch"]),
    ("apiextensions.k8s.io", &["customresourcedefinitions"], &["create", "update", "patch"]),
];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let many = item.holds_any(&ASKS).filter(|it| it.which == Which::All)?;
    let severity = if many.resources.contains(&"apiservices") {
        item.severity(Severity::Warning, many.which)
    } else {
        Severity::Info
    };
    let words = Words {
        objects: "",
        means: "it decides what APIs are that others rely on",
        help: "let the release bring them, or name them in `resourceNames`",
    };
    Some(many.risky((facts, item), severity, words))
}
