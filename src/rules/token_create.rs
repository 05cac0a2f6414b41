//! Tokens of accounts.

use super::grants::{Ask, Item, ItemRule, Risky, Which, Words};
use super::{Facts, Family, Meta, Peer};
use crate::finding::Severity;

/// The rule `token-create`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "token-create",
        family: Family::Risk,
        summary: "a grant to create tokens of accounts",
        severity: Severity::Error,
        score: Some("8.5"),
        peers: &[
            (Peer::Kubescape, "C-0282"),
            (Peer::RbacPolice, "token_request, obtain_token_weak_ns"),
        ],
        explanation: include_str!("token_create.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// What is asked about.
pub(super) const ASKS: [Ask; 1] = [("", &["serviceaccounts/token"], &["create"])];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let many = item.holds_any(&ASKS)?;
    let severity = match many.which {
        Which::Named => Severity::Info,
        Which::All => item.severity(Severity::Error, Which::All),
    };
    let help = match many.which {
        Which::Named => "mount a projected token, if a pod needs one of its own account alone",
        Which::All => {
            "name the accounts in `resourceNames`: it restricts the create of subresources"
        }
    };
    let words = Words { objects: "", means: "whoever holds a token acts as that account", help };
    Some(many.risky((facts, item), severity, words))
}
