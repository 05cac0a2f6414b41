//! All objects of all owners.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::Arc;

use smol_str::SmolStr;

use super::{
    Binding, CustomScopes, Flaw, Head, Identity, Owner, OwnerId, OwnerKind, Role, Workload, scope,
};
use crate::render::VersionCheck;
use crate::source::{SourceMap, Span};
use crate::yaml::Data;

/// The handle of an [`Object`] of an estate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub usize);

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

/// An object of an owner; it reads as its content.
#[derive(Debug, Clone)]
pub struct Object {
    /// What makes it the same as another.
    pub identity: Identity,
    /// Who brings it.
    pub owner: OwnerId,
    /// What it says, shared by all owners for which the same was rendered.
    pub content: Arc<Content>,
    /// Whether it is a file of a chart's crds/, which Helm installs apart from the release.
    pub crd_file: bool,
}

impl Deref for Object {
    type Target = Content;

    fn deref(&self) -> &Content {
        &self.content
    }
}

/// What an object says, whoever brings it.
#[derive(Debug)]
pub struct Content {
    /// Where its name stands.
    pub name_span: Span,
    /// Where its namespace stands, if it has one.
    pub namespace_span: Option<Span>,
    /// Where its API version stands.
    pub version_span: Span,
    /// Where the annotation stands that makes it a hook of Helm.
    pub hook_span: Option<Span>,
    /// Where the whole object stands.
    pub span: Span,
    /// Its meaning.
    pub body: Body,
    /// All of it, without what the server manages.
    pub data: Data,
    /// What the API server refuses or drops of it.
    pub flaws: Vec<Flaw>,
}

impl Content {
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

    /// Returns the keys of its labels.
    pub fn label_keys(&self) -> impl Iterator<Item = &str> {
        let labels = self.labels().into_iter().filter_map(|it| match it {
            Data::Map(labels) => Some(labels),
            _ => None,
        });
        labels.flat_map(|labels| labels.keys()).map(SmolStr::as_str)
    }

    /// Returns its labels, as they stand.
    #[must_use]
    pub fn labels(&self) -> Option<&Data> {
        let Data::Map(root) = &self.data else { return None };
        match root.get("metadata")? {
            Data::Map(metadata) => metadata.get("labels"),
            _ => None,
        }
    }
}

/// An object of which only the name is kept.
#[derive(Debug, Clone)]
struct Named {
    identity: Identity,
    owner: OwnerId,
}

/// What the first probe of a chart holds with a switch off: nothing of it is compared with others.
#[derive(Debug)]
pub struct Switched {
    /// The switch, as `--set` takes it: `rbac.create=false`.
    pub switch: String,
    /// The owner that it is without the change.
    pub base: OwnerId,
    /// Its objects.
    pub estate: Estate,
}

/// All objects of all owners; two with one identity are what rolecall looks for.
#[derive(Debug, Default)]
pub struct Estate {
    owners: Vec<Owner>,
    objects: Vec<Object>,
    named: Vec<Named>,
    /// The numbers of owners and objects before the first of a long probe.
    shown: (Option<usize>, Option<usize>),
    /// The groups and kinds that nobody says the scope of, and that counted as namespaced.
    assumed: BTreeSet<(SmolStr, SmolStr)>,
    custom: CustomScopes,
    /// The clusters that owners belong to.
    clusters: BTreeSet<Option<SmolStr>>,
    /// Where templates ask which API versions the cluster has, by place and version.
    checks: BTreeMap<(Span, SmolStr), VersionCheck>,
    switched: Vec<Switched>,
    /// What owners are called in what is written, where that is not their name.
    sources: BTreeMap<OwnerId, String>,
    /// What runs pods, as far as rules ask for it: beside the objects, which collide.
    workloads: Vec<Workload>,
}

impl Estate {
    /// Builds an empty estate.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an owner; those added earlier are applied earlier, and long probes come last.
    pub fn add_owner(&mut self, owner: Owner) -> OwnerId {
        if owner.kind == OwnerKind::LongProbe {
            self.shown.0.get_or_insert(self.owners.len());
        }
        if !self.clusters.contains(&owner.cluster) {
            self.clusters.insert(owner.cluster.clone());
        }
        self.owners.push(owner);
        OwnerId(self.owners.len() - 1)
    }

    /// Says what an owner is called in what is written: its name may be a path, which depends on
    /// where the program was started.
    pub fn call(&mut self, owner: OwnerId, source: String) {
        self.sources.insert(owner, source);
    }

    /// Notes where a chart's templates ask which API versions the cluster has.
    pub fn note_checks(&mut self, checks: &[VersionCheck]) {
        let key = |it: &VersionCheck| (it.place, it.asked.clone());
        let is_known = checks.first().is_some_and(|it| self.checks.contains_key(&key(it)));
        if !is_known {
            self.checks.extend(checks.iter().map(|it| (key(it), it.clone())));
        }
    }

    /// Returns where templates ask which API versions the cluster has.
    pub fn checks(&self) -> impl Iterator<Item = &VersionCheck> {
        self.checks.values()
    }

    /// Adds what a probe holds with a switch of its chart off.
    pub fn add_switched(&mut self, switched: Switched) {
        self.switched.push(switched);
    }

    /// Returns what probes hold with a switch of their chart off.
    #[must_use]
    pub fn switched(&self) -> &[Switched] {
        &self.switched
    }

    /// Returns what an owner is called in what is written.
    #[must_use]
    pub fn source(&self, owner: OwnerId) -> String {
        let called = self.sources.get(&owner).cloned();
        called.unwrap_or_else(|| self.owner(owner).name.to_string())
    }

    /// Adds an object; those of long probes come last.
    pub fn add(&mut self, object: Object) -> ObjectId {
        if self.owner(object.owner).kind == OwnerKind::LongProbe {
            self.shown.1.get_or_insert(self.objects.len());
        }
        self.objects.push(object);
        ObjectId(self.objects.len() - 1)
    }

    /// Adds an object of which only the name is kept, as long as nobody contests it.
    pub fn add_name(&mut self, identity: Identity, owner: OwnerId) {
        self.named.push(Named { identity, owner });
    }

    /// Adds what is worth knowing of a workload, which counts as an object apart from that.
    pub fn add_workload(&mut self, workload: Workload) {
        self.workloads.push(workload);
    }

    /// Returns the workloads of which more than the name is known.
    #[must_use]
    pub fn workloads(&self) -> &[Workload] {
        &self.workloads
    }

    /// Moves the objects of custom kinds to where CRDs say that they live: until then each counts
    /// as namespaced.
    pub fn settle(&mut self, custom: &CustomScopes) {
        self.objects.iter_mut().for_each(|object| object.identity.settle(custom));
        self.named.iter_mut().for_each(|named| named.identity.settle(custom));
        self.assumed.retain(|(group, kind)| custom.of_kind(group, kind).is_none());
    }

    /// Notes that an object's kind is assumed to be namespaced, where neither Kubernetes nor the
    /// object says so.
    pub fn assume(&mut self, head: &Head) {
        if head.namespace.is_none() && scope::built_in(&head.group, &head.kind).is_none() {
            let kind = (head.group.clone(), head.kind.clone());
            self.assumed.insert(kind);
        }
    }

    /// Returns the kinds, as `Kind.group`, that no CRD among the inputs says the scope of, and that
    /// counted as namespaced where an object named no namespace.
    pub fn assumed_namespaced(&self) -> impl Iterator<Item = String> {
        self.assumed.iter().map(|(group, kind)| format!("{kind}.{group}"))
    }

    /// Marks the objects that are files of crds/; `sources` knows what wrote them.
    pub fn mark_crd_files(&mut self, sources: &SourceMap) {
        for object in &mut self.objects {
            if object.identity.kind == "CustomResourceDefinition"
                && let Some(chart) = &self.owners[object.owner.0].chart
            {
                let origin = sources.trace(object.name_span).template;
                object.crd_file = is_crd_file(&sources.file(origin.file).name, chart);
            }
        }
    }

    /// Returns the groups of probes with a name that only one of them has, and that is not kept apart
    /// by its namespace: it may be made of the namespace, and be cut where that is long.
    #[must_use]
    pub fn groups_with_names_of_their_own(&self) -> BTreeSet<usize> {
        let objects = self.objects.iter().map(|it| (&it.identity, it.owner));
        let all = objects.chain(self.named.iter().map(|it| (&it.identity, it.owner)));
        let mut holders: BTreeMap<(usize, &Identity), BTreeSet<OwnerId>> = BTreeMap::new();
        for (identity, id) in all {
            let owner = self.owner(id);
            let is_apart = identity.namespace.is_some()
                && identity.namespace.as_deref() == owner.name.namespace.as_deref();
            if owner.kind == OwnerKind::Probe && !is_apart {
                holders.entry((owner.group, identity)).or_default().insert(id);
            }
        }
        let alone = holders.into_iter().filter(|(_, holders)| holders.len() == 1);
        alone.map(|((group, _), _)| group).collect()
    }

    /// Takes out the names that several objects have among those whose names alone are kept, each
    /// with its owner: what they say is to be read after all.
    pub fn take_contested(&mut self) -> BTreeMap<OwnerId, BTreeSet<Identity>> {
        let mut order: Vec<usize> = (0..self.named.len()).collect();
        let key = |at: &usize| {
            let Named { identity, owner } = &self.named[*at];
            (self.owner(*owner).group, identity)
        };
        order.sort_by(|one, other| key(one).cmp(&key(other)));
        let mut is_contested = vec![false; self.named.len()];
        for same in order.chunk_by(|one, other| key(one) == key(other)).filter(|it| it.len() > 1) {
            same.iter().for_each(|at| is_contested[*at] = true);
        }
        let mut contested: BTreeMap<OwnerId, BTreeSet<Identity>> = BTreeMap::new();
        let mut at = 0;
        self.named.retain(|Named { identity, owner }| {
            at += 1;
            let is_contested = is_contested[at - 1];
            if is_contested {
                contested.entry(*owner).or_default().insert(identity.clone());
            }
            !is_contested
        });
        contested
    }

    /// Returns what is there once all owners were applied in their order: of objects of one identity
    /// the last one.
    #[must_use]
    pub fn applied(mut self) -> Self {
        let last: BTreeSet<ObjectId> =
            self.by_identity().into_values().filter_map(|ids| ids.last().copied()).collect();
        let mut at = 0;
        self.objects.retain(|object| {
            at += 1;
            object.identity.name.is_empty() || last.contains(&ObjectId(at - 1))
        });
        self
    }

    /// Leaves out objects, as if nobody had brought them.
    pub fn forget(&mut self, is_forgotten: impl Fn(&Owner, &Object) -> bool) {
        let owners = &self.owners;
        self.objects.retain(|object| !is_forgotten(&owners[object.owner.0], object));
    }

    /// Keeps what the CRDs among the inputs say.
    pub fn know(&mut self, custom: CustomScopes) {
        self.custom = custom;
    }

    /// Returns what the CRDs among the inputs say.
    #[must_use]
    pub fn custom(&self) -> &CustomScopes {
        &self.custom
    }

    /// Returns who holds which objects, those among them of which only the name is kept.
    pub fn names(&self) -> impl Iterator<Item = (OwnerId, &Identity)> {
        let objects = self.objects.iter().map(|it| (it.owner, &it.identity));
        objects.chain(self.named.iter().map(|it| (it.owner, &it.identity)))
    }

    /// Returns how many objects there are, those among them of which only the name is kept.
    #[must_use]
    pub fn size(&self) -> usize {
        self.objects().len() + self.named.len()
    }

    /// Returns the owners in the order in which they are applied, without long probes, which nobody
    /// asked for.
    #[must_use]
    pub fn owners(&self) -> &[Owner] {
        &self.owners[..self.shown.0.unwrap_or(self.owners.len())]
    }

    /// Tells whether there are owners of several clusters.
    #[must_use]
    pub fn has_clusters(&self) -> bool {
        self.clusters.len() > 1
    }

    /// Returns an owner.
    #[must_use]
    pub fn owner(&self, id: OwnerId) -> &Owner {
        &self.owners[id.0]
    }

    /// Returns the objects that are kept, in the order in which they were added, without those of
    /// long probes.
    #[must_use]
    pub fn objects(&self) -> &[Object] {
        &self.objects[..self.shown.1.unwrap_or(self.objects.len())]
    }

    /// Returns the objects with their handles, as [`Self::objects`] does.
    pub fn ids(&self) -> impl Iterator<Item = (ObjectId, &Object)> {
        self.objects().iter().enumerate().map(|(index, object)| (ObjectId(index), object))
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

    /// Returns the objects of each identity, those of long probes too, within each group of owners that are compared, in the
    /// order in which they are applied; what has no name is like no other.
    #[must_use]
    pub fn by_identity(&self) -> BTreeMap<(usize, &Identity), Vec<ObjectId>> {
        let mut found: BTreeMap<_, Vec<ObjectId>> = BTreeMap::new();
        let named = |(_, object): &(usize, &Object)| !object.identity.name.is_empty();
        for (index, object) in self.objects.iter().enumerate().filter(named) {
            let group = self.owner(object.owner).group;
            found.entry((group, &object.identity)).or_default().push(ObjectId(index));
        }
        for members in found.values_mut() {
            members.sort_by_key(|id| (self.object(*id).owner, *id));
        }
        found
    }
}

/// Tells whether a path leads into the folder crds/ of a chart, or of one below it.
fn is_crd_file(path: &str, chart: &str) -> bool {
    let mut folders = path.strip_prefix(chart).unwrap_or(path).split('/');
    folders.find(|it| matches!(*it, "crds" | "templates")) == Some("crds")
}

#[cfg(test)]
impl Estate {
    /// Reads texts as the objects of owners: what each is, its name and its namespace.
    pub(crate) fn of_texts(owners: &[(OwnerKind, &str, Option<&str>, &str)]) -> Self {
        let (mut estate, mut sources) = (Self::new(), SourceMap::new());
        for (kind, name, namespace, text) in owners {
            let text = crate::input::Text::of_bytes((*text).into(), name, &mut sources);
            let owner = estate.add_owner(Owner {
                name: crate::finding::OwnerName {
                    name: (*name).into(),
                    namespace: namespace.map(Into::into),
                },
                kind: *kind,
                chart: None,
                cluster: None,
                group: 0,
            });
            let text = text.expect("it is UTF-8");
            for document in crate::document::Document::read_all(&text).expect("it is YAML") {
                estate.read(&document, owner);
            }
        }
        estate
    }
}
