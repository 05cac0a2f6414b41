//! The roles and bindings that the API server makes and restores itself.
//!
//! The table is `policy.txt`, which is kept by hand; what its lines mean stands in it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use smol_str::SmolStr;

use super::{GROUP, Object, PolicyRule, RoleRef, RoleRule, Subject, Words, covered};
use crate::yaml::Data;

/// What the keys of the labels begin with that aggregation rules of built-in roles select.
pub const LABEL: &str = "rbac.authorization.k8s.io/";
/// The label of what the API server made itself.
const MADE: &str = "kubernetes.io/bootstrapping";
/// What the names of the roles and bindings of controllers begin with; which there are depends on
/// the release.
const CONTROLLER: &str = "system:controller:";
/// What the names begin with that Kubernetes and platforms keep for themselves.
const RESERVED: [&str; 4] = ["system:", "eks:", "gce:", "kubeadm:"];
/// The verbs that `read` stands for.
const READ: &[&str] = &["get", "list", "watch"];
/// The verbs that `write` stands for.
const WRITE: &[&str] = &["create", "delete", "deletecollection", "patch", "update"];
/// Where the accounts of built-in bindings are.
const NAMESPACE: &str = "kube-system";

/// A Role or ClusterRole that the API server makes itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltInRole {
    /// The namespace; none for ClusterRoles.
    pub namespace: Option<&'static str>,
    /// The name.
    pub name: &'static str,
    /// What it grants, with what it aggregates of other built-in roles.
    pub rules: Vec<PolicyRule>,
    /// The same as the items of a role.
    pub items: Vec<RoleRule>,
    /// The keys of its labels that aggregation rules select; their value is `true`.
    pub labels: Vec<SmolStr>,
    /// The keys of the labels that its aggregation rule selects, their value being `true`.
    pub aggregates: Vec<SmolStr>,
}

/// A RoleBinding or ClusterRoleBinding that the API server makes itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltInBinding {
    /// The namespace; none for ClusterRoleBindings.
    pub namespace: Option<&'static str>,
    /// The name.
    pub name: SmolStr,
    /// The role that it grants.
    pub role_ref: RoleRef,
    /// To whom.
    pub subjects: Vec<Subject>,
}

#[derive(Default)]
struct Policy {
    roles: Vec<BuiltInRole>,
    bindings: Vec<BuiltInBinding>,
}

static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let mut policy = Policy::default();
    include_str!("policy.txt").lines().for_each(|line| policy.add(line));
    policy.aggregate();
    policy
});

/// Returns the ClusterRole of a name; none for those of controllers, whose rules are not kept.
#[must_use]
pub fn cluster_role(name: &str) -> Option<&'static BuiltInRole> {
    POLICY.roles.iter().find(|role| role.namespace.is_none() && role.name == name)
}

/// Returns the Role of a namespace and a name.
#[must_use]
pub fn role(namespace: &str, name: &str) -> Option<&'static BuiltInRole> {
    POLICY.roles.iter().find(|role| role.namespace == Some(namespace) && role.name == name)
}

/// Returns all roles but those of controllers.
#[must_use]
pub fn roles() -> &'static [BuiltInRole] {
    &POLICY.roles
}

/// Returns all bindings.
#[must_use]
pub fn bindings() -> &'static [BuiltInBinding] {
    &POLICY.bindings
}

/// Tells whether the API server itself makes a role or binding of this kind and name.
#[must_use]
pub fn is_built_in(kind: &str, namespace: Option<&str>, name: &str) -> bool {
    let namespace = namespace.filter(|_| matches!(kind, "Role" | "RoleBinding"));
    match (kind, namespace) {
        ("ClusterRole", _) => name.starts_with(CONTROLLER) || cluster_role(name).is_some(),
        ("Role", Some(namespace)) => role(namespace, name).is_some(),
        ("ClusterRoleBinding", _) if name.starts_with(CONTROLLER) => true,
        ("ClusterRoleBinding", _) | ("RoleBinding", Some(_)) => {
            bindings().iter().any(|it| it.namespace == namespace && it.name == name)
        }
        _ => false,
    }
}

/// Tells whether a role or binding is what the API server makes of this kind and name, or says of
/// itself that a server of another release made it.
#[must_use]
pub fn is_same(object: &Object) -> bool {
    let identity = &object.identity;
    let namespace = identity.namespace.as_deref();
    if identity.group != GROUP || !is_built_in(&identity.kind, namespace, &identity.name) {
        return false;
    }
    let is_label = |labels: &Data| match labels {
        Data::Map(labels) => {
            matches!(labels.get(MADE), Some(Data::Str(it)) if it == "rbac-defaults")
        }
        _ => false,
    };
    object.labels().is_some_and(is_label) || is_equal(object)
}

fn is_equal(object: &Object) -> bool {
    let identity = &object.identity;
    let namespace = identity.namespace.as_deref();
    let known = match namespace {
        Some(namespace) => role(namespace, &identity.name),
        None => cluster_role(&identity.name),
    };
    if let Some(role) = object.role() {
        // The rules of controllers are not kept.
        return known.is_none_or(|known| {
            let rules: Vec<PolicyRule> = role.policy_rules().cloned().collect();
            role.selectors.is_some() && !known.aggregates.is_empty()
                || covered(&known.rules, &rules) && covered(&rules, &known.rules)
        });
    }
    let Some(binding) = object.binding() else { return false };
    let subjects: BTreeSet<Subject> = binding.by_canonical().into_keys().collect();
    bindings().iter().any(|known| {
        known.namespace == namespace
            && known.name == identity.name
            && known.role_ref == binding.role_ref
            && known.subjects.iter().map(Subject::canonical).collect::<BTreeSet<_>>() == subjects
    })
}

/// Tells whether a name begins with what Kubernetes and platforms keep for their own roles and
/// bindings; charts use `system:` too.
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    RESERVED.iter().any(|prefix| name.starts_with(prefix))
}

impl Policy {
    /// Adds what a line of the table says.
    fn add(&mut self, line: &'static str) {
        let mut words = line.split_whitespace();
        match words.next() {
            None | Some("#") => {}
            Some("role") => {
                let (namespace, name) = split(words.next().unwrap_or_default());
                let mut role = BuiltInRole {
                    namespace,
                    name,
                    rules: Vec::new(),
                    items: Vec::new(),
                    labels: Vec::new(),
                    aggregates: Vec::new(),
                };
                for word in words {
                    let list =
                        if word.starts_with('+') { &mut role.labels } else { &mut role.aggregates };
                    list.push(format!("{LABEL}{}", &word[1..]).into());
                }
                self.roles.push(role);
            }
            Some("binding") => {
                let (namespace, name) = split(words.next().unwrap_or_default());
                let role = words.next().filter(|it| *it != "=").unwrap_or(name);
                let subjects = words.filter_map(subject).collect();
                self.bindings.push(binding(namespace, name.into(), role.into(), subjects));
            }
            Some("controllers") => self.bindings.extend(words.map(|controller| {
                let name = SmolStr::from(format!("{CONTROLLER}{controller}"));
                binding(None, name.clone(), name, vec![named("ServiceAccount", controller)])
            })),
            Some(verbs) => {
                if let Some(role) = self.roles.last_mut() {
                    role.rules.push(rule(verbs, words));
                }
            }
        }
    }

    /// Fills in the rules of the roles that aggregate others, and the items of all.
    fn aggregate(&mut self) {
        let all = self.roles.clone();
        for role in self.roles.iter_mut().filter(|role| !role.aggregates.is_empty()) {
            role.rules = aggregated(&all, role);
        }
        for role in &mut self.roles {
            role.items = role.rules.iter().cloned().map(RoleRule::unwritten).collect();
        }
    }
}

/// Returns the rules of a role, with those of the roles that it selects; no two select each other.
fn aggregated(all: &[BuiltInRole], role: &BuiltInRole) -> Vec<PolicyRule> {
    let is_selected =
        |other: &&BuiltInRole| other.labels.iter().any(|it| role.aggregates.contains(it));
    let selected = all.iter().filter(is_selected);
    role.rules.iter().cloned().chain(selected.flat_map(|it| aggregated(all, it))).collect()
}

/// Splits what may be a namespace and a name.
fn split(word: &'static str) -> (Option<&'static str>, &'static str) {
    match word.split_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, word),
    }
}

fn rule(verbs: &str, mut rest: std::str::SplitWhitespace<'_>) -> PolicyRule {
    let verbs = verbs.split(',').flat_map(|verb| match verb {
        "read" => READ.to_vec(),
        "write" => WRITE.to_vec(),
        "all" => [READ, WRITE].concat(),
        other => vec![other],
    });
    let verbs = verbs.map(SmolStr::new).collect();
    let mut next = || rest.next().into_iter().flat_map(|list| list.split(',')).map(word);
    let groups: Words = next().collect();
    let (resources, resource_names) = (next().collect(), next().collect());
    if groups.contains("url") {
        return PolicyRule { non_resource_urls: resources, verbs, ..PolicyRule::default() };
    }
    PolicyRule {
        non_resource_urls: Words::new(),
        api_groups: groups,
        resources,
        resource_names,
        verbs,
    }
}

/// Returns what a word of a rule stands for.
fn word(text: &str) -> SmolStr {
    if text == "core" { SmolStr::default() } else { text.into() }
}

fn binding(
    namespace: Option<&'static str>,
    name: SmolStr,
    role: SmolStr,
    subjects: Vec<Subject>,
) -> BuiltInBinding {
    let kind = if namespace.is_some() { "Role" } else { "ClusterRole" };
    let role_ref = RoleRef { api_group: GROUP.into(), kind: kind.into(), name: role };
    BuiltInBinding { namespace, name, role_ref, subjects }
}

/// Reads a subject, such as `Group:system:masters`.
fn subject(word: &str) -> Option<Subject> {
    word.split_once(':').map(|(kind, name)| named(kind, name))
}

fn named(kind: &str, name: &str) -> Subject {
    let namespace = (kind == "ServiceAccount").then(|| SmolStr::new_static(NAMESPACE));
    Subject {
        kind: kind.into(),
        namespace,
        name: name.into(),
        api_group: Subject::default_group(kind),
    }
}

#[cfg(test)]
mod tests;
