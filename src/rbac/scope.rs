//! Which kinds of Kubernetes live outside of namespaces.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::resources;
use crate::document::{Document, View};

/// Where objects of a kind live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Once in the cluster.
    Cluster,
    /// Once in each namespace.
    Namespaced,
}

/// Returns the scope of a kind that Kubernetes itself serves or has served; none for custom
/// resources.
#[must_use]
pub fn built_in(group: &str, kind: &str) -> Option<Scope> {
    resources::of_kind(group, kind).map(|resource| resource.scope)
}

/// Where custom resources live, as the CRDs among the inputs say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomScopes {
    /// By group and kind.
    kinds: BTreeMap<(SmolStr, SmolStr), Scope>,
    /// By group and plural.
    plurals: BTreeMap<(SmolStr, SmolStr), Scope>,
    /// The API groups that a server of the inputs' own answers for.
    served: BTreeSet<SmolStr>,
}

impl CustomScopes {
    /// Builds what no CRD says.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the CRDs among `documents`, in `v1` and in `v1beta1`.
    #[must_use]
    pub fn read<'a>(documents: impl IntoIterator<Item = &'a Document>) -> Self {
        let mut scopes = Self::new();
        for document in documents {
            scopes.add(document.root());
        }
        scopes
    }

    /// Tells whether no CRD was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// Adds what other CRDs say.
    pub fn extend(&mut self, other: Self) {
        self.kinds.extend(other.kinds);
        self.plurals.extend(other.plurals);
        self.served.extend(other.served);
    }

    /// Returns the scope of the objects of a kind.
    #[must_use]
    pub fn of_kind(&self, group: &str, kind: &str) -> Option<Scope> {
        self.kinds.get(&(group.into(), kind.into())).copied()
    }

    /// Returns the scope of a resource, as rules name it, without its subresource.
    #[must_use]
    pub fn of_plural(&self, group: &str, plural: &str) -> Option<Scope> {
        self.plurals.get(&(group.into(), plural.into())).copied()
    }

    /// Returns the resources of an API group, as rules name them.
    pub fn plurals_of<'a>(&'a self, group: &'a str) -> impl Iterator<Item = &'a str> {
        let from = (SmolStr::new(group), SmolStr::default());
        let known = self.plurals.range(from..).map(|(key, _)| key);
        known.take_while(move |(known, _)| known == group).map(|(_, plural)| plural.as_str())
    }

    /// Tells whether an API group is the inputs' own: a CRD defines a kind of it, or an APIService leads
    /// to a server of theirs.
    #[must_use]
    pub fn has_group(&self, group: &str) -> bool {
        if self.served.contains(group) {
            return true;
        }
        let from = (SmolStr::new(group), SmolStr::default());
        self.kinds.range(from..).next().is_some_and(|((known, _), _)| known == group)
    }

    fn add(&mut self, root: View<'_>) -> Option<()> {
        self.served.extend(served(root));
        root.text("kind").filter(|kind| kind == "CustomResourceDefinition")?;
        root.text("apiVersion").filter(|it| it.starts_with("apiextensions.k8s.io/"))?;
        let spec = root.get("spec")?;
        // v1 demands a scope; in v1beta1 none means namespaced.
        let scope = match spec.text("scope").as_deref() {
            Some("Cluster") => Scope::Cluster,
            _ => Scope::Namespaced,
        };
        let (group, names) = (spec.text("group")?, spec.get("names")?);
        let by = [("kind", &mut self.kinds), ("plural", &mut self.plurals)];
        for (key, known) in by {
            if let Some(name) = names.text(key) {
                known.insert((group.clone(), name), scope);
            }
        }
        Some(())
    }
}

/// Returns the API group that an APIService gives to a server other than the API server itself.
fn served(root: View<'_>) -> Option<SmolStr> {
    root.text("kind").filter(|kind| kind == "APIService")?;
    root.text("apiVersion").filter(|it| it.starts_with("apiregistration.k8s.io/"))?;
    let spec = root.get("spec")?;
    spec.get("service").filter(|it| it.is_map())?;
    spec.text("group")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cluster-scoped kinds as they were once listed by hand, from the API reference.
    const CLUSTER_SCOPED: &[(&str, &[&str])] = &[
        ("", &["ComponentStatus", "Namespace", "Node", "PersistentVolume"]),
        (
            "admissionregistration.k8s.io",
            &[
                "ExternalAdmissionHookConfiguration", // gone
                "InitializerConfiguration",           // gone
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
        ("auditregistration.k8s.io", &["AuditSink"]), // gone
        ("authentication.k8s.io", &["SelfSubjectReview", "TokenReview"]),
        (
            "authorization.k8s.io",
            &["SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"],
        ),
        ("certificates.k8s.io", &["CertificateSigningRequest", "ClusterTrustBundle"]),
        ("extensions", &["PodSecurityPolicy", "ThirdPartyResource"]),
        ("flowcontrol.apiserver.k8s.io", &["FlowSchema", "PriorityLevelConfiguration"]),
        ("internal.apiserver.k8s.io", &["StorageVersion"]),
        ("metrics.k8s.io", &["NodeMetrics"]),
        ("networking.k8s.io", &["ClusterCIDR", "IPAddress", "IngressClass", "ServiceCIDR"]),
        ("node.k8s.io", &["RuntimeClass"]),
        ("policy", &["PodSecurityPolicy"]),
        ("rbac.authorization.k8s.io", &["ClusterRole", "ClusterRoleBinding"]),
        (
            "resource.k8s.io",
            &[
                "DeviceClass",
                "DeviceTaintRule",
                "ResourceClass", // gone
                "ResourcePoolStatusRequest",
                "ResourceSlice",
            ],
        ),
        ("scheduling.k8s.io", &["PriorityClass"]),
        (
            "storage.k8s.io",
            &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"],
        ),
        ("storagemigration.k8s.io", &["StorageVersionMigration"]),
    ];

    #[test]
    fn the_cluster_scoped_kinds_are_those_of_the_api_reference() {
        let listed = CLUSTER_SCOPED.iter();
        let mut listed: Vec<_> = listed
            .flat_map(|(group, kinds)| kinds.iter().map(move |kind| (*group, *kind)))
            .collect();
        let cluster = resources::all().iter().filter(|it| it.scope == Scope::Cluster);
        let mut found: Vec<_> = cluster.filter_map(|it| Some((it.group, it.kind?))).collect();
        listed.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, listed);
    }

    #[test]
    fn scopes_follow_group_and_kind() {
        assert_eq!(built_in("", "Namespace"), Some(Scope::Cluster));
        assert_eq!(built_in("", "ConfigMap"), Some(Scope::Namespaced));
        assert_eq!(built_in("apps", "Deployment"), Some(Scope::Namespaced));
        assert_eq!(built_in("scheduling.k8s.io", "PriorityClass"), Some(Scope::Cluster));
        assert_eq!(built_in("example.com", "PriorityClass"), None, "the group counts");
        assert_eq!(built_in("", "Tenant"), None, "so does the kind");
    }

    #[test]
    fn crds_say_where_custom_resources_live() {
        let crd = |version: &str, kind: &str, plural: &str, scope: &str| {
            format!(
                "apiVersion: apiextensions.k8s.io/{version}\nkind: CustomResourceDefinition\n\
                 spec: {{group: example.com, {scope}names: {{kind: {kind}, plural: {plural}}}}}\n---\n"
            )
        };
        let text = [
            crd("v1", "Tenant", "tenants", "scope: Cluster, "),
            crd("v1beta1", "Zone", "zones", "scope: Cluster, "),
            crd("v1beta1", "App", "apps", ""),
            crd("v1", "Flag", "flags", "scope: Namespaced, "),
            crd("v1", "Tenant", "tenants", "").replace("apiextensions.k8s.io", "example.com"),
        ];
        let mut sources = crate::source::SourceMap::new();
        let text = crate::input::Text::of_bytes(text.concat().into(), "crds.yaml", &mut sources);
        let documents = Document::read_all(&text.expect("it is UTF-8")).expect("it is YAML");
        let scopes = CustomScopes::read(&documents);
        let table = [
            ("Tenant", "tenants", Some(Scope::Cluster)),
            ("Zone", "zones", Some(Scope::Cluster)),
            ("App", "apps", Some(Scope::Namespaced)),
            ("Flag", "flags", Some(Scope::Namespaced)),
            ("Other", "others", None),
        ];
        for (kind, plural, expected) in table {
            assert_eq!(scopes.of_kind("example.com", kind), expected, "{kind}");
            assert_eq!(scopes.of_plural("example.com", plural), expected, "{plural}");
        }
        assert_eq!(scopes.of_kind("example.org", "Tenant"), None, "the group counts");
    }
}
