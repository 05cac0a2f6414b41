//! Tests of what bindings and aggregation lead to.

use super::{Access, Reach, Request};
use crate::rbac::OwnerKind;
use crate::rbac::{Estate, GROUP, ObjectId, Subject};
use smol_str::SmolStr;

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
    for (namespace, resource, expected) in
        [("x", "pods", true), ("x", "secrets", false), ("y", "pods", true), ("z", "pods", false)]
    {
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
    let named = item("{apiGroups: [''], resources: ['*', a/b], verbs: ['*'], resourceNames: [a]}");
    let verbs = ["get", "create", "deletecollection", "list"];
    assert_eq!(named.verbs_on(("", "pods"), &verbs), (vec![], vec!["get", "list"]));
    assert_eq!(named.verbs_on(("", "pods/exec"), &["create"]), (vec![], vec!["create"]));
    let all = item("{apiGroups: [''], resources: [pods], verbs: [get, create]}");
    assert_eq!(all.verbs_on(("", "pods"), &verbs), (vec!["get", "create"], vec![]));
}

#[test]
fn labels_lead_to_the_bindings_of_built_in_roles() {
    let estate = estate(
        "
API
kind: ClusterRole
metadata: {name: r, labels: {rbac.authorization.k8s.io/aggregate-to-view: 'true'}}
rules: [{apiGroups: [x.org], resources: [toys], verbs: [get]}]
---
API
kind: RoleBinding
metadata: {name: b, namespace: n}
roleRef: {kind: ClusterRole, name: admin}
subjects: [{kind: ServiceAccount, name: a, namespace: x}]
",
    );
    let access = Access::of(&estate);
    let role = named(&estate, "r");
    assert_eq!(access.reach(role), Reach::Namespace, "view is part of edit, and that of admin");
    assert!(!access.is_everywhere(role));
    for (request, expected) in [
        (Request::new("get", "x.org", "toys"), true),
        (Request::new("update", "rbac.authorization.k8s.io", "roles"), true),
        (Request::new("get", "", "nodes"), false),
    ] {
        assert_eq!(access.can((&account("x"), role), &request, Some("n")), expected, "{request:?}");
    }
}
