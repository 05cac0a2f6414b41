//! What `merge` says is to be switched off.

use crate::support::{arg, folder, rolecall, write};

const CHART: &str = "apiVersion: v2\nname: c\nversion: 1.0.0\n";

/// A binding that collides, between two pieces of a template.
fn guarded(before: &str, after: &str) -> String {
    format!(
        "{before}apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n\
         metadata: {{name: x}}\n\
         roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}}\n\
         subjects: [{{kind: ServiceAccount, name: x, namespace: \"{{{{ .Release.Namespace }}}}\"}}]\n\
         {after}"
    )
}

fn deployment(replicas: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: x}}\nspec: {{replicas: {replicas}}}\n"
    )
}

/// Merges two releases of a chart, and returns what is said to be switched off.
fn advice(files: &[(&str, &str)]) -> (tempfile::TempDir, Vec<String>) {
    let folder = folder(&[("c/Chart.yaml", CHART)]);
    for (name, text) in files {
        write(&folder.path().join("c").join(name), text);
    }
    let chart = folder.path().join("c");
    let run = rolecall(&["merge", arg(&chart), "-n", "a,b"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let start = run.stderr.find("to stop shipping").expect("something is said");
    let text = run.stderr[start..].replace("\n    ", " ");
    let lines = text.lines().skip(1).take_while(|line| !line.is_empty());
    let said = |line: &str| line.trim_start().rsplit_once("/c: ").map(|(_, it)| it.to_string());
    let lines = lines.filter_map(said).collect();
    (folder, lines)
}

#[test]
fn the_key_is_found_however_a_template_reads_it() {
    let rbac = "rbac: {create: true}\n";
    let helper = "{{ define \"on\" }}{{ if .Values.rbac.create }}yes{{ end }}{{ end }}";
    let table = [
        (rbac, "", "{{ if .Values.rbac.create }}", "{{ end }}", "rbac.create=false"),
        ("", "", "{{ if not .Values.skip }}", "{{ end }}", "skip=true"),
        ("", "", "{{ if ne (toString .Values.ship) \"false\" }}", "{{ end }}", "ship=false"),
        (
            rbac,
            "",
            "{{ with .Values.rbac }}{{ if .create }}",
            "{{ end }}{{ end }}",
            "rbac.create=false",
        ),
        (
            rbac,
            "",
            "{{ $rbac := .Values.rbac }}{{ if $rbac.create }}",
            "{{ end }}",
            "rbac.create=false",
        ),
        (rbac, helper, "{{ if include \"on\" . }}", "{{ end }}", "rbac.create=false"),
        ("scope: cluster\n", "", "{{ if eq .Values.scope \"cluster\" }}", "{{ end }}", "scope="),
        (
            "a.b: {ship: true}\n",
            "",
            "{{ if index .Values \"a.b\" \"ship\" }}",
            "{{ end }}",
            r"a\.b.ship=false",
        ),
        (
            "global: {rbac: true}\n",
            "",
            "{{ if dig \"rbac\" false .Values.global }}",
            "{{ end }}",
            "global.rbac=false",
        ),
        (
            "ship: \"true\"\n",
            "",
            "{{ if eq .Values.ship \"true\" }}",
            "{{ end }}",
            "--set-string ship=false",
        ),
        ("list: [a]\n", "", "{{ range .Values.list }}", "{{ end }}", "list=null"),
    ];
    for (values, helpers, before, after, expected) in table {
        // In a range the dot is no longer the release's.
        let template = guarded(before, after).replace(".Release", "$.Release");
        let (folder, said) = advice(&[
            ("values.yaml", values),
            ("templates/_helpers.tpl", helpers),
            ("templates/a.yaml", &template),
        ]);
        let (flag, expected) = expected.rsplit_once(' ').unwrap_or(("--set", expected));
        let quote = if expected.contains('\\') { "'" } else { "" };
        let line = format!("{flag} {quote}{expected}{quote} (ClusterRoleBinding x)");
        assert_eq!(said, [line], "{before}");
        let chart = folder.path().join("c");
        let off = rolecall(&["render", arg(&chart), "-n", "a", flag, expected]);
        assert_eq!((off.code, off.stdout.contains("ClusterRoleBinding")), (0, false), "{before}");
    }
}

#[test]
fn what_goes_with_it_is_said_and_the_cheapest_key_wins() {
    let role = "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: own}\nrules: []\n";
    let both = guarded("{{ if and .Values.all .Values.binding }}", "{{ end }}");
    let role = format!("{{{{ if .Values.all }}}}{role}{{{{ end }}}}");
    let (_folder, said) = advice(&[
        ("values.yaml", "all: true\nbinding: true\n"),
        ("templates/a.yaml", &both),
        ("templates/b.yaml", &role),
    ]);
    assert_eq!(said, ["--set binding=false (ClusterRoleBinding x)"]);
    let (_folder, said) = advice(&[
        ("values.yaml", "all: true\n"),
        ("templates/a.yaml", &guarded("{{ if .Values.all }}", "{{ end }}")),
        ("templates/b.yaml", &role),
        ("templates/c.yaml", &deployment("{{ if .Values.all }}1{{ else }}2{{ end }}")),
    ]);
    let expected = "--set all=false (ClusterRoleBinding x; also drops Role own in each release; \
                    changes Deployment x in each release)";
    assert_eq!(said, [expected]);
}

#[test]
fn where_no_key_helps_that_is_said() {
    let table = [
        ("", guarded("", ""), ""),
        (
            "ship: true\n",
            guarded("{{ if .Values.ship }}", "{{ end }}"),
            " (--set ship=false also drops Deployment x in each release)",
        ),
        // Nor is what grants something else.
        (
            "ship: true\n",
            guarded("{{ if .Values.ship }}", "{{ else }}")
                + &guarded("", "").replace("ClusterRoleBinding", "RoleBinding")
                + "{{ end }}",
            "",
        ),
        // Another name is no switch, nor is a rendering that fails.
        ("name: x\n", guarded("", "").replace("name: x", "name: '{{ .Values.name }}'"), ""),
        ("ship: true\n", guarded("{{ if not .Values.ship }}{{ fail \"no\" }}{{ end }}", ""), ""),
    ];
    for (values, template, costly) in table {
        let guard = if costly.is_empty() { "" } else { "{{ if .Values.ship }}" };
        let end = if costly.is_empty() { "" } else { "{{ end }}" };
        let deployment = format!("{guard}{}{end}", deployment("1"));
        let (_folder, said) = advice(&[
            ("values.yaml", values),
            ("templates/a.yaml", &template),
            ("templates/b.yaml", &deployment),
        ]);
        let expected = format!(
            "no value switches off ClusterRoleBinding x alone{costly}; drop it with a post-renderer"
        );
        assert_eq!(said, [expected], "{values}");
    }
}

#[test]
fn keys_of_sub_charts_have_their_prefix() {
    let chart = |dependency: &str| {
        format!("{CHART}dependencies:\n- {{name: sub, version: 1.0.0, alias: other{dependency}}}\n")
    };
    let sub = CHART.replace("name: c", "name: sub");
    let table = [
        ("{{ if .Values.rbac }}", "{{ end }}", "rbac: true\n", "", "other.rbac=false"),
        (
            "{{ if .Values.global.rbac }}",
            "{{ end }}",
            "global: {rbac: true}\n",
            "",
            "global.rbac=false",
        ),
        ("", "", "", ", condition: other.enabled", "other.enabled=false"),
        ("", "", "", ", tags: [ops]", "tags.ops=false"),
    ];
    for (before, after, values, dependency, expected) in table {
        let (_folder, said) = advice(&[
            ("Chart.yaml", &chart(dependency)),
            ("charts/sub/Chart.yaml", &sub),
            ("charts/sub/values.yaml", values),
            ("charts/sub/templates/a.yaml", &guarded(before, after)),
        ]);
        assert_eq!(said, [format!("--set {expected} (ClusterRoleBinding x)")], "{expected}");
    }
}

#[test]
fn jinja_templates_are_tried_too() {
    let template =
        guarded("{% if Values.rbac.create %}", "{% endif %}").replace(".Release", "Release");
    let folder =
        folder(&[("j/a.yaml.j2", template.as_str()), ("j/values.yaml", "rbac: {create: true}\n")]);
    let run = rolecall(&["merge", arg(&folder.path().join("j")), "-n", "a,b"]);
    assert!(
        run.stderr.contains("--set rbac.create=false (ClusterRoleBinding x)"),
        "{}",
        run.stderr
    );
}

#[test]
fn an_inventory_is_told_what_to_write_and_a_file_what_to_delete() {
    let template = guarded("{{ if .Values.ship }}", "{{ end }}");
    let manifest = guarded("", "").replace("{{ .Release.Namespace }}", "z");
    let folder = folder(&[
        ("c/Chart.yaml", CHART),
        ("c/templates/a.yaml", &template),
        ("d/Chart.yaml", &CHART.replace("name: c", "name: d")),
        ("d/templates/a.yaml", &guarded("{{ if index .Values.rbac \"on.all\" }}", "{{ end }}")),
        ("values/b.yaml", "ship: yes\n"),
        ("values/a.yaml", "ship: true\nother: 1\n"),
        ("plain/z.yaml", &manifest),
        (
            "rolecall.yaml",
            "releases:\n- {chart: c, namespaces: [a, b], values: [\"values/{namespace}.yaml\"]}\n\
             - {chart: d, namespace: e, set: {'rbac.on\\.all': true}}\nmanifests: [\"plain/*.yaml\"]\n",
        ),
    ]);
    let run = rolecall(&["merge", arg(&folder.path().join("rolecall.yaml"))]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for line in [
        "/c: `ship: false` in the values (ClusterRoleBinding x)\n",
        "/d: `rbac: {\"on.all\": false}` in the values (ClusterRoleBinding x)\n",
        "/plain/z.yaml: delete ClusterRoleBinding x\n",
    ] {
        assert!(run.stderr.contains(line), "{line}{}", run.stderr);
    }
    let quiet = rolecall(&["merge", arg(&folder.path().join("rolecall.yaml")), "-q"]);
    assert_eq!((quiet.stdout, quiet.stderr.as_str()), (run.stdout, ""), "it is a remark");
}

#[test]
fn releases_with_other_values_may_need_another_key() {
    let template = guarded("{{ if or .Values.one .Values.two }}", "{{ end }}");
    let folder = folder(&[
        ("c/Chart.yaml", CHART),
        ("c/templates/a.yaml", &template),
        ("a.yaml", "one: true\ntwo: false\n"),
        ("b.yaml", "one: false\ntwo: true\n"),
        (
            "rolecall.yaml",
            "releases:\n- {chart: c, namespaces: [a, b], values: [\"{namespace}.yaml\"]}\n",
        ),
    ]);
    let run = rolecall(&["merge", arg(&folder.path().join("rolecall.yaml"))]);
    for line in [
        "/c: `one: false` in the values for a/c (ClusterRoleBinding x)\n",
        "/c: `two: false` in the values for b/c (ClusterRoleBinding x)\n",
    ] {
        assert!(run.stderr.contains(line), "{line}{}", run.stderr);
    }
}
