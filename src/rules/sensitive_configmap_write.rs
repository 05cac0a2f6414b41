//! ConfigMaps that run the cluster.

use super::grants::{Ask, Item, ItemRule, Risky, Which, Words};
use super::{Facts, Family, Meta, Peer};
use crate::finding::Severity;
use crate::rbac::access::{Reach, Request};

/// The rule `sensitive-configmap-write`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "sensitive-configmap-write",
        family: Family::Risk,
        summary: "a grant to change the ConfigMaps that run the cluster",
        severity: Severity::Error,
        score: Some("6.6"),
        peers: &[
            (Peer::Kubescape, "C-0037"),
            (Peer::Trivy, "KSV-0115"),
            (Peer::RbacPolice, "eks_modify_aws_auth"),
        ],
        explanation: include_str!("sensitive_configmap_write.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// What is asked about.
pub(super) const ASKS: [Ask; 1] = [("", &["configmaps"], &["update", "patch"])];

/// Those of kube-system that say who is who, where names lead, and how nodes join.
const SENSITIVE: [&str; 4] = ["aws-auth", "coredns", "kube-proxy", "kubeadm-config"];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let many = item.holds_any(&ASKS)?;
    let namespace = item.object.identity.namespace.as_deref();
    let in_system = match item.reach {
        Reach::Cluster => true,
        Reach::Namespace => false,
        Reach::Unbound => namespace.is_none_or(|it| it == "kube-system"),
    };
    let is_sensitive = |name: &&str| {
        let update = |verb: &&'static str| {
            item.rule.value.allows(&Request::new(verb, "", "configmaps").named(name))
        };
        many.verbs.iter().any(update)
    };
    let in_cluster = match many.which {
        Which::All => Severity::Warning,
        Which::Named if SENSITIVE.iter().any(is_sensitive) => Severity::Error,
        Which::Named => return None,
    };
    let words = Words {
        objects: "ConfigMaps",
        means: "those of kube-system say who is who and where names lead",
        help: match many.which {
            Which::Named => "leave those of kube-system to whoever runs the cluster",
            Which::All => {
                "name in `resourceNames` what it writes, or take a Lease for leader election"
            }
        },
    };
    let severity = item.severity(in_cluster, Which::All);
    in_system.then(|| many.risky((facts, item), severity, words))
}
