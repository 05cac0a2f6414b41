//! Documents to objects.

use std::sync::Arc;

use smol_str::SmolStr;

use super::estate::{Body, Content};
use super::marks::HOOK;
use super::scope::{self, Scope};
use super::{Binding, Estate, GROUP, Identity, Object, ObjectId, Owner, OwnerId, Role, validity};
use crate::document::{Document, View};
use crate::yaml::Data;

/// The keys of `metadata` that only the server writes.
const SERVER_METADATA: &[&str] = &[
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// The annotations that deployers keep their own state in.
const SERVER_ANNOTATIONS: &[&str] = &[
    "kubectl.kubernetes.io/last-applied-configuration",
    // Helm 4 writes it for post-renderers, and takes it away again.
    "postrenderer.helm.sh/postrender-filename",
];

/// What names an object, as its document writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The API group; empty for the core group.
    pub group: SmolStr,
    /// The kind.
    pub kind: SmolStr,
    /// The namespace that is written.
    pub namespace: Option<SmolStr>,
    /// The name; empty where the API server is to refuse or to make it.
    pub name: SmolStr,
    /// Whether it is a Secret with a token of an account.
    pub has_token: bool,
}

/// The type of Secrets that the server fills with a token of an account.
pub const TOKEN_SECRET: &str = "kubernetes.io/service-account-token";

impl Head {
    /// Reads what names an object; none where it has no kind, or no name and is no object of RBAC.
    #[must_use]
    pub fn read(root: View<'_>) -> Option<Self> {
        let kind = root.text("kind")?;
        let version = root.text("apiVersion").unwrap_or_default();
        let group = version.split_once('/').map_or("", |(group, _)| group);
        let metadata = root.get("metadata");
        let part = |key: &str| metadata?.text(key).filter(|it| !it.is_empty());
        let (name, namespace) = (part("name"), part("namespace"));
        if name.is_none() && !validity::is_judged(group, &kind) {
            return None;
        }
        let name = name.unwrap_or_default();
        let has_token = kind == "Secret"
            && group.is_empty()
            && root.text("type").is_some_and(|it| it == TOKEN_SECRET);
        Some(Self { group: group.into(), kind, namespace, name, has_token })
    }

    /// Tells whether what such an object says is always worth keeping: of others only the name is,
    /// unless somebody contests it.
    #[must_use]
    pub fn is_judged(&self) -> bool {
        self.group == GROUP
            || self.has_token
            || scope::built_in(&self.group, &self.kind) == Some(Scope::Cluster)
            || validity::is_refused_account(self)
    }

    /// Returns the identity of such an object of an owner.
    ///
    /// An object of a namespaced kind that names no namespace gets its owner's. A kind that
    /// Kubernetes does not know counts as namespaced.
    #[must_use]
    pub fn identity(&self, owner: &Owner) -> Identity {
        let written = || self.namespace.clone();
        let namespace = match scope::built_in(&self.group, &self.kind) {
            Some(Scope::Cluster) => None,
            Some(Scope::Namespaced) | None => {
                written().or_else(|| owner.name.namespace.as_deref().map(SmolStr::new))
            }
        };
        Identity {
            cluster: owner.cluster.clone(),
            group: self.group.clone(),
            kind: self.kind.clone(),
            namespace,
            name: self.name.clone(),
        }
    }

    /// Tells whether what such an object says depends on the namespace of its owner: subjects of a
    /// RoleBinding are in its own where they name none.
    #[must_use]
    pub fn depends_on_namespace(&self) -> bool {
        self.group == GROUP && self.kind == "RoleBinding" && self.namespace.is_none()
    }
}

impl Content {
    /// Reads what an object says; `namespace` is the one that counts for it.
    #[must_use]
    pub fn read(root: View<'_>, head: &Head, namespace: Option<&SmolStr>) -> Self {
        let body = match (head.group.as_str(), head.kind.as_str()) {
            (GROUP, "Role" | "ClusterRole") => Body::Role(Role::read(root)),
            (GROUP, "RoleBinding" | "ClusterRoleBinding") => {
                Body::Binding(Binding::read(root, namespace))
            }
            _ => Body::Other,
        };
        let metadata = root.get("metadata");
        let name = metadata.and_then(|it| it.get("name"));
        let annotations = metadata.and_then(|it| it.get("annotations"));
        let data = without_server_fields(root.data());
        let flaws = validity::flaws(root, head);
        Self {
            name_span: name.unwrap_or(root).span(),
            namespace_span: metadata.and_then(|it| it.get("namespace")).map(View::span),
            version_span: root.get("apiVersion").unwrap_or(root).span(),
            hook_span: annotations.and_then(|it| it.get(HOOK)).map(View::span),
            span: root.span(),
            body,
            data,
            flaws,
        }
    }
}

impl Estate {
    /// Reads a document as an object of an owner; none where it has no [`Head`].
    ///
    /// Once all are read, [`Estate::settle`] moves custom resources to where they live.
    pub fn read(&mut self, document: &Document, owner: OwnerId) -> Option<ObjectId> {
        let root = document.root();
        let head = Head::read(root)?;
        let identity = head.identity(self.owner(owner));
        let content = Arc::new(Content::read(root, &head, identity.namespace.as_ref()));
        Some(self.add(Object { identity, owner, content, crd_file: false }))
    }
}

/// Returns an object without what the server manages: it never counts and is never written.
fn without_server_fields(mut data: Data) -> Data {
    let Data::Map(root) = &mut data else { return data };
    root.remove("status");
    let Some(Data::Map(metadata)) = root.get_mut("metadata") else { return data };
    for key in SERVER_METADATA {
        metadata.remove(*key);
    }
    if let Some(Data::Map(annotations)) = metadata.get_mut("annotations") {
        for key in SERVER_ANNOTATIONS {
            annotations.remove(*key);
        }
    }
    for key in ["annotations", "labels"] {
        if matches!(metadata.get(key), Some(Data::Null)) {
            metadata.remove(key);
        }
        if matches!(metadata.get(key), Some(Data::Map(entries)) if entries.is_empty()) {
            metadata.remove(key);
        }
    }
    data
}
