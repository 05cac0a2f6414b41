//! Which kinds of Kubernetes live outside of namespaces.

/// The cluster-scoped kinds of Kubernetes and of the APIs it ships, by group, sorted.
const CLUSTER_SCOPED: &[(&str, &[&str])] = &[
    ("", &["ComponentStatus", "Namespace", "Node", "PersistentVolume"]),
    (
        "admissionregistration.k8s.io",
        &[
            "MutatingAdmissionPolicy",
            "MutatingAdmissionPolicyBinding",
            "MutatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
            "ValidatingWebhookConfiguration",
        ],
    ),
    ("apiextensions.k8s.io", &["CustomResourceDefinition"]),
    ("apiregistration.k8s.io", &["APIService"]),
    ("authentication.k8s.io", &["SelfSubjectReview", "TokenReview"]),
    (
        "authorization.k8s.io",
        &["SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"],
    ),
    ("certificates.k8s.io", &["CertificateSigningRequest", "ClusterTrustBundle"]),
    ("extensions", &["PodSecurityPolicy"]),
    ("flowcontrol.apiserver.k8s.io", &["FlowSchema", "PriorityLevelConfiguration"]),
    ("networking.k8s.io", &["IPAddress", "IngressClass", "ServiceCIDR"]),
    ("node.k8s.io", &["RuntimeClass"]),
    ("policy", &["PodSecurityPolicy"]),
    ("rbac.authorization.k8s.io", &["ClusterRole", "ClusterRoleBinding"]),
    (
        "resource.k8s.io",
        &["DeviceClass", "DeviceTaintRule", "ResourcePoolStatusRequest", "ResourceSlice"],
    ),
    ("scheduling.k8s.io", &["PriorityClass"]),
    (
        "storage.k8s.io",
        &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"],
    ),
    ("storagemigration.k8s.io", &["StorageVersionMigration"]),
];

/// Where objects of a kind live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Once in the cluster.
    Cluster,
    /// Once in each namespace.
    Namespaced,
}

/// The groups that Kubernetes itself serves besides those with cluster-scoped kinds.
const NAMESPACED_GROUPS: &[&str] =
    &["apps", "autoscaling", "batch", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io"];

/// Returns the scope of a kind that Kubernetes itself serves; none for custom resources.
#[must_use]
pub fn built_in(group: &str, kind: &str) -> Option<Scope> {
    let row = CLUSTER_SCOPED.iter().find(|(known, _)| *known == group);
    match row {
        Some((_, kinds)) if kinds.contains(&kind) => Some(Scope::Cluster),
        Some(_) => Some(Scope::Namespaced),
        None if NAMESPACED_GROUPS.contains(&group) => Some(Scope::Namespaced),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_follow_group_and_kind() {
        assert_eq!(built_in("", "Namespace"), Some(Scope::Cluster));
        assert_eq!(built_in("", "ConfigMap"), Some(Scope::Namespaced));
        assert_eq!(built_in("apps", "Deployment"), Some(Scope::Namespaced));
        assert_eq!(built_in("scheduling.k8s.io", "PriorityClass"), Some(Scope::Cluster));
        assert_eq!(built_in("example.com", "PriorityClass"), None, "the group counts");
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(CLUSTER_SCOPED.is_sorted_by_key(|(group, _)| *group));
        assert!(CLUSTER_SCOPED.iter().all(|(_, kinds)| kinds.is_sorted()));
    }
}
