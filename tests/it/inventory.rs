//! rolecall.yaml.

use snapbox::{assert_data_eq, file};

use crate::support::{arg, binary, folder, rolecall};

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

#[test]
fn mistakes_are_errors_with_a_suggestion() {
    let table = [
        ("release: []\n", "did you mean `releases`?"),
        ("lint: {failon: error}\n", "did you mean `fail-on`?"),
        ("lint: {rules: {lost-subject: off}}\n", "did you mean `lost-subjects`?"),
        ("lint: {fail-on: fatal}\n", "fatal"),
        ("releases: [{name: a}]\n", "chart"),
        ("releases: [\n", "rolecall.yaml"),
        ("manifests: [missing.yaml]\n", "missing.yaml"),
    ];
    for (text, expected) in table {
        let folder = folder(&[("rolecall.yaml", text)]);
        let run = rolecall(&["lint", arg(&folder.path().join("rolecall.yaml"))]);
        assert_eq!(run.code, 2, "{text}");
        assert!(run.stderr.contains(expected), "{text}\n{}", run.stderr);
    }
}

#[test]
fn the_schema_accepts_the_example_and_refuses_unknown_keys() {
    let schema = rolecall(&["schema"]).json();
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("schema.json", schema).expect("it is a schema");
    let index = compiler.compile("schema.json", &mut schemas).expect("it compiles");
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(INVENTORY);
    let text = std::fs::read_to_string(path).expect("it can be read");
    let example: serde_json::Value = serde_yaml::from_str(&text).expect("it is YAML");
    schemas.validate(&example, index).expect("the example is valid");
    assert!(schemas.validate(&serde_json::json!({"release": []}), index).is_err());
}

#[test]
fn clusters_keep_apart() {
    let chart = "apiVersion: v2\nname: c\nversion: 1.0.0\n";
    let role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n\
                metadata: {name: a}\nroleRef: {kind: ClusterRole, name: a}\n\
                subjects: [{kind: ServiceAccount, name: a, namespace: \"{{ .Release.Namespace }}\"}]\n";
    let inventory = |cluster: &str| {
        format!(
            "releases:\n- {{chart: c, namespace: x, cluster: one}}\n\
             - {{chart: c, namespace: y, cluster: {cluster}}}\n"
        )
    };
    for (cluster, expected) in [("one", 1), ("two", 0)] {
        let folder = folder(&[
            ("c/Chart.yaml", chart),
            ("c/templates/a.yaml", role),
            ("rolecall.yaml", &inventory(cluster)),
        ]);
        let run = rolecall(&["lint", arg(&folder.path().join("rolecall.yaml"))]);
        assert_eq!(run.code, expected, "{cluster} {}{}", run.stdout, run.stderr);
    }
}
