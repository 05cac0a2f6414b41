//! Which roles are reached by whom, through bindings and aggregation.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::Request;
use super::selector::selects;
use crate::rbac::{Estate, GROUP, Object, ObjectId, PolicyRule, Role, RoleRule, Subject};
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
    /// Nothing that the inputs hold.
    Nowhere,
}

/// A rule item that a subject holds.
#[derive(Debug, Clone, Copy)]
pub struct Grant<'a> {
    /// The binding that gives it.
    pub binding: ObjectId,
    /// The role among the inputs that it stands in.
    pub role: ObjectId,
    /// The rule item.
    pub rule: &'a RoleRule,
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
}

/// The roles, bindings and subjects of an estate with the references between them followed.
#[derive(Debug)]
pub struct Access<'a> {
    estate: &'a Estate,
    roles: BTreeMap<RoleKey<'a>, Vec<ObjectId>>,
    uses: BTreeMap<ObjectId, Use>,
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
                Granted::Nowhere => Vec::new(),
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
            _ => Granted::Nowhere,
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

    /// Returns how far the rules of a role reach, through roles that take them over too.
    #[must_use]
    pub fn reach(&self, role: ObjectId) -> Reach {
        let roles = self.closure(role, |it| &it.aggregated_into);
        let bindings = roles.into_iter().flat_map(|it| self.bindings_of(it));
        let reach = |id: &ObjectId| match self.estate.object(*id).identity.namespace.as_deref() {
            None | Some(SYSTEM) => Reach::Cluster,
            Some(_) => Reach::Namespace,
        };
        bindings.map(reach).max().unwrap_or(Reach::Unbound)
    }

    /// Returns the namespaces in which the rules of a role hold through RoleBindings.
    #[must_use]
    pub fn namespaces(&self, role: ObjectId) -> BTreeSet<&'a SmolStr> {
        let roles = self.closure(role, |it| &it.aggregated_into);
        let bindings = roles.into_iter().flat_map(|it| self.bindings_of(it));
        bindings.filter_map(|id| self.estate.object(*id).identity.namespace.as_ref()).collect()
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

    /// Returns the rule items that a subject holds by its own name, not by a group's, on the cluster of
    /// an object.
    #[must_use]
    pub fn grants_of(&self, subject: &Subject, beside: ObjectId) -> Vec<Grant<'a>> {
        let key = (self.world(beside), subject.canonical());
        let mut grants = Vec::new();
        for binding in self.subjects.get(&key).into_iter().flatten() {
            let Granted::Objects(roles) = self.granted(*binding) else { continue };
            let namespace = self.estate.object(*binding).identity.namespace.as_ref();
            for (role, rule) in roles.iter().flat_map(|role| self.rules_of(*role)) {
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
                is_there && grant.rule.value.allows(request)
            })
        };
        let is_master = subject.kind == "Group" && subject.name == "system:masters";
        is_master || holds(subject) || subject.groups().iter().any(holds)
    }
}

/// Tells whether an aggregation rule selects a role.
fn is_selected(aggregator: &Role, role: &Object) -> bool {
    let Data::Map(root) = &role.data else { return false };
    let labels = match root.get("metadata") {
        Some(Data::Map(metadata)) => metadata.get("labels"),
        _ => None,
    };
    aggregator.selector_data.iter().any(|selector| selects(selector, labels))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rbac::OwnerKind;

    fn estate(text: &str) -> Estate {
        let (api, group) = ("apiVersion: rbac.authorization.k8s.io/v1", GROUP);
        let text = text.replace("API", api).replace("GROUP", group);
        Estate::of_texts(&[(OwnerKind::Manifest, "a.yaml", None, &text)])
    }

    fn named(estate: &Estate, name: &str) -> ObjectId {
        let found = estate.ids().find(|(_, it)| it.identity.name == name && it.role().is_some());
        found.expect("there is such a role").0
    }

    const CHAIN: &str = "
API
kind: ClusterRole
metadata: {name: small, labels: {to-wide: 'true'}}
rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]
---
API
kind: ClusterRole
metadata: {name: wide, labels: {to-all: 'true'}}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {to-wide: 'true'}}]}
rules: [{apiGroups: [''], resources: [secrets], verbs: [get]}]
---
API
kind: ClusterRole
metadata: {name: all}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {to-all: 'true'}}, {matchLabels: {to-wide: 'true'}}]}
---
API
kind: ClusterRoleBinding
metadata: {name: a}
roleRef: {kind: ClusterRole, name: all}
subjects: [{kind: User, name: 'system:serviceaccount:x:a'}, {kind: Group, name: 'system:serviceaccounts:y'}]
";

    fn account(namespace: &str) -> Subject {
        Subject {
            kind: "ServiceAccount".into(),
            namespace: Some(namespace.into()),
            name: "a".into(),
            api_group: SmolStr::default(),
        }
    }

    #[test]
    fn aggregation_is_followed_and_own_rules_are_lost() {
        let estate = estate(CHAIN);
        let access = Access::of(&estate);
        let (small, all) = (named(&estate, "small"), named(&estate, "all"));
        assert_eq!(access.reach(small), Reach::Cluster);
        let rules = access.rules_of(all);
        assert_eq!(rules.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [small]);
        let get = |resource| Request::new("get", "", resource);
        for (namespace, resource, expected) in [
            ("x", "pods", true),
            ("x", "secrets", false),
            ("y", "pods", true),
            ("z", "pods", false),
        ] {
            let can = access.can((&account(namespace), all), &get(resource), Some("q"));
            assert_eq!(can, expected, "{namespace} {resource}");
        }
    }

    #[test]
    fn a_role_binding_reaches_its_namespace_alone() {
        let estate = estate(
            "
API
kind: ClusterRole
metadata: {name: r}
rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]
---
API
kind: Role
metadata: {name: r, namespace: other}
---
API
kind: RoleBinding
metadata: {name: b, namespace: n}
roleRef: {kind: ClusterRole, name: r}
subjects: [{kind: ServiceAccount, name: a, namespace: x}]
---
API
kind: RoleBinding
metadata: {name: dangling, namespace: n}
roleRef: {kind: Role, name: r}
---
API
kind: RoleBinding
metadata: {name: s, namespace: kube-system}
roleRef: {kind: Role, name: s}
---
API
kind: Role
metadata: {name: s, namespace: kube-system}
",
        );
        let access = Access::of(&estate);
        let role = named(&estate, "r");
        assert_eq!(access.reach(role), Reach::Namespace);
        assert_eq!(access.reach(named(&estate, "s")), Reach::Cluster);
        let unbound = ObjectId(role.0 + 1);
        assert_eq!(access.reach(unbound), Reach::Unbound, "a Role of another namespace");
        let get = Request::new("get", "", "pods");
        for (namespace, expected) in [(Some("n"), true), (Some("m"), false), (None, false)] {
            assert_eq!(access.can((&account("x"), role), &get, namespace), expected);
        }
    }

    #[test]
    fn names_restrict_what_can_be_named() {
        let item = |text: &str| {
            let text = format!("API\nkind: ClusterRole\nmetadata: {{name: r}}\nrules: [{text}]\n");
            estate(&text).objects()[0].role().expect("it is a role").rules[0].value.clone()
        };
        let named =
            item("{apiGroups: [''], resources: ['*', a/b], verbs: ['*'], resourceNames: [a]}");
        let verbs = ["get", "create", "deletecollection", "list"];
        assert_eq!(named.verbs_on(("", "pods"), &verbs), (vec![], vec!["get", "list"]));
        assert_eq!(named.verbs_on(("", "pods/exec"), &["create"]), (vec![], vec!["create"]));
        let all = item("{apiGroups: [''], resources: [pods], verbs: [get, create]}");
        assert_eq!(all.verbs_on(("", "pods"), &verbs), (vec!["get", "create"], vec![]));
    }
}
