//! Which roles are reached by whom, through bindings and aggregation.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use smol_str::SmolStr;

use super::selector::selects;
use crate::rbac::builtin::{self, BuiltInRole};
use crate::rbac::{Estate, GROUP, Object, ObjectId, PolicyRule, Role, RoleRef, Subject};
use crate::yaml::Data;

/// The namespace whose rights are those over the cluster.
const SYSTEM: &str = "kube-system";

/// How far a role's rules reach, as the bindings among the inputs say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// No binding among the inputs leads to it.
    Unbound,
    /// Only RoleBindings lead to it.
    Namespace,
    /// A ClusterRoleBinding leads to it, or a RoleBinding in kube-system.
    Cluster,
}

impl Reach {
    /// Returns how far a binding of a namespace, or of the cluster, reaches.
    #[must_use]
    pub fn through(namespace: Option<&str>) -> Self {
        match namespace {
            None | Some(SYSTEM) => Self::Cluster,
            Some(_) => Self::Namespace,
        }
    }
}

/// What a binding leads to.
#[derive(Debug, Clone, Copy)]
pub enum Granted<'a> {
    /// Objects among the inputs: several where they collide.
    Objects(&'a [ObjectId]),
    /// A role that the API server makes itself, and that the inputs do not hold.
    BuiltIn(&'static BuiltInRole),
    /// Nothing that the inputs hold.
    Nowhere,
}

/// A rule item that a subject holds.
#[derive(Debug, Clone, Copy)]
pub struct Grant<'a> {
    /// The binding that gives it.
    pub binding: ObjectId,
    /// The role among the inputs that it stands in; none for a built-in one.
    pub role: Option<ObjectId>,
    /// What it grants.
    pub rule: &'a PolicyRule,
    /// Where it holds; none: everywhere.
    pub namespace: Option<&'a SmolStr>,
}

/// Inputs that are on one cluster and are compared: a group of owners, and the cluster.
pub(super) type World<'a> = (usize, Option<&'a SmolStr>);

/// A role's kind, namespace and name in its world.
pub(super) type RoleKey<'a> = (World<'a>, &'a str, Option<&'a str>, &'a str);

/// One role, whoever brings it, and what leads to it.
#[derive(Debug, Default)]
pub(super) struct Node<'a> {
    /// The objects that hold it: several where they collide.
    pub(super) objects: Vec<ObjectId>,
    /// The first of those that say the same.
    pub(super) distinct: Vec<ObjectId>,
    /// In the order of their owners.
    pub(super) bindings: Vec<ObjectId>,
    /// The roles that take its rules over.
    pub(super) aggregated_into: Vec<usize>,
    /// The roles that it takes its rules from.
    pub(super) aggregates: Vec<usize>,
    /// The built-in roles that take its rules over.
    pub(super) into_built_in: Vec<&'static BuiltInRole>,
    /// What all of that comes to.
    pub(super) sum: Sum<'a>,
}

/// What the bindings that lead to a role come to, those of roles that take its rules over too.
#[derive(Debug, Default, Clone)]
pub(super) struct Sum<'a> {
    pub(super) reach: Option<Reach>,
    /// Whether one of them is of the whole cluster.
    pub(super) of_cluster: bool,
    /// Where the others are.
    pub(super) namespaces: BTreeSet<&'a SmolStr>,
}

/// What leads to a built-in role that the inputs do not hold.
#[derive(Debug, Default)]
pub(super) struct BuiltInNode {
    pub(super) bindings: Vec<ObjectId>,
    pub(super) aggregates: Vec<usize>,
}

/// The roles, bindings and subjects of an estate with the references between them followed.
#[derive(Debug)]
pub struct Access<'a> {
    pub(super) estate: &'a Estate,
    pub(super) roles: BTreeMap<RoleKey<'a>, usize>,
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) node_of: BTreeMap<ObjectId, usize>,
    pub(super) built_in: BTreeMap<(World<'a>, &'static str), BuiltInNode>,
    /// The bindings of each subject, as the authorizer sees it.
    pub(super) subjects: BTreeMap<(World<'a>, Subject), Vec<ObjectId>>,
}

impl<'a> Access<'a> {
    /// Follows the references of an estate.
    #[must_use]
    pub fn of(estate: &'a Estate) -> Self {
        let mut access = Self {
            estate,
            roles: BTreeMap::new(),
            nodes: Vec::new(),
            node_of: BTreeMap::new(),
            built_in: BTreeMap::new(),
            subjects: BTreeMap::new(),
        };
        let mut seen = BTreeSet::new();
        for (id, object) in estate.ids().filter(|(_, object)| object.role().is_some()) {
            let (kind, name) = (object.identity.kind.as_str(), object.identity.name.as_str());
            let namespace = object.identity.namespace.as_deref();
            let key = (access.world(id), kind, namespace, name);
            let node = *access.roles.entry(key).or_insert(access.nodes.len());
            if node == access.nodes.len() {
                access.nodes.push(Node::default());
            }
            access.nodes[node].objects.push(id);
            if seen.insert((node, Arc::as_ptr(&object.content))) {
                access.nodes[node].distinct.push(id);
            }
            access.node_of.insert(id, node);
        }
        access.bind();
        access.aggregate();
        let sums: Vec<Sum<'a>> = (0..access.nodes.len()).map(|node| access.sum(node)).collect();
        access.nodes.iter_mut().zip(sums).for_each(|(node, sum)| node.sum = sum);
        access
    }

    fn bind(&mut self) {
        for (id, object) in self.estate.ids() {
            let Some(binding) = object.binding() else { continue };
            let world = self.world(id);
            for subject in binding.by_canonical().into_keys() {
                self.subjects.entry((world, subject)).or_default().push(id);
            }
            match self.granted(id) {
                Granted::Objects(roles) => {
                    let node = self.node_of[&roles[0]];
                    self.nodes[node].bindings.push(id);
                }
                Granted::BuiltIn(role) => {
                    self.built_in.entry((world, role.name)).or_default().bindings.push(id);
                }
                Granted::Nowhere => {}
            }
        }
        for node in &mut self.nodes {
            node.bindings.sort_by_key(|id| (self.estate.object(*id).owner, *id));
        }
    }

    fn aggregate(&mut self) {
        let mut labelled: Labelled<'a> = BTreeMap::new();
        for at in 0..self.nodes.len() {
            let objects: Vec<&'a Object> = self.distinct(at).collect();
            if objects.first().is_none_or(|it| it.identity.kind != "ClusterRole") {
                continue;
            }
            let world = self.world(self.nodes[at].objects[0]);
            for role in objects.iter().flat_map(|object| into_built_in(object)) {
                let taken = &mut self.built_in.entry((world, role.name)).or_default().aggregates;
                if taken.last() != Some(&at) {
                    taken.push(at);
                    self.nodes[at].into_built_in.push(role);
                }
            }
            for key in objects.iter().flat_map(|object| object.label_keys()) {
                labelled.entry((world, key)).or_default().insert(at);
            }
            labelled.entry((world, "")).or_default().insert(at);
        }
        for at in 0..self.nodes.len() {
            let aggregators: Vec<&Role> = self.distinct(at).filter_map(|it| it.role()).collect();
            let selectors: Vec<&Data> =
                aggregators.iter().flat_map(|role| &role.selector_data).collect();
            let world = self.world(self.nodes[at].objects[0]);
            let mut found: BTreeSet<usize> = BTreeSet::new();
            for selector in selectors {
                let candidates = labelled.get(&(world, first_label(selector)));
                let selected = candidates.into_iter().flatten().filter(|other| {
                    **other != at && self.distinct(**other).any(|it| selects(selector, it.labels()))
                });
                found.extend(selected);
            }
            for other in &found {
                self.nodes[*other].aggregated_into.push(at);
            }
            self.nodes[at].aggregates = found.into_iter().collect();
        }
    }

    fn sum(&self, node: usize) -> Sum<'a> {
        let mut sum = Sum::default();
        for id in self.bindings_reaching_node(node) {
            let namespace = self.estate.object(id).identity.namespace.as_ref();
            sum.reach = sum.reach.max(Some(Reach::through(namespace.map(SmolStr::as_str))));
            sum.of_cluster |= namespace.is_none();
            sum.namespaces.extend(namespace);
        }
        sum
    }

    /// Returns the objects of a role that say different things.
    pub(super) fn distinct(&self, node: usize) -> impl Iterator<Item = &'a Object> + use<'a> {
        let estate = self.estate;
        self.nodes[node].distinct.clone().into_iter().map(move |id| estate.object(id))
    }

    pub(super) fn node(&self, role: ObjectId) -> Option<&Node<'a>> {
        self.node_of.get(&role).map(|node| &self.nodes[*node])
    }

    pub(super) fn world(&self, id: ObjectId) -> World<'a> {
        let owner = self.estate.owner_of(id);
        (owner.group, owner.cluster.as_ref())
    }

    /// Returns what a binding leads to.
    #[must_use]
    pub fn granted(&self, binding: ObjectId) -> Granted<'_> {
        let object = self.estate.object(binding);
        let Some(role_ref) = object.binding().map(|it| &it.role_ref) else {
            return Granted::Nowhere;
        };
        let namespace = match role_ref.kind.as_str() {
            "Role" => object.identity.namespace.as_deref(),
            _ => None,
        };
        let is_role = role_ref.api_group == GROUP
            && (role_ref.kind == "ClusterRole" || role_ref.kind == "Role" && namespace.is_some());
        let key = (self.world(binding), role_ref.kind.as_str(), namespace, role_ref.name.as_str());
        match self.roles.get(&key) {
            Some(node) if is_role => Granted::Objects(&self.nodes[*node].objects),
            _ if is_role => self.built_in_role(role_ref, namespace),
            _ => Granted::Nowhere,
        }
    }

    fn built_in_role(&self, role_ref: &RoleRef, namespace: Option<&str>) -> Granted<'_> {
        let role = match namespace {
            Some(namespace) => builtin::role(namespace, &role_ref.name),
            None => builtin::cluster_role(&role_ref.name),
        };
        role.map_or(Granted::Nowhere, Granted::BuiltIn)
    }
}

/// The ClusterRoles of a world by the keys of their labels; all by the empty key.
type Labelled<'a> = BTreeMap<(World<'a>, &'a str), BTreeSet<usize>>;

/// Returns a label that all must have which a selector selects; an empty key where there is none.
fn first_label(selector: &Data) -> &str {
    let Data::Map(selector) = selector else { return "" };
    match selector.get("matchLabels") {
        Some(Data::Map(labels)) => labels.keys().next().map_or("", SmolStr::as_str),
        _ => "",
    }
}

/// Returns the built-in roles that take the rules of a ClusterRole over because of its labels.
fn into_built_in(role: &Object) -> Vec<&'static BuiltInRole> {
    let Some(Data::Map(labels)) = role.labels() else { return Vec::new() };
    let is_set = |(key, value): &(&str, &Data)| {
        key.starts_with(builtin::LABEL) && matches!(value, Data::Str(it) if it == "true")
    };
    let keys = labels.iter().map(|(key, value)| (key.as_str(), value)).filter(is_set);
    let mut keys: Vec<&str> = keys.map(|(key, _)| key).collect();
    let mut found: Vec<&'static BuiltInRole> = Vec::new();
    while let Some(key) = keys.pop() {
        let takes = |it: &&BuiltInRole| it.aggregates.iter().any(|label| label == key);
        for taker in builtin::roles().iter().filter(takes) {
            if taker.name != role.identity.name && !found.iter().any(|it| it.name == taker.name) {
                found.push(taker);
                keys.extend(taker.labels.iter().map(SmolStr::as_str));
            }
        }
    }
    found
}
