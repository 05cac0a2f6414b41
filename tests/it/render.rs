//! `rolecall render` on manifests; on charts in `chart.rs`.

use rolecall::cli::Surroundings;

use crate::support::{arg, folder, plain, rolecall, rolecall_with_stdin, run_with};

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

#[test]
fn the_time_is_source_date_epoch_and_random_texts_repeat() {
    let folder = tempfile::tempdir().expect("a folder for the chart");
    let templates = folder.path().join("templates");
    std::fs::create_dir(&templates).expect("a folder for the templates");
    let chart = "apiVersion: v2\nname: c\nversion: 0.1.0\n";
    std::fs::write(folder.path().join("Chart.yaml"), chart).expect("Chart.yaml is written");
    let text = "day: {{ now | date \"2006-01-02\" }}\na: {{ randAlpha 8 }}\nb: {{ randAlpha 8 }}\n";
    std::fs::write(templates.join("t.yaml"), text).expect("the template is written");
    let path = folder.path().to_string_lossy().into_owned();
    let render = |namespace: &str, epoch: Option<&str>| {
        let source_date_epoch = epoch.map(String::from);
        let surroundings =
            Surroundings { source_date_epoch, ..plain(env!("CARGO_MANIFEST_DIR").into()) };
        run_with(&["render", &path, "-n", namespace], "", surroundings)
    };
    let first = render("team-a", None).stdout;
    assert!(first.contains("day: 2025-01-01"), "{first}");
    assert_eq!(first, render("team-a", None).stdout);
    assert_ne!(first, render("team-b", None).stdout, "another release draws others");
    let values: Vec<&str> =
        first.lines().filter_map(|it| it.split_once(": ")).map(|it| it.1).collect();
    assert_ne!(values[values.len() - 2], values[values.len() - 1], "another place draws others");
    assert!(render("team-a", Some("86400")).stdout.contains("day: 1970-01-02"));
    assert_eq!(render("team-a", Some("tomorrow")).code, 2);
}
