//! The story: one chart, three namespaces.

use snapbox::{assert_data_eq, file};

use crate::support::{arg, folder, rolecall};

const CHART: &str = "fixtures/flux";
const NAMESPACES: &str = "app1,app2,app3";

#[test]
fn lint_says_who_loses_access_and_points_at_the_template() {
    let run = rolecall(&["lint", CHART, "-n", NAMESPACES]);
    assert_data_eq!(run.transcript(), file!["snapshots/flux-lint.txt"].raw());
    let run = rolecall(&["lint", CHART, "-n", NAMESPACES, "--format", "json"]);
    assert_eq!(run.code, 1);
    let json = run.json();
    let finding = &json["findings"][0];
    assert_eq!(finding["rule"], "lost-subjects");
    assert_eq!(finding["object"]["name"], "flux");
    assert_eq!(finding["location"]["file"], "fixtures/flux/templates/rbac.yaml");
    assert_eq!(finding["location"]["line"], 18);
    let lost = json["collisions"].as_array().expect("it is a list").iter();
    let lost: Vec<_> = lost.flat_map(|it| it["lost"].as_array()).flatten().collect();
    let namespaces: Vec<_> = lost.iter().map(|it| &it["namespace"]).collect();
    assert_eq!(namespaces, ["app1", "app2"]);
}

#[test]
fn merge_keeps_all_three() {
    let run = rolecall(&["merge", CHART, "-n", NAMESPACES]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_data_eq!(run.transcript(), file!["snapshots/flux-merge.txt"].raw());
    let folder = folder(&[("merged.yaml", &run.stdout)]);
    let merged = folder.path().join("merged.yaml");
    let again = rolecall(&["merge", CHART, "-n", NAMESPACES, arg(&merged)]);
    assert_eq!(again.stdout, run.stdout, "merging again changes nothing");
}

#[test]
fn merge_against_an_export_shows_who_gains() {
    let live = "fixtures/flux/live.yaml";
    let run = rolecall(&["merge", CHART, "-n", NAMESPACES, "--against", live]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let line = "ClusterRoleBinding flux: keeps app3/flux, gains app1/flux, app2/flux\n";
    assert!(run.stderr.contains(line), "{}", run.stderr);
    assert_eq!(run.stdout, rolecall(&["merge", CHART, "-n", NAMESPACES]).stdout);
}

#[test]
fn render_names_each_release() {
    let run = rolecall(&["render", CHART, "-n", "app1,app2", "--release", "x"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for line in ["# Release: x (namespace app1)\n", "# Release: x (namespace app2)\n"] {
        assert!(run.stdout.contains(line), "{}", run.stdout);
    }
    let one = rolecall(&["render", CHART, "-n", "app1"]);
    assert!(one.stdout.starts_with("---\n# Source: flux/templates/"), "{}", one.stdout);
    let rbac = rolecall(&["render", CHART, "-n", "app1", "--rbac"]).stdout;
    assert!(rbac.contains("kind: ClusterRole\n") && !rbac.contains("Deployment"), "{rbac}");
    let shown = rolecall(&["render", CHART, "-s", "templates/rbac.yaml"]).stdout;
    assert_eq!(shown.matches("---\n").count(), 2, "{shown}");
    assert_eq!(rolecall(&["render", CHART, "-s", "templates/nothing.yaml"]).code, 2);
}

#[test]
fn a_chart_without_a_namespace_is_probed() {
    let template = ["lint", CHART, "--select", "collision,template"];
    let run = rolecall(&[&template[..], &["--format", "json"]].concat());
    let json = run.json();
    let findings = json["findings"].as_array().expect("it is a list");
    let mut rules: Vec<_> = findings.iter().filter_map(|it| it["rule"].as_str()).collect();
    rules.dedup();
    assert_eq!(rules, ["default-account-when-disabled", "release-only-cluster-name"]);
    assert!(
        json["collisions"].as_array().expect("it is a list").iter().all(|it| it["probe"] == true)
    );
    assert_eq!(run.code, 0, "a warning is no error");
    let constant = rolecall(&[&template[..], &["--set", "fullnameOverride=flux"]].concat());
    assert_eq!(constant.code, 1);
    assert!(constant.stdout.contains("constant-cluster-name"), "{}", constant.stdout);
}

#[test]
fn a_template_of_a_chart_stands_for_its_chart() {
    let whole = rolecall(&["lint", CHART, "-n", NAMESPACES]);
    let file = "fixtures/flux/templates/rbac.yaml";
    assert_eq!(rolecall(&["lint", file, "-n", NAMESPACES]).stdout, whole.stdout);
}

#[test]
fn builtin_templates_render() {
    let shared = ["merge", "--builtin", "operator-shared-binding", "-n", "a,b"];
    let run = rolecall(&shared);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("namespace: a\n") && run.stdout.contains("namespace: b\n"));
    let own = ["lint", "--builtin", "operator-per-namespace", "-n", "a,b", "--fail-on", "info"];
    assert_eq!(rolecall(&own).code, 0);
}

#[test]
fn bad_charts_are_errors_with_a_place() {
    let chart = "apiVersion: v2\nname: c\nversion: 1.0.0\n";
    let table = [
        ("values.yaml", "a: [", "values.yaml"),
        ("templates/a.yaml", "{{ if }}", "templates/a.yaml"),
        ("templates/a.yaml", "{{ nonsense }}", "nonsense"),
        ("templates/a.yaml", "a: {{ required \"need it\" .Values.x }}", "need it"),
        ("templates/a.yaml", "a: {{ fail \"no way\" }}", "no way"),
        (
            "templates/a.yaml",
            "{{ define \"x\" }}{{ include \"x\" . }}{{ end }}{{ include \"x\" . }}",
            "include",
        ),
        ("templates/a.yaml", "a: b: c", "templates/a.yaml"),
        (
            "Chart.yaml",
            "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies: [{name: sub, version: 1.0.0}]\n",
            "helm dependency build",
        ),
    ];
    for (name, text, expected) in table {
        let folder = folder(&[("c/Chart.yaml", chart), (&format!("c/{name}"), text)]);
        let path = folder.path().join("c");
        for command in ["lint", "render", "merge"] {
            let run = rolecall(&[command, arg(&path), "-n", "a,b"]);
            assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{name} {text}");
            assert!(run.words().contains(expected), "{name} {text}\n{}", run.stderr);
        }
    }
}

#[test]
fn what_a_switch_that_is_tried_breaks_is_no_trouble() {
    let text = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: a}\n\
                rules: []\n---\nx: {{ if not .Values.rbac.create }}{{ fail \"it is needed\" }}{{ end }}\n";
    let folder = folder(&[
        ("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"),
        ("c/values.yaml", "rbac: {create: true}\nserviceAccount: {create: true}\n"),
        ("c/templates/a.yaml", text),
    ]);
    let chart = folder.path().join("c");
    let run = rolecall(&["lint", arg(&chart), "--format", "json"]);
    let json = run.json();
    assert_eq!(json["errors"], serde_json::json!([]), "{}", run.stderr);
    assert_eq!(json["releases"].as_array().map(Vec::len), Some(3), "a probe is no release");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let off = rolecall(&["lint", arg(&chart), "--set", "rbac.create=false"]);
    assert!(off.words().contains("it is needed"), "{}", off.stderr);
}
