//! Exit codes, help, colours and closed pipes.

use std::io::Read;
use std::path::Path;
use std::process::Stdio;

use crate::support::{arg, binary, finished, folder, rolecall};

const ROLE: &str = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: x}\n\
rules: [{apiGroups: [''], resources: [pods], verbs: [\"{{ .Release.Namespace }}\"]}]\n";

fn crate_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn usage_errors_exit_with_2_and_help_with_0() {
    let table: [(&[&str], u8); 12] = [
        (&[], 2),
        (&["nonsense"], 2),
        (&["lint", "--nonsense"], 2),
        (&["lint", "--format", "nonsense", "fixtures/collisions"], 2),
        (&["lint", "--format", "text", "--format", "json", "fixtures/collisions"], 2),
        (&["lint", "no-such-file.yaml"], 2),
        (&["merge", "--check", "fixtures/collisions"], 2),
        (&["explain", "no-such-rule"], 2),
        (&["init", "--builtin", "no-such-set"], 2),
        (&["--help"], 0),
        (&["lint", "--help"], 0),
        (&["--version"], 0),
    ];
    for (args, expected) in table {
        let run = rolecall(args);
        assert_eq!(run.code, expected, "{args:?}\n{}", run.stderr);
        let (says, silent) = match expected {
            0 => (&run.stdout, &run.stderr),
            _ => (&run.stderr, &run.stdout),
        };
        assert!(!says.is_empty() && silent.is_empty(), "{args:?}: one stream speaks");
    }
}

#[test]
fn without_an_input_the_error_shows_what_to_type() {
    let folder = folder(&[]);
    for command in ["render", "merge"] {
        let output = binary(folder.path(), &[command]).output().expect("the binary runs");
        assert_eq!(output.status.code(), Some(2));
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(words.contains("charts/flux -n app1,app2"), "{words}");
    }
    let output = binary(folder.path(), &["lint"]).output().expect("the binary runs");
    assert_eq!(output.status.code(), Some(0), "lint walks the folder");
}

#[test]
fn each_end_names_the_next_step() {
    let flux = "fixtures/flux";
    let more = ["lint", "fixtures/flux", "-n", "a,b", "--set", "x=secret"];
    let table: [(&[&str], &str); 9] = [
        (
            &["lint", flux, "-n", "a,b"],
            "next: `rolecall merge fixtures/flux -n a,b` merges what collides; `rolecall explain \
             lost-subjects` says more",
        ),
        (&more, "next: `rolecall merge fixtures/flux -n a,b …` merges"),
        (
            &["lint", flux],
            "next: `rolecall merge fixtures/flux -n app1,app2` merges what two namespaces share",
        ),
        (
            &["lint", "fixtures/collisions", "--against", "fixtures/flux/live.yaml"],
            "next: `rolecall merge fixtures/collisions --against fixtures/flux/live.yaml` merges",
        ),
        (
            &["merge", flux, "-n", "a,b"],
            "next: `rolecall merge fixtures/flux -n a,b -o FILE` writes it to a file",
        ),
        (&["merge", flux], "`-n app1,app2` renders one for each namespace"),
        (&["merge"], "let `rolecall init` write a rolecall.yaml here"),
        (&["fixtures/flux"], "tip: `rolecall lint fixtures/flux` judges it"),
        (&["lnt"], "similar subcommands exist: 'init', 'lint'"),
    ];
    for (args, expected) in table {
        let run = rolecall(args);
        assert!(run.words().contains(expected), "{args:?}: {}", run.stderr);
        assert!(!run.stderr.contains("secret"), "what is set is not repeated");
        let quiet = rolecall(&[args, &["-q"]].concat());
        assert!(!quiet.stderr.contains("next:"), "{args:?}");
    }
    for format in ["json", "sarif", "github"] {
        let run = rolecall(&["lint", flux, "-n", "a,b", "--format", format]);
        assert!(!run.stderr.contains("next:"), "{format}: nobody reads it");
    }
    let empty = folder(&[]);
    let run = finished(&mut binary(empty.path(), &["lint"]));
    assert!(run.stderr.contains("`rolecall lint charts/flux -n app1,app2`"), "{}", run.stderr);
    let chart = [
        ("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"),
        ("c/templates/a.yaml", ROLE),
    ];
    let walked = folder(&chart);
    let run = finished(&mut binary(walked.path(), &["lint"]));
    assert!(run.stderr.contains("`rolecall init` writes a rolecall.yaml"), "{}", run.stderr);
    let output = walked.path().join("out.yaml");
    let run = rolecall(&["merge", flux, "-n", "a,b", "-o", arg(&output)]);
    assert!(run.stderr.contains("next: `kubectl apply --server-side -f "), "{}", run.stderr);
}

#[test]
fn colours_follow_the_environment_and_the_flag() {
    let coloured = |variables: &[(&str, &str)], flags: &[&str]| {
        let args = [&["explain"], flags].concat();
        let mut command = binary(crate_folder(), &args);
        let output = command.envs(variables.iter().copied()).output().expect("the binary runs");
        output.stdout.contains(&0x1b)
    };
    type Variables = &'static [(&'static str, &'static str)];
    let table: [(Variables, &[&str], bool); 7] = [
        (&[], &[], false),
        (&[("CLICOLOR_FORCE", "1")], &[], true),
        (&[("CLICOLOR_FORCE", "0")], &[], false),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[], false),
        (&[("NO_COLOR", "1")], &["--color", "always"], true),
        (&[("CLICOLOR_FORCE", "1")], &["--color=never"], false),
        (&[], &["--color", "always"], true),
    ];
    for (variables, flags, expected) in table {
        assert_eq!(coloured(variables, flags), expected, "{variables:?} {flags:?}");
    }
}

#[test]
fn a_closed_pipe_is_no_panic() {
    for args in [&["explain"] as &[&str], &["--help"], &["lint", "fixtures/collisions"]] {
        let mut command = binary(crate_folder(), args);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs");
        drop(child.stdout.take());
        let mut words = String::new();
        let mut stderr = child.stderr.take().expect("it is piped");
        stderr.read_to_string(&mut words).expect("it can be read");
        let status = child.wait().expect("it ends");
        assert!(!words.contains("panicked"), "{args:?}: {words}");
        assert_ne!(status.code(), Some(101), "{args:?}");
    }
}

#[test]
fn completions_man_page_and_schema_are_printed() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = rolecall(&["completions", shell]);
        assert_eq!(run.code, 0);
        for word in ["rolecall", "merge", "write-baseline"] {
            assert!(run.stdout.contains(word), "{shell} completes {word}");
        }
    }
    let manual = rolecall(&["man"]).stdout;
    assert!(manual.contains(".TH rolecall 1"));
    let named =
        |line: &str| Some(line.strip_prefix("rolecall\\-")?.strip_suffix("(1)")?.to_string());
    let names: Vec<String> = manual.lines().filter_map(named).collect();
    assert!(names.contains(&"lint".into()) && names.len() > 7, "it leads to others: {names:?}");
    for name in names {
        let page = rolecall(&["man", &name]).stdout;
        let head = format!(".TH rolecall-{name} 1  \"rolecall {}\"", env!("CARGO_PKG_VERSION"));
        assert!(page.contains(&head), "{page}");
    }
    let unknown = rolecall(&["man", "lnit"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.words().contains("there is no command `lnit`"), "{}", unknown.stderr);
    let schema = rolecall(&["schema"]).json();
    assert_eq!(schema["title"], "rolecall.yaml");
}

/// Asks git about the crate's own repository; nothing where the crate lies in none.
fn git(args: &[&str]) -> Option<String> {
    let mut git = std::process::Command::new("git");
    let output = git.arg("-C").arg(crate_folder()).args(args).output().ok()?;
    let text = String::from_utf8(output.stdout).expect("git prints UTF-8");
    output.status.success().then(|| text.trim().to_string())
}

#[test]
fn the_version_names_the_commit_and_its_date() {
    let version = env!("CARGO_PKG_VERSION");
    let short = finished(&mut binary(crate_folder(), &["-V"]));
    assert_eq!(short.stdout, format!("rolecall {version}\n"));
    let long = finished(&mut binary(crate_folder(), &["--version"])).stdout;
    let top = git(&["rev-parse", "--show-toplevel"]).map(std::path::PathBuf::from);
    let is_own = top.is_some_and(|it| it.canonicalize().ok() == crate_folder().canonicalize().ok());
    let commit = git(&["show", "--no-patch", "--format=%H %cs", "HEAD"]).filter(|_| is_own);
    let expected = match commit.as_deref().and_then(|it| it.split_once(' ')) {
        Some((commit, date)) => format!("rolecall {version} ({} {date})\n", &commit[..9]),
        None => format!("rolecall {version}\n"),
    };
    // A package knows its commit from cargo.
    assert!(long == expected || (!is_own && long.starts_with(expected.trim_end())), "{long}");
}
