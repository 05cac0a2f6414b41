//! The hooks of `.pre-commit-hooks.yaml`, run by the real pre-commit.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use regex::Regex;
use serde_json::Value;

use crate::support::{Run, arg, binary, finished, write};

const HOOKS: &str = include_str!("../../.pre-commit-hooks.yaml");

/// A chart whose binding is named by a helper.
const CHART: [(&str, &str); 3] = [
    ("charts/agent/Chart.yaml", "apiVersion: v2\nname: agent\nversion: 1.0.0\n"),
    (
        "charts/agent/templates/_helpers.tpl",
        "{{ define \"agent.name\" }}{{ .Release.Namespace }}-agent{{ end }}\n",
    ),
    (
        "charts/agent/templates/rbac.yaml",
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: agent}\n---\n\
         apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  \
         name: {{ include \"agent.name\" . }}\n\
         roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n  \
         - kind: ServiceAccount\n    name: agent\n    namespace: {{ .Release.Namespace }}\n",
    ),
];

/// A helper that forgets the namespace: releases share the name.
const FORGETFUL: &str = "{{ define \"agent.name\" }}agent{{ end }}\n";

fn inventory(namespaces: &str) -> String {
    format!(
        "releases:\n  - chart: charts/agent\n    namespaces: [{namespaces}]\n\
         merge: {{ output: merged.yaml }}\n"
    )
}

/// Returns the binary of pre-commit, which is installed once for all tests.
fn pre_commit() -> Option<PathBuf> {
    static INSTALLED: OnceLock<Option<PathBuf>> = OnceLock::new();
    INSTALLED.get_or_init(install).clone()
}

/// Installs pre-commit and returns its binary; nothing, said aloud, where that cannot be done here.
fn install() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pre-commit");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pre-commit/install");
    let output = Command::new("sh").arg(&script).arg(&folder).output();
    let trouble = match output {
        Ok(output) if output.status.success() => return Some(folder.join("bin/pre-commit")),
        Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
        Err(error) => error.to_string(),
    };
    let required = std::env::var("ROLECALL_REQUIRE").unwrap_or_default();
    let is_required = required.split(',').any(|it| it == "pre-commit");
    assert!(!is_required, "ROLECALL_REQUIRE asks for pre-commit: {trouble}");
    // Written past the harness, which hides what a test prints unless it fails.
    let said = format!("\nSKIPPED: the hooks were not tried: no pre-commit: {trouble}\n");
    std::io::stderr().write_all(said.as_bytes()).expect("standard error is there");
    None
}

/// A git repository with the hooks of another one installed.
struct Project {
    folder: tempfile::TempDir,
    pre_commit: PathBuf,
}

impl Project {
    /// Makes a project of the chart that runs one hook; nothing where there is no pre-commit.
    fn new(hook: &str) -> Option<Self> {
        let pre_commit = pre_commit()?;
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let project = Self { folder, pre_commit };
        let hooks = project.path("hooks");
        write(&hooks.join(".pre-commit-hooks.yaml"), HOOKS);
        project.git(&hooks, &["init", "-q"]);
        project.git(&hooks, &["add", "-A"]);
        project.git(&hooks, &["commit", "-qm", "Hooks"]);
        let revision = project.git(&hooks, &["rev-parse", "HEAD"]).stdout;
        let config = format!(
            "repos:\n  - repo: {}\n    rev: {}\n    hooks: [{{id: {hook}}}]\n",
            arg(&hooks),
            revision.trim()
        );
        project.write(".pre-commit-config.yaml", &config);
        project.write("rolecall.yaml", &inventory("app1"));
        CHART.iter().for_each(|(name, text)| project.write(name, text));
        project.git(&project.work(), &["init", "-q"]);
        let mut install = Command::new(&project.pre_commit);
        let installed = project.run(install.arg("install").current_dir(project.work()));
        assert_eq!(installed.code, 0, "{}", installed.stderr);
        Some(project)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn work(&self) -> PathBuf {
        self.path("work")
    }

    fn write(&self, name: &str, text: &str) {
        write(&self.work().join(name), text);
    }

    /// Runs a program with the binary on its path, and nothing of the caller's git and home.
    fn run(&self, command: &mut Command) -> Run {
        let own = Path::new(env!("CARGO_BIN_EXE_rolecall")).parent().expect("it is in a folder");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = [own.to_path_buf()].into_iter().chain(std::env::split_paths(&path));
        let path = std::env::join_paths(path).expect("folders have no colons");
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            command.env_remove(name);
        }
        command.env("PATH", path).env("HOME", self.folder.path());
        command.env("PRE_COMMIT_HOME", self.path("cache")).env("PRE_COMMIT_COLOR", "never");
        command.env("GIT_CONFIG_GLOBAL", self.path("gitconfig")).env("GIT_CONFIG_NOSYSTEM", "1");
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "a").env(format!("GIT_{role}_EMAIL"), "a@b.c");
        }
        finished(command)
    }

    fn git(&self, folder: &Path, args: &[&str]) -> Run {
        fs::create_dir_all(folder).expect("the folder can be made");
        self.run(Command::new("git").arg("-C").arg(folder).args(args))
    }

    /// Commits all that there is; returns whether that came to be, and what was said.
    fn commit(&self) -> (bool, String) {
        self.git(&self.work(), &["add", "-A"]);
        let run = self.git(&self.work(), &["commit", "-m", "Change"]);
        let dirt = self.git(&self.work(), &["status", "--porcelain"]).stdout;
        let is_done = run.code == 0;
        assert_eq!(is_done, dirt.is_empty(), "what is refused stays in the index: {dirt}");
        (is_done, format!("{}{}", run.stdout, run.stderr))
    }
}

#[test]
fn a_commit_that_makes_releases_collide_is_refused_and_shown() {
    let Some(project) = Project::new("rolecall-system") else { return };
    let (is_done, words) = project.commit();
    assert!(is_done && words.contains("Passed"), "{words}");
    project.write("README.md", "# A project\n");
    let (is_done, words) = project.commit();
    assert!(is_done && words.contains("no files to check"), "{words}");
    project.write("rolecall.yaml", &inventory("app1, app2"));
    let (is_done, words) = project.commit();
    assert!(is_done && words.contains("Passed"), "each has a name of its own: {words}");
    // The other side of the collision is in no file that changes.
    project.write(CHART[1].0, FORGETFUL);
    let (is_done, words) = project.commit();
    assert!(!is_done && words.contains("Failed"), "{words}");
    for part in ["lost-subjects", "charts/agent/templates/rbac.yaml:8:9", "app1/agent loses"] {
        assert!(words.contains(part), "{part} is missing: {words}");
    }
    project.write(CHART[1].0, CHART[1].1);
    project.write("NOTES.md", "Mended.\n");
    let (is_done, words) = project.commit();
    assert!(is_done, "{words}");
}

#[test]
fn a_commit_that_leaves_the_merged_file_behind_is_refused() {
    let Some(project) = Project::new("rolecall-merge-check-system") else { return };
    let merge = || {
        let merged = finished(&mut binary(&project.work(), &["merge"]));
        assert_eq!(merged.code, 0, "{}", merged.stderr);
    };
    project.write(CHART[1].0, FORGETFUL);
    project.write("rolecall.yaml", &inventory("app1, app2"));
    merge();
    let (is_done, words) = project.commit();
    assert!(is_done && words.contains("Passed"), "{words}");
    project.write("rolecall.yaml", &inventory("app1, app2, app3"));
    let (is_done, words) = project.commit();
    assert!(!is_done && words.contains("Failed"), "{words}");
    for part in ["gains app3/agent", "merged.yaml is not up to date", "rolecall merge -o"] {
        assert!(words.contains(part), "{part} is missing: {words}");
    }
    merge();
    let (is_done, words) = project.commit();
    assert!(is_done && words.contains("Passed"), "{words}");
}

/// Returns the hooks.
fn hooks() -> Vec<Value> {
    serde_yaml::from_str(HOOKS).expect("it is YAML")
}

#[test]
fn each_hook_has_a_twin_and_runs_once_for_all_files() {
    let hooks = hooks();
    let by_id = |id: &str| hooks.iter().find(|hook| hook["id"] == id).expect("it is there");
    assert_eq!(hooks.len(), 4);
    for (id, entry) in
        [("rolecall", "rolecall lint"), ("rolecall-merge-check", "rolecall merge --check")]
    {
        let (own, twin) = (by_id(id), by_id(&format!("{id}-system")));
        assert_eq!((&own["language"], &twin["language"]), (&"rust".into(), &"system".into()));
        for hook in [own, twin] {
            assert_eq!(hook["entry"], entry);
            assert_eq!(hook["pass_filenames"], false);
            assert_eq!(hook["files"], hooks[0]["files"]);
        }
    }
}

#[test]
fn hooks_run_for_all_that_can_make_a_collision() {
    let hooks = hooks();
    let files = Regex::new(hooks[0]["files"].as_str().expect("it is a pattern"));
    let files = files.expect("it is a pattern for Rust as for Python");
    let meant = [
        "Chart.yaml",
        "charts/a/Chart.lock",
        "charts/a/.helmignore",
        "charts/a/values.yaml",
        "charts/a/values-prod.yml",
        "charts/a/values.schema.json",
        "charts/a/templates/_helpers.tpl",
        "charts/a/templates/NOTES.txt",
        "charts/a/templates/role.yaml.gotmpl",
        "charts/a/crds/a.yaml",
        "charts/a/charts/b-1.0.0.tgz",
        "operator/rbac.yaml.j2",
        "rolecall.yaml",
        "rendered/prod/all.json",
        "live.yml",
    ];
    for path in meant {
        assert!(files.is_match(path), "{path} starts the hook");
    }
    for path in ["README.md", "src/main.rs", "go.sum", "a/yaml", "page.html.j2", "mytemplates/a"] {
        assert!(!files.is_match(path), "{path} does not start the hook");
    }
}
