//! `rolecall lint --fix` on charts and manifests.

mod copies;
mod forms;
mod versions;

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::support::{Run, binary, finished, folder, rolecall, rolecall_with_stdin};

const CHART: (&str, &str) = ("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n");
const RBAC: &str = "apiVersion: rbac.authorization.k8s.io/v1\n";

/// Runs the program in a folder, so that what it shows are the paths below it.
fn lint(folder: &TempDir, args: &[&str]) -> Run {
    let args = [&["lint"], args].concat();
    finished(&mut binary(folder.path(), &args))
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("it is there")
}

fn rules(run: &Run) -> Vec<String> {
    let findings = run.json()["findings"].as_array().cloned().unwrap_or_default();
    let names = findings.iter().map(|it| it["rule"].as_str().expect("it is a name").to_owned());
    // What the roles of these tests grant, and to whom, is another matter.
    names.filter(|it| !["bind-roles", "empty-grant", "unused-role"].contains(&&**it)).collect()
}

const HELPERS: &str = "{{- define \"c.name\" -}}\n{{ .Release.Name | trunc 63 }}\n{{- end }}\n";

#[test]
fn names_and_the_references_to_them_get_the_namespace() {
    let before = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: {{ include \"c.name\" . | quote }}   # kept
rules:
- apiGroups: [rbac.authorization.k8s.io]
  resources: [clusterroles]
  resourceNames: [\"other\", \"binder\"]
  verbs: [bind]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: 'binder', labels: {a: b}}
rules: []
{{- range list \"x\" \"y\" }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: {{ . }}-{{ include \"c.name\" $ }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: {{ include \"c.name\" $ }}
subjects:
- kind: Group
  name: ops
  apiGroup: rbac.authorization.k8s.io
{{- end }}
";
    let after = before
        .replace(
            "{{ include \"c.name\" . | quote }}",
            "\"{{ include \"c.name\" . }}-{{ .Release.Namespace }}\"",
        )
        .replace("\"binder\"", "\"binder-{{ .Release.Namespace }}\"")
        .replace("'binder'", "'binder-{{ .Release.Namespace }}'")
        .replace(
            "{{ include \"c.name\" $ }}",
            "{{ include \"c.name\" $ }}-{{ $.Release.Namespace }}",
        );
    let files = [CHART, ("c/templates/_h.tpl", HELPERS), ("c/templates/r.yaml", before)];
    let folder = folder(&files);
    let run = lint(&folder, &["c", "--fix=unique-names", "--format", "json"]);
    assert_eq!(read(&folder, "c/templates/r.yaml"), after, "{}", run.stderr);
    assert_eq!(read(&folder, "c/templates/_h.tpl"), HELPERS);
    assert!(run.stderr.contains("fixed 3 findings in 1 file\n"), "{}", run.stderr);
    assert_eq!((run.code, rules(&run)), (0, vec![]), "nothing collides any more");
    let again = lint(&folder, &["c", "--fix=unique-names"]);
    assert!(again.stderr.contains("fixed 0 findings in 0 files\n"), "{}", again.stderr);
}

#[test]
fn names_of_releases_that_collide_get_it_too() {
    let template = format!(
        "{RBAC}kind: ClusterRole\nmetadata:\n  name: a\nrules:\n- {{apiGroups: [\"\"], resources: \
         [pods], verbs: [get]}}\n"
    );
    let folder = folder(&[CHART, ("c/templates/r.yaml", &template)]);
    let run = lint(&folder, &["c", "-n", "app1,app2", "--fix=unique-names", "--format", "json"]);
    assert_eq!(rules(&run), Vec::<String>::new());
    let after = template.replace("name: a", "name: a-{{ .Release.Namespace }}");
    assert_eq!(read(&folder, "c/templates/r.yaml"), after);
}

#[test]
fn what_a_value_switches_on_keeps_its_role() {
    let reference = |kind: &str| {
        format!(
            "{RBAC}kind: RoleBinding\nmetadata:\n  name: a\nroleRef:\n  \
             apiGroup: rbac.authorization.k8s.io\n  kind: {kind}\n  \
             name: '{{{{ template \"c.name\" $ }}}}'\n"
        )
    };
    let template = |kind: &str| {
        format!(
            "{RBAC}kind: ClusterRole\nmetadata:\n  name: {{{{ include \"c.name\" . }}}}\nrules: []\n\
             ---\n{{{{- if .Values.namespaced }}}}\n{}{{{{- end }}}}\n",
            reference(kind)
        )
    };
    let fixed = |before: &str| {
        let files = [CHART, ("c/templates/_h.tpl", HELPERS), ("c/templates/r.yaml", before)];
        let folder = folder(&files);
        let run = lint(&folder, &["c", "--fix=unique-names"]);
        (read(&folder, "c/templates/r.yaml"), run.stderr)
    };
    let namespace = "-{{ .Release.Namespace }}";
    let role = |before: &str| {
        before.replace(
            "{{ include \"c.name\" . }}",
            &format!("{{{{ include \"c.name\" . }}}}{namespace}"),
        )
    };
    let before = template("ClusterRole");
    let after = role(&before).replace("$ }}'", &format!("$ }}}}{namespace}'"));
    assert_eq!(fixed(&before).0, after, "the binding is not rendered, and changes too");
    let before = template("Role");
    assert_eq!(fixed(&before).0, role(&before), "another role");
    let before = template("{{ .Values.kind }}");
    let (after, stderr) = fixed(&before);
    assert_eq!(after, before);
    assert!(stderr.contains("c/templates/r.yaml:15:9 may refer to it"), "{stderr}");
}

#[test]
fn jinja_gets_its_own_action() {
    let template =
        format!("{RBAC}kind: ClusterRole\nmetadata:\n  name: {{{{ Release.Name }}}}\nrules: []\n");
    let folder = folder(&[("j/values.yaml", "{}\n"), ("j/r.yaml.j2", &template)]);
    let run = lint(&folder, &["j", "-n", "a,b", "--fix=unique-names"]);
    let after = template.replace("Name }}", "Name }}-{{ Release.Namespace }}");
    assert_eq!(read(&folder, "j/r.yaml.j2"), after, "{}", run.stderr);
}

/// A binding in a chart that brings the account `a`.
fn bound(subjects: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a\n---\n{RBAC}\
         kind: ClusterRoleBinding\nmetadata:\n  name: {{{{ .Release.Namespace }}}}-a\n\
         roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}}\n\
         subjects:\n{subjects}"
    )
}

#[test]
fn subjects_get_the_namespace_of_the_release() {
    let table = [
        (
            "  -   kind: ServiceAccount # one\r\n      name: a\r\n      namespace: default # two\r\n",
            "namespace: default",
            "namespace: {{ .Release.Namespace }}",
        ),
        (
            "- {kind: ServiceAccount, name: a, namespace: \"default\"}\n",
            "\"default\"",
            "\"{{ .Release.Namespace }}\"",
        ),
        (
            "{{- with .Values }}\n- kind: ServiceAccount\n  name: a\n  namespace: default\n{{- end }}\n",
            "namespace: default",
            "namespace: {{ $.Release.Namespace }}",
        ),
    ];
    for (subjects, old, new) in table {
        let before = bound(subjects);
        let files = [CHART, ("c/values.yaml", "x: 1\n"), ("c/templates/r.yaml", &before)];
        let folder = folder(&files);
        let run = lint(&folder, &["c", "--fix", "--format", "json"]);
        assert_eq!(read(&folder, "c/templates/r.yaml"), before.replace(old, new), "{}", run.stderr);
        assert_eq!((run.code, rules(&run)), (0, vec![]));
    }
}

#[test]
fn copies_of_subjects_go() {
    let twice = "- kind: ServiceAccount\n  name: a\n  namespace: {{ .Release.Namespace }}\n\
                 # again\n- name: a\n  kind: ServiceAccount\n  namespace: '{{ .Release.Namespace }}'\n\
                 - kind: Group\n  name: ops\n";
    let (kept, _) = twice.split_once("# again").expect("it is there");
    let folder = folder(&[CHART, ("c/templates/r.yaml", &bound(twice))]);
    let run = lint(&folder, &["c", "--fix=duplicate-subject", "--format", "json"]);
    let after = bound(&format!("{kept}- kind: Group\n  name: ops\n"));
    assert_eq!(read(&folder, "c/templates/r.yaml"), after, "{}", run.stderr);
    assert_eq!(rules(&run), Vec::<String>::new());
}

#[test]
fn a_mark_and_line_ends_of_a_manifest_stay() {
    let before = "\u{feff}apiVersion: rbac.authorization.k8s.io/v1\r\nkind: RoleBinding\r\n\
                  metadata: {name: a, namespace: b}\r\nroleRef: {kind: Role, name: x}\r\n\
                  subjects:\r\n- {kind: User, name: jane}\r\n- {kind: User, name: jane}\r\n";
    let folder = folder(&[("a.yaml", before)]);
    let run = lint(&folder, &["a.yaml", "--fix"]);
    let group = ", apiGroup: rbac.authorization.k8s.io, name";
    let after = before
        .replacen("- {kind: User, name: jane}\r\n", "", 1)
        .replace(", name: ", &format!("{group}: "));
    assert_eq!(read(&folder, "a.yaml"), after, "{}", run.stderr);
}

#[test]
fn a_diff_writes_nothing() {
    let before = bound("- {kind: ServiceAccount, name: a, namespace: default}\n");
    let folder = folder(&[CHART, ("c/templates/r.yaml", &before)]);
    let run = lint(&folder, &["c", "--fix", "--diff"]);
    let expected = "\
--- c/templates/r.yaml
+++ c/templates/r.yaml
@@ -9,4 +9,4 @@
   name: {{ .Release.Namespace }}-a
 roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
 subjects:
-- {kind: ServiceAccount, name: a, namespace: default}
+- {kind: ServiceAccount, name: a, namespace: {{ .Release.Namespace }}}
";
    assert_eq!((run.stdout.as_str(), run.code), (expected, 1));
    assert_eq!(run.stderr, "would fix 1 finding in 1 file\n");
    assert_eq!(read(&folder, "c/templates/r.yaml"), before);
    lint(&folder, &["c", "--fix"]);
    let run = lint(&folder, &["c", "--fix", "--diff"]);
    assert_eq!((run.stdout.as_str(), run.code), ("", 0));
}

#[test]
fn what_a_source_does_not_say_is_left() {
    let group = "- {kind: Group, name: x, apiGroup: rbac.authorization.k8s.io}\n";
    let table = [
        // The name of a role comes from a value.
        (
            format!(
                "{RBAC}kind: ClusterRole\nmetadata:\n  {{{{- toYaml .Values.meta | nindent 2 }}}}\n"
            ),
            "change `.Values.meta` at c/values.yaml:1:7",
        ),
        // One line writes both subjects.
        (
            bound(&format!("{{{{- range list 1 2 }}}}\n{group}{{{{- end }}}}\n")),
            "one line writes both: c/templates/r.yaml",
        ),
        // The first subject may be gone where the second is not.
        (
            bound(&format!("{{{{- if .Values.meta }}}}\n{group}{{{{- end }}}}\n{group}")),
            "the other one has a condition of its own",
        ),
        (
            bound(&(group.replace('x', "m") + &group.replace('x', "\"{{ .Values.meta.name }}\""))),
            "its source says something else, which is the same here only",
        ),
    ];
    for (before, why) in table {
        let values = "meta: {name: m}\n";
        let files = [CHART, ("c/values.yaml", values), ("c/templates/r.yaml", &before)];
        let folder = folder(&files);
        let run = lint(&folder, &["c", "--fix=safe,unique-names"]);
        assert!(run.stderr.contains(why), "{why}: {}", run.stderr);
        assert!(run.stderr.contains("fixed 0 findings"), "{}", run.stderr);
        assert_eq!(read(&folder, "c/templates/r.yaml"), before);
    }
}

#[test]
fn a_role_that_others_bind_keeps_its_name() {
    let role = format!("{RBAC}kind: ClusterRole\nmetadata:\n  name: shared\nrules: []\n");
    let binding = format!(
        "{RBAC}kind: ClusterRoleBinding\nmetadata: {{name: other}}\n\
         roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: shared}}\n"
    );
    let folder = folder(&[CHART, ("c/templates/r.yaml", &role), ("b.yaml", &binding)]);
    let run = lint(&folder, &[".", "-n", "a,b", "--fix=unique-names"]);
    assert!(
        run.stderr.contains("ClusterRoleBinding other of b.yaml refers to it"),
        "{}",
        run.stderr
    );
    assert_eq!(read(&folder, "c/templates/r.yaml"), role);
}

#[test]
fn a_fix_that_changes_anything_else_is_taken_back() {
    let helper = "{{- define \"c.meta\" }}\n  name: agent\n{{- end }}\n";
    let role = format!("{RBAC}kind: ClusterRole\nmetadata:\n  {{{{- include \"c.meta\" . }}}}\n");
    let account =
        "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  {{- include \"c.meta\" . }}\n";
    let other = format!("{RBAC}kind: ClusterRole\nmetadata:\n  name: other\n");
    let files = [
        CHART,
        ("c/templates/_h.tpl", helper),
        ("c/templates/r.yaml", &role),
        ("c/templates/o.yaml", &other),
        ("c/templates/a.yaml", account),
    ];
    let folder = folder(&files);
    let run = lint(&folder, &["c", "--fix=unique-names"]);
    assert_eq!(run.code, 2);
    assert!(run.words().contains("would change too"), "{}", run.stderr);
    assert!(run.words().contains("ServiceAccount agent"), "{}", run.stderr);
    assert_eq!(read(&folder, "c/templates/_h.tpl"), helper);
    let after = other.replace("other", "other-{{ .Release.Namespace }}");
    assert_eq!(read(&folder, "c/templates/o.yaml"), after, "what is right is kept");
    assert!(run.stderr.contains("fixed 1 finding in 1 file\n"), "{}", run.stderr);
}

#[test]
fn what_cannot_be_written_is_said() {
    let run = rolecall_with_stdin(&["lint", "-", "--fix"], "a: 1\n");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("standard input cannot be mended"), "{}", run.stderr);
    let run = rolecall(&["lint", "--builtin", "operator-shared-binding", "--fix"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("built-in templates cannot be mended"), "{}", run.stderr);
    let run = rolecall(&["lint", "fixtures/collisions", "--fix=unique-name"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("safe, unique-names, constant-cluster-name"), "{}", run.stderr);
    assert_eq!(rolecall(&["lint", "fixtures/collisions", "--diff"]).code, 2);
}

#[test]
fn packages_are_left_alone() {
    let role = format!("{RBAC}kind: ClusterRole\nmetadata:\n  name: a\n");
    let folder = folder(&[("a", "a")]);
    let mut archive = tar::Builder::new(Vec::new());
    for (name, text) in [CHART, ("c/templates/r.yaml", &role)] {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        archive.append_data(&mut header, name, text.as_bytes()).expect("a vector takes it");
    }
    let bytes = archive.into_inner().expect("a vector takes it");
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packer, &bytes).expect("a vector takes it");
    let package = packer.finish().expect("a vector takes it");
    fs::write(folder.path().join("c.tgz"), &package).expect("it can be written");
    let run = lint(&folder, &["c.tgz", "--fix=unique-names"]);
    assert!(run.stderr.contains("is no file of its own"), "{}", run.stderr);
    assert_eq!(fs::read(folder.path().join("c.tgz")).ok(), Some(package));
}

#[test]
fn what_is_accepted_is_not_mended() {
    let before = bound("- {kind: ServiceAccount, name: a, namespace: default}\n");
    let inventory = "releases: [{name: c, chart: c, namespace: app1}]\n\
                     lint: {rules: {hard-coded-subject-namespace: off}}\n";
    let folder = folder(&[CHART, ("c/templates/r.yaml", &before), ("rolecall.yaml", inventory)]);
    let run = lint(&folder, &["rolecall.yaml", "--fix"]);
    assert!(run.stderr.contains("fixed 0 findings"), "{}", run.stderr);
    assert_eq!(read(&folder, "c/templates/r.yaml"), before);
    let before = format!("{RBAC}kind: ClusterRole\nmetadata:\n  name: a\n");
    let inventory = "releases: [{name: c, chart: c, namespaces: [app1, app2]}]\n\
                     lint: {exclude: [{rule: identical, name: a, reason: x}]}\n";
    let files = [CHART, ("c/templates/r.yaml", &*before), ("rolecall.yaml", inventory)];
    let folder = self::folder(&files);
    let run = lint(&folder, &["rolecall.yaml", "--fix=unique-names"]);
    assert_eq!(read(&folder, "c/templates/r.yaml"), before, "{}", run.stderr);
}

#[test]
fn a_rule_of_names_mends_what_it_finds() {
    let role = |name: &str| format!("---\n{RBAC}kind: ClusterRole\nmetadata:\n  name: {name}\n");
    let before = role("a") + &role("{{ .Release.Name }}");
    let folder = folder(&[CHART, ("c/templates/r.yaml", &before)]);
    let run = lint(&folder, &["c", "--fix=release-only-cluster-name", "--format", "json"]);
    let after = before.replace("Name }}", "Name }}-{{ .Release.Namespace }}");
    assert_eq!(read(&folder, "c/templates/r.yaml"), after, "{}", run.stderr);
    assert_eq!(rules(&run), ["constant-cluster-name"]);
}

#[test]
fn permissions_stay() {
    let folder = folder(&[("a.yaml", "")]);
    let path = folder.path().join("a.yaml");
    let twice = "- {kind: User, name: x}\n- {kind: User, name: x}\n";
    let text = format!("{RBAC}kind: RoleBinding\nmetadata: {{name: a}}\nsubjects:\n{twice}");
    fs::write(&path, text).expect("it can be written");
    let mode = |path: &Path| fs::metadata(path).map(|it| it.permissions()).ok();
    let before = mode(&path);
    lint(&folder, &["a.yaml", "--fix"]);
    assert!(
        read(&folder, "a.yaml").contains("name: x}\n")
            && !read(&folder, "a.yaml").contains("name: x}\n-")
    );
    assert_eq!(mode(&path), before);
    let names: Vec<_> = fs::read_dir(folder.path()).expect("it is there").collect();
    assert_eq!(names.len(), 1, "no temporary file is left");
}
