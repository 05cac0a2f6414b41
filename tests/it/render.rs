//! `rolecall render` on manifests; on charts in `chart.rs`.

use crate::support::{arg, folder, rolecall, rolecall_with_stdin};

const ROLE: &str = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role # kept
metadata: {name: a, namespace: b}
rules: []
";

const CONFIG: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n";

#[test]
fn manifests_are_printed_as_read_in_order() {
    let both = format!("{CONFIG}---\n{ROLE}");
    let folder = folder(&[("b.yaml", &both), ("a.yaml", ROLE)]);
    let (b, a) = (folder.path().join("b.yaml"), folder.path().join("a.yaml"));
    let run = rolecall(&["render", arg(&b), arg(&a)]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(run.stdout, format!("---\n{both}---\n{ROLE}"));
    let walked = rolecall(&["render", arg(folder.path())]);
    assert_eq!(walked.stdout, format!("---\n{ROLE}---\n{both}"), "a walk goes by name");
}

#[test]
fn rbac_keeps_roles_bindings_and_accounts() {
    let run = rolecall_with_stdin(&["render", "--rbac", "-"], &format!("{CONFIG}---\n{ROLE}"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.starts_with("---\napiVersion: rbac"), "{}", run.stdout);
    assert!(!run.stdout.contains("ConfigMap"));
    let list = r#"{"apiVersion":"v1","kind":"List","items":[
        {"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"a"}},
        {"apiVersion":"v1","kind":"Secret","metadata":{"name":"b"}}]}"#;
    let run = rolecall_with_stdin(&["render", "--rbac", "-"], list);
    assert_eq!(run.stdout, "---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a\n");
}

#[test]
fn files_are_written_below_a_folder() {
    let folder = folder(&[("in/a.yaml", ROLE)]);
    let out = folder.path().join("out");
    let input = folder.path().join("in");
    let run = rolecall(&["render", arg(&input), "--output-dir", arg(&out)]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let line = run.stdout.lines().next().expect("the file is named");
    let path = line.strip_prefix("wrote ").expect("it says what was written");
    let written = std::fs::read_to_string(path).expect("it was written");
    assert_eq!(written, format!("---\n{ROLE}"));
}

#[test]
fn with_trouble_nothing_is_printed() {
    let folder = folder(&[("a.yaml", ROLE), ("b.yaml", "a: [")]);
    let (a, b) = (folder.path().join("a.yaml"), folder.path().join("b.yaml"));
    let run = rolecall(&["render", "--rbac", arg(&a), arg(&b)]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("b.yaml"), "{}", run.stderr);
}
