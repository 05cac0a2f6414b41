//! rolecall.yaml.

use snapbox::{assert_data_eq, file};

use crate::support::{binary, folder, rolecall, write};

const INVENTORY: &str = "fixtures/inventory/rolecall.yaml";

#[test]
fn an_inventory_names_releases_manifests_and_settings() {
    let run = rolecall(&["lint", INVENTORY]);
    assert_data_eq!(run.transcript(), file!["snapshots/inventory-lint.txt"].raw());
    let json = rolecall(&["lint", INVENTORY, "--format", "json"]).json();
    let namespaces: Vec<_> = json["releases"]
        .as_array()
        .expect("it is a list")
        .iter()
        .map(|it| it["namespace"].as_str().expect("it has one"))
        .collect();
    assert_eq!(namespaces, ["app1", "app2"]);
}

#[test]
fn values_and_the_output_are_the_inventorys() {
    let run = rolecall(&["render", INVENTORY]);
    for replicas in ["replicas: 2", "replicas: 3"] {
        assert!(run.stdout.contains(replicas), "{}{}", run.stdout, run.stderr);
    }
    let check = rolecall(&["merge", INVENTORY, "--check"]);
    assert_eq!(check.code, 1, "the file is not there: {}", check.stderr);
    assert!(check.stderr.contains("fixtures/inventory/rbac/merged.yaml"), "{}", check.stderr);
}

#[test]
fn the_nearest_inventory_is_taken() {
    let manifest = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n";
    let folder = folder(&[
        ("rolecall.yaml", "manifests: [\"rendered/*.yaml\"]\n"),
        ("rendered/a.yaml", manifest),
        ("rendered/deep/b.yaml", manifest),
        ("sub/c.yaml", manifest),
    ]);
    let output = binary(&folder.path().join("sub"), &["lint", "--format", "json"])
        .output()
        .expect("the binary runs");
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(json["summary"]["objects"], 1, "{json:#}");
}

/// A chart with a binding, one release of which needs `values/a.yaml`.
const FILES: [(&str, &str); 5] = [
    ("charts/flux/Chart.yaml", "apiVersion: v2\nname: flux\nversion: 1.0.0\n"),
    ("charts/flux/templates/a.yaml", "{{ toYaml .Values.object }}\n"),
    (
        "charts/flux/values.yaml",
        "object: {apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}\n",
    ),
    ("values/a.yaml", "x: 1\n"),
    ("rendered/a.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: b}\n"),
];

/// Runs the program beside an inventory.
fn beside(inventory: &str, args: &[&str]) -> crate::support::Run {
    let folder = folder(&FILES);
    write(&folder.path().join("rolecall.yaml"), inventory);
    in_folder(folder.path(), args)
}

fn in_folder(folder: &std::path::Path, args: &[&str]) -> crate::support::Run {
    let output = binary(folder, args).output().expect("the binary runs");
    let text = |bytes| String::from_utf8(bytes).expect("what is printed is UTF-8");
    let code = output.status.code().and_then(|code| u8::try_from(code).ok());
    crate::support::Run {
        code: code.expect("it ends by itself"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// Inventories with a mistake, and the place that the message leads to.
const MISTAKES: [(&str, &str); 38] = [
    ("release: []\n", "1:1"),
    ("releases: [{chart: charts/flux, namespce: a}]\n", "1:33"),
    ("releases: [{chart: charts/flux, exclude: a}]\n", "1:33"),
    ("releases: {chart: charts/flux}\n", "1:11"),
    ("releases: [charts/flux]\n", "1:12"),
    ("releases: [{chart: charts/flux, namespaces: a}]\n", "1:45"),
    ("releases: [{chart: charts/flux, namespaces: []}]\n", "1:45"),
    ("releases: [{chart: charts/flux, namespaces: [a, 12]}]\n", "1:49"),
    ("releases: [{chart: charts/flux, namespaces: [a, b, a]}]\n", "1:52"),
    ("releases: [{chart: charts/flux, namespaces: [a b]}]\n", "1:46"),
    ("releases: [{chart: charts/flux, namespaces: [a], namespace: b}]\n", "1:50"),
    ("releases: [{chart: charts/flux, name: Flux}]\n", "1:39"),
    ("releases:\n- name: a\n", "2:3"),
    ("releases: [{chart: }]\n", "1:20"),
    ("releases: [{chart: ''}]\n", "1:20"),
    ("releases: [{chart: charts/flx}]\n", "1:20"),
    ("releases: [{chart: charts}]\n", "1:20"),
    ("releases: [{chart: rendered}]\n", "1:20"),
    ("releases: [{chart: rendered/a.yaml}]\n", "1:20"),
    ("releases: [{chart: 'oci://example.com/flux'}]\n", "1:20"),
    (
        "releases: [{chart: charts/flux, namespaces: [a, b, c], values: ['values/{namespace}.yaml']}]\n",
        "1:65",
    ),
    ("releases: [{chart: charts/flux, values: ['values/{namespcae}.yaml']}]\n", "1:50"),
    ("releases: [{chart: charts/flux, values: ['values/{namespace.yaml']}]\n", "1:50"),
    ("releases: [{chart: charts/flux, values: ['values/{cluster}.yaml']}]\n", "1:42"),
    ("releases: [{chart: charts/flux, set: {'a[b]': 1}}]\n", "1:39"),
    ("releases: [{chart: charts/flux, set: [a=1]}]\n", "1:38"),
    ("releases: [{chart: charts/flux, chart: charts/flux}]\n", "1:33"),
    ("manifests: [rendered/b.yaml]\n", "1:13"),
    ("manifests: rendered/a.yaml\n", "1:12"),
    ("against: live.yaml\n", "1:10"),
    ("merge: {output: rendered}\n", "1:17"),
    ("against: rendered/a.yaml\nmerge: {output: rendered/a.yaml}\n", "2:17"),
    ("lint: {rules: {lost-subject: off}}\n", "1:16"),
    ("lint: {rules: {identical: quiet}}\n", "1:27"),
    ("lint: {fail-on: fatal}\n", "1:17"),
    ("lint: {exclude: [{rule: identical}]}\n", "1:19"),
    ("releases: []\n---\nmanifests: []\n", "3:1"),
    ("releases:\n\t- a\n", "2:1"),
];

#[test]
fn mistakes_are_shown_where_they_stand() {
    let mut all = String::new();
    for (text, place) in MISTAKES {
        let run = beside(text, &["lint"]);
        assert_eq!(run.code, 2, "{text}{}", run.stderr);
        let at = format!("[rolecall.yaml:{place}]");
        assert!(run.stderr.contains(&at), "{at} {text}{}", run.stderr);
        assert!(run.stderr.contains("help: "), "{text}{}", run.stderr);
        all += &run.stderr;
    }
    assert_data_eq!(all, file!["snapshots/inventory-mistakes.txt"].raw());
}

#[test]
fn several_mistakes_are_shown_in_one_run() {
    let text = "releases: [{chrt: a}, {name: b}]\nmanifest: []\nlint: {fail-on: fatal}\n";
    let run = beside(text, &["lint", "--format", "json"]);
    let lines: Vec<_> = run.json()["errors"]
        .as_array()
        .expect("it is a list")
        .iter()
        .map(|it| (it["line"].clone(), it["message"].to_string()))
        .collect();
    assert_eq!(lines.len(), 4, "{lines:?}");
    for (part, line) in
        [("`chrt`", 1), ("`chart` is missing", 1), ("`manifest`", 2), ("`fatal`", 3)]
    {
        let has = lines.iter().any(|(at, message)| *at == line && message.contains(part));
        assert!(has, "{part} in line {line}: {lines:?}");
    }
}

#[test]
fn what_is_named_in_vain_is_a_warning_with_its_place() {
    let table = [
        ("manifests: ['renderd/*.yaml']\n", "rolecall.yaml:1:13: `renderd/*.yaml` matches no file"),
        (
            "releases:\n- {chart: charts/flux}\n- {chart: ./charts/flux, name: flux}\n",
            "rolecall.yaml:3:11: default/flux is installed already, at rolecall.yaml:2:11",
        ),
        (
            "releases:\n- &a {chart: charts/flux, namespace: a}\n- {<<: *a, values: [values/a.yaml]}\n",
            "rolecall.yaml:3:3: a/flux is installed already, at rolecall.yaml:2:38",
        ),
        (
            "lint: {exclude: [{rule: identical, name: x, reason: y}]}\nmanifests: [rendered/a.yaml]\n",
            "rolecall.yaml:1:25: lint.exclude accepts identical of x, which was not found",
        ),
        ("# nothing\n", "rolecall.yaml names neither releases nor manifests"),
    ];
    for (text, expected) in table {
        let run = beside(text, &["lint"]);
        assert_eq!(run.code, 0, "{text}{}", run.stderr);
        assert!(run.stderr.contains(&format!("warning: {expected}")), "{text}{}", run.stderr);
    }
}

#[test]
fn paths_are_those_of_the_file_and_shown_from_the_working_directory() {
    let folder = folder(&FILES);
    let text =
        "releases: [{chart: charts/flux, values: [values/b.yaml]}]\nmanifests: [rendered/*.yaml]\n";
    write(&folder.path().join("rolecall.yaml"), text);
    let run = in_folder(&folder.path().join("charts"), &["lint"]);
    assert!(run.stderr.contains("[../rolecall.yaml:1:42]"), "{}", run.stderr);
    assert!(run.stderr.contains("write ../values/b.yaml"), "{}", run.stderr);
    write(&folder.path().join("values/b.yaml"), "{}");
    let run = in_folder(&folder.path().join("charts"), &["lint", "--format", "json"]);
    assert_eq!(
        run.json()["releases"][0]["chart"],
        "../charts/flux",
        "{}{}",
        run.stdout,
        run.stderr
    );
}

#[test]
fn anchors_and_merge_keys_work() {
    let text = "releases:\n- &flux\n  name: one\n  chart: charts/flux\n  namespaces: &all [a, b]\n\
                - {<<: *flux, name: two}\n- {<<: [{name: three}, *flux], namespaces: *all}\n";
    let json = beside(text, &["lint", "--format", "json"]).json();
    let releases: Vec<_> = json["releases"]
        .as_array()
        .expect("it is a list")
        .iter()
        .map(|it| format!("{}/{}", it["namespace"], it["name"]).replace('"', ""))
        .collect();
    assert_eq!(releases, ["a/one", "b/one", "a/two", "b/two", "a/three", "b/three"]);
}

#[test]
fn set_takes_values_as_set_json_does() {
    let chart = [
        ("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"),
        ("c/values.yaml", "a: {l: [1, 2], gone: 1}\nq: 1\n"),
        ("c/templates/a.yaml", "values: {{ toJson .Values | quote }}\n"),
    ];
    let table = [
        ("a.b", "text", "\"text\""),
        ("a.b", "'1'", "\"1\""),
        ("a.b", "12345678", "12345678"),
        ("a.b", "1.5", "1.5"),
        ("a.b", "off", "false"),
        ("a.gone", "~", "null"),
        ("a.b", "[1, {c: x}]", "[1,{\"c\":\"x\"}]"),
        ("a", "{m: {q: 1}}", "{\"m\":{\"q\":1}}"),
        ("a.l[1]", "z", "\"z\""),
        ("q", "{}", "{}"),
        ("a\\.b", "1", "1"),
    ];
    for (key, yaml, json) in table {
        let folder = folder(&chart);
        let text = format!("releases: [{{chart: c, set: {{'{key}': {yaml}}}}}]\n");
        write(&folder.path().join("rolecall.yaml"), &text);
        let ours = in_folder(folder.path(), &["render"]);
        let flag = format!("{key}={json}");
        let flags = in_folder(folder.path(), &["render", "c", "--set-json", &flag]);
        assert_eq!(ours.code, 0, "{text}{}", ours.stderr);
        assert_eq!(ours.stdout, flags.stdout, "{key}: {yaml}");
    }
}

#[test]
fn later_values_win_then_set_then_what_is_typed() {
    let folder = folder(&[
        ("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"),
        ("c/templates/a.yaml", "v: {{ toJson .Values | quote }}\n"),
        ("1.yaml", "a: 1\nb: 1\nc: 1\nd: 1\ne: 1\n"),
        ("prod-x-c.yaml", "b: 2\nc: 2\nd: 2\ne: 2\n"),
        ("typed.yaml", "d: 4\ne: 4\n"),
        (
            "rolecall.yaml",
            "releases:\n- chart: c\n  namespace: x\n  cluster: prod\n  \
             values: [1.yaml, '{cluster}-{namespace}-{release}.yaml']\n  set: {c: 3, d: 3, e: 3}\n",
        ),
    ]);
    let run = in_folder(folder.path(), &["render", "-f", "typed.yaml", "--set", "e=5"]);
    let values = r#"{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5}"#;
    assert!(run.stdout.contains(values), "{}{}", run.stdout, run.stderr);
}

#[test]
fn a_merge_does_not_read_what_it_wrote() {
    let binding = |namespace: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: x}}\n\
             roleRef: {{kind: ClusterRole, name: x}}\n\
             subjects: [{{kind: ServiceAccount, name: x, namespace: {namespace}}}]\n"
        )
    };
    for manifests in ["['out/*.yaml']", "[out/a.yaml, out/b.yaml, out/merged.yaml]"] {
        let text = format!("manifests: {manifests}\nmerge: {{output: out/merged.yaml}}\n");
        let folder = folder(&[("rolecall.yaml", text.as_str())]);
        for name in ["a", "b", "merged"] {
            write(&folder.path().join(format!("out/{name}.yaml")), &binding(name));
        }
        let run = in_folder(folder.path(), &["merge", "-q"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let run = in_folder(folder.path(), &["merge", "--check"]);
        assert_eq!(run.code, 0, "{manifests} {}{}", run.stdout, run.stderr);
    }
}

#[test]
fn of_two_inventories_the_first_says_where_things_are() {
    let binding = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, namespace: a}\n";
    let folder = folder(&[
        ("a/rolecall.yaml", "against: live.yaml\nmerge: {output: m.yaml}\n"),
        ("a/live.yaml", binding),
        ("b/rolecall.yaml", "against: live.yaml\nmerge: {output: m.yaml}\nmanifests: []\n"),
    ]);
    let run = in_folder(folder.path(), &["lint", "a", "b"]);
    for expected in [
        "warning: merge.output b/m.yaml is passed over for a/m.yaml",
        "warning: b/rolecall.yaml:1:10: the export b/live.yaml is passed over for a/live.yaml",
    ] {
        assert!(run.stderr.contains(expected), "{expected}\n{}", run.stderr);
    }
}

#[test]
fn flags_of_charts_are_refused_beside_an_inventory() {
    for args in [["-n", "a"], ["--release", "a"]] {
        let run = beside("releases: [{chart: charts/flux}]\n", &["render", args[0], args[1]]);
        assert_eq!(run.code, 2, "{}", run.stdout);
        assert!(run.stderr.contains("goes with charts"), "{}", run.stderr);
    }
}

#[test]
fn a_manifest_that_is_walked_and_named_counts_once() {
    let folder = folder(&[
        ("a.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n"),
        ("rolecall.yaml", "manifests: [a.yaml]\n"),
    ]);
    let paths: [&[&str]; 3] = [&["."], &[".", "a.yaml"], &["rolecall.yaml", "./a.yaml"]];
    for paths in paths {
        let run = in_folder(folder.path(), &[&["lint", "--format", "json"], paths].concat());
        let json: serde_json::Value = serde_json::from_str(&run.stdout).expect("it is JSON");
        assert_eq!(json["summary"]["objects"], 1, "{paths:?} {}", run.stdout);
    }
}
