//! Items with all resources of a group.

use super::grants::{Item, ItemRule, Risky, Which, few};
use super::powers::{TAKES_ALL, has_listed_group, reached};
use super::{Facts, Family, Meta, Peer};
use crate::finding::Severity;
use crate::rbac::List;

/// The rule `wildcard-resource`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "wildcard-resource",
        family: Family::Risk,
        summary: "a grant on all resources of a group",
        severity: Severity::Warning,
        score: Some("8.0"),
        peers: &[
            (Peer::KubeLinter, "wildcard-in-rules"),
            (Peer::Trivy, "KSV-0046"),
            (Peer::KubiScan, "risky role"),
            (Peer::Checkov, "CKV_K8S_49"),
        ],
        explanation: include_str!("wildcard_resource.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// The verbs that only read.
const READ: [&str; 3] = ["get", "list", "watch"];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let place = item.rule.place_of(List::Resources, "*")?;
    let reached = reached(item);
    let verbs: Vec<&str> = item.rule.words_of(List::Verbs).map(|it| it.text.as_str()).collect();
    let only_reads = verbs.iter().all(|verb| READ.contains(verb));
    let which = match item.rule.value.resource_names.is_empty() {
        true => Which::All,
        false => Which::Named,
    };
    let severity = match has_listed_group(item) && !(only_reads && reached.is_empty()) {
        true if reached.iter().any(|it| TAKES_ALL.contains(it)) => {
            item.severity(Severity::Error, which)
        }
        true => item.severity(Severity::Warning, which),
        false => Severity::Info,
    };
    let means = match reached.is_empty() {
        true => "also those that come later".into(),
        false => format!("also to {}", few(&reached)),
    };
    let (role, extent, names) = (item.holder(), item.extent(facts), item.names());
    let (verbs, groups) = (item.verbs(), item.groups());
    Some(Risky {
        severity,
        message: format!("{role} can {verbs} every resource of {groups}{names} {extent}: {means}"),
        label: "every resource".into(),
        help: match item.has_built_in_group() && !has_listed_group(item) {
            true => {
                "name the metrics that are read; all is for controllers that scale by any".into()
            }
            false => "list the resources that are used".into(),
        },
        place,
        confidence: None,
    })
}
