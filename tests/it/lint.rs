//! `rolecall lint` on manifests; on charts in `chart.rs`.

use std::path::PathBuf;

use rolecall::cli::Surroundings;
use rolecall::report::text::{Colour, Glyphs};
use snapbox::{assert_data_eq, file};

use crate::support::{arg, folder, plain, rolecall, rolecall_with_stdin, run_with};

const INPUT: &str = "fixtures/collisions";

fn crate_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn collisions_are_drawn() {
    let run = rolecall(&["lint", INPUT]);
    assert_data_eq!(run.transcript(), file!["snapshots/lint.txt"].raw());
    assert!(!run.stdout.contains("battery-staple"), "secret values are never printed");
    let surroundings = Surroundings {
        width: Some(60),
        glyphs: Glyphs::Ascii,
        stdout: Colour::Ansi,
        ..plain(crate_folder())
    };
    let run = run_with(&["lint", INPUT], "", surroundings);
    assert_data_eq!(run.transcript(), file!["snapshots/lint-narrow.txt"].raw());
}

#[test]
fn json_is_the_contracts() {
    let run = rolecall(&["lint", INPUT, "--format", "json"]);
    assert_eq!(run.code, 1);
    assert_data_eq!(run.stdout, file!["snapshots/lint.json"].raw());
}

#[test]
fn fail_on_decides_the_exit_code() {
    let same = "fixtures/collisions/app1.yaml";
    let run = rolecall_with_stdin(
        &["lint", same, "-"],
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: reporter, namespace: shared}\n",
    );
    assert_eq!(run.code, 0, "an info is no error: {}", run.stdout);
    assert!(run.stdout.contains("identical"), "{}", run.stdout);
    for (severity, expected) in [("info", 1), ("warning", 0), ("error", 0)] {
        let args = ["lint", same, "-", "--fail-on", severity];
        let account = "apiVersion: v1\nkind: ServiceAccount\n\
                       metadata: {name: reporter, namespace: shared}\n";
        assert_eq!(rolecall_with_stdin(&args, account).code, expected, "{severity}");
    }
}

#[test]
fn a_broken_input_hides_nothing_of_the_rest() {
    let text = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a\n";
    let folder = folder(&[("broken.yaml", text)]);
    let broken = folder.path().join("broken.yaml");
    let run = rolecall(&["lint", INPUT, arg(&broken), "--format", "json"]);
    assert_eq!(run.code, 2);
    let json = run.json();
    assert_eq!(json["errors"].as_array().map(Vec::len), Some(1), "{}", run.stdout);
    assert!(json["errors"][0]["line"].is_u64());
    assert!(json["summary"]["errors"].as_u64() > Some(1));
    let run = rolecall(&["lint", INPUT, arg(&broken)]);
    assert_eq!(run.code, 2);
    assert!(run.stdout.contains("lost-subjects"), "{}", run.stdout);
    assert!(run.stderr.contains("broken.yaml"), "{}", run.stderr);
}

#[test]
fn a_walk_passes_over_what_is_no_manifest() {
    let folder = folder(&[
        (".gitignore", "ignored/\n"),
        ("ignored/a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a\n"),
        ("mkdocs.yml", "site_name: x\n"),
        ("notes.yaml", "{{ no yaml }}: ["),
        ("a.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n"),
    ]);
    let run = rolecall(&["lint", arg(folder.path()), "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.json()["summary"]["objects"], 1);
}

#[test]
fn exports_and_merged_files_are_no_manifests_of_a_walk() {
    let binding = |subject: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n\
             metadata: {{name: a}}\n\
             roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: a}}\n\
             subjects: [{{kind: ServiceAccount, name: a, namespace: {subject}}}]\n"
        )
    };
    let (now, before) = (binding("x"), binding("y"));
    let files = |inventory: &str| {
        folder(&[
            ("prod/rolecall.yaml", inventory),
            ("prod/a.yml", &now),
            ("prod/live.yaml", &before),
            ("prod/rbac/merged.yaml", &before),
        ])
    };
    let lint = |folder: &tempfile::TempDir, more: &[&str]| -> Vec<String> {
        let typed = [&["lint", arg(folder.path()), "--format", "json"], more].concat();
        let json = rolecall(&typed).json();
        let contenders = json["collisions"][0]["contenders"].as_array().cloned();
        let release = |it: &serde_json::Value| it["release"].as_str().map(str::to_owned);
        let paths = contenders.iter().flatten().filter_map(release);
        paths.filter_map(|path| Some(path.rsplit_once('/')?.1.to_owned())).collect()
    };
    for manifests in ["a.yml", "*"] {
        let inventory = format!(
            "manifests: ['{manifests}']\nagainst: live.yaml\nmerge: {{output: rbac/merged.yaml}}\n"
        );
        assert_eq!(lint(&files(&inventory), &[]), ["live.yaml", "a.yml"], "{inventory}");
    }
    let folder = files("manifests: [a.yml]\n");
    assert_eq!(lint(&folder, &[]), ["a.yml", "live.yaml", "merged.yaml"]);
    let live = folder.path().join("prod/live.yaml");
    assert_eq!(lint(&folder, &["--against", arg(&live)]), ["live.yaml", "a.yml", "merged.yaml"]);
}

#[test]
fn formats_go_to_files_together() {
    let folder = folder(&[]);
    let (json, text) = (folder.path().join("a.json"), folder.path().join("a.txt"));
    let json_target = format!("json={}", json.display());
    let text_target = format!("text={}", text.display());
    let run = rolecall(&["lint", INPUT, "--format", &json_target, "--format", &text_target]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    let read = |path| std::fs::read_to_string(path).expect("it was written");
    assert_eq!(read(json), rolecall(&["lint", INPUT, "--format", "json"]).stdout);
    assert_eq!(read(text), rolecall(&["lint", INPUT]).stdout);
}

#[test]
fn an_export_is_a_contender_that_may_be_updated() {
    let binding = |subjects: &str, label: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n\
             metadata: {{name: a, labels: {{l: {label}}}}}\n\
             roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: a}}\n\
             subjects: [{subjects}]\n"
        )
    };
    let subject = |namespace| format!("{{kind: ServiceAccount, name: a, namespace: {namespace}}}");
    let both = format!("{}, {}", subject("x"), subject("z"));
    let table =
        [(subject("x"), subject("x"), 0), (subject("x"), both.clone(), 0), (both, subject("x"), 1)];
    for (before, after, expected) in table {
        let folder =
            folder(&[("live.yaml", &binding(&before, "old")), ("a.yaml", &binding(&after, "new"))]);
        let (live, new) = (folder.path().join("live.yaml"), folder.path().join("a.yaml"));
        let run = rolecall(&["lint", arg(&new), "--against", arg(&live)]);
        assert_eq!(run.code, expected, "{before} {after}\n{}", run.stdout);
    }
}

#[test]
fn objects_whose_names_alone_are_kept_are_read_where_they_collide() {
    let settings = |name: &str, value: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: shared}}\n\
             data: {{a: {value}}}\n"
        )
    };
    let chart = [
        ("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n".to_string()),
        ("c/templates/a.yaml", settings("all", "{{ .Release.Namespace }}")),
        ("c/templates/b.yaml", settings("{{ .Release.Namespace }}", "x")),
        (
            "c/templates/c.yaml",
            settings("all", "y").replace("v1\nkind: ConfigMap", "x.io/v1\nkind: Wide"),
        ),
        (
            "c/crds/wide.yaml",
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n\
             metadata: {name: wides.x.io}\nspec:\n  group: x.io\n  scope: Cluster\n  \
             names: {kind: Wide, plural: wides}\n"
                .into(),
        ),
    ];
    let files: Vec<(&str, &str)> =
        chart.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let folder = folder(&files);
    let path = folder.path().join("c");
    let run = rolecall(&["lint", arg(&path), "-n", "n1,n2", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("it is JSON");
    let collision = |it: &serde_json::Value| {
        let text = |key: &str| it[key].as_str().unwrap_or("-").to_string();
        let lines =
            it["contenders"].as_array().expect("a list").iter().map(|it| it["line"].clone());
        let lines: Vec<_> = lines.collect();
        (text("kind"), text("namespace"), text("outcome"), lines)
    };
    let found: Vec<_> =
        report["collisions"].as_array().expect("a list").iter().map(collision).collect();
    let expected = [("ConfigMap", "shared", "content-overwritten"), ("Wide", "-", "identical")];
    let expected = expected.map(|(kind, namespace, outcome)| {
        (kind.into(), namespace.into(), outcome.into(), vec![3.into(), 3.into()])
    });
    assert_eq!(found, expected, "{}", run.stdout);
    assert_eq!(report["summary"]["objects"], 6);
}

#[test]
fn what_gives_nothing_to_judge_is_said() {
    let folder = folder(&[
        ("walk/lib/Chart.yaml", "apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n"),
        ("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"),
        ("none.yaml", "No resources found\n"),
        ("empty.yaml", "apiVersion: v1\nitems: []\nkind: List\n"),
    ]);
    let path = |name| folder.path().join(name);
    let (walk, library, chart) = (path("walk"), path("walk/lib"), path("c"));
    let (none, empty) = (path("none.yaml"), path("empty.yaml"));
    let table: [(&[&str], u8, &str); 7] = [
        (&[arg(&walk)], 0, "is a library chart"),
        (&[arg(&library)], 0, "is a library chart"),
        (&[arg(&library), "-n", "x"], 2, "library charts are not installable"),
        (
            &["-n", "x", arg(&chart), "--against", arg(&none)],
            0,
            "none.yaml holds no Kubernetes object",
        ),
        (&["-n", "x", arg(&chart), "--against", arg(&empty)], 0, "nothing found"),
        (&[arg(&chart), "--against", arg(&empty)], 0, "the export meets nothing"),
        (&[arg(&chart), "--release", "x"], 0, "--release goes with -n"),
    ];
    for (args, code, expected) in table {
        let run = rolecall(&[&["lint"], args].concat());
        assert_eq!(run.code, code, "{args:?} {}", run.stderr);
        assert!(run.stderr.contains(expected), "{args:?} {}", run.stderr);
        let warned = run.stderr.contains("warning: ");
        assert_eq!(warned, code == 0 && expected != "nothing found", "{args:?} {}", run.stderr);
    }
}

#[test]
fn each_object_of_a_list_is_read_once() {
    let list = "apiVersion: v1\nkind: List\nitems:\n\
                - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: b}}\n\
                - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: c}}\n\
                - {apiVersion: v1, kind: ConfigMap, metadata: {name: b, namespace: shared}}\n\
                - {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: c}}\n";
    let folder = folder(&[
        ("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"),
        ("c/templates/a.yaml", list),
    ]);
    let chart = folder.path().join("c");
    let json = rolecall(&["lint", arg(&chart), "-n", "x,y", "--format", "json"]).json();
    let found: Vec<_> = json["collisions"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|it| {
            let text = |key: &str| it[key].as_str().unwrap_or_default().to_owned();
            let contenders = it["contenders"].as_array().map_or(0, Vec::len);
            format!("{} {} {} {contenders}", text("name"), text("namespace"), text("outcome"))
        })
        .collect();
    let expected = [
        "b shared identical 2",
        "a x duplicate-object 2",
        "a y duplicate-object 2",
        "c  identical 2",
    ];
    assert_eq!(found, expected, "{json:#}");
}

#[test]
fn an_export_comes_through_standard_input_too() {
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n";
    let folder = folder(&[("a.yaml", account)]);
    let path = folder.path().join("a.yaml");
    let text = "apiVersion: v1\nkind: RoleList\nitems: [{metadata: {name: a, namespace: x}}]\n";
    let run =
        rolecall_with_stdin(&["lint", arg(&path), "--against", "-", "--format", "json"], text);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.json()["summary"]["objects"], 2, "{}", run.stderr);
}
