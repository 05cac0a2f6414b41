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
    assert!(!against.stderr.contains(" gains "), "{}", against.stderr);
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

#[test]
fn what_a_switch_took_out_of_the_charts_stays_in_the_file() {
    let chart = "apiVersion: v2\nname: c\nversion: 1.0.0\n";
    let binding = "{{ if .Values.rbac }}apiVersion: rbac.authorization.k8s.io/v1\n\
                   kind: ClusterRoleBinding\nmetadata: {name: a}\nroleRef: {kind: ClusterRole, name: a}\n\
                   subjects: [{kind: ServiceAccount, name: a, namespace: \"{{ .Release.Namespace }}\"}]\n\
                   {{ end }}";
    let inventory = |namespaces: &str, rbac: bool| {
        format!(
            "releases:\n- {{chart: c, namespaces: [{namespaces}], set: {{rbac: {rbac}}}}}\n\
             merge: {{output: merged.yaml}}\n"
        )
    };
    for strategy in ["union", "rename"] {
        let folder = folder(&[("c/Chart.yaml", chart), ("c/templates/a.yaml", binding)]);
        let (file, merged) =
            (folder.path().join("rolecall.yaml"), folder.path().join("merged.yaml"));
        let set = |text: String| std::fs::write(&file, text).expect("it can be written");
        let read = || std::fs::read_to_string(&merged).expect("it was written");
        let merge = |more: &[&str]| {
            rolecall(&[&["merge", arg(&file), "--strategy", strategy], more].concat())
        };
        set(inventory("app1, app2", true));
        assert_eq!(merge(&[]).code, 0);
        let before = read();
        assert!(
            before.contains("namespace: app1") && before.contains("namespace: app2"),
            "{before}"
        );
        // The releases stop shipping it: the file keeps it, and says so.
        set(inventory("app1, app2", false));
        assert_eq!(merge(&["--check"]).code, 0);
        let run = merge(&[]);
        assert_eq!((run.code, read()), (0, before.clone()), "{}", run.stderr);
        let note = "c stopped shipping ClusterRoleBinding a";
        assert!(run.stderr.contains(note), "{}", run.stderr);
        assert!(run.stderr.contains("`rolecall merge --set rbac=true -o "), "{}", run.stderr);
        // With the switch on, one more release comes in; a release that is gone goes.
        set(inventory("app1, app2, app3", false));
        assert_eq!(merge(&["--set", "rbac=true"]).code, 0);
        assert!(read().contains("namespace: app3"), "{}", read());
        let before = read();
        set(inventory("q", false));
        assert_eq!(merge(&[]).code, 0);
        assert_eq!(read(), "", "nobody is left");
        // What a chart does not have any more is no switch.
        crate::support::write(&merged, &before);
        set(inventory("app1, app2", false));
        crate::support::write(&folder.path().join("c/templates/a.yaml"), "");
        assert_eq!(merge(&[]).code, 0);
        assert_eq!(read(), "", "nothing would ship it");
    }
}

#[test]
fn the_output_is_no_input_unless_it_is_typed() {
    let binding = |namespace: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n\
             metadata: {{name: a}}\nroleRef: {{kind: ClusterRole, name: a}}\n\
             subjects: [{{kind: ServiceAccount, name: a, namespace: {namespace}}}]\n"
        )
    };
    let folder = folder(&[
        ("in/a.yaml", &binding("a")),
        ("in/b.yaml", &binding("b")),
        ("in/out.yaml", &binding("gone")),
        ("rolecall.yaml", "manifests: [\"in/*.yaml\"]\nmerge: {output: in/out.yaml}\n"),
    ]);
    let path = |name: &str| folder.path().join(name);
    let (inventory, inputs, output) = (path("rolecall.yaml"), path("in"), path("in/out.yaml"));
    let roundabout = path("in/../in/out.yaml");
    for args in
        [vec!["merge", arg(&inventory)], vec!["merge", arg(&inputs), "-o", arg(&roundabout)]]
    {
        crate::support::write(&output, &binding("gone"));
        assert_eq!(rolecall(&args).code, 0);
        let text = std::fs::read_to_string(&output).expect("it was written");
        assert!(!text.contains("gone"), "{args:?} {text}");
    }
    crate::support::write(&output, &binding("typed"));
    let typed = ["merge", arg(&inputs), arg(&output), "-o", arg(&output)];
    assert_eq!(rolecall(&typed).code, 0);
    let text = std::fs::read_to_string(&output).expect("it was written");
    assert!(text.contains("typed"), "{text}");
}

#[test]
fn what_only_the_cluster_has_is_kept_and_said() {
    let binding = |namespaces: &[&str]| {
        let subject = |it: &&str| format!("{{kind: ServiceAccount, name: a, namespace: {it}}}");
        let subjects: Vec<String> = namespaces.iter().map(subject).collect();
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n\
             metadata: {{name: a}}\nroleRef: {{kind: ClusterRole, name: a}}\nsubjects: [{}]\n",
            subjects.join(", ")
        )
    };
    let folder = folder(&[("in.yaml", &binding(&["x"])), ("live.yaml", &binding(&["x", "app9"]))]);
    let (input, live) = (folder.path().join("in.yaml"), folder.path().join("live.yaml"));
    let run = rolecall(&["merge", arg(&input), "--against", arg(&live)]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let line = "ClusterRoleBinding a: keeps x/a, keeps app9/a, which no release brings\n";
    assert!(run.stderr.contains(line), "{}", run.stderr);
    assert!(run.stdout.contains("namespace: app9"), "{}", run.stdout);
}

#[test]
fn the_merged_object_is_what_the_contract_says() {
    let rbac = "rbac.authorization.k8s.io";
    let binding = |version: &str, metadata: &str, subjects: &str| {
        format!(
            "apiVersion: {rbac}/{version}\nkind: ClusterRoleBinding\nmetadata: {{name: a{metadata}}}\n\
             roleRef: {{kind: ClusterRole, name: a}}\n{subjects}\n"
        )
    };
    let role = |rules: &str| {
        format!(
            "apiVersion: {rbac}/v1beta1\nkind: ClusterRole\nmetadata: {{name: a}}\nrules: {rules}\n"
        )
    };
    let account = "subjects: [{kind: ServiceAccount, name: s, namespace: n}]";
    let same = "subjects: [{kind: User, name: 'system:serviceaccount:n:s'}]";
    let marks = ", labels: {app.kubernetes.io/managed-by: Helm, x: z}, annotations: \
                 {meta.helm.sh/release-name: r, helm.sh/hook: pre-install, helm.sh/hook-weight: '1', k: v}";
    let names = "[{apiGroups: [''], resources: [pods], resourceNames: [p], verbs: [get]}]";
    let urls = "[{nonResourceURLs: [/a/*], verbs: [get]}, {nonResourceURLs: [/a/b], verbs: [get]}]";
    let table: [(String, String, &[&str], &[&str]); 5] = [
        (
            binding("v1", "", account),
            binding("v1beta1", "", same),
            &["apiVersion: rbac.authorization.k8s.io/v1\n", "- kind: ServiceAccount\n  name: s\n"],
            &["User", "v1beta1"],
        ),
        (
            binding("v1", marks, "subjects: [{kind: User, name: u}]"),
            binding("v1", marks, &format!("subjects: [{{kind: User, name: u, apiGroup: {rbac}}}]")),
            &[
                "    k: v\n",
                "    x: z\n",
                "    helm.sh/hook: pre-install\n",
                "subjects:\n- apiGroup: rbac.authorization.k8s.io\n",
            ],
            &["managed-by", "meta.helm.sh", "name: u\n- "],
        ),
        (binding("v1", "", ""), binding("v1", "", "subjects: []"), &["  name: a\n"], &["subjects"]),
        (role("[]"), role(names), &["  resourceNames:\n  - p\n", "/v1\n"], &[]),
        (role(urls), role("null"), &["  - /a/*\n"], &["/a/b", "apiGroups", "resources:"]),
    ];
    for (one, other, there, absent) in table {
        let folder = folder(&[("a.yaml", &one), ("b.yaml", &other)]);
        let run = rolecall(&["merge", arg(folder.path())]);
        assert_eq!(run.code, 0, "{one}{other}{}", run.stderr);
        for text in there {
            assert!(run.stdout.contains(text), "{text}\n{}", run.stdout);
        }
        for text in absent {
            assert!(!run.stdout.contains(text), "{text}\n{}", run.stdout);
        }
    }
}
