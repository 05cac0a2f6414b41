//! Objects whose controllers act with more power.

use super::grants::{Ask, Item, ItemRule, Risky, Words};
use super::{Facts, Family, Meta, Peer};
use crate::finding::{Confidence, Severity};

/// The rule `policy-engine-write`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "policy-engine-write",
        family: Family::Risk,
        summary: "a grant to steer controllers that hold more",
        confidence: Confidence::Low,
        score: Some("3.9"),
        peers: &[(Peer::RbacTool, "Gatekeeper, Kyverno")],
        explanation: include_str!("policy_engine_write.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// The APIs whose controllers apply, change or run what their objects say, with rights of their own.
const ASKS: [Ask; 11] = [
    ("argoproj.io", &["applications", "applicationsets", "appprojects"], WRITE),
    ("kustomize.toolkit.fluxcd.io", &["kustomizations"], WRITE),
    ("helm.toolkit.fluxcd.io", &["helmreleases"], WRITE),
    ("source.toolkit.fluxcd.io", &["buckets", "gitrepositories", "ocirepositories"], WRITE),
    ("kyverno.io", &["clusterpolicies", "policies", "policyexceptions"], WRITE),
    ("templates.gatekeeper.sh", &["constrainttemplates"], WRITE),
    ("config.gatekeeper.sh", &["configs"], WRITE),
    ("pkg.crossplane.io", &["configurations", "functions", "providers"], WRITE),
    ("apiextensions.crossplane.io", &["compositeresourcedefinitions", "compositions"], WRITE),
    ("cluster.x-k8s.io", &["clusters", "machinedeployments", "machines"], WRITE),
    ("fleet.cattle.io", &["bundles", "gitrepos"], WRITE),
];

const WRITE: &[&str] = &["create", "update", "patch"];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let many = item.holds_any(&ASKS)?;
    let severity = item.severity(Severity::Info, many.which);
    let words = Words {
        objects: "",
        means: "their controller carries out what they say, with its own rights",
        help: "let only those write them who may hold what the controller holds",
    };
    Some(many.risky((facts, item), severity, words))
}
