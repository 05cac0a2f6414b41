//! Secrets that can be written.

use super::grants::{Ask, Item, ItemRule, Risky, Which, Words};
use super::{Facts, Family, Meta, Peer};
use crate::finding::Severity;

/// The rule `secrets-write`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "secrets-write",
        family: Family::Risk,
        summary: "a grant to write Secrets",
        severity: Severity::Warning,
        score: Some("7.0"),
        peers: &[
            (Peer::Trivy, "KSV-0041"),
            (Peer::RbacPolice, "issue_token_secrets"),
            (Peer::RbacTool, "secrets"),
        ],
        explanation: include_str!("secrets_write.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// What is asked about.
pub(super) const ASKS: [Ask; 1] = [("", &["secrets"], &["create", "update", "patch"])];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let many = item.holds_any(&ASKS)?;
    let severity = item.severity(Severity::Warning, many.which);
    // The type of a Secret cannot be changed, so a token takes a new one.
    let means = match many.verbs.contains(&"create") {
        true => "whoever creates one gets a token of any account beside it",
        false => "whoever changes one replaces what others trust",
    };
    let help = match many.which {
        Which::Named => "let the release write them, or what issues them, such as cert-manager",
        Which::All => "name the Secrets in `resourceNames`, and create them with the release",
    };
    let words = Words { objects: "Secrets", means, help };
    Some(many.risky((facts, item), severity, words))
}
