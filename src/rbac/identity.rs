//! What makes two objects the same object on a cluster.

use smol_str::SmolStr;

use super::CustomScopes;
use super::scope::{self, Scope};
use crate::finding::ObjectName;

/// The identity of an object: two objects with one identity overwrite each other.
///
/// The version of the API is no part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// The cluster, where the inventory names one.
    pub cluster: Option<SmolStr>,
    /// The API group; empty for the core group.
    pub group: SmolStr,
    /// The kind.
    pub kind: SmolStr,
    /// The namespace that counts; none for cluster-scoped objects.
    pub namespace: Option<SmolStr>,
    /// The name.
    pub name: SmolStr,
}

impl Identity {
    /// Takes the namespace from a custom resource that a CRD says is cluster-scoped.
    pub fn settle(&mut self, custom: &CustomScopes) {
        if self.namespace.is_some()
            && !custom.is_empty()
            && scope::built_in(&self.group, &self.kind).is_none()
            && custom.of_kind(&self.group, &self.kind) == Some(Scope::Cluster)
        {
            self.namespace = None;
        }
    }

    /// Returns the identity settled, as [`Identity::settle`] does.
    #[must_use]
    pub fn settled(mut self, custom: &CustomScopes) -> Self {
        self.settle(custom);
        self
    }

    /// Returns the names that the machine formats give.
    #[must_use]
    pub fn object_name(&self) -> ObjectName {
        ObjectName {
            api_group: self.group.to_string(),
            kind: self.kind.to_string(),
            namespace: self.namespace.as_ref().map(SmolStr::to_string),
            name: self.name.to_string(),
        }
    }
}

impl std::fmt::Display for Identity {
    /// Writes `ClusterRole flux`, or `Role flux in namespace app1`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.kind, self.name)?;
        match &self.namespace {
            Some(namespace) => write!(f, " in namespace {namespace}"),
            None => Ok(()),
        }
    }
}
