//! Volumes that can be created.

use super::grants::{Ask, Item, ItemRule, Risky, Words};
use super::{Facts, Family, Meta, Peer};
use crate::finding::{Confidence, Severity};

/// The rule `volume-create`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "volume-create",
        family: Family::Risk,
        summary: "a grant to write PersistentVolumes",
        severity: Severity::Warning,
        confidence: Confidence::Medium,
        score: Some("6.8"),
        peers: &[(Peer::Kubescape, "C-0278"), (Peer::RbacTool, "storage")],
        explanation: include_str!("volume_create.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// What is asked about.
pub(super) const ASKS: [Ask; 1] = [("", &["persistentvolumes"], &["create", "update", "patch"])];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let many = item.holds_any(&ASKS)?;
    // Where a volume is cannot be changed, only which claim it belongs to.
    let creates = many.verbs.contains(&"create");
    let severity = match creates && !facts.brings_storage(item.role) {
        true => item.severity(Severity::Warning, many.which),
        false => Severity::Info,
    };
    let means = match creates {
        true => "a hostPath in it mounts the files of nodes, past Pod Security",
        false => "it hands volumes to other claims",
    };
    let help = match (facts.brings_storage(item.role), creates) {
        (true, _) => "bind it to the account of the driver alone, in a namespace of its own",
        (false, true) => "let a StorageClass provide volumes",
        (false, false) => "leave it to the schedulers and controllers that bind claims to volumes",
    };
    let words = Words { objects: "", means, help };
    Some(many.risky((facts, item), severity, words))
}
