//! `rolecall diff`: access first, then objects, text last.

use std::path::Path;
use std::process::Command;

use crate::support::{arg, binary, finished, folder, plain, rolecall, run_with, write};

const HEAD: &str = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ";

/// Writes a ClusterRole of some rules.
fn role(name: &str, rules: &str) -> String {
    format!("{HEAD}ClusterRole\nmetadata: {{name: {name}}}\nrules: [{rules}]\n---\n")
}

/// Writes a binding to the ClusterRole `r`, in a namespace or of the cluster.
fn binding(namespace: &str, subjects: &str) -> String {
    let (kind, namespace) = match namespace {
        "" => ("ClusterRoleBinding", String::new()),
        namespace => ("RoleBinding", format!(", namespace: {namespace}")),
    };
    format!(
        "{HEAD}{kind}\nmetadata: {{name: b{namespace}}}\n\
         roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}}\n\
         subjects: [{subjects}]\n---\n"
    )
}

const A: &str = "{kind: ServiceAccount, name: a, namespace: x}";
const GET_PODS: &str = "{apiGroups: [''], resources: [pods], verbs: [get]}";

/// Returns what is gained (`+`) and lost (`-`), each in one line.
fn changed(before: &str, after: &str) -> Vec<String> {
    let folder = folder(&[("a.yaml", before), ("b.yaml", after)]);
    let (before, after) = (folder.path().join("a.yaml"), folder.path().join("b.yaml"));
    let json = rolecall(&["diff", arg(&before), arg(&after), "--format", "json"]).json();
    let words = |it: &serde_json::Value| {
        let words =
            it.as_array().expect("it is a list").iter().map(|it| it.as_str().expect("a text"));
        words.map(|it| if it.is_empty() { "core" } else { it }).collect::<Vec<_>>().join(",")
    };
    let what = |it: &serde_json::Value| {
        let place = it["namespace"].as_str().unwrap_or("*");
        let names = words(&it["resourceNames"]);
        let names = if names.is_empty() { names } else { format!(" ({names})") };
        let urls = words(&it["nonResourceURLs"]);
        format!(
            "{place}: {} {}/{}{urls}{names}",
            words(&it["verbs"]),
            words(&it["apiGroups"]),
            words(&it["resources"])
        )
    };
    let line = |sign: char, it: &serde_json::Value| {
        let except =
            it["except"].as_array().into_iter().flatten().map(|it| format!(" but {}", what(it)));
        let name = it["subject"]["name"].as_str().expect("it has a name");
        format!("{sign}{name} {}{}", what(it), except.collect::<String>())
    };
    let of = |key: &str, sign| {
        let list = json["access"][key].as_array().expect("it is a list").clone();
        list.iter().map(|it| line(sign, it)).collect::<Vec<_>>()
    };
    [of("gained", '+'), of("lost", '-')].concat()
}

#[test]
fn access_is_compared_by_meaning() {
    let rules = |rules: &str| role("r", rules) + &binding("", A);
    let table: [(String, String, &[&str]); 14] = [
        // Order, repetition and how rules are cut say nothing.
        (
            rules("{apiGroups: [''], resources: [pods, secrets], verbs: [get, list]}"),
            rules(
                "{apiGroups: [''], resources: [secrets], verbs: [list, get, get]}, \
                 {apiGroups: [''], resources: [pods], verbs: [get]}, \
                 {apiGroups: [''], resources: [pods], verbs: [list]}",
            ),
            &[],
        ),
        (
            rules(GET_PODS),
            rules("{apiGroups: [''], resources: [pods, secrets], verbs: [get, list]}"),
            &["+a *: list core/pods", "+a *: get,list core/secrets"],
        ),
        (
            rules("{apiGroups: [''], resources: ['*'], verbs: [get]}"),
            rules(GET_PODS),
            &["-a *: get core/* but *: get core/pods"],
        ),
        (
            rules("{apiGroups: [''], resources: [configmaps], verbs: ['*']}"),
            rules("{apiGroups: [''], resources: [configmaps], verbs: [get, list, watch]}"),
            &["-a *: create,delete,deletecollection,patch,update core/configmaps"],
        ),
        (
            rules(GET_PODS),
            rules("{apiGroups: [''], resources: [pods], verbs: [get], resourceNames: [p]}"),
            &["-a *: get core/pods but *: get core/pods (p)"],
        ),
        (
            rules("{nonResourceURLs: [/metrics], verbs: [get]}"),
            rules("{nonResourceURLs: ['*'], verbs: [get]}"),
            &["+a *: get /* but *: get //metrics"],
        ),
        // From the cluster to a namespace.
        (
            rules(GET_PODS),
            role("r", GET_PODS) + &binding("x", A),
            &["-a *: get core/pods but x: get core/pods"],
        ),
        (
            role("r", GET_PODS) + &binding("x", A),
            rules(GET_PODS),
            &["+a *: get core/pods but x: get core/pods"],
        ),
        // What is in no namespace is not granted in one.
        (
            role("r", GET_PODS) + &binding("x", A),
            role(
                "r",
                &format!("{GET_PODS}, {{apiGroups: [''], resources: [nodes], verbs: [get]}}"),
            ) + &binding("x", A),
            &[],
        ),
        // The group holds it already.
        (
            role("r", GET_PODS)
                + &binding("", &format!("{A}, {{kind: Group, name: 'system:serviceaccounts'}}")),
            role("r", GET_PODS) + &binding("", "{kind: Group, name: 'system:serviceaccounts'}"),
            &[],
        ),
        // The user name of an account is the account.
        (
            rules(GET_PODS),
            role("r", GET_PODS) + &binding("", "{kind: User, name: 'system:serviceaccount:x:a'}"),
            &[],
        ),
        // A role that is not among the inputs grants something, if nobody knows what.
        (String::new(), binding("", A), &["+a *:  /"]),
        // Two objects of one identity: the last one counts, as on the cluster.
        (
            rules(GET_PODS),
            rules(GET_PODS) + &binding("", "{kind: ServiceAccount, name: c, namespace: x}"),
            &["+c *: get core/pods", "-a *: get core/pods"],
        ),
        // Through aggregation.
        (
            format!(
                "{HEAD}ClusterRole\nmetadata: {{name: r}}\naggregationRule: {{clusterRoleSelectors: [{{matchLabels: {{t: 'y'}}}}]}}\n---\n"
            ) + &binding("", A),
            format!(
                "{HEAD}ClusterRole\nmetadata: {{name: r}}\naggregationRule: {{clusterRoleSelectors: [{{matchLabels: {{t: 'y'}}}}]}}\n---\n{HEAD}ClusterRole\nmetadata: {{name: more, labels: {{t: 'y'}}}}\nrules: [{GET_PODS}]\n---\n"
            ) + &binding("", A),
            &["+a *: get core/pods"],
        ),
    ];
    for (before, after, expected) in table {
        assert_eq!(changed(&before, &after), expected, "{before}\n=>\n{after}");
    }
}

#[test]
fn the_exit_code_tells_whether_something_differs() {
    let base =
        role("r", "{apiGroups: [''], resources: [pods, secrets], verbs: [get]}") + &binding("", A);
    let turned =
        role("r", "{apiGroups: [''], resources: [secrets, pods], verbs: [get]}") + &binding("", A);
    let labelled = base.replacen("metadata: {name: r}", "metadata: {name: r, labels: {a: b}}", 1);
    let table = [
        (base.as_str(), 0, "", "no change in access; no difference\n"),
        (&turned, 0, "", "no change in access; no difference\n"),
        (
            &labelled,
            1,
            "no change in access\n\nClusterRole r: adds metadata.labels.a: b",
            "1 object changed\n",
        ),
        ("a: [", 2, "", ""),
    ];
    for (after, exit, stdout, stderr) in table {
        let folder = folder(&[("a.yaml", &base), ("b.yaml", after)]);
        let done = rolecall(&[
            "diff",
            arg(&folder.path().join("a.yaml")),
            arg(&folder.path().join("b.yaml")),
        ]);
        assert_eq!(i32::from(done.code), exit, "{after}");
        assert!(done.stdout.starts_with(stdout), "{}", done.stdout);
        assert_eq!(done.stdout.is_empty(), stdout.is_empty(), "{}", done.stdout);
        assert!(done.stderr.ends_with(stderr), "{}", done.stderr);
    }
}

#[test]
fn each_format_is_as_it_was() {
    let sides = ["fixtures/diff/before.yaml", "fixtures/diff/after.yaml"];
    for (format, name) in [("text", "txt"), ("json", "json"), ("markdown", "md"), ("html", "html")]
    {
        let done = rolecall(&["diff", sides[0], sides[1], "--format", format]);
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/snapshots");
        let golden = snapbox::Data::read_from(&golden.join(format!("diff.{name}")), None);
        snapbox::Assert::new().action_env("SNAPSHOTS").eq(done.stdout, golden);
        assert_eq!(done.code, 1);
        assert_eq!(done.stderr.matches("4 objects changed").count(), 1, "{}", done.stderr);
    }
    let folder = plain(env!("CARGO_MANIFEST_DIR").into());
    let shown =
        rolecall::cli::Surroundings { stdout: rolecall::report::text::Colour::Ansi, ..folder };
    let done = run_with(&["diff", sides[0], sides[1]], "", shown);
    // Of a line that changes in part, the part stands out.
    assert!(done.stdout.contains("\u{1b}[32;1;7mx:2\u{1b}[0m"), "{}", done.stdout);
    assert!(!done.stdout.contains("hunter"), "no secret is shown");
}

#[test]
fn kubectl_can_hand_its_folders_over() {
    let binding = |namespace| {
        binding("", &format!("{{kind: ServiceAccount, name: a, namespace: {namespace}}}"))
    };
    let name = "rbac.authorization.k8s.io.v1.ClusterRoleBinding..b";
    let folder = folder(&[
        (&format!("LIVE-1/{name}"), &binding("x")),
        (&format!("MERGED-1/{name}"), &binding("y")),
    ]);
    let sides = ["LIVE-1", "MERGED-1"].map(|side| folder.path().join(side));
    // Of KUBECTL_EXTERNAL_DIFF="rolecall diff" kubectl puts the words behind the folders.
    for args in [
        ["diff", arg(&sides[0]), arg(&sides[1]), "--quiet"],
        [arg(&sides[0]), arg(&sides[1]), "diff", "--quiet"],
    ] {
        let done = rolecall(&args);
        assert_eq!(done.code, 1, "{}", done.stderr);
        assert!(done.stdout.contains("gains y/a, loses x/a"), "{}", done.stdout);
    }
}

#[test]
fn a_built_in_role_is_named_where_all_of_it_is_meant() {
    let view = |namespace: &str| viewer("a", namespace);
    let table = [
        (view("y"), "+ all that ClusterRole view grants, as it is built in"),
        (format!("{}---\n{}", view("x"), role("view", GET_PODS)), "+ get pods"),
    ];
    for (after, line) in table {
        let folder = folder(&[("a.yaml", "{}"), ("b.yaml", &after)]);
        let sides = ["a.yaml", "b.yaml"].map(|side| folder.path().join(side));
        let done = rolecall(&["diff", arg(&sides[0]), arg(&sides[1])]);
        let lines: Vec<&str> = done.stdout.lines().filter(|it| it.starts_with("  + ")).collect();
        assert_eq!(lines, [format!("  {line}")], "{}{}", done.stdout, done.stderr);
    }
}

/// Runs git in a folder.
fn git(folder: &Path, args: &[&str]) -> String {
    let identity =
        ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
    let mut command = Command::new("git");
    command.current_dir(folder).args(identity).args(args).env("GIT_CONFIG_GLOBAL", "/dev/null");
    let done = finished(&mut command);
    assert_eq!(done.code, 0, "{args:?}: {}", done.stderr);
    done.stdout
}

const INVENTORY: &str =
    "releases:\n- {name: r, chart: charts/a, namespaces: [x, y], values: [v.yaml]}\n";

/// Writes a binding of an account to `view`.
fn viewer(name: &str, namespace: &str) -> String {
    format!(
        "{HEAD}ClusterRoleBinding\nmetadata: {{name: b}}\n\
         roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}}\n\
         subjects: [{{kind: ServiceAccount, name: {name}, namespace: {namespace}}}]\n"
    )
}

/// Commits a chart with its inventory; returns the repository.
fn repository(template: &str) -> tempfile::TempDir {
    let folder = folder(&[
        ("rolecall.yaml", INVENTORY),
        ("v.yaml", "who: old\n"),
        ("charts/a/Chart.yaml", "apiVersion: v2\nname: a\nversion: 1.0.0\n"),
        ("charts/a/templates/b.yaml", template),
    ]);
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "one"]);
    folder
}

/// Compares what is at a revision with what is in a folder.
fn diff_git(folder: &Path, args: &[&str]) -> crate::support::Run {
    let mut command = binary(folder, &[&["diff"], args].concat());
    finished(command.env("PATH", std::env::var_os("PATH").expect("there is one")))
}

#[test]
fn a_revision_is_compared_with_what_is_here() {
    let folder = repository(&viewer("{{ .Values.who }}", "{{ .Release.Namespace }}"));
    let root = folder.path();
    let same = diff_git(root, &["--git", "HEAD"]);
    assert_eq!((same.code, same.stdout.as_str()), (0, ""), "{}", same.stderr);
    write(&root.join("v.yaml"), "who: new\n");
    let before = git(root, &["status", "--porcelain=v2"]);
    let changed = diff_git(root, &["--git", "HEAD"]);
    assert_eq!(changed.code, 1, "{}", changed.stderr);
    // The last release wins on both sides.
    for words in [
        "ClusterRoleBinding b: gains y/new, loses y/old",
        "--- ClusterRoleBinding b (HEAD)\n+++ ClusterRoleBinding b (now)",
    ] {
        assert!(changed.stdout.contains(words), "{}", changed.stdout);
    }
    assert_eq!(git(root, &["status", "--porcelain=v2"]), before, "the work tree is left as it is");
    // Flags lead to the files of the revision, too.
    let flags = diff_git(root, &["--git", "HEAD", "charts/a", "-n", "x", "-f", "v.yaml"]);
    assert!(flags.stdout.contains("gains x/new, loses x/old"), "{}{}", flags.stdout, flags.stderr);
}

#[test]
fn charts_that_git_ignores_belong_to_a_revision_that_asks_for_the_same() {
    let folder = repository("{{ include \"lib.binding\" . }}");
    let root = folder.path();
    let chart = "apiVersion: v2\nname: a\nversion: 1.0.0\n\
                 dependencies: [{name: lib, version: 1.0.0, repository: 'file://../lib'}]\n";
    write(&root.join(".gitignore"), "charts/a/charts/\n");
    write(&root.join("charts/a/Chart.yaml"), chart);
    git(root, &["add", "."]);
    git(root, &["commit", "-q", "-m", "two"]);
    let library = "apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n";
    write(&root.join("charts/a/charts/lib/Chart.yaml"), library);
    let binding = viewer("{{ .Values.who }}", "{{ .Release.Namespace }}");
    let helper = format!("{{{{ define \"lib.binding\" }}}}\n{binding}{{{{ end }}}}\n");
    write(&root.join("charts/a/charts/lib/templates/_b.tpl"), &helper);
    write(&root.join("v.yaml"), "who: new\n");
    let same = diff_git(root, &["--git", "HEAD"]);
    assert!(same.stdout.contains("gains y/new, loses y/old"), "{}{}", same.stdout, same.stderr);
    write(
        &root.join("charts/a/Chart.yaml"),
        &chart.replace("version: 1.0.0\nd", "version: 1.0.1\nd"),
    );
    let other = diff_git(root, &["--git", "HEAD"]);
    assert_eq!(other.code, 2, "nobody knows what another Chart.yaml had: {}", other.stdout);
    assert!(other.stderr.contains("missing in charts/ directory"), "{}", other.stderr);
}

#[test]
fn what_is_not_at_a_revision_is_added() {
    let folder = repository("");
    write(&folder.path().join("new.yaml"), &viewer("c", "x"));
    let added = diff_git(folder.path(), &["--git", "HEAD", "new.yaml"]);
    let words = "ClusterRoleBinding b: added, gains x/c";
    assert!(added.stdout.contains(words), "{}{}", added.stdout, added.stderr);
    assert!(added.stderr.contains("warning: new.yaml is not in HEAD"), "{}", added.stderr);
    for revision in ["nowhere", "--all"] {
        let done = diff_git(folder.path(), &[&format!("--git={revision}"), "charts/a"]);
        assert_eq!(done.code, 2);
        let words = format!("git knows no revision {revision}");
        assert!(done.stderr.contains(&words), "{}", done.stderr);
    }
}

#[test]
fn an_error_at_a_revision_names_the_revision() {
    let folder = repository("a: {{ .Values.gone.gone }}\n");
    write(&folder.path().join("charts/a/templates/b.yaml"), "a: b\n");
    let done = diff_git(folder.path(), &["--git", "HEAD", "charts/a"]);
    assert_eq!((done.code, done.stdout.as_str()), (2, ""));
    assert!(done.stderr.contains("HEAD:charts/a/templates/b.yaml:1"), "{}", done.stderr);
}
