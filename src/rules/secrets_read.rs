//! Secrets that can be read.

use super::grants::{Ask, Item, ItemRule, Risky, Which};
use super::{Facts, Family, Meta, Peer};
use crate::finding::{Severity, listed};

/// The rule `secrets-read`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "secrets-read",
        family: Family::Risk,
        summary: "a grant to read Secrets",
        severity: Severity::Warning,
        score: Some("6.5"),
        peers: &[
            (Peer::KubeLinter, "access-to-secrets"),
            (Peer::Kubescape, "C-0015, C-0186"),
            (Peer::Trivy, "KSV-0041"),
            (Peer::RbacPolice, "list_secrets, retrieve_token_secrets"),
            (Peer::KubiScan, "risky role"),
            (Peer::Krane, "risky rule"),
            (Peer::RbacTool, "secrets"),
            (Peer::Checkov, "CKV2_K8S_5"),
        ],
        explanation: include_str!("secrets_read.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// What is asked about.
pub(super) const ASKS: [Ask; 1] = [("", &["secrets"], &["get", "list", "watch"])];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let held = item.holds_any(&ASKS)?;
    // What a list shows is not only the names: a client that may list by name may get it as well.
    let severity = item.severity(Severity::Warning, held.which);
    let (role, verbs, names) = (item.holder(), listed(&held.verbs), item.names());
    let extent = item.extent(facts);
    Some(Risky {
        severity,
        message: match held.which {
            Which::Named => format!("{role} can {verbs} the Secrets{names} {extent}"),
            Which::All => format!(
                "{role} can {verbs} all Secrets {extent}: passwords, keys and the tokens of accounts"
            ),
        },
        label: format!("{verbs} secrets"),
        help: match held.which {
            Which::Named => "mount them into the pod that needs them, if it can do without the API",
            Which::All => {
                "name the Secrets in `resourceNames`, or mount them into the pod that needs them"
            }
        }
        .into(),
        place: held.place,
        confidence: None,
    })
}
