//! What silences findings, which rules are run, and what `lint` then says.

mod settings;

use std::fs;
use std::path::Path;

use serde_json::Value as Json;
use tempfile::TempDir;

use crate::support::{Run, binary, finished, folder, write};

/// A day, and the seconds since 1970 at its beginning.
const TODAY: (&str, i64) = ("2027-01-31", 1_801_353_600);

const CHART: &str = "apiVersion: v2\nname: c\nversion: 1.0.0\n";

/// Runs the program in a folder, on a known day.
fn run(folder: &TempDir, args: &[&str]) -> Run {
    let mut command = binary(folder.path(), args);
    finished(command.env("SOURCE_DATE_EPOCH", TODAY.1.to_string()))
}

fn lint(folder: &TempDir, args: &[&str]) -> Run {
    run(folder, &[&["lint", "--format", "json", "--fail-on", "info"], args].concat())
}

/// Returns the rules and lines of the findings, in the order of the lines.
fn found(run: &Run) -> Vec<String> {
    let json = run.json();
    let mut findings = json["findings"].as_array().cloned().expect("a list");
    findings.sort_by_key(|it| it["location"]["line"].as_u64());
    let words = |it: &Json| {
        format!("{}:{}", it["rule"].as_str().unwrap_or_default(), it["location"]["line"])
    };
    findings.iter().map(words).collect()
}

/// Returns the kinds and lines of what is wrong with what silences.
fn problems(run: &Run) -> Vec<String> {
    let json = run.json();
    let problems = json["suppressionProblems"].as_array().expect("a list");
    let words = |it: &Json| {
        format!("{}:{}", it["kind"].as_str().unwrap_or_default(), it["location"]["line"])
    };
    problems.iter().map(words).collect()
}

fn suppressed(run: &Run) -> u64 {
    run.json()["summary"]["suppressed"].as_u64().expect("a number")
}

/// A role with a rule item that may read Secrets and one that may execute in pods, bound in the
/// cluster; the marks stand for comments.
const ROLE: &str = "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: NAME}
rules: <head>
  <above>
- apiGroups: ['']
  resources: [secrets] <on>
  <within>
  verbs: [get] <behind>
- apiGroups: ['']
  resources: [pods/exec]
  verbs: [create]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: NAME}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: NAME}
subjects: [{kind: Group, name: ops, apiGroup: rbac.authorization.k8s.io}]
";

/// Puts comments into the role in place of their marks; the other marks go, the lines stay.
fn role(comments: &[(&str, &str)]) -> String {
    let mut text = ROLE.replace("NAME", "a");
    for mark in ["head", "above", "on", "within", "behind"] {
        let comment = comments.iter().find(|(at, _)| *at == mark).map_or("", |(_, it)| it);
        text = text.replace(&format!("<{mark}>"), comment);
    }
    text
}

const BOTH: [&str; 2] = ["secrets-read:7", "pod-exec:11"];

#[test]
fn a_comment_on_the_item_or_above_it_silences_its_rule() {
    let ignore = "# rolecall: ignore[secrets-read] it must";
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);
    let table: [Case<'_>; 11] = [
        (&[], &BOTH),
        (&[("above", ignore)], &BOTH[1..]),
        (&[("head", ignore), ("above", "# more")], &BOTH[1..]),
        (&[("head", ignore)], &BOTH),
        (&[("above", "# rolecall: ignore[secrets-read] it must\n  # and more")], &["pod-exec:12"]),
        (&[("on", ignore)], &BOTH[1..]),
        (&[("within", ignore)], &BOTH[1..]),
        // Behind the item's last line it is about the item, and not about the one below.
        (&[("behind", ignore)], &BOTH[1..]),
        (&[("behind", "# rolecall: ignore[pod-exec] it must")], &BOTH),
        (&[("above", "# rolecall: ignore[pod-exec, secrets-read] it must")], &BOTH[1..]),
        (&[("on", "# other: off # rolecall: ignore[secrets-read] it must")], &BOTH[1..]),
    ];
    for (comments, expected) in table {
        let folder = folder(&[("a.yaml", &role(comments))]);
        let run = lint(&folder, &["a.yaml"]);
        assert_eq!(found(&run), expected, "{comments:?}\n{}", run.stderr);
        assert_eq!(suppressed(&run) as usize + expected.len(), 2, "{comments:?}");
        let all = lint(&folder, &["a.yaml", "--no-ignores"]);
        assert_eq!(found(&all).len(), 2, "{comments:?}");
        assert!(problems(&all).is_empty() && suppressed(&all) == 0);
        assert!(all.stderr.contains("comments, lint.exclude and the baseline silence nothing"));
    }
    // What the next line belongs to may carry it too.
    let text = role(&[("head", ignore)]).replace("  \n- apiGroups", "- apiGroups");
    let run = lint(&folder(&[("a.yaml", &text)]), &["a.yaml"]);
    assert_eq!(found(&run), ["pod-exec:10"], "{}", run.stderr);
}

#[test]
fn what_is_no_comment_silences_nothing() {
    let words = "# rolecall: ignore[secrets-read] x";
    let texts = [
        role(&[]).replace("{name: a}", &format!("{{name: a, annotations: {{a: \"{words}\"}}}}")),
        role(&[]).replace("  verbs: [get]", &format!("  note: |\n    {words}\n  verbs: [get]")),
        role(&[]).replace("  verbs: [get]", &format!("  note: 'a\n    {words}'\n  verbs: [get]")),
    ];
    for text in texts {
        let run = lint(&folder(&[("a.yaml", &text)]), &["a.yaml", "--select", "risk"]);
        assert_eq!(found(&run).len(), 2, "{text}{}", run.stderr);
        assert_eq!(problems(&run), [""; 0], "{text}");
    }
}

#[test]
fn what_should_not_stand_so_is_reported_with_its_place() {
    let table = [
        (
            "# rolecall: ignore[secrets-read]",
            true,
            "no-reason",
            "a.yaml:7:24: an ignore without a reason",
        ),
        (
            "# rolecall: ignore[secret-read] x",
            false,
            "unknown-rule",
            "a.yaml:7:43: there is no rule `secret-read` to ignore (did you mean `secrets-read`?)",
        ),
        (
            "# rolecall: ignore[secrets-read, pod-exec] x",
            true,
            "unused",
            "a.yaml:7:57: an ignore of pod-exec silences nothing",
        ),
        (
            "# rolecall: ignore[secrets-read] x until: 2027-01-30",
            false,
            "ended",
            "a.yaml:7:24: an ignore ended on 2027-01-30, and silences nothing since",
        ),
        (
            "# rolecall: ignore[secrets-read] x until: 2027-02-30",
            false,
            "bad-date",
            "a.yaml:7:66: the day on which an ignore ends cannot be read",
        ),
        ("# rolecall: ignore[secrets-read] x until: 2027-01-31", true, "", ""),
    ];
    for (comment, silences, kind, expected) in table {
        let folder = folder(&[("a.yaml", &role(&[("on", comment)]))]);
        let run = lint(&folder, &["a.yaml"]);
        assert_eq!(found(&run).len(), 2 - usize::from(silences), "{comment}");
        let kinds: Vec<String> = problems(&run);
        let expected_kinds = if kind.is_empty() { vec![] } else { vec![format!("{kind}:7")] };
        assert_eq!(kinds, expected_kinds, "{comment}");
        assert_eq!(run.stderr.contains("warning: "), !kind.is_empty(), "{comment} {}", run.stderr);
        assert!(run.stderr.contains(expected), "{comment} {}", run.stderr);
    }
}

#[test]
fn an_ignore_without_rules_is_an_error_that_says_what_is_expected() {
    for comment in ["# rolecall: ignore", "# rolecall: ignore[]", "# rolecall: ignore[secrets-read"]
    {
        let folder = folder(&[("a.yaml", &role(&[("on", comment)]))]);
        let run = lint(&folder, &["a.yaml"]);
        assert_eq!((run.code, found(&run).len()), (2, 2), "{comment}");
        let words = run.words();
        assert!(words.contains("a.yaml: a comment silences nothing"), "{words}");
        assert!(words.contains("rolecall: ignore[RULE, RULE] why it is accepted"), "{words}");
        assert_eq!(run.json()["errors"][0]["line"], 7);
    }
}

#[test]
fn rules_that_were_not_run_are_not_missed() {
    let comment = "# rolecall: ignore[pod-exec, constant-cluster-name, lost-subjects] x";
    let folder = folder(&[
        ("a.yaml", &role(&[("on", comment)])),
        ("b.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a\n"),
        ("rolecall.yaml", "manifests: [a.yaml]\nlint: {rules: {pod-exec: off}}\n"),
    ]);
    assert_eq!(problems(&lint(&folder, &["a.yaml"])), ["unused:7"], "one file meets no other");
    assert_eq!(problems(&lint(&folder, &["a.yaml", "--ignore", "pod-exec"])), [""; 0]);
    assert_eq!(problems(&lint(&folder, &["a.yaml", "--select", "secrets-read"])), [""; 0]);
    assert_eq!(problems(&lint(&folder, &[])), [""; 0], "the settings switch it off");
    let run = lint(&folder, &["a.yaml", "b.yaml"]);
    assert_eq!((run.code, problems(&run)), (2, vec![]), "what is broken may need it");
}

/// Returns the files of a chart with one template and its helpers.
fn chart<'a>(template: &'a str, helpers: &'a str) -> [(&'a str, &'a str); 3] {
    [("c/Chart.yaml", CHART), ("c/templates/a.yaml", template), ("c/templates/_h.tpl", helpers)]
}

#[test]
fn comments_of_templates_count_where_they_are_executed_and_in_the_helper() {
    let item = "- apiGroups: ['']\n  resources: [secrets]\n  verbs: [get]\n";
    let role = |rules: &str| {
        let (head, rest) = ROLE.split_once("rules:").expect("it has rules");
        let (_, binding) = rest.split_once("---\n").expect("it has a binding");
        format!("{head}rules:\n{rules}---\n{binding}").replace("NAME", "{{ .Release.Namespace }}-a")
    };
    let helper = format!("{{{{ define \"h\" }}}}\n{item}{{{{- end }}}}\n");
    let call = "{{ include \"h\" . }}\n";
    let quiet = "# rolecall: ignore[secrets-read] x\n";
    let go = "{{/* rolecall: ignore[secrets-read] x */}}\n";
    let trimmed = "{{- /* rolecall: ignore[secrets-read]\n x */}}\n";
    let trimmed_behind = "{{/* rolecall: ignore[secrets-read] x */ -}}\n";
    let values = "{{ toYaml (list (dict \"apiGroups\" (list \"\") \"resources\" (list \"secrets\") \
                  \"verbs\" (list \"get\"))) }}\n";
    let silent = [
        (role(&format!("{quiet}{item}")), String::new()),
        (role(&format!("{go}{item}")), String::new()),
        (role(&format!("{trimmed}{item}")), String::new()),
        (role(&format!("{trimmed_behind}{item}")), String::new()),
        (role(&format!("{go}{call}")), helper.clone()),
        (role(&format!("{{{{- if true }}}}\n{quiet}{call}{{{{- end }}}}\n")), helper.clone()),
        (role(call), helper.replace("- apiGroups", &format!("{quiet}- apiGroups"))),
        (
            role(call),
            helper.replace("verbs: [get]", "verbs: [get] # rolecall: ignore[secrets-read] x"),
        ),
        (role(&format!("{go}{values}")), String::new()),
    ];
    for (template, helpers) in &silent {
        let folder = folder(&chart(template, helpers));
        for args in [&["c", "-n", "n1,n2"][..], &["c"]] {
            let args = [args, &["--select", "secrets-read"]].concat();
            let run = lint(&folder, &args);
            assert_eq!(found(&run), [""; 0], "{args:?}\n{template}{helpers}{}", run.stderr);
            assert_eq!((suppressed(&run), problems(&run)), (1, vec![]), "{template}{helpers}");
            let all = lint(&folder, &[&args[..], &["--no-ignores"]].concat());
            assert_eq!(found(&all).len(), 1, "{args:?}\n{template}{helpers}{}", all.stderr);
        }
    }
}

#[test]
fn what_was_not_rendered_is_not_missed() {
    let comment = "# rolecall: ignore[pod-exec] x";
    let template =
        role(&[("on", comment)]).replace("- apiGroups", "{{- if .Values.on }}\n- apiGroups");
    let template = template.replace("  verbs: [get]", "  verbs: [get]\n{{- end }}");
    let template = template.replacen("[create]", "[create]\n{{- end }}", 1);
    let folder = folder(&chart(&template, ""));
    let lines = |args: &[&str]| problems(&lint(&folder, &[&["c", "-n", "x"], args].concat()));
    assert_eq!(lines(&["--set", "on=true"]), ["unused:8"]);
    assert_eq!(lines(&[]), [""; 0], "other values bring it");
    let prose = role(&[("above", "{{/* rolecall: ignore[pod-exec] x */}}")]);
    write(&folder.path().join("c/templates/a.yaml"), &prose);
    assert_eq!(lines(&[]), ["unused:5"]);
}

/// Replaces the comments of a text by others that say nothing.
fn without_comments(text: &str) -> String {
    text.replace("rolecall: ignore", "nothing: at all")
}

#[test]
fn without_ignores_all_is_as_without_comments() {
    let comments =
        ["# rolecall: ignore[secrets-read] x", "# rolecall: ignore", "# rolecall: ignore[a]"];
    for comment in comments {
        for mark in ["head", "above", "on", "within", "behind"] {
            let text = role(&[(mark, comment)]);
            let report = |text: &str| {
                let folder = folder(&[
                    ("a.yaml", text),
                    ("c/templates/a.yaml", text),
                    ("c/Chart.yaml", CHART),
                ]);
                let run = lint(&folder, &["--no-ignores", "a.yaml", "c"]);
                // What a finding is about is a part of its fingerprint, with the comments in it.
                let lines = run.stdout.lines().filter(|line| !line.contains("\"fingerprint\""));
                (run.code, lines.map(str::to_owned).collect::<Vec<_>>())
            };
            assert_eq!(report(&text), report(&without_comments(&text)), "{mark} {comment}");
        }
    }
}

#[test]
fn the_comments_of_manifests_are_those_that_yaml_reads() {
    use rolecall::source::{Language, comments};
    use rolecall::yaml::{Node, NodeKind, parse_all};

    fn scalars(node: &Node, found: &mut Vec<std::ops::Range<usize>>) {
        match &node.kind {
            NodeKind::Scalar { .. } => {
                found.push(node.span_start as usize..node.span_end as usize);
            }
            NodeKind::Seq(items) => items.iter().for_each(|item| scalars(item, found)),
            NodeKind::Map(entries) => entries.iter().for_each(|(key, value)| {
                scalars(key, found);
                scalars(value, found);
            }),
        }
    }

    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut compared = 0;
    for entry in walkdir::WalkDir::new(root.join("fixtures")).sort_by_file_name() {
        let entry = entry.expect("it can be walked");
        let is_yaml = entry.path().extension().is_some_and(|it| it == "yaml");
        let text =
            if is_yaml { fs::read_to_string(entry.path()).unwrap_or_default() } else { continue };
        let Ok(roots) = parse_all(&text) else { continue };
        let mut values = Vec::new();
        roots.iter().for_each(|root| scalars(root, &mut values));
        let is_value = |at: usize| values.iter().any(|value| value.contains(&at));
        let is_first = |at: usize| {
            let before = text[..at].rsplit('\n').next().unwrap_or_default();
            text[..at].ends_with([' ', '\t', '\n']) || at == 0 || before.is_empty()
        };
        // The first `#` of a line that no value holds begins a comment.
        let mut expected = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let marks = line.match_indices('#').map(|(at, _)| start + at);
            expected.extend(marks.filter(|at| is_first(*at) && !is_value(*at)).take(1));
            start += line.len();
        }
        let found = comments(&text, Language::Yaml).into_iter().map(|comment| comment.range.start);
        assert_eq!(found.collect::<Vec<_>>(), expected, "{}", entry.path().display());
        compared += expected.len();
    }
    assert!(compared > 5, "there are comments to compare: {compared}");
}

#[test]
fn fifty_namespaces_need_one_comment() {
    let text = role(&[("on", "# rolecall: ignore[secrets-read] x")]);
    let text = text.replace("name: a", "name: {{ .Release.Namespace }}");
    let folder = folder(&chart(&text, ""));
    let namespaces: Vec<String> = (0..50).map(|at| format!("n{at}")).collect();
    let args = ["c", "-n", &namespaces.join(","), "--select", "risk"];
    let run = lint(&folder, &args);
    assert_eq!((found(&run), suppressed(&run)), (vec!["pod-exec:11".to_owned()], 1));
    let releases = run.json()["suppressions"][0]["releases"].as_array().map(Vec::len);
    assert_eq!(releases, Some(50));
    assert!(run.stderr.contains("1 suppressed"), "{}", run.stderr);
}

#[test]
fn jinja_lists_and_packages_take_comments_too() {
    let jinja = role(&[("above", "{# rolecall: ignore[secrets-read] x #}")]);
    let jinja_yaml = role(&[("on", "# rolecall: ignore[secrets-read] x")]);
    let list = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: rbac.authorization.k8s.io/v1\n  \
                kind: Role\n  metadata: {name: a, namespace: x}\n  rules:\n  \
                # rolecall: ignore[secrets-read] x\n  \
                - {apiGroups: [''], resources: [secrets], verbs: [get]}\n";
    let folder = folder(&[
        ("j/a.yaml.j2", &jinja),
        ("k/a.yaml.j2", &jinja_yaml),
        ("list.yaml", list),
        ("c/Chart.yaml", CHART),
        ("c/templates/a.yaml", &role(&[("within", "# rolecall: ignore[secrets-read] x")])),
    ]);
    package(folder.path());
    for path in ["j", "k", "list.yaml", "c-1.0.0.tgz"] {
        let run = lint(&folder, &[path, "--select", "secrets-read"]);
        assert_eq!((found(&run), suppressed(&run)), (vec![], 1), "{path} {}", run.stderr);
        let all = lint(&folder, &[path, "--select", "secrets-read", "--no-ignores"]);
        assert_eq!(found(&all).len(), 1, "{path}");
    }
}

/// Packages the chart `c` of a folder.
fn package(folder: &Path) {
    let file = fs::File::create(folder.join("c-1.0.0.tgz")).expect("it can be made");
    let gzip = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    let mut archive = tar::Builder::new(gzip);
    archive.append_dir_all("c", folder.join("c")).expect("it can be packaged");
    archive.into_inner().and_then(|gzip| gzip.finish()).expect("it can be written");
}

#[test]
fn a_collision_is_silenced_at_any_place_that_it_shows() {
    let binding = |subject: &str, comment: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  \
             name: a {comment}\n\
             roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}}\n\
             subjects: [{{kind: ServiceAccount, name: default, namespace: {subject}}}]\n"
        )
    };
    let comment = "# rolecall: ignore[lost-subjects] x";
    for (first, second) in [("", ""), (comment, ""), ("", comment)] {
        let (a, b) = (binding("x", first), binding("y", second));
        let folder = folder(&[("a.yaml", &a), ("b.yaml", &b)]);
        let run = lint(&folder, &["a.yaml", "b.yaml", "--select", "lost-subjects"]);
        let silenced = u64::from(!(first.is_empty() && second.is_empty()));
        assert_eq!((found(&run).len() as u64, suppressed(&run)), (1 - silenced, silenced));
    }
}

#[test]
fn exclusions_end_too() {
    for (until, expected) in [(TODAY.0, 0), ("2027-01-30", 1)] {
        let inventory = format!(
            "manifests: [a.yaml]\nlint:\n  exclude:\n  - {{rule: secrets-read, reason: x, until: \
             {until}}}\n"
        );
        let folder = folder(&[("a.yaml", &role(&[])), ("rolecall.yaml", &inventory)]);
        let args = ["--select", "secrets-read"];
        let run = lint(&folder, &args);
        assert_eq!(found(&run).len(), expected, "{until}");
        let ended = "rolecall.yaml:4:12: lint.exclude accepted secrets-read until 2027-01-30";
        assert_eq!(run.stderr.contains(ended), expected == 1, "{}", run.stderr);
        assert_eq!(found(&lint(&folder, &[&args[..], &["--no-ignores"]].concat())).len(), 1);
    }
    let bad =
        "manifests: [a.yaml]\nlint: {exclude: [{rule: secrets-read, reason: x, until: soon}]}\n";
    let run = lint(&folder(&[("a.yaml", &role(&[])), ("rolecall.yaml", bad)]), &[]);
    assert!(run.code == 2 && run.words().contains("until: 2027-01-31"), "{}", run.stderr);
}
