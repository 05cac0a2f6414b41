//! What risks are said to mean: it is true of the verbs and resources at hand.

use crate::support::{arg, folder, rolecall};

/// Returns the rule, the message and the help of the findings of risk about a role item that is bound in
/// the whole cluster.
fn said(item: &str) -> Vec<String> {
    let told = told(item, "risk").into_iter();
    told.map(|it| it.split_once(" | ").expect("it begins with the severity").1.into()).collect()
}

/// Returns the severity, the rule, the message and the help of the findings of some rules about role
/// items that are bound in the whole cluster.
fn told(item: &str, rules: &str) -> Vec<String> {
    let text = format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: r}}\n\
         rules: [{{{item}}}]\n---\n\
         apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: b}}\n\
         roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}}\n\
         subjects: [{{kind: ServiceAccount, name: a, namespace: n}}]\n"
    );
    let folder = folder(&[("a.yaml", &text)]);
    let path = folder.path().join("a.yaml");
    let run = rolecall(&["lint", arg(&path), "--format", "json", "--select", rules]);
    let json = run.json();
    let findings = json["findings"].as_array().expect("there is a list").iter();
    let words = ["severity", "rule", "message", "help"];
    findings.map(|it| words.map(|word| it[word].to_string()).join(" | ")).collect()
}

#[test]
fn what_a_grant_means_fits_its_verbs_and_resources() {
    let webhooks = "apiGroups: [admissionregistration.k8s.io], verbs: [update], resources:";
    let core = "apiGroups: [''], resources:";
    let table = [
        (format!("{webhooks} [mutatingwebhookconfigurations]"), "sees and changes all"),
        (format!("{webhooks} [validatingwebhookconfigurations]"), "sees and refuses all"),
        (format!("{webhooks} [validatingadmissionpolicies]"), "lets through what was refused"),
        (format!("{core} [pods], verbs: [create]"), "the pods run as any account"),
        (format!("{core} [pods], verbs: [patch]"), "an image of choice runs in them"),
        (
            "apiGroups: [apps], resources: [deployments], verbs: [patch]".into(),
            "the pods run as any account",
        ),
        (format!("{core} [pods], verbs: [deletecollection]"), "one call, and it is gone"),
        (format!("{core} [events], verbs: [delete]"), "removes old events by itself"),
        (format!("{core} [endpoints], verbs: [update]"), "take a Lease"),
        (format!("{core} [services/status], verbs: [update]"), "leave it to what balances load"),
        (
            "apiGroups: [a.example], resources: ['*'], verbs: [get, list, create, update]".into(),
            "can use get, list and 2 more verbs on every resource of group a.example",
        ),
    ];
    for (item, expected) in table {
        let said = said(&item);
        assert!(matches!(said.as_slice(), [one] if one.contains(expected)), "{item}: {said:?}");
    }
}

#[test]
fn who_has_named_objects_is_not_told_to_name_them() {
    let table = [
        ("'']", "[secrets]", "[get]"),
        ("'']", "[secrets]", "[update]"),
        ("'']", "[configmaps]", "[update]"),
        ("'']", "[serviceaccounts/token]", "[create]"),
        ("'']", "[users]", "[impersonate]"),
        ("admissionregistration.k8s.io]", "[mutatingwebhookconfigurations]", "[patch]"),
        ("rbac.authorization.k8s.io]", "[roles]", "[update]"),
    ];
    for (group, resources, verbs) in table {
        let item = format!("apiGroups: [{group}, resources: {resources}, verbs: {verbs}");
        let (all, named) = (said(&item), said(&format!("{item}, resourceNames: [coredns]")));
        assert!(
            matches!(all.as_slice(), [one] if one.contains("`resourceNames`")),
            "{item}: {all:?}"
        );
        let is_other = |it: &String| !it.contains("`resourceNames`");
        assert!(matches!(named.as_slice(), [one] if is_other(one)), "{item}: {named:?}");
    }
}

#[test]
fn what_a_star_hides_is_as_bad_as_where_it_is_written_out() {
    let rbac = "apiGroups: [rbac.authorization.k8s.io], resources:";
    let table = [
        (format!("{rbac} [clusterrolebindings], verbs: ['*']"), "warning"),
        (format!("{rbac} ['*'], verbs: [get, bind]"), "error"),
        (format!("{rbac} ['*'], verbs: [get, create]"), "warning"),
        ("apiGroups: [''], resources: ['*'], verbs: [get]".into(), "warning"),
        ("apiGroups: [custom.metrics.k8s.io], resources: ['*'], verbs: ['*']".into(), "info"),
    ];
    for (item, severity) in table {
        let told = told(&item, "wildcard-verb,wildcard-resource");
        let begin = format!("\"{severity}\" | \"wildcard-");
        assert!(matches!(told.as_slice(), [one] if one.starts_with(&begin)), "{item}: {told:?}");
    }
}

#[test]
fn the_cure_fits_what_is_there() {
    let names = "apiGroups: [''], resources: [configmaps], resourceNames: [a], verbs: [create]";
    let core = |resources: &str| format!("apiGroups: [''], resources: [{resources}], verbs: [get]");
    let write =
        |resource: &str| format!("apiGroups: [''], resources: [{resource}], verbs: [update]");
    let table = [
        (core("pods/logs"), "unknown-resource", "\"warning\"", "write `pods/log`"),
        (
            core("pods/log, pods/logs"),
            "unknown-resource",
            "\"info\"",
            "`pods/log` stands beside it",
        ),
        (core("configmaps/status"), "unknown-resource", "\"info\"", "no such subresource"),
        (
            core("configmap, configmaps"),
            "unknown-resource",
            "\"info\"",
            "`configmaps` stands beside",
        ),
        (core("configmap"), "unknown-resource", "\"warning\"", "write `configmaps`"),
        (names.into(), "names-without-effect", "\"warning\"", "in an item of its own"),
        (
            format!("{names}}}, {{apiGroups: [''], resources: [configmaps], verbs: [create]"),
            "names-without-effect",
            "\"info\"",
            "the other item grants it",
        ),
        (
            format!(
                "{}, deletecollection]}}, {{apiGroups: [''], resources: [configmaps], verbs: [create]",
                names.trim_end_matches(']')
            ),
            "names-without-effect",
            "\"warning\" | \"names-without-effect\" | \"ClusterRole r grants `deletecollection` only",
            "in an item of its own",
        ),
        (write("nodes/status"), "node-write", "\"warning\"", "leave it to the kubelet"),
        (write("nodes"), "node-write", "\"warning\"", "ask for nodes/status alone"),
        (write("persistentvolumes"), "volume-create", "\"info\"", "that bind claims to volumes"),
    ];
    for (item, rule, severity, cure) in table {
        let told = told(&item, rule);
        let fits = |it: &String| it.starts_with(severity) && it.contains(cure);
        assert!(matches!(told.as_slice(), [one] if fits(one)), "{item}: {told:?}");
    }
}

#[test]
fn a_binding_to_a_role_of_kube_system_is_led_there() {
    let binding = |namespace: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\n\
             metadata: {{name: b, namespace: {namespace}}}\nroleRef: {{apiGroup: rbac.authorization.k8s.io, \
             kind: Role, name: extension-apiserver-authentication-reader}}\n\
             subjects: [{{kind: User, name: a}}]\n"
        )
    };
    let run = |namespace: &str| {
        let folder = folder(&[("a.yaml", &binding(namespace))]);
        let path = folder.path().join("a.yaml");
        rolecall(&["lint", arg(&path), "--select", "dangling-role-ref", "--format", "json"]).json()
    };
    let away = run("n");
    let help = away["findings"][0]["help"].as_str().expect("there is a finding");
    assert!(help.contains("put the binding into namespace kube-system"), "{help}");
    assert_eq!(run("kube-system")["findings"], serde_json::json!([]));
}

#[test]
fn a_group_that_the_inputs_serve_themselves_is_theirs() {
    let found = |service: &str| {
        let text = format!(
            "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: {{name: v1.a.example}}\n\
             spec: {{group: a.example, version: v1{service}}}\n---\n\
             apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: r}}\n\
             rules: [{{apiGroups: [a.example], resources: ['*'], verbs: [get]}}]\n"
        );
        let folder = folder(&[("a.yaml", &text)]);
        let path = folder.path().join("a.yaml");
        let run =
            rolecall(&["lint", arg(&path), "--format", "json", "--select", "wildcard-resource"]);
        run.json()["findings"].as_array().expect("there is a list").len()
    };
    assert_eq!(found(", service: {name: s, namespace: n}"), 0);
    assert_eq!(found(""), 1);
}
