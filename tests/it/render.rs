//! `rolecall render` on manifests, and what a chart takes from its surroundings; the rest of charts
//! is in `chart.rs`.

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
fn files_of_several_releases_lie_below_their_namespaces() {
    let text = "a: {{ .Release.Namespace }}\n";
    let hook = "metadata: {annotations: {helm.sh/hook: test}}\n";
    let files =
        [("Chart.yaml", CHART_YAML), ("templates/a.yaml", text), ("templates/b.yaml", hook)];
    let chart = folder(&files);
    let out = chart.path().join("out");
    let args =
        ["render", arg(chart.path()), "-n", "x,y", "--release", "r", "--output-dir", arg(&out)];
    let run = rolecall(&args);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stdout.matches("wrote ").count(), 4);
    for namespace in ["x", "y"] {
        let folder = out.join(namespace).join("r/c/templates");
        let read = |name| std::fs::read_to_string(folder.join(name)).expect("it was written");
        assert_eq!(read("a.yaml"), format!("---\n# Source: c/templates/a.yaml\na: {namespace}\n"));
        assert_eq!(read("b.yaml"), format!("---\n# Source: c/templates/b.yaml\n{hook}"));
    }
}

#[test]
fn with_trouble_nothing_is_printed() {
    let folder = folder(&[("a.yaml", ROLE), ("b.yaml", "a: [")]);
    let (a, b) = (folder.path().join("a.yaml"), folder.path().join("b.yaml"));
    let run = rolecall(&["render", "--rbac", arg(&a), arg(&b)]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("b.yaml"), "{}", run.stderr);
}

const CHART_YAML: &str = "apiVersion: v2\nname: c\nversion: 1.0.0\n";

#[test]
fn random_values_are_the_same_on_each_run() {
    let template = "a: {{ randAlphaNum 9 }}\nb: {{ randAlphaNum 9 }}\nc: {{ uuidv4 }}\n";
    let chart = folder(&[("Chart.yaml", CHART_YAML), ("templates/a.yaml", template)]);
    let run = |release| rolecall(&["render", arg(chart.path()), "--release", release]);
    let (one, again, other) = (run("one"), run("one"), run("other"));
    assert_eq!((one.code, &one.stdout), (0, &again.stdout));
    assert_ne!(one.stdout, other.stdout, "another release has other values");
    let values: Vec<&str> = one.stdout.lines().filter_map(|line| line.get(3..)).collect();
    assert!(!values.windows(2).any(|pair| pair[0] == pair[1]), "{}", one.stdout);
}

#[test]
fn keys_are_sorted() {
    let template = "a: {{ keys .Values | join \",\" }} {{ values .Values | join \",\" }}";
    let values = "{d: 1, b: 2, a: 3, c: 4}";
    let files =
        [("Chart.yaml", CHART_YAML), ("values.yaml", values), ("templates/a.yaml", template)];
    let run = rolecall(&["render", arg(folder(&files).path())]);
    assert!(run.stdout.contains("a: a,b,c,d 3,2,4,1\n"), "{}", run.stdout);
}

#[test]
fn now_is_what_the_environment_says() {
    let template = "a: {{ now | date \"2006-01-02T15:04:05\" }}";
    let chart = folder(&[("Chart.yaml", CHART_YAML), ("templates/a.yaml", template)]);
    let run = |epoch: Option<&str>| {
        let surroundings = rolecall::cli::Surroundings {
            source_date_epoch: epoch.map(String::from),
            end: None,
            ..plain(env!("CARGO_MANIFEST_DIR").into())
        };
        run_with(&["render", arg(chart.path())], "", surroundings)
    };
    assert!(run(None).stdout.contains("a: 2025-01-01T00:00:00\n"));
    assert!(run(Some("86400")).stdout.contains("a: 1970-01-02T00:00:00\n"));
    let bad = run(Some("today"));
    assert_eq!((bad.code, bad.stdout.as_str()), (2, ""));
    assert!(
        bad.stderr.contains("SOURCE_DATE_EPOCH is `today`, expected seconds"),
        "{}",
        bad.stderr
    );
}
