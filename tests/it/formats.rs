//! The formats of `rolecall lint` beside text and JSON.

use std::collections::BTreeSet;

use serde_json::Value;
use snapbox::{assert_data_eq, file};

use crate::support::{Run, arg, folder, rolecall, write};

const COLLISIONS: [&str; 2] = ["lint", "fixtures/collisions"];

const FLUX: [&str; 4] = ["lint", "fixtures/flux", "-n", "app1,app2,app3"];

/// A name that means something in each of the formats.
const HOSTILE: &str = "\"<script>alert('x')</script>|a%0A::error::b&\\n\\t\\\"@all [x](http://y) \
                       `c` ]]> --> {{x}} \\e[31m ${{ y }} #1 <!--\"";

fn lint(typed: &[&str], format: &str) -> Run {
    rolecall(&[typed, &["-q", "--format", format]].concat())
}

/// Lints a chart that is hostile in names of objects and files.
fn hostile(format: &str) -> Run {
    let binding = format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n\
         metadata:\n  name: {HOSTILE}\n\
         roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {HOSTILE}}}\n\
         subjects:\n  - {{kind: Group, name: \"{{{{ .Release.Namespace }}}}-<b>|`\\n\"}}\n"
    )
    .replace("{{x}}", "{{ `{{x}}` }}")
    .replace("${{ y }}", "{{ `${{ y }}` }}");
    let folder = folder(&[
        ("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"),
        ("c/templates/a,b:c%0A|<i>.yaml", &binding),
        ("broken.yaml", "kind: \"<script>|%0A,:\napiVersion: v1\n"),
    ]);
    let (chart, broken) = (folder.path().join("c"), folder.path().join("broken.yaml"));
    let run = lint(&["lint", arg(&chart), arg(&broken), "-n", "x,y"], format);
    assert_eq!(run.code, 2, "{}", run.stderr);
    // The folder has another name in each run.
    let path = folder.path().to_string_lossy().into_owned();
    Run { stdout: run.stdout.replace(path.trim_start_matches('/'), "folder"), ..run }
}

fn sarif(run: &Run) -> Value {
    let schema: Value =
        serde_json::from_str(include_str!("schemas/sarif-2.1.0.json")).expect("the schema is JSON");
    let mut compiler = boon::Compiler::new();
    compiler.enable_format_assertions();
    compiler.add_resource("sarif.json", schema).expect("the schema has a name");
    let mut schemas = boon::Schemas::new();
    let schema = compiler.compile("sarif.json", &mut schemas).expect("it is a schema");
    let log = run.json();
    if let Err(error) = schemas.validate(&log, schema) {
        panic!("{error:#}");
    }
    log
}

/// Returns the elements of a list.
fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

#[test]
fn sarif_is_valid_and_its_rules_are_those_of_the_program() {
    for typed in [&COLLISIONS[..], &FLUX, &["lint", "fixtures/flux"], &["lint", "fixtures/broken"]]
    {
        let log = sarif(&lint(typed, "sarif"));
        let rules = list(&log, "/runs/0/tool/driver/rules");
        assert_eq!(rules.len(), rolecall::rules::RULES.len());
        let results = list(&log, "/runs/0/results");
        let mut fingerprints = BTreeSet::new();
        for result in results {
            let index = result["ruleIndex"].as_u64().expect("it is a rule of the program");
            assert_eq!(rules[usize::try_from(index).expect("it is small")]["id"], result["ruleId"]);
            let fingerprint = result["partialFingerprints"]["rolecall/v1"].to_string();
            assert!(fingerprints.insert(fingerprint), "each result has its own: {result}");
            let text = result["message"]["text"].as_str().expect("it has words");
            for place in list(result, "/relatedLocations") {
                assert!(text.contains(&format!("]({})", place["id"])), "{text}");
            }
        }
        assert_eq!(typed[1].ends_with("broken"), results.is_empty(), "{typed:?}");
    }
}

#[test]
fn sarif_is_the_same_each_time() {
    for (typed, expected) in [
        (&COLLISIONS[..], file!["snapshots/collisions.sarif"]),
        (&FLUX, file!["snapshots/flux.sarif"]),
    ] {
        let mut log = sarif(&lint(typed, "sarif"));
        // What each new rule and each release of the program changes is no part of it.
        log["runs"][0]["tool"]["driver"] = Value::Null;
        for result in log["runs"][0]["results"].as_array_mut().into_iter().flatten() {
            result["ruleIndex"] = Value::Null;
        }
        let text = serde_json::to_string_pretty(&log).expect("it is JSON") + "\n";
        assert_data_eq!(text, expected.raw());
    }
}

#[test]
fn broken_inputs_are_notifications() {
    let log = sarif(&hostile("sarif"));
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notification = &invocation["toolExecutionNotifications"][0];
    let place = &notification["locations"][0]["physicalLocation"];
    assert!(place["region"]["startLine"].is_u64(), "{notification}");
    let uri = place["artifactLocation"]["uri"].as_str().expect("it names the file");
    assert!(uri.ends_with("/broken.yaml"), "{uri}");
}

#[test]
fn a_place_in_a_package_is_the_package() {
    let rbac = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n\
                metadata: {name: a}\nroleRef: {kind: ClusterRole, name: a}\n\
                subjects: [{kind: ServiceAccount, name: a, namespace: {{ .Release.Namespace }}}]\n";
    let folder = folder(&[]);
    let package = folder.path().join("c-1.0.0.tgz");
    let file = std::fs::File::create(&package).expect("it can be made");
    let zipped = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    let mut archive = tar::Builder::new(zipped);
    let chart = "apiVersion: v2\nname: c\nversion: 1.0.0\n";
    for (name, text) in [("c/Chart.yaml", chart), ("c/templates/a.yaml", rbac)] {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        archive.append_data(&mut header, name, text.as_bytes()).expect("it can be packed");
    }
    archive.into_inner().and_then(|zipped| zipped.finish()).expect("it can be written");
    let typed = ["lint", arg(&package), "-n", "x,y"];
    let log = sarif(&lint(&typed, "sarif"));
    let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    let uri = place["artifactLocation"]["uri"].as_str().unwrap_or_default();
    assert!(uri.ends_with("/c-1.0.0.tgz"), "{log:#}");
    assert!(place["region"].is_null(), "{place}");
    let path = lint(&typed, "gitlab").json()[0]["location"]["path"].to_string();
    assert!(path.ends_with("/c-1.0.0.tgz\""), "{path}");
    let commands = lint(&typed, "github").stdout;
    assert!(commands.contains("/c-1.0.0.tgz,title=lost-subjects::"), "{commands}");
}

#[test]
fn github_has_commands_that_nothing_breaks() {
    let run = lint(&COLLISIONS, "github");
    assert_data_eq!(run.stdout, file!["snapshots/collisions.github"].raw());
    assert_data_eq!(lint(&FLUX, "github").stdout, file!["snapshots/flux.github"].raw());
    let run = hostile("github");
    let words = ["::error file=", "::warning file=", "::notice file="];
    for line in run.stdout.lines() {
        assert!(words.iter().any(|word| line.starts_with(word)), "{line}");
        assert_eq!(line.matches(",title=").count(), 1, "{line}");
    }
    assert!(run.stdout.contains("a%2Cb%3Ac%250A|<i>.yaml,line="), "{}", run.stdout);
    assert!(run.stdout.contains("|a%250A::error::b"), "{}", run.stdout);
}

#[test]
fn github_has_ten_of_a_kind_at_most() {
    let role = |at: usize| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n\
             metadata: {{name: r{at}}}\nrules: [{{verbs: [get], apiGroups: [\"\"], resources: [RES]}}]\n"
        )
    };
    let count = |count: usize| {
        let roles: Vec<String> = (0..count).map(role).collect();
        let text = roles.join("---\n");
        let files =
            [("a.yaml", text.replace("RES", "pods")), ("b.yaml", text.replace("RES", "nodes"))];
        let folder = folder(&files.each_ref().map(|(name, text)| (*name, text.as_str())));
        let run = lint(&["lint", arg(folder.path())], "github");
        let errors = run.stdout.lines().filter(|line| line.starts_with("::error "));
        let errors: Vec<String> = errors.map(Into::into).collect();
        (errors.len(), errors.last().cloned().unwrap_or_default())
    };
    let (shown, last) = count(10);
    assert!(shown == 10 && last.contains("r9"), "{last}");
    let (shown, last) = count(12);
    assert_eq!(
        (shown, last.as_str()),
        (10, "::error title=rolecall::and 3 more; `--format text` shows all")
    );
}

#[test]
fn gitlab_has_a_list_of_issues() {
    let run = lint(&COLLISIONS, "gitlab");
    assert_data_eq!(run.stdout, file!["snapshots/collisions.gitlab.json"].raw());
    assert_data_eq!(lint(&FLUX, "gitlab").stdout, file!["snapshots/flux.gitlab.json"].raw());
    for run in [lint(&COLLISIONS, "gitlab"), hostile("gitlab"), lint(&FLUX, "gitlab")] {
        let issues = run.json();
        let mut fingerprints = BTreeSet::new();
        for issue in list(&issues, "") {
            let text = |key: &str| issue[key].as_str().expect("it is a text").to_owned();
            assert!(fingerprints.insert(text("fingerprint")), "{issue}");
            assert!(!text("description").contains('\n') && !text("check_name").is_empty());
            let known = ["info", "minor", "major", "critical", "blocker"];
            assert!(known.contains(&text("severity").as_str()), "{issue}");
            assert!(issue["location"]["path"].is_string(), "{issue}");
            assert!(issue["location"]["lines"]["begin"].as_u64() > Some(0), "{issue}");
        }
        assert!(!fingerprints.is_empty());
    }
    let nothing = lint(&["lint", "fixtures/peers/configmap-named.yaml"], "gitlab");
    assert_eq!((nothing.code, nothing.stdout.as_str()), (0, "[]\n"));
}

#[test]
fn junit_has_a_case_for_each_finding() {
    let run = lint(&COLLISIONS, "junit");
    assert_data_eq!(run.stdout, file!["snapshots/collisions.junit.xml"].raw());
    assert_data_eq!(lint(&FLUX, "junit").stdout, file!["snapshots/flux.junit.xml"].raw());
    let read = |run: &Run| {
        quick_junit::Report::deserialize_from_str(&run.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{}", run.stdout))
    };
    let hostile = read(&hostile("junit"));
    assert_eq!(hostile.test_suites[0].name.as_str(), "inputs");
    assert_eq!((hostile.errors, hostile.failures > 0), (1, true));
    let nothing = read(&lint(&["lint", "fixtures/peers/configmap-named.yaml"], "junit"));
    assert_eq!((nothing.tests, nothing.failures), (1, 0));
}

#[test]
fn markdown_is_a_comment() {
    let run = lint(&COLLISIONS, "markdown");
    assert_data_eq!(run.stdout, file!["snapshots/collisions.comment.md"].raw());
    assert_data_eq!(lint(&FLUX, "markdown").stdout, file!["snapshots/flux.comment.md"].raw());
    let run = hostile("markdown");
    for forbidden in ["<script", "<b>|", "@all", "](http", "\u{1b}", "<i>.yaml"] {
        assert!(!run.stdout.contains(forbidden), "{forbidden}: {}", run.stdout);
    }
    let rows = run.stdout.lines().filter(|line| line.starts_with("| ❌"));
    let rows: Vec<usize> = rows.map(|line| line.matches('|').count()).collect();
    assert!(!rows.is_empty() && rows.iter().all(|bars| *bars == 4), "{}", run.stdout);
    let nothing = lint(&["lint", "fixtures/peers/configmap-named.yaml"], "markdown").stdout;
    let expected = "<!-- rolecall -->\n### ✅ rolecall: nothing found (3 objects)\n";
    assert_eq!(nothing, expected);
}

#[test]
fn a_comment_has_no_more_than_fits() {
    let role = |at: usize, verb: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n\
             metadata: {{name: role-{at}}}\n\
             rules: [{{verbs: [{verb}], apiGroups: [\"\"], resources: [pods]}}]\n---\n"
        )
    };
    let roles = |verb: &str| (0..150).map(|at| role(at, verb)).collect::<String>();
    let folder = folder(&[("a.yaml", &roles("get")), ("b.yaml", &roles("list"))]);
    let comment = lint(&["lint", arg(folder.path()), "--select", "collision"], "markdown").stdout;
    let count = comment.chars().count();
    assert!((50_000..65_536).contains(&count), "{count}");
    let shown = comment.matches("</details>").count();
    assert!(comment.contains(&format!("…and {} more: ", 150 - shown)), "{shown}");
}

#[test]
fn html_is_one_page_that_loads_nothing() {
    let run = lint(&COLLISIONS, "html");
    // What is not the report's own, such as the rules' pages, is no part of it.
    let own =
        run.stdout.split_once("<main>").and_then(|(_, it)| it.split_once("<section id=\"rules\">"));
    let (own, _) = own.expect("the page has rules");
    assert_data_eq!(own, file!["snapshots/collisions.html"].raw());
    for secret in ["battery-staple", "correct-horse"] {
        assert!(!run.stdout.contains(secret), "{secret}");
    }
    for page in [run.stdout, lint(&FLUX, "html").stdout, hostile("html").stdout] {
        for forbidden in ["src=", "url(", "@import", "http:", "https:", "<script>alert", "<b>|"] {
            let found = page.find(forbidden).map(|at| &page[at.saturating_sub(99)..at + 9]);
            let is_name = found.is_some_and(|it| it.contains("[x](")) && forbidden == "http:";
            assert!(found.is_none() || is_name, "{forbidden}: {found:?}");
        }
        assert_eq!(page.matches("<script>").count(), 1);
        // Each element that is opened is closed, names or no names.
        for element in ["details", "span", "section", "figure", "pre", "svg", "g", "a", "li", "td"]
        {
            let opened = page.matches(&format!("<{element}>")).count()
                + page.matches(&format!("<{element} ")).count();
            assert_eq!(opened, page.matches(&format!("</{element}>")).count(), "{element}");
        }
    }
}

#[test]
fn fingerprints_survive_the_move_of_a_line_and_another_first_release() {
    let rbac = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n\
                metadata: {name: a}\nroleRef: {kind: ClusterRole, name: a}\n\
                subjects: [{kind: ServiceAccount, name: a, namespace: {{ .Release.Namespace }}}]\n";
    let chart = "apiVersion: v2\nname: c\nversion: 1.0.0\n";
    let folder = folder(&[("c/Chart.yaml", chart), ("c/templates/a.yaml", rbac)]);
    let fingerprints = |namespaces: &str| -> Vec<String> {
        let path = folder.path().join("c");
        let json = rolecall(&["lint", arg(&path), "-n", namespaces, "--format", "json"]).json();
        list(&json, "/findings").iter().map(|it| it["fingerprint"].to_string()).collect()
    };
    let known = fingerprints("x,y");
    assert!(!known.is_empty());
    assert_eq!(fingerprints("w,x,y"), known);
    write(&folder.path().join("c/templates/a.yaml"), &format!("# A line more.\n\n{rbac}"));
    assert_eq!(fingerprints("x,y"), known);
    write(&folder.path().join("c/templates/a.yaml"), &rbac.replace("name: a}", "name: b}"));
    assert!(fingerprints("x,y").iter().all(|it| !known.contains(it)));
}

#[test]
fn only_one_format_goes_to_a_place() {
    let table: [(&[&str], &str); 4] = [
        (&["--format", "sarif", "--format", "text"], "only one format can go to standard output"),
        (&["--format", "sarif=x", "--format", "text=x"], "two formats go to the file x"),
        (&["--format", "html="], "names no file"),
        (&["--format", "sarf"], "text, json, sarif, github, gitlab, junit, markdown, html"),
    ];
    for (typed, expected) in table {
        let run = rolecall(&[&COLLISIONS, typed].concat());
        assert_eq!(run.code, 2, "{typed:?}");
        assert!(run.words().contains(expected), "{typed:?}: {}", run.stderr);
    }
    let completions = rolecall(&["completions", "bash"]).stdout;
    assert!(completions.contains("text json sarif github gitlab junit markdown html"));
}
