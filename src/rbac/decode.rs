//! Documents to objects.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::estate::Body;
use super::scope::{self, Scope};
use super::{Binding, Estate, GROUP, Identity, Object, ObjectId, OwnerId, Role};
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
const SERVER_ANNOTATIONS: &[&str] = &["kubectl.kubernetes.io/last-applied-configuration"];

/// Where custom resources live, as the CRDs among the inputs say.
pub type CustomScopes = BTreeMap<(SmolStr, SmolStr), Scope>;

impl Estate {
    /// Reads a document as an object of an owner; none where it has no kind or no name.
    ///
    /// An object of a namespaced kind that names no namespace gets its owner's. A kind that
    /// neither Kubernetes nor `custom` knows counts as namespaced where it names a namespace or
    /// its owner has one.
    pub fn read(
        &mut self,
        document: &Document,
        owner: OwnerId,
        custom: &CustomScopes,
    ) -> Option<ObjectId> {
        let root = document.root();
        let identity = self.identify(root, owner, custom)?;
        let name_span = root.get("metadata")?.get("name")?.span();
        let body = match (identity.group.as_str(), identity.kind.as_str()) {
            (GROUP, "Role" | "ClusterRole") => Body::Role(Role::read(root)),
            (GROUP, "RoleBinding" | "ClusterRoleBinding") => {
                Body::Binding(Binding::read(root, identity.namespace.as_ref()))
            }
            _ => Body::Other,
        };
        let data = without_server_fields(root.data());
        Some(self.add(Object { identity, owner, name_span, span: root.span(), body, data }))
    }

    fn identify(&self, root: View<'_>, owner: OwnerId, custom: &CustomScopes) -> Option<Identity> {
        let owner = self.owner(owner);
        let kind = root.text("kind")?;
        let version = root.text("apiVersion").unwrap_or_default();
        let group = version.split_once('/').map_or("", |(group, _)| group);
        let metadata = root.get("metadata")?;
        let name = metadata.text("name").filter(|name| !name.is_empty())?;
        let known = scope::built_in(group, &kind)
            .or_else(|| custom.get(&(group.into(), kind.clone())).copied());
        let written = metadata.text("namespace").filter(|it| !it.is_empty());
        let namespace = match known {
            Some(Scope::Cluster) => None,
            Some(Scope::Namespaced) | None => {
                written.or_else(|| owner.name.namespace.as_deref().map(SmolStr::new))
            }
        };
        Some(Identity {
            cluster: owner.cluster.clone(),
            group: group.into(),
            kind,
            namespace,
            name,
        })
    }
}

/// Returns the scopes that the CRDs among `documents` declare.
#[must_use]
pub fn custom_scopes<'a>(documents: impl IntoIterator<Item = &'a Document>) -> CustomScopes {
    documents.into_iter().filter_map(|document| custom_scope(document.root())).collect()
}

fn custom_scope(root: View<'_>) -> Option<((SmolStr, SmolStr), Scope)> {
    root.text("kind").filter(|kind| kind == "CustomResourceDefinition")?;
    let spec = root.get("spec")?;
    let scope = match spec.text("scope")?.as_str() {
        "Cluster" => Scope::Cluster,
        _ => Scope::Namespaced,
    };
    Some(((spec.text("group")?, spec.get("names")?.text("kind")?), scope))
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
