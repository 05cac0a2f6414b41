//! Items that grant everything.

use super::grants::{Item, ItemRule, Risky, Which};
use super::{Facts, Family, Meta, Peer};
use crate::finding::Severity;
use crate::rbac::List;

/// The rule `wildcard-everything`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "wildcard-everything",
        family: Family::Risk,
        summary: "a grant of everything",
        severity: Severity::Error,
        score: Some("9.8"),
        peers: &[
            (Peer::Polaris, "clusterrolebindingClusterAdmin, rolebindingRoleClusterAdminRole"),
            (Peer::Kubescape, "C-0035, C-0187"),
            (Peer::Trivy, "KSV-0044"),
            (Peer::RbacPolice, "cluster_admin"),
            (Peer::KubiScan, "risky role"),
            (Peer::Krane, "risky any-verb"),
        ],
        explanation: include_str!("wildcard_everything.md"),
        ..Meta::PLAIN
    },
    judge,
};

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    if !item.rule.value.is_everything() {
        return None;
    }
    let (role, extent) = (item.holder(), item.extent(facts));
    let means = match item.everywhere {
        true => "whoever is bound to it owns the cluster",
        false => "whoever is bound to it owns all that is there",
    };
    Some(Risky {
        severity: item.severity(Severity::Error, Which::All),
        message: format!("{role} can do everything {extent}: {means}"),
        label: "everything".into(),
        help: "list the groups, resources and verbs that are used".into(),
        place: item.rule.place_of(List::Resources, "*").unwrap_or(item.rule.span),
        confidence: None,
    })
}
