//! `rolecall merge` on manifests; on charts in `chart.rs`.

use snapbox::{assert_data_eq, file};

use crate::support::{arg, folder, rolecall};

const INPUT: &str = "fixtures/collisions";

#[test]
fn what_collides_is_merged_and_the_rest_left_out() {
    let run = rolecall(&["merge", INPUT]);
    assert_eq!(run.code, 1, "something was left out");
    assert_data_eq!(run.transcript(), file!["snapshots/merge.txt"].raw());
    let all = format!("{}{}", run.stdout, run.stderr);
    assert!(!all.contains("battery-staple"), "secret values are never printed");
}

#[test]
fn merging_again_changes_nothing() {
    let folder = folder(&[]);
    let merged = folder.path().join("merged.yaml");
    let first = rolecall(&["merge", INPUT, "-o", arg(&merged)]);
    assert_eq!(first.code, 1);
    assert!(first.stdout.contains("gains app1/flux"), "the diff goes to stdout: {}", first.stdout);
    let read = || std::fs::read_to_string(&merged).expect("it was written");
    let before = read();
    assert_eq!(before, rolecall(&["merge", INPUT]).stdout);
    for inputs in [[INPUT, arg(&merged)], [arg(&merged), INPUT]] {
        let again = rolecall(&["merge", inputs[0], inputs[1]]);
        assert_eq!(again.stdout, before, "the order of the inputs does not count");
    }
    let against = rolecall(&["merge", INPUT, "--against", arg(&merged)]);
    assert_eq!(against.stdout, before);
    assert!(!against.stderr.contains("gains"), "{}", against.stderr);
}

#[test]
fn check_tells_whether_the_file_is_up_to_date() {
    let two = |namespace: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\n\
             metadata: {{name: a, namespace: b}}\n\
             roleRef: {{kind: Role, name: a, apiGroup: rbac.authorization.k8s.io}}\n\
             subjects: [{{kind: ServiceAccount, name: a, namespace: {namespace}}}]\n"
        )
    };
    let folder = folder(&[("in/a.yaml", &two("x")), ("in/b.yaml", &two("y"))]);
    let (input, merged) = (folder.path().join("in"), folder.path().join("merged.yaml"));
    let check = ["merge", arg(&input), "--check", "-o", arg(&merged)];
    let stale = rolecall(&check);
    assert_eq!(stale.code, 1, "{}", stale.stderr);
    assert!(!merged.exists(), "a check writes nothing");
    assert_eq!(rolecall(&["merge", arg(&input), "-o", arg(&merged)]).code, 0);
    let fresh = rolecall(&check);
    assert_eq!((fresh.code, fresh.stdout.as_str()), (0, ""), "{}", fresh.stderr);
    std::fs::write(folder.path().join("in/b.yaml"), two("z")).expect("it can be written");
    let stale = rolecall(&check);
    assert_eq!(stale.code, 1);
    assert!(stale.stdout.contains("gains z/a, loses y/a"), "{}", stale.stdout);
}

#[test]
fn an_object_that_cannot_be_read_whole_is_left_out() {
    let role = |rules: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n\
             metadata: {{name: a}}\nrules: [{rules}]\n"
        )
    };
    let odd = role("{apiGroups: [''], resources: pods, verbs: [get]}");
    let good = role("{apiGroups: [''], resources: [pods], verbs: [list]}");
    let folder = folder(&[("a.yaml", &odd), ("b.yaml", &good)]);
    let run = rolecall(&["merge", arg(folder.path())]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{}", run.stderr);
    assert!(run.stderr.contains("left out: ClusterRole a: its rules"), "{}", run.stderr);
}

#[test]
fn nothing_collides_and_nothing_is_written_to_standard_output() {
    let run = rolecall(&["merge", "fixtures/collisions/app1.yaml"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    assert_eq!(run.stderr, "nothing to merge\n");
}
