//! Others that can be acted as.

use super::grants::{Ask, Item, ItemRule, Many, Risky, Which, Words};
use super::{Facts, Family, Meta, Peer};
use crate::finding::Severity;
use crate::rbac::List;
use smol_str::SmolStr;

/// The rule `impersonate`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "impersonate",
        family: Family::Risk,
        summary: "a grant to act as other users, groups or accounts",
        severity: Severity::Error,
        score: Some("8.8"),
        peers: &[
            (Peer::Kubescape, "C-0065, C-0191"),
            (Peer::Trivy, "KSV-0043, KSV-0050"),
            (Peer::RbacPolice, "impersonate"),
            (Peer::KubiScan, "risky role"),
            (Peer::Krane, "risky rule"),
            (Peer::RbacTool, "impersonate"),
            (Peer::Checkov, "CKV2_K8S_3"),
        ],
        explanation: include_str!("impersonate.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// What is asked about; the keys of `userextras` are the writer's.
pub(super) const ASKS: [Ask; 2] = [
    ("", &["users", "groups", "serviceaccounts"], &["impersonate"]),
    ("authentication.k8s.io", &["uids", "userextras/*"], &["impersonate"]),
];

/// The constrained form: who may be acted as; what may be done so is granted beside it.
const CONSTRAINED: [Ask; 1] = [(
    "authentication.k8s.io",
    &["users", "groups", "serviceaccounts", "nodes", "uids"],
    &[
        "impersonate:user-info",
        "impersonate:serviceaccount",
        "impersonate:arbitrary-node",
        "impersonate:associated-node",
    ],
)];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let (many, in_cluster) = match item.holds_any(&ASKS).or_else(|| of_extras(item)) {
        Some(many) => (many, Severity::Error),
        None => (item.holds_any(&CONSTRAINED)?, Severity::Warning),
    };
    let names = &item.rule.value.resource_names;
    let is_harmless = |name: &SmolStr| !name.starts_with("system:");
    let severity = match many.which {
        Which::Named if names.iter().all(is_harmless) => Severity::Info,
        which => item.severity(in_cluster, which),
    };
    let words = Words {
        objects: "",
        means: "whoever is bound acts with all that those may do",
        help: match severity {
            Severity::Info => "drop it, if an account of its own can be granted what it does",
            _ => "name whom it acts as in `resourceNames`, and nobody of `system:`",
        },
    };
    Some(many.risky((facts, item), severity, words))
}

/// Returns what an item grants on the keys of `userextras` that it names.
fn of_extras(item: &Item<'_>) -> Option<Many> {
    let mut keys = item.rule.words_of(List::Resources);
    keys.find_map(|word| {
        let key = word.text.strip_prefix("userextras/")?;
        let resource = format!("userextras/{key}");
        let held = item.holds(("authentication.k8s.io", &resource), &["impersonate"])?;
        Some(Many::of(held, "userextras"))
    })
}
