use super::{Flaw, FlawKind};
use crate::rbac::{Estate, GROUP, OwnerKind};

/// Returns the flaws of the objects of a text, in which `API` stands for the group and its version.
fn flaws(text: &str) -> Vec<Flaw> {
    let text = text.replace("API", &format!("apiVersion: {GROUP}/v1"));
    let estate = Estate::of_texts(&[(OwnerKind::Manifest, "a.yaml", None, &text)]);
    estate.objects().iter().flat_map(|object| object.flaws.clone()).collect()
}

fn said(text: &str) -> Vec<String> {
    let is_told =
        |flaw: &Flaw| !matches!(flaw.kind, FlawKind::RoleRefGroup | FlawKind::SubjectGroup);
    let flaws = flaws(text).into_iter().filter(is_told);
    flaws.map(|flaw| format!("{:?} {}: {}", flaw.kind, flaw.path, flaw.reason)).collect()
}

#[test]
fn rule_items_are_refused_in_the_servers_words() {
    let verbs = "Rule rules[0].verbs: Required value: verbs must contain at least one value";
    let groups = "Rule rules[0].apiGroups: Required value: resource rules must supply at least one api group";
    let resources =
        "Rule rules[0].resources: Required value: resource rules must supply at least one resource";
    let url = |detail: &str| {
        format!("Rule rules[0].nonResourceURLs: Invalid value: [\"/a\",\"/b\"]: {detail}")
    };
    let in_role = url("namespaced rules cannot apply to non-resource URLs");
    let both = url("rules cannot apply to both regular resources and non-resource URLs");
    let table: [(&str, &str, &[&str]); 9] = [
        ("ClusterRole", "{apiGroups: [''], resources: [pods], verbs: ['*']}", &[]),
        ("ClusterRole", "{nonResourceURLs: [/a], verbs: [get]}", &[]),
        ("ClusterRole", "{apiGroups: [''], resources: [pods], verbs: []}", &[verbs]),
        ("ClusterRole", "{}", &[verbs, groups, resources]),
        ("ClusterRole", "{verbs: [get]}", &[groups, resources]),
        ("Role", "{nonResourceURLs: [/a, /b], verbs: [get]}", &[&in_role]),
        ("Role", "{nonResourceURLs: [/a, /b], verbs: [get], resources: [a]}", &[&in_role, &both]),
        ("ClusterRole", "{nonResourceURLs: [/a, /b], resourceNames: [x]}", &[verbs, &both]),
        (
            "ClusterRole",
            "{apiGroups: '', resources: [pods, 1], verbs: [on]}",
            &[
                "Rule rules[0].apiGroups: it is no list",
                "NoText rules[0].resources[1]: YAML reads `1` as a number",
                "NoText rules[0].verbs[0]: YAML reads `on` as a boolean",
            ],
        ),
    ];
    for (kind, item, expected) in table {
        let text =
            format!("API\nkind: {kind}\nmetadata: {{name: a, namespace: b}}\nrules: [{item}]");
        let ignored = |it: &String| !it.starts_with("IgnoredNamespace");
        let said: Vec<_> = said(&text).into_iter().filter(ignored).collect();
        assert_eq!(said, expected, "{kind} {item}");
    }
}

#[test]
fn role_references_are_refused_in_the_servers_words() {
    let table: [(&str, &str, &[&str]); 4] = [
        ("ClusterRoleBinding", "roleRef: {kind: ClusterRole, name: a}", &[]),
        ("RoleBinding", "roleRef: {kind: Role, name: 'a:b c', apiGroup: ''}", &[]),
        (
            "ClusterRoleBinding",
            "roleRef: {kind: Role, name: a/b}",
            &[
                "RoleRef roleRef.kind: Unsupported value: \"Role\": supported values: \"ClusterRole\"",
                "RoleRef roleRef.name: Invalid value: \"a/b\": may not contain '/'",
            ],
        ),
        (
            "RoleBinding",
            "roleRef: {apiGroup: rbac.authorization.k8s.io/v1, kind: role}",
            &[
                "RoleRef roleRef.apiGroup: Unsupported value: \"rbac.authorization.k8s.io/v1\": \
                 supported values: \"rbac.authorization.k8s.io\"",
                "RoleRef roleRef.kind: Unsupported value: \"role\": supported values: \"Role\", \
                 \"ClusterRole\"",
                "RoleRef roleRef.name: Required value",
            ],
        ),
    ];
    for (kind, rest, expected) in table {
        let text = format!("API\nkind: {kind}\nmetadata: {{name: a}}\n{rest}\n");
        assert_eq!(said(&text), expected, "{kind} {rest}");
    }
}

#[test]
fn subjects_are_refused_in_the_servers_words() {
    let subdomain = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, \
                     '-' or '.', and must start and end with an alphanumeric character (e.g. \
                     'example.com', regex used for validation is \
                     '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    let name = format!("Subject subjects[0].name: Invalid value: \"A_b\": {subdomain}");
    let table: [(&str, &str, &[&str]); 7] = [
        ("RoleBinding", "[{kind: ServiceAccount, name: a.b-c}]", &[]),
        (
            "ClusterRoleBinding",
            "[{kind: ServiceAccount, name: a}]",
            &["SubjectNamespace subjects[0].namespace: Required value"],
        ),
        (
            "RoleBinding",
            "[{kind: ServiceAccount, name: A_b, apiGroup: v1}]",
            &[
                &name,
                "Subject subjects[0].apiGroup: Unsupported value: \"v1\": supported values: \"\"",
            ],
        ),
        (
            "RoleBinding",
            "[{kind: User, name: 'A b', apiGroup: v1}]",
            &["Subject subjects[0].apiGroup: Unsupported value: \"v1\": supported values: \
               \"rbac.authorization.k8s.io\""],
        ),
        (
            "RoleBinding",
            "[{kind: serviceaccount, name: ''}]",
            &[
                "Subject subjects[0].name: Required value",
                "Subject subjects[0].kind: Unsupported value: \"serviceaccount\": supported values: \
                 \"ServiceAccount\", \"User\", \"Group\"",
            ],
        ),
        (
            "RoleBinding",
            "[{kind: Group, name: a, namespace: b}]",
            &["IgnoredNamespace subjects[0].namespace: b"],
        ),
        ("RoleBinding", "null", &[]),
    ];
    for (kind, rest, expected) in table {
        let text = format!(
            "API\nkind: {kind}\nmetadata: {{name: a}}\n\
             roleRef: {{kind: ClusterRole, name: a}}\nsubjects: {rest}\n"
        );
        assert_eq!(said(&text), expected, "{kind} {rest}");
    }
}

#[test]
fn names_are_refused_in_the_servers_words() {
    let missing = "Name metadata.name: Required value: name or generateName is required";
    let table: [(&str, &[&str]); 9] = [
        ("{name: 'system:A b'}", &[]),
        ("{name: ..}", &["Name metadata.name: Invalid value: \"..\": may not be '..'"]),
        (
            "{name: a/b%c}",
            &[
                "Name metadata.name: Invalid value: \"a/b%c\": may not contain '/'",
                "Name metadata.name: Invalid value: \"a/b%c\": may not contain '%'",
            ],
        ),
        ("{name: ''}", &[missing]),
        ("{name: null}", &["NoText metadata.name: YAML reads `null` as nothing", missing]),
        ("", &[missing]),
        (
            "{generateName: a-}",
            &[
                "Name metadata.generateName: kubectl apply refuses it: cannot use generate name with apply",
            ],
        ),
        (
            "{name: 1e3, labels: {a.b/c: true}}",
            &[
                "NoText metadata.name: YAML reads `1e3` as a number",
                "NoText metadata.labels.a.b/c: YAML reads `true` as a boolean",
            ],
        ),
        ("{name: a, namespace: b}", &["IgnoredNamespace metadata.namespace: b"]),
    ];
    for (metadata, expected) in table {
        let text = format!("API\nkind: ClusterRole\nmetadata: {metadata}\nrules: []\n");
        assert_eq!(said(&text), expected, "{metadata}");
    }
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ";
    assert_eq!(said(&format!("{account}a.b}}")), [""; 0]);
    let refused = said(&format!("{account}a_b}}"));
    assert!(refused[0].contains("\"a_b\": a lowercase RFC 1123 subdomain must"), "{refused:?}");
    let long = said(&format!("{account}{}}}", "a".repeat(254)));
    assert!(long[0].ends_with(": must be no more than 253 characters"), "{long:?}");
}

#[test]
fn aggregation_rules_are_refused_in_the_servers_words() {
    let path = "Aggregation aggregationRule.clusterRoleSelectors";
    let required = format!(
        "{path}: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil"
    );
    let item = format!("{path}[0].matchExpressions[0]");
    let values = format!(
        "{item}.values: Required value: must be specified when `operator` is 'In' or 'NotIn'"
    );
    let operator = format!("{item}.operator: Invalid value: \"Is\": not a valid selector operator");
    let label = "NoText aggregationRule.clusterRoleSelectors[0].matchLabels.a: YAML reads `true` as a boolean";
    let table: [(&str, &[&str]); 7] = [
        ("null", &[]),
        ("{clusterRoleSelectors: [{matchLabels: {a.b/c: 'true'}}]}", &[]),
        ("{clusterRoleSelectors: []}", &[&required]),
        ("{}", &[&required]),
        ("{clusterRoleSelectors: [{matchLabels: {a: true}}]}", &[label]),
        ("{clusterRoleSelectors: [{matchExpressions: [{key: a, operator: In}]}]}", &[&values]),
        ("{clusterRoleSelectors: [{matchExpressions: [{key: a, operator: Is}]}]}", &[&operator]),
    ];
    for (rule, expected) in table {
        let text =
            format!("API\nkind: ClusterRole\nmetadata: {{name: a}}\naggregationRule: {rule}\n");
        assert_eq!(said(&text), expected, "{rule}");
    }
    let key = "{clusterRoleSelectors: [{matchLabels: {-a: 'b c'}}]}";
    let text = format!("API\nkind: ClusterRole\nmetadata: {{name: a}}\naggregationRule: {key}\n");
    let said = said(&text);
    assert!(said[0].contains("Invalid value: \"-a\": name part must consist of"), "{said:?}");
    assert!(said[1].contains("Invalid value: \"b c\": a valid label must be"), "{said:?}");
}

#[test]
fn fields_that_there_are_not_are_named() {
    let text = "API\nkind: ClusterRole\nmetadata: {name: a, label: {}}\nrules:\n\
                - {apiGroup: [''], resourcs: [pods], verb: get, verbs: [get], Resources: [x], x: 1}\n";
    let unknown: Vec<_> =
        flaws(text).into_iter().filter(|it| it.kind == FlawKind::UnknownField).collect();
    let said: Vec<_> = unknown.iter().map(|it| (it.reason.as_str(), it.fix.is_some())).collect();
    assert_eq!(
        said,
        [
            ("unknown field \"metadata.label\"; `labels` may be meant", false),
            ("unknown field \"rules[0].apiGroup\"; `apiGroups` may be meant", true),
            ("unknown field \"rules[0].resourcs\"; `resources` may be meant", true),
            ("unknown field \"rules[0].verb\"", false),
            ("unknown field \"rules[0].Resources\"; `resources` may be meant", true),
            ("unknown field \"rules[0].x\"", false),
        ]
    );
}

#[test]
fn what_is_no_object_of_rbac_is_not_judged() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: A_b, x: 1}\n---\n\
                apiVersion: v1\nkind: Secret\nmetadata: {}\n---\n\
                apiVersion: rbac.authorization.k8s.io/v1\nkind: Other\nmetadata: {name: a/b}\n";
    assert_eq!(said(text), [""; 0]);
}
