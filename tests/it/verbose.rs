//! What --verbose tells, and what --quiet leaves out.

use crate::support::{Run, arg, binary, finished, folder, rolecall};

const BINDING: &str = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n\
metadata:\n  name: {NAME}\nroleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: view\n\
subjects:\n- kind: ServiceAccount\n  name: a\n  namespace: a\n";

fn chart(name: &str, more: &str) -> String {
    format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n{more}")
}

/// A folder with an input of each kind, and a run of the binary in it.
fn run(args: &[&str]) -> Run {
    let plain = BINDING.replace("{NAME}", "plain");
    let of_chart = BINDING.replace("{NAME}", "{{ .Release.Name }}");
    let (app, base) = (chart("app", ""), chart("base", "type: library\n"));
    let (off, listed) = (chart("off", ""), chart("listed", ""));
    let files: [(&str, &str); 16] = [
        (".git/config", ""),
        (".gitignore", "out/\nsecret.yaml\n"),
        (".hidden/x.yaml", ""),
        ("app/Chart.yaml", &app),
        ("app/templates/a.yaml", &of_chart),
        ("base/Chart.yaml", &base),
        ("listed/Chart.yaml", &listed),
        ("listed/templates/a.yaml", &of_chart),
        ("off/.helmignore", ""),
        ("out/Chart.yaml", &off),
        ("plain.yaml", &plain),
        (
            "prod/rolecall.yaml",
            "releases: [{chart: ../listed, namespaces: [a, b], values: [v.yaml]}]\n",
        ),
        ("prod/v.yaml", "key: secret-value\n"),
        ("secret.yaml", "a: b\n"),
        ("words.yaml", "a: b\n"),
        ("jinja/a.yaml.j2", &plain),
    ];
    let folder = folder(&files);
    finished(&mut binary(folder.path(), args))
}

#[test]
fn each_input_is_told_of_with_what_becomes_of_it() {
    let verbose = run(&["lint", "-v"]);
    for line in [
        "app: chart, probed, as no namespace is given; values: its own",
        "base is a library chart: nothing of it is installed",
        "jinja: folder of Jinja templates, probed, as no namespace is given; values: its own",
        "listed: chart, a release in a and b; values: its own, prod/v.yaml",
        "listed: not probed: a rolecall.yaml installs it",
        "out: passed over: .gitignore says `out/`",
        "plain.yaml: manifests, 1 object",
        "prod/rolecall.yaml: inventory, with 1 under `releases` and 0 under `manifests`",
        "secret.yaml: passed over: .gitignore says `secret.yaml`",
        "words.yaml: passed over: nothing in it has apiVersion and kind",
    ] {
        assert!(verbose.stderr.contains(line), "{line}:\n{}", verbose.stderr);
    }
    assert!(!verbose.stderr.contains(".hidden"), "only who asks twice hears of it");
    let again = run(&["lint", "-v"]);
    assert_eq!(again.stderr, verbose.stderr, "same input, same bytes");
    let plain = run(&["lint"]);
    assert_eq!((plain.code, &plain.stdout), (verbose.code, &verbose.stdout));
    assert!(!plain.stderr.contains("passed over"), "{}", plain.stderr);
}

#[test]
fn who_asks_twice_hears_of_each_release() {
    let verbose = run(&["lint", "-vv"]);
    for line in [
        ".hidden: passed over: hidden",
        "listed: chart, a release in a; values: its own, prod/v.yaml",
        "listed: chart, a release in b; values: its own, prod/v.yaml",
    ] {
        assert!(verbose.stderr.contains(line), "{line}:\n{}", verbose.stderr);
    }
}

#[test]
fn values_that_are_set_are_told_by_their_keys() {
    let words = run(&["render", "-v", "app", "-n", "x", "--set", "password=hunter2"]).stderr;
    let line = "app: chart, a release in x; values: its own, --set password\n";
    assert!(words.contains(line), "{words}");
    let json = run(&["render", "-v", "app", "--set-json", "{\"password\": \"hunter2=\"}"]).stderr;
    assert!(json.contains("--set-json {…}") && !json.contains("hunter2"), "{json}");
}

#[test]
fn all_commands_that_read_inputs_tell_of_them() {
    for command in [&["render"] as &[&str], &["merge"], &["diff", "plain.yaml"]] {
        let run = run(&[command, &["plain.yaml", "-v"]].concat());
        assert!(run.stderr.contains("plain.yaml: manifests"), "{command:?}: {}", run.stderr);
        assert_eq!(run.stderr.matches("plain.yaml: manifests").count(), 1, "each is told of once");
    }
}

#[test]
fn quiet_leaves_out_all_but_errors_and_findings() {
    let quiet = run(&["lint", "--quiet"]);
    assert_eq!(quiet.stderr, "");
    assert_eq!(quiet.stdout, run(&["lint"]).stdout);
    let both = run(&["lint", "-q", "-v"]);
    assert_eq!(both.code, 2);
    assert!(both.stderr.contains("cannot be used with"), "{}", both.stderr);
}

#[test]
fn no_progress_reaches_a_pipe() {
    let chart = folder(&[
        ("Chart.yaml", &chart("many", "")),
        ("templates/a.yaml", &BINDING.replace("{NAME}", "x")),
    ]);
    let namespaces: Vec<String> = (0..2000).map(|number| format!("ns{number}")).collect();
    let args = ["render", arg(chart.path()), "-n", &namespaces.join(",")];
    let run = finished(&mut binary(chart.path(), &args));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(!run.stdout.contains('\r') && !run.stdout.contains('\u{1b}'));
    assert_eq!(rolecall(&args).stdout, run.stdout);
}
