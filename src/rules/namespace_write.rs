//! Namespaces that can be changed.

use super::grants::{Ask, Item, ItemRule, Risky, Which, Words};
use super::{Facts, Family, Meta};
use crate::finding::{Confidence, Severity};

/// The rule `namespace-write`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "namespace-write",
        family: Family::Risk,
        summary: "a grant to change namespaces and their labels",
        severity: Severity::Warning,
        confidence: Confidence::Medium,
        score: Some("5.5"),
        explanation: include_str!("namespace_write.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// What is asked about.
pub(super) const ASKS: [Ask; 1] = [("", &["namespaces"], &["update", "patch"])];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let many = item.holds_any(&ASKS).filter(|it| it.which == Which::All)?;
    let severity = item.severity(Severity::Warning, many.which);
    let words = Words {
        objects: "",
        means: "a label switches off Pod Security, a network policy or a webhook",
        help: "name the namespaces, or guard their labels by an admission policy",
    };
    Some(many.risky((facts, item), severity, words))
}
