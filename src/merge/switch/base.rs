//! A release as it is without a change, and what is read of it only once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use smol_str::SmolStr;

use crate::document::Document;
use crate::finding::OwnerName;
use crate::rbac::{CustomScopes, Estate, Identity, Owner, OwnerId, OwnerKind};
use crate::render::output::Manifest;
use crate::render::{Prepared, Release};
use crate::source::SourceMap;
use crate::yaml::{self, Data};

/// An object of a release.
#[derive(Debug)]
pub(super) struct Held {
    /// The template file that it comes from.
    pub(super) source: SmolStr,
    identity: Identity,
    data: Data,
}

/// The objects of a release: an identity may stand in it more than once.
pub(super) type Objects = BTreeMap<Identity, Vec<Arc<Held>>>;

/// A release as it is.
pub(super) struct Base {
    pub(super) objects: Objects,
    scopes: CustomScopes,
    /// What each text was read as, so that what a change leaves alone is not read again.
    read: HashMap<(SmolStr, String), Vec<Arc<Held>>>,
}

impl Base {
    /// Renders a release; none where that fails, or gives what is no YAML.
    pub(super) fn of(prepared: &Prepared, release: &Release) -> Option<Self> {
        let manifests = prepared.render(release).ok()?.manifests;
        let mut documents = Vec::new();
        for manifest in &manifests {
            documents.push((manifest, parsed(manifest)?));
        }
        let all = documents.iter().flat_map(|(_, documents)| documents);
        let scopes = CustomScopes::read(all);
        let mut read = HashMap::new();
        for (manifest, documents) in documents {
            let held = held(&documents, (&manifest.source, release), &scopes);
            read.insert((manifest.source.clone(), manifest.text.clone()), held);
        }
        let mut base = Self { objects: Objects::new(), scopes, read };
        base.objects = base.read(&manifests, release)?;
        Some(base)
    }

    /// Reads the objects of what was rendered with a change; none where it is no YAML or holds
    /// an object without a name.
    pub(super) fn read(&self, manifests: &[Manifest], release: &Release) -> Option<Objects> {
        let mut objects = Objects::new();
        for manifest in manifests {
            let known = self.read.get(&(manifest.source.clone(), manifest.text.clone()));
            let held = match known {
                Some(held) => held.clone(),
                None => {
                    let documents = parsed(manifest)?;
                    if documents.iter().any(is_nameless) {
                        return None;
                    }
                    held(&documents, (&manifest.source, release), &self.scopes)
                }
            };
            for held in held {
                objects.entry(held.identity.clone()).or_default().push(held);
            }
        }
        Some(objects)
    }
}

/// Tells whether objects of one identity are the same.
pub(super) fn is_same(one: &[Arc<Held>], other: &[Arc<Held>]) -> bool {
    let is_equal =
        |(one, other): (&Arc<Held>, &Arc<Held>)| Arc::ptr_eq(one, other) || one.data == other.data;
    one.len() == other.len() && one.iter().zip(other).all(is_equal)
}

/// Tells whether a document is an object that a change took the name of: no server accepts it.
fn is_nameless(document: &Document) -> bool {
    let root = document.root();
    let has = |key: &str| {
        let name = root.get("metadata").and_then(|it| it.text(key));
        name.is_some_and(|name| !name.is_empty())
    };
    root.text("kind").is_some() && !has("name") && !has("generateName")
}

fn parsed(manifest: &Manifest) -> Option<Vec<Document>> {
    let mut sources = SourceMap::new();
    let file = sources.add("", "");
    let roots = yaml::parse_all(&manifest.text).ok()?.into_iter();
    Some(roots.flat_map(|root| Document::new(file, 0, root).unfold()).collect())
}

fn held(
    documents: &[Document],
    (source, release): (&SmolStr, &Release),
    scopes: &CustomScopes,
) -> Vec<Arc<Held>> {
    let mut estate = Estate::new();
    let owner = owner(&mut estate, release);
    for document in documents {
        estate.read(document, owner);
    }
    estate.settle(scopes);
    let held = estate.objects().iter().map(|object| {
        let (identity, data) = (object.identity.clone(), object.data.clone());
        Arc::new(Held { source: source.clone(), identity, data })
    });
    held.collect()
}

fn owner(estate: &mut Estate, release: &Release) -> OwnerId {
    let (name, namespace) = (release.name.clone(), Some(release.namespace.clone()));
    let (chart, cluster, group) = (None, None, 0);
    let kind = OwnerKind::Release;
    estate.add_owner(Owner { name: OwnerName { name, namespace }, kind, chart, cluster, group })
}
