//! What makes two objects the same object on a cluster.

use smol_str::SmolStr;

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
