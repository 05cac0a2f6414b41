//! What `rolecall lint` says of who is bound to what.

use crate::support::{arg, folder, rolecall};

/// Returns the severity, rule and place of what is found, each in one text.
fn found(files: &[(&str, &str)], more: &[&str]) -> Vec<String> {
    let folder = folder(files);
    let args = [&["lint", arg(folder.path()), "--format", "json"], more].concat();
    let json = rolecall(&args).json();
    let findings = json["findings"].as_array().expect("there is a list").iter();
    let line = |it: &serde_json::Value| {
        let word = |key: &str| it[key].as_str().expect("it is a text").to_owned();
        let at = &it["location"];
        format!("{} {} {}:{}", word("severity"), word("rule"), at["line"], at["column"])
    };
    findings.map(line).collect()
}

#[test]
fn a_binding_to_a_built_in_role_is_judged_by_its_rules() {
    let binding = |kind: &str, role: &str, subjects: &str| {
        let namespace = if kind == "RoleBinding" { ", namespace: app" } else { "" };
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\n\
             metadata: {{name: a{namespace}}}\nroleRef:\n  name: {role}\n  kind: ClusterRole\n\
             \x20 apiGroup: rbac.authorization.k8s.io\nsubjects: [{subjects}]\n"
        )
    };
    let account = "{kind: ServiceAccount, name: ci, namespace: build}";
    let table: [(_, _, _, &[&str]); 8] = [
        ("ClusterRoleBinding", "admin", account, &["error impersonate 5:9"]),
        ("ClusterRoleBinding", "edit", account, &["error impersonate 5:9"]),
        ("RoleBinding", "edit", account, &["info impersonate 5:9"]),
        ("ClusterRoleBinding", "view", account, &[]),
        ("ClusterRoleBinding", "system:auth-delegator", account, &[]),
        ("ClusterRoleBinding", "system:node", account, &["error token-create 5:9"]),
        ("ClusterRoleBinding", "cluster-admin", account, &["error cluster-admin-binding 5:9"]),
        ("ClusterRoleBinding", "admin", "", &["info empty-grant 3:18"]),
    ];
    for (kind, role, subjects, expected) in table {
        let text = binding(kind, role, subjects);
        assert_eq!(found(&[("a.yaml", &text)], &[]), expected, "{kind} {role} {subjects}");
    }
}

#[test]
fn a_role_of_the_inputs_stands_for_the_built_in_one_of_its_name() {
    let text = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n\
                metadata: {name: a}\nroleRef: {kind: ClusterRole, name: edit, apiGroup: rbac.authorization.k8s.io}\n\
                subjects: [{kind: ServiceAccount, name: ci, namespace: build}]\n---\n\
                apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: edit}\n\
                rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]\n";
    assert_eq!(
        found(&[("a.yaml", text)], &["--select", "risk"]),
        ["error built-in-redefined 9:18"]
    );
}

#[test]
fn a_star_hides_no_verb_that_is_worse() {
    let role = |resource: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: a}}\n\
             rules:\n  - apiGroups: [rbac.authorization.k8s.io]\n    resources: [{resource}]\n\
             \x20   verbs: ['*']\n---\napiVersion: rbac.authorization.k8s.io/v1\n\
             kind: ClusterRoleBinding\nmetadata: {{name: a}}\n\
             roleRef: {{kind: ClusterRole, name: a, apiGroup: rbac.authorization.k8s.io}}\n\
             subjects: [{{kind: ServiceAccount, name: ci, namespace: build}}]\n"
        )
    };
    let table = [
        ("clusterroles", "error bind-roles 6:17"),
        ("clusterrolebindings", "warning wildcard-verb 7:13"),
    ];
    for (resource, expected) in table {
        let found = found(&[("a.yaml", &role(resource))], &["--select", "risk"]);
        assert_eq!(found, [expected], "{resource}");
    }
}

#[test]
fn a_release_may_be_called_as_a_number_is() {
    let chart = "apiVersion: v2\nname: a\nversion: 1.0.0\n";
    let role = |namespace: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n\
             \x20 name: {{{{ .Release.Name }}}}-a\n  namespace: {namespace}\n\
             rules: [{{apiGroups: [''], resources: [pods], verbs: [get]}}]\n"
        )
    };
    let table: [(_, &[&str]); 4] = [
        ("{{ .Release.Namespace }}", &["warning unquoted-name 5:14"]),
        ("{{ .Release.Namespace | quote }}", &[]),
        ("\"{{ .Release.Namespace }}\"", &[]),
        ("ns-{{ .Release.Namespace }}", &[]),
    ];
    for (namespace, expected) in table {
        let text = role(namespace);
        let files = [("Chart.yaml", chart), ("templates/a.yaml", text.as_str())];
        assert_eq!(found(&files, &["--select", "unquoted-name"]), expected, "{namespace}");
        assert_eq!(found(&files, &["--select", "validity"]), Vec::<String>::new(), "{namespace}");
    }
}
