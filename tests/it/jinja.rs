//! Folders of Jinja templates.

use snapbox::{assert_data_eq, file};

use crate::support::{arg, folder, rolecall};

#[test]
fn a_folder_of_templates_renders_with_helms_words() {
    let run = rolecall(&["render", "fixtures/jinja", "--release", "ops", "-n", "team-a"]);
    assert_data_eq!(run.transcript(), file!["snapshots/jinja-render.txt"].raw());
    assert_eq!(run.code, 0);
}

#[test]
fn values_and_flags_are_helms() {
    let set = "account.name=robot,readers={secrets}";
    let run = rolecall(&["render", "fixtures/jinja", "-n", "team-a", "--set", set]);
    assert!(run.stdout.contains("name: robot"), "{}", run.stdout);
    assert!(run.stdout.contains("resources: [secrets]"), "{}", run.stdout);
}

#[test]
fn findings_point_at_the_expression() {
    let run = rolecall(&["lint", "--builtin", "operator-shared-binding", "-n", "a,b"]);
    assert!(
        run.stdout.contains("[builtin:operator-shared-binding/binding.yaml.j2:5:9]"),
        "{}",
        run.stdout
    );
    assert_eq!(run.code, 1);
    let run = rolecall(&["lint", "--builtin", "operator-per-namespace", "-n", "a,b"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
}

#[test]
fn mistakes_are_errors_with_a_place() {
    let table = [
        ("a: {{ Values.missing.deeper }}\n", "undefined value", ":1:13]"),
        ("a: {{ Values.n | nindent }}\n", "wrong number of args for nindent: want 2 got 1", ":1:"),
        ("a: 1\nb: {{ quote( }}\n", "unexpected", ":2:"),
        ("a: {{ fail('no way') }}\n", "no way", ":1:"),
        ("a: {{ range(100000000) | length }}\n", "", ":1:"),
    ];
    for (text, reason, place) in table {
        let folder = folder(&[("t.yaml.j2", text), ("values.yaml", "n: 1\n")]);
        let run = rolecall(&["render", arg(folder.path())]);
        assert_eq!(run.code, 2, "{text}: {}", run.stdout);
        assert!(run.stderr.contains(reason), "{text}: {}", run.stderr);
        assert!(run.stderr.contains(place), "{text}: {}", run.stderr);
    }
}
