//! `rolecall merge --post-renderer`: what Helm rendered goes through, what collides is merged.

use std::path::Path;

use crate::support::{Run, binary, finished, folder, write};

const TEMPLATE: &str = r#"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: flux   # every release has it
  labels: {app.kubernetes.io/instance: "{{ .Release.Name }}"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: flux}
subjects:
  - {kind: ServiceAccount, name: flux, namespace: {{ .Release.Namespace }}}
---
# A comment of its own.
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: flux}
rules:
  - {apiGroups: [""], resources: [pods], verbs: [get]}
"#;

const INVENTORY: &str = "releases:\n- {name: flux, chart: chart, namespaces: [app1, app2, app3]}\n";

/// A release of the chart as Helm 3 hands it to a post-renderer, among other documents.
fn rendered(namespace: &str) -> String {
    let chart = TEMPLATE.replace("{{ .Release.Name }}", "flux");
    let chart = chart.replace("{{ .Release.Namespace }}", namespace);
    let chart = chart.replace("---\n", "---\n# Source: flux/templates/rbac.yaml\n");
    format!(
        "---\n# Source: flux/templates/secret.yaml\napiVersion: v1\nkind: Secret\nmetadata:\n  \
         name:   odd\ndata: {{a:   'Yg==',}}   # kept\n\n\n---\n# Source: flux/templates/rbac.yaml\n\
         {chart}---\n# only a comment\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\n\
         data:\n  text: |+\n    ---not a separator\n\n"
    )
}

fn estate() -> tempfile::TempDir {
    folder(&[
        ("rolecall.yaml", INVENTORY),
        ("chart/Chart.yaml", "apiVersion: v2\nname: flux\nversion: 0.1.0\n"),
        ("chart/templates/rbac.yaml", TEMPLATE),
    ])
}

fn post_render(folder: &Path, args: &[&str], stdin: &str) -> Run {
    let release = ["merge", "--post-renderer", "--release", "flux", "-n", "app1"];
    in_folder(folder, &[&release, args].concat(), stdin)
}

/// Runs the program in a folder, which the paths that it is given lie below.
fn in_folder(folder: &Path, args: &[&str], stdin: &str) -> Run {
    let path = folder.join("stdin.txt");
    write(&path, stdin);
    let file = std::fs::File::open(path).expect("it was written");
    finished(binary(folder, args).stdin(file))
}

/// Returns what stands before and behind the only place where two texts differ.
fn around<'a>(one: &'a str, other: &'a str) -> (&'a str, &'a str, &'a str) {
    let before = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let (one_rest, rest) = (&one[before..], &other[before..]);
    let after = one_rest.bytes().rev().zip(rest.bytes().rev()).take_while(|(a, b)| a == b).count();
    (&one[..before], &rest[..rest.len() - after], &one[one.len() - after..])
}

#[test]
fn what_collides_is_merged_and_every_other_byte_stays() {
    let folder = estate();
    let stdin = rendered("app1");
    let run = post_render(folder.path(), &[], &stdin);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let (before, changed, after) = around(&stdin, &run.stdout);
    assert!(before.ends_with("kind: ClusterRoleBinding\nmetadata:\n  name: flux"), "{before}");
    assert!(after.contains("\n---\n# Source: flux/templates/rbac.yaml\n# A comment of its own."));
    for namespace in ["app1", "app2", "app3"] {
        assert!(changed.contains(&format!("namespace: {namespace}")), "{changed}");
    }
    assert!(changed.contains("app.kubernetes.io/instance: flux\n"), "its labels stay: {changed}");
    let sources = "rolecall.dev/merged-from: app1/flux, app2/flux, app3/flux\n";
    assert!(changed.contains(sources), "{changed}");
    assert!(run.stderr.contains("keeps app1/flux, gains app2/flux, app3/flux"), "{}", run.stderr);
}

#[test]
fn a_release_does_not_meet_itself() {
    let folder = estate();
    write(&folder.path().join("rolecall.yaml"), &INVENTORY.replace("app1, app2, app3", "app1"));
    // Had it met itself, the subject that the chart binds would have been added.
    let stdin = rendered("elsewhere");
    let run = post_render(folder.path(), &[], &stdin);
    assert_eq!((run.code, run.stdout.as_str()), (0, stdin.as_str()), "{}", run.stderr);
    assert!(run.stderr.contains("app1/flux goes through unchanged"), "{}", run.stderr);
    // Without a name the chart's counts.
    write(&folder.path().join("rolecall.yaml"), "releases:\n- {chart: chart, namespace: app1}\n");
    assert_eq!(post_render(folder.path(), &[], &stdin).stdout, stdin);
    // Another release of the same name is another one.
    let other = INVENTORY.replace("app1, app2, app3", "app2");
    write(&folder.path().join("rolecall.yaml"), &other);
    let run = post_render(folder.path(), &[], &stdin);
    assert!(run.stderr.contains("keeps elsewhere/flux, gains app2/flux"), "{}", run.stderr);
}

#[test]
fn what_helm_says_is_the_releases_own_is_not_kept_against_it() {
    let stdin = rendered("app1");
    let live = |release: &str, extra: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: flux\n  \
             labels: {{app.kubernetes.io/managed-by: Helm}}\n  annotations: {{meta.helm.sh/release-name: \
             flux, meta.helm.sh/release-namespace: {release}{extra}}}\nroleRef: {{apiGroup: \
             rbac.authorization.k8s.io, kind: ClusterRole, name: flux}}\nsubjects:\n- {{kind: \
             ServiceAccount, name: old, namespace: app9}}\n"
        )
    };
    let folder = folder(&[
        ("own.yaml", &live("app1", "")),
        ("other.yaml", &live("app2", "")),
        ("merged.yaml", &live("app1", ", rolecall.dev/merged-from: app9/old")),
    ]);
    let own = post_render(folder.path(), &["--against", "own.yaml"], &stdin);
    assert_eq!((own.code, own.stdout.as_str()), (0, stdin.as_str()), "{}", own.stderr);
    for export in ["other.yaml", "merged.yaml"] {
        let run = post_render(folder.path(), &["--against", export], &stdin);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(run.stdout.contains("name: old\n  namespace: app9"), "{export}: {}", run.stdout);
        assert!(
            !run.stdout.contains("meta.helm.sh"),
            "the marks are Helm's to set: {}",
            run.stdout
        );
    }
}

#[test]
fn what_cannot_be_merged_is_refused_and_nothing_is_printed() {
    let binding = |role: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: flux}}\n\
             roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {role}}}\n"
        )
    };
    let settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: app1}\n";
    let folder = folder(&[("roles.yaml", &binding("admin")), ("settings.yaml", settings)]);
    for (file, message) in [
        (
            "roles.yaml",
            "cannot be merged: ClusterRoleBinding flux: its contenders bind different roles",
        ),
        ("settings.yaml", "cannot be merged: ConfigMap a in namespace app1: its contenders differ"),
    ] {
        let run = post_render(folder.path(), &[file], &rendered("app1"));
        assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{}", run.stderr);
        assert!(run.stderr.contains(message), "{}", run.stderr);
        assert!(run.stderr.contains("app1/flux is not printed"), "{}", run.stderr);
    }
    let twice = format!(
        "{}{}",
        rendered("app1"),
        "---\napiVersion: v1\nkind: Secret\nmetadata: {name: odd}\n"
    );
    let run = post_render(folder.path(), &["--against", "settings.yaml"], &twice);
    assert_eq!(run.stdout, twice, "what it holds twice is its own affair: {}", run.stderr);
}

#[test]
fn what_helm_4_writes_for_post_renderers_stays_and_counts_for_nothing() {
    let mark = "postrenderer.helm.sh/postrender-filename";
    let role = |verb: &str, metadata: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: a{metadata}}}\n\
             rules: [{{apiGroups: [''], resources: [pods], verbs: [{verb}]}}]\n"
        )
    };
    let class = |metadata: &str| {
        format!(
            "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {{name: a{metadata}}}\n\
             value: 1\n"
        )
    };
    let marked = format!(", annotations: {{{mark}: 'flux/templates/a.yaml'}}");
    let stdin = format!("{}---\n{}", role("get", &marked), class(&marked));
    let others = format!("{}---\n{}", role("list", ""), class(""));
    let folder = folder(&[("others.yaml", &others)]);
    let run = post_render(folder.path(), &["others.yaml"], &stdin);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains(&format!("    {mark}: flux/templates/a.yaml\n")), "{}", run.stdout);
    assert!(run.stdout.contains("  - list\n---\n"), "{}", run.stdout);
    assert!(run.stdout.ends_with(&format!("\n---\n{}", class(&marked))), "{}", run.stdout);
}

#[test]
fn objects_inside_of_a_list_are_merged_in_their_place() {
    let binding = |account: &str| {
        format!(
            "{{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {{name: a}}, \
             roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: a}}, subjects: \
             [{{kind: ServiceAccount, name: {account}, namespace: x}}]}}"
        )
    };
    let list = |item: &str| {
        format!(
            "kind: List\napiVersion: v1\nitems:\n- {{apiVersion: v1, kind: Secret}} # one\n- {item} # two\n"
        )
    };
    let folder = folder(&[("others.yaml", &binding("b"))]);
    let stdin = list(&binding("a"));
    let run = post_render(folder.path(), &["others.yaml"], &stdin);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let (before, _, after) = around(&stdin, &run.stdout);
    assert!(before.contains("# one\n- {"), "{}", run.stdout);
    assert!(after.ends_with("} # two\n"), "{}", run.stdout);
    assert!(run.stdout.contains(r#""name":"b""#) && run.stdout.contains(r#""name":"a""#));
}

#[test]
fn a_strategy_of_names_gives_each_release_its_own() {
    let folder = estate();
    let run = post_render(folder.path(), &["--strategy", "rename"], &rendered("app1"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("\n  name: flux-app1\n"), "{}", run.stdout);
    assert!(!run.stdout.contains("app2"), "{}", run.stdout);
    assert!(!run.stdout.contains("merged-from"), "{}", run.stdout);
    let split = post_render(folder.path(), &["--strategy", "rolebinding"], &rendered("app1"));
    assert_eq!(split.code, 2, "{}", split.stderr);
}

#[test]
fn what_is_missing_is_said() {
    let empty = folder(&[("chart/Chart.yaml", "apiVersion: v2\nname: a\nversion: 0.1.0\n")]);
    let named = ["--release", "a", "-n", "b"];
    for (args, message) in [
        (vec![], "--post-renderer goes with the release that standard input stands for"),
        (vec!["--release", "a", "-n", "b,c"], "--release NAME -n NAMESPACE"),
        (named.to_vec(), "nothing was given that the release may collide with"),
        (
            [&named[..], &["chart"]].concat(),
            "--post-renderer takes charts from a rolecall.yaml only",
        ),
        ([&named[..], &["--against", "-"]].concat(), "cannot be the export too"),
        ([&named[..], &["-o", "x"]].concat(), "cannot be used with"),
    ] {
        let run = in_folder(empty.path(), &[&["merge", "--post-renderer"], &args[..]].concat(), "");
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{args:?}: {}", run.stderr);
        assert!(run.words().contains(message), "{args:?}: {}", run.stderr);
    }
}

#[test]
fn the_release_is_looked_for_on_its_cluster() {
    let folder = estate();
    let inventory = "releases:\n- {chart: chart, namespace: app1, cluster: a}\n\
                     - {chart: chart, namespaces: [app2], cluster: a}\n\
                     - {chart: chart, namespaces: [app3], cluster: b}\n";
    write(&folder.path().join("rolecall.yaml"), inventory);
    let run = post_render(folder.path(), &[], &rendered("app1"));
    assert!(run.stderr.contains("keeps app1/flux, gains app2/flux\n"), "{}", run.stderr);
    let stranger = ["merge", "--post-renderer", "--release", "else", "-n", "app1"];
    let run = in_folder(folder.path(), &stranger, &rendered("app1"));
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.words().contains("nothing says to which app1/else does"), "{}", run.stderr);
}
