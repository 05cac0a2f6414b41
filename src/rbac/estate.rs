//! All objects of all owners.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{Binding, Identity, Role};
use crate::finding::OwnerName;
use crate::source::Span;
use crate::yaml::Data;

/// The handle of an [`Owner`] of an estate; the order is that in which they are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnerId(pub usize);

/// The handle of an [`Object`] of an estate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub usize);

/// What an owner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnerKind {
    /// A release of a chart.
    Release,
    /// A release that only exists to see what a chart's names depend on.
    Probe,
    /// A manifest file.
    Manifest,
    /// An export of the cluster.
    Export,
}

/// Who brings objects: a release, a manifest file or an export.
#[derive(Debug, Clone)]
pub struct Owner {
    /// The release's name and namespace, or the file's path.
    pub name: OwnerName,
    /// What it is.
    pub kind: OwnerKind,
    /// The path of the release's chart.
    pub chart: Option<String>,
    /// The cluster it goes to, where the inventory names one.
    pub cluster: Option<SmolStr>,
    /// Which inputs it is compared with: a probed chart stands alone.
    pub group: usize,
}

/// What rolecall knows of an object beyond its identity.
#[derive(Debug, Clone)]
pub enum Body {
    /// A Role or ClusterRole.
    Role(Role),
    /// A RoleBinding or ClusterRoleBinding.
    Binding(Binding),
    /// Anything else.
    Other,
}

/// An object of an owner.
#[derive(Debug, Clone)]
pub struct Object {
    /// What makes it the same as another.
    pub identity: Identity,
    /// Who brings it.
    pub owner: OwnerId,
    /// Where its name stands.
    pub name_span: Span,
    /// Where the whole object stands.
    pub span: Span,
    /// Its meaning.
    pub body: Body,
    /// All of it, without what the server manages.
    pub data: Data,
}

impl Object {
    /// Returns the role that it is.
    #[must_use]
    pub fn role(&self) -> Option<&Role> {
        match &self.body {
            Body::Role(role) => Some(role),
            _ => None,
        }
    }

    /// Returns the binding that it is.
    #[must_use]
    pub fn binding(&self) -> Option<&Binding> {
        match &self.body {
            Body::Binding(binding) => Some(binding),
            _ => None,
        }
    }
}

/// All objects of all owners; two with one identity are what rolecall looks for.
#[derive(Debug, Default)]
pub struct Estate {
    owners: Vec<Owner>,
    objects: Vec<Object>,
}

impl Estate {
    /// Builds an empty estate.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an owner; those added earlier are applied earlier.
    pub fn add_owner(&mut self, owner: Owner) -> OwnerId {
        self.owners.push(owner);
        OwnerId(self.owners.len() - 1)
    }

    /// Adds an object.
    pub fn add(&mut self, object: Object) -> ObjectId {
        self.objects.push(object);
        ObjectId(self.objects.len() - 1)
    }

    /// Returns the owners in the order in which they are applied.
    #[must_use]
    pub fn owners(&self) -> &[Owner] {
        &self.owners
    }

    /// Returns an owner.
    #[must_use]
    pub fn owner(&self, id: OwnerId) -> &Owner {
        &self.owners[id.0]
    }

    /// Returns all objects in the order in which they were added.
    #[must_use]
    pub fn objects(&self) -> &[Object] {
        &self.objects
    }

    /// Returns an object.
    #[must_use]
    pub fn object(&self, id: ObjectId) -> &Object {
        &self.objects[id.0]
    }

    /// Returns the owner of an object.
    #[must_use]
    pub fn owner_of(&self, id: ObjectId) -> &Owner {
        self.owner(self.object(id).owner)
    }

    /// Returns the objects of each identity within each group of owners that are compared, in the
    /// order in which they are applied.
    #[must_use]
    pub fn by_identity(&self) -> BTreeMap<(usize, &Identity), Vec<ObjectId>> {
        let mut found: BTreeMap<_, Vec<ObjectId>> = BTreeMap::new();
        for (index, object) in self.objects.iter().enumerate() {
            let group = self.owner(object.owner).group;
            found.entry((group, &object.identity)).or_default().push(ObjectId(index));
        }
        for members in found.values_mut() {
            members.sort_by_key(|id| (self.object(*id).owner, *id));
        }
        found
    }
}

#[cfg(test)]
impl Estate {
    /// Reads texts as the objects of owners: what each is, its name and its namespace.
    pub(crate) fn of_texts(owners: &[(OwnerKind, &str, Option<&str>, &str)]) -> Self {
        let (mut estate, mut sources) = (Self::new(), crate::source::SourceMap::new());
        for (kind, name, namespace, text) in owners {
            let text = crate::input::Text::of_bytes((*text).into(), name, &mut sources);
            let owner = estate.add_owner(Owner {
                name: OwnerName { name: (*name).into(), namespace: namespace.map(Into::into) },
                kind: *kind,
                chart: None,
                cluster: None,
                group: 0,
            });
            let text = text.expect("it is UTF-8");
            for document in crate::document::Document::read_all(&text).expect("it is YAML") {
                estate.read(&document, owner, &super::CustomScopes::new());
            }
        }
        estate
    }
}
