//! Which roles are reached by whom, through bindings and aggregation.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::Request;
use super::selector::selects;
use crate::rbac::builtin::{self, BuiltInRole};
use crate::rbac::{
    Estate, GROUP, Object, ObjectId, OwnerId, PolicyRule, Role, RoleRef, RoleRule, Subject,
};
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
type World<'a> = (usize, Option<&'a SmolStr>);

/// A role's kind, namespace and name in its world.
type RoleKey<'a> = (World<'a>, &'a str, Option<&'a str>, &'a str);

/// What leads to a role.
#[derive(Debug, Default)]
struct Use {
    bindings: Vec<ObjectId>,
    /// The roles that take its rules over.
    aggregated_into: Vec<ObjectId>,
    /// The roles that it takes its rules from.
    aggregates: Vec<ObjectId>,
    /// The built-in roles that take its rules over.
    into_built_in: Vec<&'static BuiltInRole>,
}

/// The roles, bindings and subjects of an estate with the references between them followed.
#[derive(Debug)]
pub struct Access<'a> {
    estate: &'a Estate,
    roles: BTreeMap<RoleKey<'a>, Vec<ObjectId>>,
    uses: BTreeMap<ObjectId, Use>,
    /// What leads to built-in roles, by their names; only bindings and the roles that they take from.
    built_in: BTreeMap<(World<'a>, &'static str), Use>,
    /// The bindings of each subject, as the authorizer sees it.
    subjects: BTreeMap<(World<'a>, Subject), Vec<ObjectId>>,
}

impl<'a> Access<'a> {
    /// Follows the references of an estate.
    #[must_use]
    pub fn of(estate: &'a Estate) -> Self {
        let mut access = Self {
            estate,
            roles: BTreeMap::new(),
            uses: BTreeMap::new(),
            built_in: BTreeMap::new(),
            subjects: BTreeMap::new(),
        };
        for (id, object) in estate.ids() {
            if object.role().is_some() {
                let (kind, name) = (object.identity.kind.as_str(), object.identity.name.as_str());
                let namespace = object.identity.namespace.as_deref();
                let key = (access.world(id), kind, namespace, name);
                access.roles.entry(key).or_default().push(id);
                access.uses.insert(id, Use::default());
            }
        }
        access.bind();
        access.aggregate();
        access
    }

    fn bind(&mut self) {
        for (id, object) in self.estate.ids() {
            let Some(binding) = object.binding() else { continue };
            let world = self.world(id);
            for subject in binding.by_canonical().into_keys() {
                self.subjects.entry((world, subject)).or_default().push(id);
            }
            let roles = match self.granted(id) {
                Granted::Objects(roles) => roles.to_vec(),
                Granted::BuiltIn(role) => {
                    self.built_in.entry((world, role.name)).or_default().bindings.push(id);
                    continue;
                }
                Granted::Nowhere => continue,
            };
            for role in roles {
                self.uses.entry(role).or_default().bindings.push(id);
            }
        }
    }

    fn aggregate(&mut self) {
        let cluster_roles = self.estate.ids().filter_map(|(id, object)| {
            let role = object.role().filter(|_| object.identity.kind == "ClusterRole")?;
            Some((id, object, role))
        });
        let all: Vec<(ObjectId, &Object, &Role)> = cluster_roles.collect();
        for (id, object, _) in &all {
            let built_in = into_built_in(object);
            for role in &built_in {
                let key = (self.world(*id), role.name);
                self.built_in.entry(key).or_default().aggregates.push(*id);
            }
            self.uses.entry(*id).or_default().into_built_in = built_in;
        }
        for (aggregator, object, role) in all.iter().filter(|(_, _, role)| role.selectors.is_some())
        {
            let world = self.world(*aggregator);
            for (id, other, _) in &all {
                let is_other = other.identity.name != object.identity.name;
                if is_other && self.world(*id) == world && is_selected(role, other) {
                    self.uses.entry(*id).or_default().aggregated_into.push(*aggregator);
                    self.uses.entry(*aggregator).or_default().aggregates.push(*id);
                }
            }
        }
    }

    fn world(&self, id: ObjectId) -> World<'a> {
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
            Some(roles) if is_role => Granted::Objects(roles),
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

    /// Returns the rules that a binding grants, each with the role among the inputs that it stands in;
    /// none where nothing is known of what it leads to.
    #[must_use]
    pub fn rules_granted(
        &self,
        binding: ObjectId,
    ) -> Option<Vec<(Option<ObjectId>, &'a PolicyRule)>> {
        let of_inputs = |role: &ObjectId| {
            self.rules_of(*role).into_iter().map(|(role, rule)| (Some(role), &rule.value))
        };
        match self.granted(binding) {
            Granted::Objects(roles) => Some(roles.iter().flat_map(of_inputs).collect()),
            Granted::BuiltIn(role) => {
                let uses = self.built_in.get(&(self.world(binding), role.name));
                let taken = uses.into_iter().flat_map(|it| &it.aggregates).flat_map(of_inputs);
                Some(role.rules.iter().map(|rule| (None, rule)).chain(taken).collect())
            }
            Granted::Nowhere => None,
        }
    }

    /// Returns the rules of the ClusterRole of a name, on the cluster of an object.
    #[must_use]
    pub fn cluster_role(&self, beside: ObjectId, name: &str) -> Vec<&'a PolicyRule> {
        match self.roles.get(&(self.world(beside), "ClusterRole", None, name)) {
            Some(roles) => {
                let rules = roles.iter().flat_map(|role| self.rules_of(*role));
                rules.map(|(_, rule)| &rule.value).collect()
            }
            None => builtin::cluster_role(name).into_iter().flat_map(|it| &it.rules).collect(),
        }
    }

    /// Returns the bindings that lead to a role, without those that lead to one that takes its rules
    /// over.
    #[must_use]
    pub fn bindings_of(&self, role: ObjectId) -> &[ObjectId] {
        self.uses.get(&role).map_or(&[], |it| &it.bindings)
    }

    /// Returns the roles among the inputs that take over the rules of a role.
    #[must_use]
    pub fn aggregated_into(&self, role: ObjectId) -> &[ObjectId] {
        self.uses.get(&role).map_or(&[], |it| &it.aggregated_into)
    }

    /// Returns the roles among the inputs whose rules a role takes over.
    #[must_use]
    pub fn aggregates(&self, role: ObjectId) -> &[ObjectId] {
        self.uses.get(&role).map_or(&[], |it| &it.aggregates)
    }

    /// Returns the built-in roles that take over the rules of a role among the inputs.
    #[must_use]
    pub fn into_built_in(&self, role: ObjectId) -> &[&'static BuiltInRole] {
        self.uses.get(&role).map_or(&[], |it| &it.into_built_in)
    }

    /// Returns how far the rules of a role reach, through roles that take them over too.
    #[must_use]
    pub fn reach(&self, role: ObjectId) -> Reach {
        let reach = |id: ObjectId| match self.estate.object(id).identity.namespace.as_deref() {
            None | Some(SYSTEM) => Reach::Cluster,
            Some(_) => Reach::Namespace,
        };
        self.bindings_reaching(role).map(reach).max().unwrap_or(Reach::Unbound)
    }

    /// Returns the bindings that lead to a role, or to one that takes its rules over.
    pub fn bindings_reaching(&self, role: ObjectId) -> impl Iterator<Item = ObjectId> + '_ {
        let roles = self.closure(role, |it| &it.aggregated_into);
        let world = self.world(role);
        roles.into_iter().flat_map(move |role| {
            let uses = self.uses.get(&role).into_iter();
            let built_in = uses.clone().flat_map(|it| &it.into_built_in);
            let built_in = built_in.filter_map(move |it| self.built_in.get(&(world, it.name)));
            uses.chain(built_in).flat_map(|it| it.bindings.iter().copied())
        })
    }

    /// Tells whether the rules of a role can hold for the cluster itself and what is in no namespace: a
    /// ClusterRoleBinding leads to them, or nothing yet and one could.
    #[must_use]
    pub fn is_everywhere(&self, role: ObjectId) -> bool {
        let mut bindings = self.bindings_reaching(role).peekable();
        let is_cluster_role = self.estate.object(role).identity.kind == "ClusterRole";
        let is_unbound = bindings.peek().is_none();
        is_cluster_role
            && (is_unbound
                || bindings.any(|id| self.estate.object(id).identity.namespace.is_none()))
    }

    /// Returns the namespaces in which the rules of a role hold through RoleBindings.
    #[must_use]
    pub fn namespaces(&self, role: ObjectId) -> BTreeSet<&'a SmolStr> {
        let bindings = self.bindings_reaching(role);
        bindings.filter_map(|id| self.estate.object(id).identity.namespace.as_ref()).collect()
    }

    /// Returns the rule items that a role comes to have, each with the role that it stands in: its
    /// own, or where it has an aggregation rule those that it selects.
    #[must_use]
    pub fn rules_of(&self, role: ObjectId) -> Vec<(ObjectId, &'a RoleRule)> {
        let roles = self.closure(role, |it| &it.aggregates);
        let own = |id: ObjectId| {
            let role = self.estate.object(id).role().filter(|it| it.selectors.is_none());
            role.into_iter().flat_map(|it| &it.rules).map(move |rule| (id, rule))
        };
        roles.into_iter().flat_map(own).collect()
    }

    /// Returns a role and those that `next` leads to from it, in their order.
    fn closure(&self, role: ObjectId, next: impl Fn(&Use) -> &Vec<ObjectId>) -> BTreeSet<ObjectId> {
        let mut found = BTreeSet::from([role]);
        let mut open = vec![role];
        while let Some(role) = open.pop() {
            let uses = self.uses.get(&role);
            let more = uses.into_iter().flat_map(&next).filter(|id| found.insert(**id));
            open.extend(more.copied().collect::<Vec<_>>());
        }
        found
    }

    /// Returns the subjects that are bound on the cluster of an object, among the inputs that it is
    /// compared with.
    pub fn subjects(&self, beside: ObjectId) -> impl Iterator<Item = &Subject> {
        let world = self.world(beside);
        self.subjects.keys().filter(move |(of, _)| *of == world).map(|(_, subject)| subject)
    }

    /// Tells whether a binding leads to a subject, or to one of the groups of accounts that it is in, on
    /// the cluster of an owner.
    #[must_use]
    pub fn is_bound(&self, subject: &Subject, beside: OwnerId) -> bool {
        let owner = self.estate.owner(beside);
        let world = (owner.group, owner.cluster.as_ref());
        let own = |it: Subject| self.subjects.contains_key(&(world, it.canonical()));
        own(subject.clone()) || subject.groups().into_iter().any(own)
    }

    /// Returns the rule items that a subject holds by its own name, not by a group's, on the cluster of
    /// an object.
    #[must_use]
    pub fn grants_of(&self, subject: &Subject, beside: ObjectId) -> Vec<Grant<'a>> {
        let key = (self.world(beside), subject.canonical());
        let mut grants = Vec::new();
        for binding in self.subjects.get(&key).into_iter().flatten() {
            let namespace = self.estate.object(*binding).identity.namespace.as_ref();
            for (role, rule) in self.rules_granted(*binding).into_iter().flatten() {
                grants.push(Grant { binding: *binding, role, rule, namespace });
            }
        }
        grants
    }

    /// Tells whether a subject can do what a request asks in a namespace; none: in the whole cluster.
    ///
    /// An account holds what its groups hold, and `system:masters` everything.
    #[must_use]
    pub fn can(
        &self,
        (subject, beside): (&Subject, ObjectId),
        request: &Request<'_>,
        namespace: Option<&str>,
    ) -> bool {
        let holds = |subject: &Subject| {
            self.grants_of(subject, beside).iter().any(|grant| {
                let is_there = grant.namespace.is_none_or(|it| Some(it.as_str()) == namespace);
                is_there && grant.rule.allows(request)
            })
        };
        let is_master = subject.kind == "Group" && subject.name == "system:masters";
        is_master || holds(subject) || subject.groups().iter().any(holds)
    }
}

/// Tells whether an aggregation rule selects a role.
fn is_selected(aggregator: &Role, role: &Object) -> bool {
    aggregator.selector_data.iter().any(|selector| selects(selector, role.labels()))
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

impl PolicyRule {
    /// Returns which of these verbs the item allows on a resource: first those on all objects, then
    /// those only on the objects that it names.
    #[must_use]
    pub fn verbs_on<'v>(
        &self,
        (group, resource): (&str, &str),
        verbs: &[&'v str],
    ) -> (Vec<&'v str>, Vec<&'v str>) {
        let on_all = |verb: &&&str| self.allows(&Request::new(verb, group, resource));
        let on_named = |verb: &&&str| {
            let request = Request::new(verb, group, resource);
            self.resource_names.iter().any(|name| self.allows(&request.named(name)))
        };
        let (all, rest): (Vec<&&str>, Vec<&&str>) = verbs.iter().partition(on_all);
        // The server does not know the name of what is yet to be made, and of many at once.
        let can_name = |verb: &&&str| {
            resource.contains('/') || !matches!(**verb, "create" | "deletecollection")
        };
        let named = rest.into_iter().filter(can_name).filter(on_named).copied().collect();
        (all.into_iter().copied().collect(), named)
    }
}
