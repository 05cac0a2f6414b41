use std::collections::BTreeSet;

use super::super::access::Request;
use super::super::resources;
use super::*;

fn can(role: &BuiltInRole, verb: &str, group: &str, resource: &str) -> bool {
    role.rules.iter().any(|rule| rule.allows(&Request::new(verb, group, resource)))
}

#[test]
fn the_roles_for_users_hold_what_they_aggregate() {
    let rbac = GROUP;
    // Role, verb, group, resource, whether it can.
    let table = [
        ("view", "get", "", "pods", true),
        ("view", "get", "", "secrets", false),
        ("view", "update", "", "pods", false),
        ("view", "get", rbac, "roles", false),
        ("edit", "get", "", "pods", true),
        ("edit", "get", "", "secrets", true),
        ("edit", "update", "", "secrets", true),
        ("edit", "create", "", "pods/exec", true),
        ("edit", "get", "", "pods/exec", true),
        ("edit", "impersonate", "", "serviceaccounts", true),
        ("edit", "create", "", "serviceaccounts/token", true),
        ("edit", "create", rbac, "roles", false),
        ("edit", "update", "", "resourcequotas", false),
        ("edit", "update", "", "endpoints", false),
        ("admin", "get", "", "secrets", true),
        ("admin", "create", rbac, "roles", true),
        ("admin", "patch", rbac, "rolebindings", true),
        ("admin", "create", rbac, "clusterroles", false),
        ("admin", "bind", rbac, "roles", false),
        ("cluster-admin", "escalate", "any.example", "things/x", true),
        ("system:auth-delegator", "create", "authentication.k8s.io", "tokenreviews", true),
    ];
    for (name, verb, group, resource, expected) in table {
        let role = cluster_role(name).expect("it is built in");
        assert_eq!(can(role, verb, group, resource), expected, "{name} {verb} {group}/{resource}");
    }
}

#[test]
fn each_rule_item_is_whole_and_names_what_is_served() {
    for role in roles() {
        assert!(!role.rules.is_empty(), "{}", role.name);
        for rule in &role.rules {
            assert!(!rule.verbs.is_empty(), "{}: {rule}", role.name);
            if !rule.non_resource_urls.is_empty() {
                assert!(
                    rule.non_resource_urls.iter().all(|url| url == "*" || url.starts_with('/'))
                );
                continue;
            }
            assert!(!rule.api_groups.is_empty() && !rule.resources.is_empty(), "{}", role.name);
            for resource in &rule.resources {
                let is_known = |group: &SmolStr| {
                    group == "*" || resource == "*" || resources::lookup(group, resource).is_some()
                };
                // The server still lists what it served once: deployments/rollback.
                let is_old =
                    rule.api_groups.contains("extensions") || resource.ends_with("/rollback");
                let is_known = rule.api_groups.iter().any(is_known);
                assert!(is_known || is_old, "{}: {resource}", role.name);
            }
        }
    }
}

#[test]
fn names_stand_once_and_bindings_lead_to_roles() {
    let names: BTreeSet<_> = roles().iter().map(|it| (it.namespace, it.name)).collect();
    assert_eq!(names.len(), roles().len());
    let names: BTreeSet<_> = bindings().iter().map(|it| (it.namespace, &it.name)).collect();
    assert_eq!(names.len(), bindings().len());
    for binding in bindings() {
        let name = &binding.role_ref.name;
        assert!(is_built_in(&binding.role_ref.kind, binding.namespace, name), "{name}");
        let kind = if binding.namespace.is_some() { "RoleBinding" } else { "ClusterRoleBinding" };
        assert!(is_built_in(kind, binding.namespace, &binding.name), "{}", binding.name);
    }
}

#[test]
fn what_is_built_in_is_told_by_kind_and_namespace() {
    let reader = "extension-apiserver-authentication-reader";
    let table = [
        ("ClusterRole", None, "cluster-admin", true),
        ("ClusterRole", None, "system:controller:of-a-later-release", true),
        ("ClusterRole", None, "system:metrics-server", false),
        ("ClusterRole", None, reader, false),
        ("Role", Some("kube-system"), reader, true),
        ("Role", Some("default"), reader, false),
        ("Role", Some("default"), "admin", false),
        ("ClusterRoleBinding", None, "cluster-admin", true),
        ("ClusterRoleBinding", None, "admin", false),
        ("RoleBinding", Some("kube-public"), "system:controller:bootstrap-signer", true),
    ];
    for (kind, namespace, name, expected) in table {
        assert_eq!(is_built_in(kind, namespace, name), expected, "{kind} {namespace:?} {name}");
    }
    assert!(is_reserved("eks:addon-manager") && is_reserved("system:openshift:x"));
    assert!(!is_reserved("eks-view"));
}

#[test]
fn bindings_are_to_whom_the_server_binds() {
    let to = |name: &str| -> Vec<String> {
        let binding = bindings().iter().find(|it| it.name == name && it.namespace.is_none());
        let subjects = binding.into_iter().flat_map(|it| &it.subjects);
        subjects.map(ToString::to_string).collect()
    };
    assert_eq!(to("cluster-admin"), ["Group system:masters"]);
    assert_eq!(to("system:controller:job-controller"), ["kube-system/job-controller"]);
    assert_eq!(to("system:node"), [""; 0]);
}
