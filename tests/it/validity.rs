//! What the API server refuses, as `rolecall lint` says it.

use crate::support::{arg, folder, rolecall};

/// Returns the rules and the messages of what is found in a manifest.
fn found(text: &str, more: &[&str]) -> Vec<(String, String)> {
    let folder = folder(&[("a.yaml", text)]);
    let path = folder.path().join("a.yaml");
    let args = [&["lint", arg(&path), "--format", "json"], more].concat();
    let json = rolecall(&args).json();
    let findings = json["findings"].as_array().expect("there is a list").iter();
    let text = |it: &serde_json::Value| it.as_str().expect("it is a text").to_owned();
    findings.map(|it| (text(&it["rule"]), text(&it["message"]))).collect()
}

#[test]
fn a_version_is_removed_where_the_target_has_it_no_longer() {
    let role = |version: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/{version}\nkind: ClusterRole\n\
             metadata: {{name: a}}\nrules: [{{apiGroups: [''], resources: [pods], verbs: [get]}}]\n"
        )
    };
    let table = [
        ("v1beta1", "1.21", false),
        ("v1beta1", "1.22", true),
        ("v1alpha1", "1.22", false),
        ("v1alpha1", "v1.30.1", true),
        ("v1", "1.21", false),
        ("v2", "1.21", true),
    ];
    for (version, target, expected) in table {
        let rules = found(&role(version), &["--kube-version", target]);
        let is_found = rules.iter().any(|(rule, _)| rule == "removed-api-version");
        assert_eq!(is_found, expected, "{version} for {target}: {rules:?}");
    }
    let newest = found(&role("v1beta1"), &[]);
    assert!(newest[0].1.ends_with("which Kubernetes 1.22 and later do not serve"), "{newest:?}");
}

#[test]
fn objects_without_a_name_are_judged_and_never_collide() {
    let role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {}\n\
                rules: [{apiGroups: [''], resources: [RESOURCE], verbs: [get]}]\n";
    let two = ["pods", "nodes"].map(|resource| role.replace("RESOURCE", resource)).join("---\n");
    let refused = "the API server refuses a ClusterRole without a name: metadata.name: Required value: \
                   name or generateName is required";
    let expected = ("invalid-name".to_owned(), refused.to_owned());
    assert_eq!(found(&two, &[]), [expected.clone(), expected]);
}

#[test]
fn what_only_an_export_holds_is_not_judged() {
    let bad = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\n\
               rules: [{verbs: [get]}]\n";
    let folder = folder(&[("live.yaml", bad)]);
    let live = folder.path().join("live.yaml");
    let good = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n";
    assert_eq!(found(good, &["--against", arg(&live)]), []);
    assert_eq!(found(bad, &["--select", "validity"]).len(), 2);
}
