//! What the tables say, and that they are well formed.

use super::*;

#[test]
fn each_line_of_the_tables_is_a_row() {
    let mut rows = 0;
    for line in include_str!("served.txt").lines().chain(include_str!("kept.txt").lines()) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let words: Vec<&str> = line.split(' ').collect();
        assert!(words.len() >= 6 && !words.contains(&""), "{line}");
        assert!(matches!(words[3], "cluster" | "namespaced"), "{line}");
        let releases = words[4].split_once("..").map(|(since, gone)| format!("{since}{gone}"));
        let minor = releases.as_deref().and_then(|it| it.strip_prefix("1.")?.parse::<u32>().ok());
        assert!(words[4] == "-" || minor.is_some(), "{line}");
        assert!(words[6..].iter().all(|word| word.contains('=')), "{line}");
        assert!(row(line).is_some(), "{line}");
        rows += 1;
    }
    assert!(rows > all().len(), "rows that add to others, and no row that is lost");
}

#[test]
fn resources_are_sorted_and_their_verbs_stand_once() {
    assert!(all().is_sorted_by_key(|it| (it.group, it.plural)));
    for resource in all() {
        let lists = resource.subresources.iter().map(|(_, verbs)| verbs);
        for verbs in lists.chain([&resource.verbs]) {
            assert!(verbs.is_sorted_by(|one, other| one < other), "{resource:?}");
        }
        assert!(resource.subresources.is_sorted_by(|one, other| one.0 < other.0), "{resource:?}");
    }
}

#[test]
fn kinds_lead_to_resources() {
    let table = [
        ("", "Namespace", Some(("namespaces", Scope::Cluster))),
        ("", "Node", Some(("nodes", Scope::Cluster))),
        ("metrics.k8s.io", "NodeMetrics", Some(("nodes", Scope::Cluster))),
        ("apps", "Deployment", Some(("deployments", Scope::Namespaced))),
        ("extensions", "Deployment", Some(("deployments", Scope::Namespaced))),
        ("policy", "PodSecurityPolicy", Some(("podsecuritypolicies", Scope::Cluster))),
        ("apiregistration.k8s.io", "APIService", Some(("apiservices", Scope::Cluster))),
        ("", "Deployment", None),
        ("example.com", "Node", None),
    ];
    for (group, kind, expected) in table {
        let found = of_kind(group, kind).map(|it| (it.plural, it.scope));
        assert_eq!(found, expected, "{group} {kind}");
    }
}

#[test]
fn resources_of_rules_are_looked_up_with_their_subresources() {
    let status: &[&str] = &["get", "patch", "update"];
    let table: [(&str, &str, Option<&[&str]>); 18] = [
        ("", "pods", Some(&ALL)),
        ("", "pods/exec", Some(&["create", "get"])),
        ("", "pods/status", Some(status)),
        ("", "pods/finalizers", Some(&["update"])),
        ("", "pods/nothing", None),
        ("", "pod", None),
        ("", "componentstatuses", Some(&["get", "list"])),
        ("", "nodes/metrics", Some(&["create", "delete", "get", "patch", "update"])),
        ("", "serviceaccounts/token", Some(&["create"])),
        ("", "users", Some(&["impersonate"])),
        ("", "users/finalizers", None),
        ("apps", "deployments/scale", Some(status)),
        ("authentication.k8s.io", "userextras/scopes", Some(&["impersonate"])),
        ("certificates.k8s.io", "certificatesigningrequests/approval", Some(status)),
        ("certificates.k8s.io", "signers", Some(&["approve", "attest", "sign"])),
        ("custom.metrics.k8s.io", "requests_per_second", Some(&["get", "list"])),
        ("extensions", "ingresses/status", Some(status)),
        ("policy", "pods/eviction", None),
    ];
    for (group, resource, expected) in table {
        let verbs = lookup(group, resource).map(|target| target.verbs);
        assert_eq!(verbs, expected, "{group} {resource}");
    }
    let verbs = lookup("rbac.authorization.k8s.io", "clusterroles").expect("it is served").verbs;
    assert!(verbs.contains(&"bind") && verbs.contains(&"escalate") && verbs.contains(&"get"));
}

#[test]
fn releases_tell_what_is_gone_and_what_is_new() {
    let of = |group, kind| of_kind(group, kind).expect("it is known");
    assert_eq!(of("extensions", "Ingress").gone, Some(22));
    assert!(!of("extensions", "Ingress").is_served());
    assert_eq!(of("scheduling.k8s.io", "Workload").since, Some(35));
    assert!(of("scheduling.k8s.io", "Workload").is_served());
    assert_eq!((of("", "Pod").since, of("", "Pod").gone), (None, None));
}

#[test]
fn resources_are_found_over_all_groups() {
    let table: [(&str, &[&str]); 6] = [
        ("ingresses", &["extensions", "networking.k8s.io"]),
        ("events", &["", "events.k8s.io"]),
        ("deployments/scale", &["apps", "extensions"]),
        ("pods/eviction", &[""]),
        ("pods/nothing", &[]),
        ("tenants", &[]),
    ];
    for (resource, expected) in table {
        let groups: Vec<&str> = homes(resource).map(|it| it.group).collect();
        assert_eq!(groups, expected, "{resource}");
    }
    let listed = ["", "apps", "extensions", "custom.metrics.k8s.io", "example.com", "core"];
    assert_eq!(listed.map(is_listed), [true, true, true, false, false, false]);
    let ingress = of_kind("extensions", "Ingress").expect("it is known");
    assert!(ingress.is_served_by(21) && !ingress.is_served_by(22));
}

#[test]
fn what_was_meant_by_a_word_is_found() {
    let table = [
        ("pod", Some("pods")),
        ("Pods", Some("pods")),
        ("configmap", Some("configmaps")),
        ("svc", Some("services")),
        ("Ingress", Some("ingresses")),
        ("deploymets", Some("deployments")),
        ("pod/log", Some("pods/log")),
        ("pods", None),
        ("tenants", None),
    ];
    for (word, expected) in table {
        assert_eq!(plural_meant(word).as_deref(), expected, "{word}");
    }
    let table = [
        ("core", Some("")),
        ("v1", Some("")),
        ("apps/v1", Some("apps")),
        ("apps", None),
        ("example.com/v1", None),
    ];
    for (word, expected) in table {
        assert_eq!(group_meant(word), expected, "{word}");
    }
}
