//! The scripts for CI, run with programs that stand in for what a runner has.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::root;
use crate::support::{Run, arg, finished, folder, write};

/// A runner of GitHub's: a folder for what steps write, and one for programs.
struct Runner(TempDir);

impl Runner {
    fn new() -> Self {
        let runner = Self(folder(&[("out", ""), ("summary", ""), ("path", ""), ("log", "")]));
        runner.program("rolecall", &format!("exec {} \"$@\"", env!("CARGO_BIN_EXE_rolecall")));
        runner
    }

    /// Puts a program on the path.
    fn program(&self, name: &str, script: &str) {
        let path = self.0.path().join("bin").join(name);
        write(&path, &format!("#!/bin/sh\n{script}\n"));
        let executable = fs::Permissions::from_mode(0o755);
        fs::set_permissions(path, executable).expect("it can be made executable");
    }

    fn read(&self, name: &str) -> String {
        super::read(&self.0.path().join(name))
    }

    /// Runs a script of `ci` in the crate's folder.
    fn run(&self, script: &str, variables: &[(&str, &str)]) -> Run {
        let at = self.0.path();
        let mut command = Command::new("sh");
        command.arg(root().join("ci").join(script)).current_dir(root()).env_clear();
        let own = [at.join("bin")].into_iter();
        let system = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(own.chain(std::env::split_paths(&system)));
        command.env("PATH", path.expect("folders have no colons"));
        let outputs = [
            ("RUNNER_TEMP", at.to_path_buf()),
            ("GITHUB_OUTPUT", at.join("out")),
            ("GITHUB_STEP_SUMMARY", at.join("summary")),
            ("GITHUB_PATH", at.join("path")),
            ("GITHUB_ACTION_PATH", root().to_path_buf()),
            ("LOG", at.join("log")),
        ];
        let constant = [
            ("RUNNER_OS", "Linux"),
            ("RUNNER_ARCH", "X64"),
            ("GITHUB_SERVER_URL", "https://server"),
            ("GITHUB_REPOSITORY", "a/b"),
            ("ACTION_REPOSITORY", "o/rolecall"),
        ];
        command.envs(outputs).envs(constant).envs(variables.iter().copied());
        finished(&mut command)
    }
}

#[test]
fn the_shell_recipe_writes_all_reports() {
    let runner = Runner::new();
    let reports = runner.0.path().join("re ports");
    let mut command = Command::new("sh");
    command.arg("ci/lint.sh").args(["fixtures/flux", "-n", "app1,app2"]).current_dir(root());
    command.env("REPORTS", &reports).env("ROLECALL", env!("CARGO_BIN_EXE_rolecall"));
    let run = finished(&mut command);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("lost-subjects"), "{}", run.stdout);
    let written = fs::read_dir(&reports).expect("the folder is there");
    let names = written.map(|it| it.expect("it can be read").file_name());
    let mut names: Vec<OsString> = names.collect();
    names.sort();
    let expected = [
        "gl-code-quality-report.json",
        "rolecall.github",
        "rolecall.html",
        "rolecall.json",
        "rolecall.md",
        "rolecall.sarif",
        "rolecall.xml",
    ];
    assert_eq!(names, expected);
    for name in names {
        let text = super::read(&reports.join(&name));
        assert!(text.contains("lost-subjects"), "{} holds the finding", name.display());
    }
}

#[test]
fn the_step_that_lints_says_what_was_found_and_lets_the_next_ones_run() {
    let runner = Runner::new();
    let chart = folder(&[]);
    let copy = chart.path().join("a chart");
    snapbox::dir::DirRoot::mutable_at(&copy)
        .and_then(|it| it.with_template(&root().join("fixtures/flux")))
        .expect("the fixture can be copied");
    let paths = format!("{}\n\nfixtures/collisions\n", arg(&copy));
    let run = runner.run("github/lint.sh", &[("ARGS", "-n app1,app2"), ("PATHS", &paths)]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("\n::error file="), "{}", run.stdout);
    let said = runner.read("out");
    assert!(said.starts_with("exit-code=1\nsarif="), "{said}");
    assert!(runner.read("summary").starts_with("<!-- rolecall -->"));
    let sarif = runner.read("rolecall-reports/rolecall.sarif");
    assert!(sarif.contains("a%20chart/templates") && sarif.contains("fixtures/collisions"));
    let variables = [
        ("PATHS", "fixtures/flux"),
        ("ARGS", "-n app1,app2"),
        ("FAIL_ON", "never"),
        ("ANNOTATE", "false"),
        ("SUMMARISE", "false"),
    ];
    let quiet = Runner::new();
    let run = quiet.run("github/lint.sh", &variables);
    assert!(run.code == 0 && !run.stdout.contains("::error"), "{}", run.stdout);
    assert!(quiet.read("out").starts_with("exit-code=0\n"));
    assert_eq!(quiet.read("summary"), "");
}

#[test]
fn the_step_that_lints_fails_where_nothing_was_judged() {
    let runner = Runner::new();
    let run = runner.run("github/lint.sh", &[("ARGS", "--nonsense")]);
    assert_eq!(run.code, 2);
    assert_eq!(runner.read("out"), "exit-code=2\n");
}

#[test]
fn the_comment_takes_the_place_of_the_earlier_one() {
    let gh =
        "printf '%s\\n' \"$*\" >>\"$LOG\"\ncase \"$*\" in *--jq*) printf \"$COMMENTS\" ;; esac";
    let variables = |comments| [("NUMBER", "7"), ("MARKDOWN", "m.md"), ("COMMENTS", comments)];
    let table = [
        ("", "--method POST repos/a/b/issues/7/comments --field body=@m.md"),
        ("11\\n12\\n", "--method PATCH repos/a/b/issues/comments/11 --field body=@m.md"),
    ];
    for (comments, expected) in table {
        let runner = Runner::new();
        runner.program("gh", gh);
        let run = runner.run("github/comment.sh", &variables(comments));
        assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
        let log = runner.read("log");
        assert!(log.lines().count() == 2 && log.trim_end().ends_with(expected), "{log}");
    }
    let runner = Runner::new();
    runner.program("gh", "exit 1");
    let run = runner.run("github/comment.sh", &variables(""));
    assert_eq!(run.code, 0, "what was found is not hidden by it");
    assert!(run.stdout.starts_with("::warning"), "{}", run.stdout);
    let run = runner.run("github/comment.sh", &[]);
    assert!(run.code == 0 && run.stdout.contains("no pull request"), "{}", run.stdout);
}

/// Puts the archive of a release beside the stand-in for curl, which copies what is there.
fn release(runner: &Runner, sum: Option<&str>) {
    let at = runner.0.path();
    let name = "rolecall-v1.2.3-x86_64-unknown-linux-musl";
    write(&at.join("release").join(name).join("rolecall"), "#!/bin/sh\necho rolecall 1.2.3\n");
    let script = format!(
        "cd {}/release && chmod +x {name}/rolecall && tar -czf {name}.tar.gz {name} && \
         sha256sum {name}.tar.gz >SHA256SUMS",
        arg(at)
    );
    let packed = Command::new("sh").args(["-c", &script]).status();
    assert!(packed.expect("there is a shell").success());
    if let Some(sum) = sum {
        write(&at.join("release/SHA256SUMS"), &format!("{sum}  {name}.tar.gz\n"));
    }
    let curl = "for last; do :; done\nwhile [ \"$1\" != --output ]; do shift; done\n\
                case \"$last\" in https://server/o/rolecall/releases/download/v1.2.3/*) ;; *) exit 22 ;; \
                esac\ncp \"$RUNNER_TEMP/release/${last##*/}\" \"$2\"";
    runner.program("curl", curl);
    let cargo = "printf '%s\\n' \"$*\" >>\"$LOG\"\n\
                 printf '#!/bin/sh\\necho built\\n' >\"$RUNNER_TEMP/rolecall/bin/rolecall\"\n\
                 chmod +x \"$RUNNER_TEMP/rolecall/bin/rolecall\"";
    runner.program("cargo", cargo);
}

fn install(sum: Option<&str>, version: &str) -> (Runner, Run) {
    let runner = Runner::new();
    release(&runner, sum);
    let run = runner.run("github/install.sh", &[("VERSION", version)]);
    (runner, run)
}

#[test]
fn a_release_is_installed_when_its_sum_is_right() {
    let (runner, run) = install(None, "v1.2.3");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.ends_with("rolecall 1.2.3\n"), "{}", run.stdout);
    let bin = runner.0.path().join("rolecall/bin");
    assert_eq!(Path::new(runner.read("path").trim_end()), bin);
    let (runner, run) = install(Some(&"0".repeat(64)), "v1.2.3");
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("::error") && run.stdout.contains("SHA256SUMS"), "{}", run.stdout);
    assert_eq!(runner.read("path"), "", "it is not on the path");
}

#[test]
fn without_a_release_the_source_is_built() {
    for version in ["", "build"] {
        let (runner, run) = install(None, version);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(run.stdout.ends_with("built\n"), "{}", run.stdout);
        let log = runner.read("log");
        assert!(log.starts_with("install --locked --path "), "{log}");
    }
    let (runner, run) = install(None, "v9.9.9");
    assert_eq!((run.code, runner.read("log").as_str()), (1, ""), "what was asked for is not there");
    assert!(run.stdout.contains("there is no release v9.9.9"), "{}", run.stdout);
    let (_, run) = install(None, "path");
    assert!(run.code == 0 && run.stdout.starts_with("rolecall "), "{}", run.stdout);
}

#[test]
fn archives_are_named_as_the_action_asks_for_them() {
    let workflow = super::yaml(&super::read(&root().join(".github/workflows/release.yml")));
    let matrix = &workflow["jobs"]["build"]["strategy"]["matrix"]["include"];
    let targets = matrix.as_array().expect("it is a list").iter().map(|it| &it["target"]);
    let targets: Vec<&str> = targets.filter_map(serde_json::Value::as_str).collect();
    let mut asked = Vec::new();
    for (system, end) in [("Linux", "tar.gz"), ("macOS", "tar.gz"), ("Windows", "zip")] {
        for architecture in ["X64", "ARM64"] {
            let runner = Runner::new();
            runner.program("curl", "for last; do :; done\necho \"$last\" >>\"$LOG\"");
            let variables =
                [("VERSION", "v1.2.3"), ("RUNNER_OS", system), ("RUNNER_ARCH", architecture)];
            assert_eq!(runner.run("github/install.sh", &variables).code, 1, "there is no sum");
            let log = runner.read("log");
            let name = log.lines().last().and_then(|it| it.rsplit('/').next());
            let name = name.and_then(|it| it.strip_prefix("rolecall-v1.2.3-"));
            let target = name.and_then(|it| it.strip_suffix(&format!(".{end}")));
            asked.push(target.unwrap_or_else(|| panic!("{log}")).to_string());
        }
    }
    for target in &asked {
        assert!(targets.contains(&&**target), "{target} is released");
    }
    assert!(targets.len() == asked.len() + 2, "the GNU builds are for people: {targets:?}");
}

#[test]
fn an_archive_holds_the_program_its_completions_and_its_pages() {
    let runner = Runner::new();
    let dist = runner.0.path().join("dist");
    let mut pack = Command::new("sh");
    pack.arg("ci/package.sh").args(["x86_64-unknown-linux-musl", arg(&dist)]).current_dir(root());
    let own = Path::new(env!("CARGO_BIN_EXE_rolecall")).parent().expect("it is in a folder");
    pack.env("BUILT", own).env_remove("GITHUB_REF_TYPE");
    assert_eq!(finished(&mut pack).code, 0);
    let name = format!("rolecall-v{}-x86_64-unknown-linux-musl", env!("CARGO_PKG_VERSION"));
    let archive = dist.join(format!("{name}.tar.gz"));
    let listed = finished(Command::new("tar").arg("-tzf").arg(&archive)).stdout;
    let inside = |line: &str| line.strip_prefix(&format!("{name}/")).map(String::from);
    let names = listed.lines().filter_map(inside).filter(|it| !it.is_empty() && !it.ends_with('/'));
    let mut names: Vec<String> = names.collect();
    names.sort();
    let pages = ["", "-completions", "-explain", "-init", "-lint", "-man", "-merge"];
    let expected = [
        "CHANGELOG.md",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "completions/_rolecall",
        "completions/_rolecall.ps1",
        "completions/rolecall.bash",
        "completions/rolecall.elv",
        "completions/rolecall.fish",
    ];
    assert_eq!(names[..expected.len()], expected);
    for page in pages {
        assert!(names.contains(&format!("man/rolecall{page}.1")), "{names:?}");
    }
    assert_eq!(names.last().map(String::as_str), Some("rolecall"));
    pack.env("GITHUB_REF_TYPE", "tag").env("GITHUB_REF_NAME", "v9.9.9");
    let run = finished(&mut pack);
    assert!(run.code == 1 && run.stderr.contains("the tag is v9.9.9"), "{}", run.stderr);
}
