//! What is asked of the roles and bindings of an estate.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::index::{Grant, Granted, Node, Reach};
use super::{Access, Request};
use crate::rbac::builtin::{self, BuiltInRole};
use crate::rbac::{Object, ObjectId, OwnerId, PolicyRule, RoleRule, Subject};

impl<'a> Access<'a> {
    /// Returns the rules that a binding grants, each with the role among the inputs that it stands in;
    /// none where nothing is known of what it leads to.
    #[must_use]
    pub fn rules_granted(
        &self,
        binding: ObjectId,
    ) -> Option<Vec<(Option<ObjectId>, &'a PolicyRule)>> {
        let of_inputs = |node: usize| {
            let rules = self.rules_of_node(node);
            rules.into_iter().map(|(role, rule)| (Some(role), &rule.value))
        };
        match self.granted(binding) {
            Granted::Objects(roles) => Some(of_inputs(self.node_of[&roles[0]]).collect()),
            Granted::BuiltIn(role) => {
                let uses = self.built_in.get(&(self.world(binding), role.name));
                let taken = uses.into_iter().flat_map(|it| &it.aggregates);
                let taken = taken.flat_map(|node| of_inputs(*node));
                Some(role.rules.iter().map(|rule| (None, rule)).chain(taken).collect())
            }
            Granted::Nowhere => None,
        }
    }

    /// Returns the rules of the ClusterRole of a name, on the cluster of an object.
    #[must_use]
    pub fn cluster_role(&self, beside: ObjectId, name: &str) -> Vec<&'a PolicyRule> {
        match self.roles.get(&(self.world(beside), "ClusterRole", None, name)) {
            Some(node) => {
                self.rules_of_node(*node).into_iter().map(|(_, rule)| &rule.value).collect()
            }
            None => builtin::cluster_role(name).into_iter().flat_map(|it| &it.rules).collect(),
        }
    }

    /// Returns a number that objects share which are one role.
    #[must_use]
    pub fn number(&self, role: ObjectId) -> Option<usize> {
        self.node_of.get(&role).copied()
    }

    /// Returns the bindings that lead to a role, in the order of their owners, without those that lead
    /// to one that takes its rules over.
    #[must_use]
    pub fn bindings_of(&self, role: ObjectId) -> &[ObjectId] {
        self.node(role).map_or(&[], |it| &it.bindings)
    }

    /// Returns the bindings of a role that its own owner brings, or all where there are none.
    #[must_use]
    pub fn nearest_bindings(&self, role: ObjectId) -> &[ObjectId] {
        let owner = self.estate.object(role).owner;
        let all = self.bindings_of(role);
        let of = |id: &ObjectId| self.estate.object(*id).owner;
        let start = all.partition_point(|id| of(id) < owner);
        let end = all.partition_point(|id| of(id) <= owner);
        if start < end { &all[start..end] } else { all }
    }

    /// Tells whether a role among the inputs takes over the rules of a role.
    #[must_use]
    pub fn is_aggregated(&self, role: ObjectId) -> bool {
        self.node(role).is_some_and(|it| !it.aggregated_into.is_empty())
    }

    /// Returns the roles among the inputs whose rules a role takes over.
    pub fn aggregates(&self, role: ObjectId) -> impl Iterator<Item = ObjectId> + '_ {
        let nodes = self.node(role).into_iter().flat_map(|it| &it.aggregates);
        nodes.flat_map(|node| self.nodes[*node].distinct.iter().copied())
    }

    /// Returns the built-in roles that take over the rules of a role among the inputs.
    #[must_use]
    pub fn into_built_in(&self, role: ObjectId) -> &[&'static BuiltInRole] {
        self.node(role).map_or(&[], |it| &it.into_built_in)
    }

    /// Returns how far the rules of a role reach, through roles that take them over too.
    #[must_use]
    pub fn reach(&self, role: ObjectId) -> Reach {
        self.node(role).and_then(|it| it.sum.reach).unwrap_or(Reach::Unbound)
    }

    /// Returns the bindings that lead to a role, or to one that takes its rules over.
    pub fn bindings_reaching(&self, role: ObjectId) -> impl Iterator<Item = ObjectId> + '_ {
        let node = self.node_of.get(&role);
        node.into_iter().flat_map(|node| self.bindings_reaching_node(*node))
    }

    pub(super) fn bindings_reaching_node(
        &self,
        node: usize,
    ) -> impl Iterator<Item = ObjectId> + '_ {
        let world = self.world(self.nodes[node].objects[0]);
        let nodes = self.closure(node, |it| &it.aggregated_into);
        nodes.into_iter().flat_map(move |node| {
            let node = &self.nodes[node];
            let built_in = node.into_built_in.iter();
            let built_in = built_in.filter_map(move |it| self.built_in.get(&(world, it.name)));
            let through = built_in.flat_map(|it| it.bindings.iter().copied());
            node.bindings.iter().copied().chain(through)
        })
    }

    /// Tells whether the rules of a role can hold for the cluster itself and what is in no namespace: a
    /// ClusterRoleBinding leads to them, or nothing yet and one could.
    #[must_use]
    pub fn is_everywhere(&self, role: ObjectId) -> bool {
        let Some(node) = self.node(role) else { return false };
        let is_cluster_role = self.estate.object(role).identity.kind == "ClusterRole";
        is_cluster_role && (node.sum.reach.is_none() || node.sum.of_cluster)
    }

    /// Returns the namespaces in which the rules of a role hold through RoleBindings.
    pub fn namespaces(&self, role: ObjectId) -> impl Iterator<Item = &'a SmolStr> + '_ {
        self.node(role).into_iter().flat_map(|it| it.sum.namespaces.iter().copied())
    }

    /// Returns the rule items that a role comes to have, each with the role that it stands in: its
    /// own, or where it has an aggregation rule those that it selects.
    #[must_use]
    pub fn rules_of(&self, role: ObjectId) -> Vec<(ObjectId, &'a RoleRule)> {
        self.node_of.get(&role).map(|node| self.rules_of_node(*node)).unwrap_or_default()
    }

    /// Returns the rule items of a role, of objects that say the same those of the first.
    fn rules_of_node(&self, node: usize) -> Vec<(ObjectId, &'a RoleRule)> {
        let nodes = self.closure(node, |it| &it.aggregates);
        let own = |id: ObjectId| {
            let role = self.estate.object(id).role().filter(|it| it.selectors.is_none());
            role.into_iter().flat_map(|it| &it.rules).map(move |rule| (id, rule))
        };
        let objects = nodes.into_iter().flat_map(|node| self.nodes[node].distinct.iter().copied());
        objects.flat_map(own).collect()
    }

    /// Returns a role and those that `next` leads to from it, in their order.
    fn closure(
        &self,
        node: usize,
        next: impl for<'n> Fn(&'n Node<'a>) -> &'n Vec<usize>,
    ) -> BTreeSet<usize> {
        let mut found = BTreeSet::from([node]);
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            let more = next(&self.nodes[node]).iter().filter(|it| found.insert(**it));
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

    /// Returns the clusters, who is bound there, and by which bindings; not of probes.
    pub fn bound(&self) -> impl Iterator<Item = (Option<&'a SmolStr>, &Subject, &[ObjectId])> {
        let bound = self.subjects.iter().filter(|((world, _), _)| world.0 == 0);
        bound.map(|((world, subject), bindings)| (world.1, subject, bindings.as_slice()))
    }

    /// Returns the objects with their handles.
    pub fn ids(&self) -> impl Iterator<Item = (ObjectId, &'a Object)> {
        self.estate.ids()
    }

    /// Returns an object of the estate.
    #[must_use]
    pub fn object(&self, id: ObjectId) -> &'a Object {
        self.estate.object(id)
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
