//! `merge --strategy rename` and `--strategy rolebinding`.

use serde::Deserialize;
use snapbox::{assert_data_eq, file};

use crate::support::{Run, arg, folder, rolecall};

const FLUX: [&str; 4] = ["merge", "fixtures/flux", "-n", "app1,app2,app3"];
const CHART: &str = "apiVersion: v2\nname: c\nversion: 1.0.0\n";
const RBAC: &str = "rbac.authorization.k8s.io";

fn binding(kind: &str, name: &str, role: &str) -> String {
    let (role_kind, role) = role.split_once(' ').expect("a kind and a name");
    format!(
        "---\napiVersion: {RBAC}/v1\nkind: {kind}\nmetadata: {{name: {name}}}\n\
         roleRef: {{apiGroup: {RBAC}, kind: {role_kind}, name: {role}}}\n\
         subjects: [{{kind: ServiceAccount, name: s, namespace: \"{{{{ .Release.Namespace }}}}\"}}]\n"
    )
}

fn role(kind: &str, name: &str, rules: &str) -> String {
    format!(
        "---\napiVersion: {RBAC}/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nrules: [{rules}]\n"
    )
}

fn rule(groups: &str, resources: &str) -> String {
    format!("{{apiGroups: [{groups}], resources: [{resources}], verbs: [get]}}")
}

/// Merges releases of a chart by a strategy, with more inputs.
fn merge(strategy: &str, template: &str, namespaces: &str, more: &[(&str, &str)]) -> Run {
    let folder = folder(&[("c/Chart.yaml", CHART), ("c/templates/a.yaml", template)]);
    let chart = folder.path().join("c");
    let mut args = vec!["merge", arg(&chart), "-n", namespaces, "--strategy", strategy];
    let paths: Vec<_> = more.iter().map(|(name, _)| folder.path().join(name)).collect();
    for ((_, text), path) in more.iter().zip(&paths) {
        std::fs::write(path, text).expect("it can be written");
        args.push(arg(path));
    }
    rolecall(&args)
}

/// Returns `KIND NAMESPACE/NAME -> ROLE` for each document.
fn written(run: &Run) -> Vec<String> {
    let documents = serde_yaml::Deserializer::from_str(&run.stdout);
    let mut found = Vec::new();
    for document in documents {
        let value = serde_yaml::Value::deserialize(document).expect("it is YAML");
        let text = |path: &[&str]| {
            let found = path.iter().try_fold(&value, |at, key| at.get(*key));
            found.and_then(|it| it.as_str()).unwrap_or_default().to_string()
        };
        let namespace = text(&["metadata", "namespace"]);
        let place = if namespace.is_empty() { namespace } else { format!("{namespace}/") };
        let mut line = format!("{} {place}{}", text(&["kind"]), text(&["metadata", "name"]));
        let role = text(&["roleRef", "name"]);
        if !role.is_empty() {
            line.push_str(&format!(" -> {role}"));
        }
        found.push(line);
    }
    found
}

#[test]
fn rename_gives_each_release_names_of_its_own() {
    let run = rolecall(&[FLUX.as_slice(), &["--strategy", "rename"]].concat());
    assert_data_eq!(run.transcript(), file!["snapshots/flux-rename.txt"].raw());
    let folder = folder(&[("merged.yaml", &run.stdout)]);
    let merged = folder.path().join("merged.yaml");
    for more in [vec![arg(&merged)], vec!["--against", arg(&merged)]] {
        let again = rolecall(&[FLUX.as_slice(), &["--strategy", "rename"], &more].concat());
        assert_eq!((again.code, &again.stdout), (0, &run.stdout), "{more:?} {}", again.stderr);
    }
}

#[test]
fn bindings_follow_their_role() {
    let template = [
        role("ClusterRole", "reader", &rule("''", "pods")),
        // This one does not collide, and its role gets another name.
        binding("RoleBinding", "own", "ClusterRole reader"),
        // These stay as they are: a role of the release's namespace, and one that others ship.
        role("Role", "own", &rule("''", "pods")),
        binding("RoleBinding", "to-own", "Role own"),
        binding("ClusterRoleBinding", "{{ .Release.Namespace }}-view", "ClusterRole view"),
        binding("ClusterRoleBinding", "edit", "ClusterRole edit"),
    ];
    let run = merge("rename", &template.concat(), "a,b", &[]);
    let expected = [
        "ClusterRole reader-a",
        "ClusterRole reader-b",
        "ClusterRoleBinding edit-a -> edit",
        "ClusterRoleBinding edit-b -> edit",
        "RoleBinding a/own-a -> reader-a",
        "RoleBinding b/own-b -> reader-b",
    ];
    assert_eq!((run.code, written(&run)), (0, expected.map(String::from).into()), "{}", run.stderr);
    assert!(
        run.stderr.contains("note: RoleBinding own in namespace a: it does not collide"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_conflict_over_the_role_is_solved_by_names() {
    let role = "ClusterRole {{ if eq .Release.Namespace \"a\" }}view{{ else }}edit{{ end }}";
    let template = binding("ClusterRoleBinding", "x", role);
    assert_eq!(merge("union", &template, "a,b", &[]).code, 1);
    let run = merge("rename", &template, "a,b", &[]);
    let expected = ["ClusterRoleBinding x-a -> view", "ClusterRoleBinding x-b -> edit"];
    assert_eq!((run.code, written(&run)), (0, expected.map(String::from).into()), "{}", run.stderr);
}

#[test]
fn the_release_is_part_of_a_name_where_it_must_be() {
    let template = binding("ClusterRoleBinding", "x", "ClusterRole view");
    let folder = folder(&[
        ("c/Chart.yaml", CHART),
        ("c/templates/a.yaml", &template),
        ("taken.yaml", &binding("ClusterRoleBinding", "x-b", "ClusterRole view")),
        (
            "rolecall.yaml",
            "releases:\n- {chart: c, name: one, namespace: a}\n- {chart: c, name: two, namespace: a}\n\
             - {chart: c, name: one, namespace: b}\n- {chart: c, name: one, namespace: d}\n\
             manifests: [taken.yaml]\n",
        ),
    ]);
    let inventory = folder.path().join("rolecall.yaml");
    let run = rolecall(&["merge", arg(&inventory), "--strategy", "rename"]);
    let names: Vec<_> = ["x-a-one", "x-a-two", "x-b-one", "x-d"]
        .map(|name| format!("ClusterRoleBinding {name} -> view"))
        .into();
    assert_eq!((run.code, written(&run)), (0, names), "{}", run.stderr);
}

#[test]
fn what_cannot_be_renamed_is_left_out() {
    let account = "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: s, namespace: x}\n";
    let binding = binding("ClusterRoleBinding", "x", "ClusterRole view");
    let plain = binding.replace("{{ .Release.Namespace }}", "z");
    let run = merge("rename", &format!("{account}{binding}"), "a,b", &[("z.yaml", &plain)]);
    let names = ["x-a", "x-b"].map(|name| format!("ClusterRoleBinding {name} -> view"));
    assert_eq!((run.code, written(&run)), (1, names.into()), "one file keeps its name");
    let line = "left out: ServiceAccount s in namespace x: only roles and bindings are renamed";
    assert!(run.stderr.contains(line), "{}", run.stderr);
    let run = merge("rename", &binding, "a,b", &[("y.yaml", &plain), ("z.yaml", &plain)]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("a file has no namespace to be named by"), "{}", run.stderr);
    let run = merge("rename", &format!("{binding}{binding}"), "a,b", &[]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("it stands 2 times in a/c"), "{}", run.stderr);
}

#[test]
fn what_is_on_the_cluster_under_the_old_name_is_named() {
    let live = "fixtures/flux/live.yaml";
    let more = ["--strategy", "rename", "--against", live];
    let run = rolecall(&[FLUX.as_slice(), &more].concat());
    let line = "the cluster: delete ClusterRoleBinding flux once the new ones are there\n";
    assert!(run.stderr.contains(line), "{}", run.stderr);
    assert_eq!(run.stdout, rolecall(&[FLUX.as_slice(), &more[..2]].concat()).stdout);
}

#[test]
fn rolebinding_keeps_access_where_the_subjects_live() {
    let template = [
        role("ClusterRole", "r", &rule("apps", "deployments, '*'")),
        binding("ClusterRoleBinding", "x", "ClusterRole r"),
    ]
    .concat();
    let run = merge("rolebinding", &template, "a,b", &[]);
    let expected = ["ClusterRole r", "RoleBinding a/x -> r", "RoleBinding b/x -> r"];
    assert_eq!((run.code, written(&run)), (0, expected.map(String::from).into()), "{}", run.stderr);
    let line = "ClusterRoleBinding x: becomes RoleBinding x in a, b; its subjects keep access in \
                their own namespaces only (a/s in a, b/s in b), elsewhere it is gone by intent\n";
    assert!(run.stderr.contains(line), "{}", run.stderr);
    let again = merge("rolebinding", &template, "a,b", &[("merged.yaml", &run.stdout)]);
    assert_eq!(again.stdout, run.stdout, "merging again changes nothing: {}", again.stderr);
}

#[test]
fn rolebinding_refuses_what_means_less_in_a_namespace() {
    let crd = |scope: &str| {
        format!(
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n\
             metadata: {{name: widgets.example.com}}\nspec: {{group: example.com, scope: {scope}, \
             names: {{kind: Widget, plural: widgets}}}}\n"
        )
    };
    let url = "{nonResourceURLs: [/metrics], verbs: [get]}".to_string();
    let taken = binding("RoleBinding", "x", "ClusterRole r")
        .replace("{name: x}", "{name: x, namespace: a}")
        .replace("{{ .Release.Namespace }}", "a");
    let group = binding("ClusterRoleBinding", "x", "ClusterRole r").replace(
        "kind: ServiceAccount, name: s, namespace: \"{{ .Release.Namespace }}\"",
        "kind: Group, name: ops",
    );
    let widgets = rule("example.com", "widgets/status");
    let table = [
        (url, String::new(), Some("the URL /metrics is in no namespace")),
        (rule("''", "nodes/proxy"), String::new(), Some("nodes are in no namespace")),
        (
            rule("rbac.authorization.k8s.io", "clusterroles"),
            String::new(),
            Some("clusterroles.rbac"),
        ),
        (rule("''", "'*'"), String::new(), Some("* in the core group covers resources")),
        (rule("''", "'*/status'"), String::new(), Some("* in the core group covers resources")),
        (rule("'*'", "pods"), String::new(), Some("the group * has resources")),
        (rule("example.com", "'*'"), String::new(), Some("nobody can tell what * covers")),
        (widgets.clone(), String::new(), Some("give the CRD with the others")),
        (widgets.clone(), crd("Cluster"), Some("widgets.example.com are in no namespace")),
        (widgets, crd("Namespaced"), None),
        (rule("''", "pods/log"), String::new(), None),
        (rule("''", "pods"), taken, Some("RoleBinding x in namespace a is there already, in ")),
        (rule("''", "pods"), group, Some("Group ops has no namespace")),
        (
            rule("''", "pods"),
            role("ClusterRole", "r", &rule("''", "nodes")),
            Some("nodes are in no namespace"),
        ),
    ];
    for (rule, more, expected) in table {
        let template =
            [role("ClusterRole", "r", &rule), binding("ClusterRoleBinding", "x", "ClusterRole r")]
                .concat();
        let run = merge("rolebinding", &template, "a,b", &[("more.yaml", &more)]);
        let code = i32::from(expected.is_some());
        assert_eq!(i32::from(run.code), code, "{rule} {}", run.stderr);
        let words = expected.unwrap_or("becomes RoleBinding x in a, b");
        assert!(run.stderr.contains(words), "{rule} {words}\n{}", run.stderr);
        assert_eq!(run.stdout.contains("Binding"), expected.is_none(), "it is left out whole");
    }
}

#[test]
fn rolebinding_refuses_a_role_that_nobody_can_read() {
    let binding = binding("ClusterRoleBinding", "x", "ClusterRole r");
    let run = merge("rolebinding", &binding, "a,b", &[]);
    assert!(run.stderr.contains("ClusterRole r, is not among the inputs"), "{}", run.stderr);
    let aggregating = "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n\
                       metadata: {name: r}\naggregationRule: {clusterRoleSelectors: []}\nrules: []\n";
    let run = merge("rolebinding", &format!("{aggregating}{binding}"), "a,b", &[]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("ClusterRole r, aggregates others"), "{}", run.stderr);
}
