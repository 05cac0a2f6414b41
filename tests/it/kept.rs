//! What `merge -o` keeps of the file that an earlier merge wrote, and what it says of the rest.

use crate::support::{Run, arg, binary, folder, rolecall, write};

const CHART: &str = "apiVersion: v2\nname: c\nversion: 1.0.0\n";
const VALUES: &str = "rbac: {create: true}\nmode: cluster\n";

fn binding(namespace: &str) -> String {
    format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: a}}\n\
         roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}}\n\
         subjects: [{{kind: ServiceAccount, name: a, namespace: {namespace}}}]\n"
    )
}

/// A folder with a chart and an inventory that names an output file.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let guard = "{{ if and .Values.rbac.create (eq .Values.mode \"cluster\") }}";
        let template = format!("{guard}{}{{{{ end }}}}", binding("{{ .Release.Namespace }}"));
        Self(folder(&[
            ("c/Chart.yaml", CHART),
            ("c/values.yaml", VALUES),
            ("c/templates/a.yaml", &template),
        ]))
    }

    fn set(&self, name: &str, text: &str) {
        write(&self.0.path().join(name), text);
    }

    fn merge(&self, releases: &[&str]) -> Run {
        let releases: Vec<String> =
            releases.iter().map(|it| format!("- {{chart: c, {it}}}\n")).collect();
        let releases = releases.concat();
        self.set(
            "rolecall.yaml",
            &format!(
                "merge: {{output: m.yaml}}\nmanifests: [\"in/*.yaml\"]\nreleases:\n{releases}"
            ),
        );
        self.again(&[])
    }

    /// Merges, and holds `--check` to what is written.
    fn again(&self, more: &[&str]) -> Run {
        let inventory = self.0.path().join("rolecall.yaml");
        let run = |flags: &[&str]| rolecall(&[&["merge", arg(&inventory)], more, flags].concat());
        let before = self.file();
        let check = run(&["--check"]);
        let done = run(&[]);
        if done.code != 2 {
            assert_eq!(check.code == 0, before == self.file(), "{}", check.stderr);
            let stable = run(&["--check"]);
            assert_eq!(stable.code, 0, "{}{}", stable.stdout, stable.stderr);
        }
        done
    }

    fn file(&self) -> Option<String> {
        std::fs::read_to_string(self.0.path().join("m.yaml")).ok()
    }

    /// Returns the namespaces of the subjects in the file.
    fn subjects(&self) -> String {
        let file = self.file().unwrap_or_default();
        let names = file.lines().filter_map(|line| line.strip_prefix("  namespace: "));
        names.collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn any_value_that_was_given_may_be_the_switch() {
    for (values, flags) in [
        ("{rbac.create: false}", "--set rbac.create=true"),
        ("{mode: namespaced}", "--set mode=cluster"),
        ("{mode: '', rbac.create: false}", "--set mode=cluster --set rbac.create=true"),
    ] {
        let place = Place::new();
        place.merge(&["namespaces: [a1, a2, a3]"]);
        let off = format!("namespace: a3, set: {values}");
        let run = place.merge(&["namespaces: [a1, a2]", &off]);
        assert_eq!((run.code, place.subjects().as_str()), (0, "a1 a2 a3"), "{values}");
        assert!(run.stderr.contains(&format!("`rolecall merge {flags} -o ")), "{}", run.stderr);
        assert!(!run.stderr.contains("before going"), "{}", run.stderr);
        let shipping = "note: a3/c stopped shipping ClusterRoleBinding a, so ";
        assert!(run.stderr.contains(shipping), "{}", run.stderr);
        // Nobody can tell what a2 brought: that it stays is said.
        let run = place.merge(&["namespace: a1", &off]);
        assert_eq!(place.subjects(), "a1 a2 a3");
        assert!(run.stderr.contains("with what a2/c brought before going"), "{}", run.stderr);
        let flags: Vec<&str> = flags.split(' ').collect();
        assert_eq!(place.again(&flags).code, 0);
        assert_eq!(place.subjects(), "a1 a3", "made anew");
    }
}

#[test]
fn what_goes_from_the_file_is_said() {
    let place = Place::new();
    place.merge(&["namespaces: [a1, a2]"]);
    let run = place.merge(&["namespace: a2"]);
    assert_eq!((run.code, place.subjects().as_str()), (0, ""));
    assert!(
        run.stderr.contains("no longer holds ClusterRoleBinding a, merged from a1/c and a2/c"),
        "{}",
        run.stderr
    );
    place.merge(&["namespaces: [a1, a2]"]);
    place.set("c/templates/a.yaml", "");
    let quiet = {
        let inventory = place.0.path().join("rolecall.yaml");
        rolecall(&["merge", arg(&inventory), "-q"])
    };
    assert_eq!(
        quiet.stderr,
        "lost: a1/c and a2/c stopped shipping ClusterRoleBinding a, and no value of the chart \
         brings it back\n"
    );
}

#[test]
fn a_file_that_cannot_be_read_is_not_written_over() {
    let place = Place::new();
    place.merge(&["namespaces: [a1, a2]"]);
    let whole = place.file().expect("it was written");
    let broken = whole.replace("roleRef:", "<<<<<<< HEAD\nroleRef:");
    place.set("m.yaml", &broken);
    let run = place.merge(&["namespaces: [a1, a2], set: {rbac.create: false}"]);
    assert_eq!((run.code, place.file()), (2, Some(broken)));
    assert!(run.stderr.contains("or delete it to start anew"), "{}", run.stderr);
}

#[test]
fn each_cluster_keeps_what_is_its_own() {
    let place = Place::new();
    let west = "namespaces: [a1, a2], cluster: west";
    place.merge(&["namespaces: [a1, a2], cluster: east", west]);
    let before = place.file();
    let off = "namespaces: [a1, a2], cluster: east, set: {rbac.create: false}";
    let run = place.merge(&[off, west]);
    assert_eq!((run.code, place.file()), (0, before), "{}", run.stderr);
    // Where but one of them is left, its objects still say where they go.
    let run = place.merge(&["namespace: a1, cluster: east", west]);
    assert_eq!((run.code, place.subjects().as_str()), (0, "a1 a2"), "{}", run.stderr);
    assert!(place.file().is_some_and(|it| it.contains("# Cluster: west")), "{:?}", place.file());
    // The same where there was but one before.
    let off = "namespaces: [a1, a2], cluster: west, set: {rbac.create: false}";
    place.set("m.yaml", &place.file().expect("it was written").replace("# Cluster: west\n", ""));
    let run = place.merge(&["namespaces: [a3, a4], cluster: east", off]);
    assert_eq!((run.code, place.subjects().as_str()), (0, "a3 a4 a1 a2"), "{}", run.stderr);
    // Only what changes is shown.
    let inventory = place.0.path().join("rolecall.yaml");
    place
        .set("m.yaml", &place.file().expect("it was written").replacen("name: view", "name: x", 1));
    let check = rolecall(&["merge", arg(&inventory), "--check", "--set", "rbac.create=true"]);
    assert_eq!((check.code, check.stdout.matches("+++").count()), (1, 1), "{}", check.stdout);
}

#[test]
fn manifests_hand_over_what_is_deleted_there() {
    let place = Place::new();
    place.set("in/a.yaml", &binding("a1"));
    place.set("in/b.yaml", &binding("a2"));
    place.merge(&["namespace: z, set: {rbac.create: false}"]);
    assert_eq!(place.subjects(), "a1 a2");
    let other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: a1}\n";
    place.set("in/b.yaml", other);
    let run = place.again(&[]);
    assert_eq!(place.subjects(), "a1 a2", "{}", run.stderr);
    assert!(
        run.stderr.contains("in/b.yaml stopped shipping ClusterRoleBinding a, so "),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("delete it there if nobody needs it"), "{}", run.stderr);
    place.set("in/a.yaml", &other.replace("a1", "a2"));
    place.again(&[]);
    assert_eq!(place.subjects(), "a1 a2");
}

#[test]
fn an_input_that_is_written_over_loses_nothing() {
    let place = Place::new();
    place.set(
        "m.yaml",
        &format!("{}---\n{}", binding("a1"), binding("a1").replace("name: a", "name: b")),
    );
    place.set("n.yaml", &binding("a2"));
    let path = |name: &str| place.0.path().join(name);
    let run = rolecall(&[
        "merge",
        arg(&path("m.yaml")),
        arg(&path("n.yaml")),
        "-o",
        arg(&path("m.yaml")),
    ]);
    assert_eq!((run.code, place.subjects().as_str()), (0, "a1 a2 a1"), "{}", run.stderr);
}

#[test]
fn the_file_is_the_same_from_any_folder() {
    let place = Place::new();
    place.set("in/a.yaml", &binding("a1"));
    place.set("in/b.yaml", &binding("a2"));
    place.set("sub/x", "");
    place.merge(&["namespace: z"]);
    let before = place.file().expect("it was written");
    assert!(before.contains("merged-from: in/a.yaml, in/b.yaml, z/c\n"), "{before}");
    let run = binary(&place.0.path().join("sub"), &["merge", "--check"]).output();
    let run = run.expect("it can be started");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
}

#[test]
fn a_check_judges_the_file_alone() {
    let place = Place::new();
    place.merge(&["namespace: a1", "namespace: a2"]);
    place.set("in/other.yaml", &binding("a3").replace("name: view", "name: admin"));
    let run = place.again(&[]);
    assert_eq!(run.code, 1, "it left something out, and its check did not mind: {}", run.stderr);
    let inventory = place.0.path().join("rolecall.yaml");
    let check = rolecall(&["merge", arg(&inventory), "--check"]);
    assert!(check.stderr.contains("left out: ClusterRoleBinding a"), "{}", check.stderr);
}
