//! The plugins of Helm and kubectl, as their hosts read them; `tests/helm/plugin` tries them with the
//! real ones.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rolecall::cli::{HelmPlugin, Streams, Surroundings, run};
use rolecall::yaml::{self, Data};

use crate::support::{arg, folder, plain, run_with};

fn root() -> PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).expect("it can be read")
}

fn read(text: &str) -> Data {
    yaml::read(text).expect("it is YAML")
}

fn at<'a>(data: &'a Data, path: &str) -> &'a Data {
    path.split('.').fold(data, |data, key| match data {
        Data::Map(map) => map.get(key).unwrap_or(&Data::Null),
        _ => &Data::Null,
    })
}

fn word<'a>(data: &'a Data, path: &str) -> &'a str {
    match at(data, path) {
        Data::Str(text) => text,
        other => panic!("{path}: {other:?}"),
    }
}

fn list<'a>(data: &'a Data, path: &str) -> &'a [Data] {
    match at(data, path) {
        Data::Seq(items) => items,
        other => panic!("{path}: {other:?}"),
    }
}

fn keys(data: &Data) -> BTreeSet<&str> {
    match data {
        Data::Map(map) => map.keys().map(|key| key.as_str()).collect(),
        other => panic!("{other:?}"),
    }
}

/// Checks what both Helms want of a folder: that what it names is there and can be run.
fn check_commands(folder: &str, commands: &[Data]) {
    for command in commands {
        match word(command, "command").rsplit_once('/') {
            None => {
                assert_eq!((word(command, "os"), word(command, "command")), ("windows", "rolecall"))
            }
            Some((folder_of, name)) => {
                assert!(["$HELM_PLUGIN_DIR", "${HELM_PLUGIN_DIR}"].contains(&folder_of));
                let script = root().join(folder).join(name);
                assert!(is_executable(&script), "{}", script.display());
            }
        }
    }
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|it| it.permissions().mode() & 0o111 == 0o111)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

#[test]
fn helm_3_and_helm_4_read_the_plugin() {
    let plugin = read(&text("plugins/helm/plugin.yaml"));
    // Helm 3.17 reads these keys and refuses any other; Helm 4 refuses `command` beside `platformCommand`.
    let known =
        ["name", "version", "usage", "description", "ignoreFlags", "platformCommand", "hooks"];
    assert!(keys(&plugin).is_subset(&known.into()), "{:?}", keys(&plugin));
    assert_eq!(word(&plugin, "name"), "rolecall");
    assert_eq!(word(&plugin, "version"), env!("CARGO_PKG_VERSION"));
    let commands = list(&plugin, "platformCommand");
    for command in commands {
        assert_eq!(keys(command), ["command", "os"].into(), "Helm 3.17 knows no args");
    }
    check_commands("plugins/helm", commands);
    let systems: Vec<_> = commands.iter().map(|it| word(it, "os")).collect();
    assert_eq!(systems, ["linux", "darwin", "freebsd", "windows"]);
}

#[test]
fn helm_4_reads_the_post_renderer() {
    let plugin = read(&text("plugins/helm-post-renderer/plugin.yaml"));
    let known = ["apiVersion", "name", "type", "version", "runtime", "config", "runtimeConfig"];
    assert_eq!(keys(&plugin), known.into());
    let fixed = [("apiVersion", "v1"), ("type", "postrenderer/v1"), ("runtime", "subprocess")];
    for (key, value) in fixed {
        assert_eq!(word(&plugin, key), value);
    }
    assert_eq!(word(&plugin, "version"), env!("CARGO_PKG_VERSION"));
    assert_ne!(word(&plugin, "name"), "rolecall", "two plugins of one name are refused");
    let folder = "plugins/helm-post-renderer";
    let commands = list(&plugin, "runtimeConfig.platformCommand");
    check_commands(folder, commands);
    for command in commands {
        let args: Vec<_> = list(command, "args").iter().collect();
        assert_eq!(args, [&Data::Str("merge".into()), &Data::Str("--post-renderer".into())]);
    }
    check_commands(folder, list(&plugin, "runtimeConfig.platformHooks.install"));
    let [one, other] = ["plugins/helm/rolecall.sh", "plugins/helm-post-renderer/rolecall.sh"];
    assert_eq!(text(one), text(other));
}

/// Fills in the template as krew-release-bot does for a tag.
fn krew_manifest(tag: &str) -> (String, Vec<String>) {
    let (mut filled, mut archives) = (String::new(), Vec::new());
    for line in text("plugins/krew/rolecall.yaml").replace("{{ .TagName }}", tag).lines() {
        match line.trim_start().strip_prefix("{{addURIAndSha \"") {
            Some(rest) => {
                let uri = rest.strip_suffix("\" .TagName }}").expect("the call ends the line");
                let sum = "0".repeat(64);
                filled.push_str(&format!("    uri: {uri}\n    sha256: {sum}\n"));
                archives.push(uri.rsplit('/').next().unwrap_or_default().into());
            }
            None => filled.push_str(&format!("{line}\n")),
        }
    }
    (filled, archives)
}

#[test]
fn krew_reads_the_manifest() {
    let tag = concat!("v", env!("CARGO_PKG_VERSION"));
    let (filled, archives) = krew_manifest(tag);
    assert!(!filled.contains("{{"), "{filled}");
    let manifest = read(&filled);
    // krew, internal/index/validation/validate.go
    assert_eq!(word(&manifest, "apiVersion"), "krew.googlecontainertools.github.com/v1alpha2");
    assert_eq!(word(&manifest, "kind"), "Plugin");
    assert_eq!(word(&manifest, "metadata.name"), "rolecall", "as the file is named");
    assert_eq!(word(&manifest, "spec.version"), tag);
    let short = word(&manifest, "spec.shortDescription");
    assert!(!short.is_empty() && short.len() <= 50 + 10 && !short.contains('\n'), "{short}");
    assert!(word(&manifest, "spec.description").lines().all(|line| line.len() <= 100));
    let mut platforms = Vec::new();
    for platform in list(&manifest, "spec.platforms") {
        let known = ["bin", "files", "selector", "sha256", "uri"];
        assert_eq!(keys(platform), known.into());
        let labels = at(platform, "selector.matchLabels");
        assert_eq!(keys(labels), ["arch", "os"].into());
        let (os, arch) = (word(labels, "os"), word(labels, "arch"));
        let suffix = if os == "windows" { ".exe" } else { "" };
        let bin = word(platform, "bin");
        assert_eq!(bin, format!("rolecall{suffix}"));
        let files = list(platform, "files");
        assert_eq!(word(&files[0], "from"), format!("rolecall-*/{bin}"), "archives hold a folder");
        assert!(files.iter().all(|file| word(file, "to") == "."));
        platforms.push(format!("{os}/{arch}"));
    }
    let expected = [
        ("linux/amd64", "x86_64-unknown-linux-musl.tar.gz"),
        ("linux/arm64", "aarch64-unknown-linux-musl.tar.gz"),
        ("darwin/amd64", "x86_64-apple-darwin.tar.gz"),
        ("darwin/arm64", "aarch64-apple-darwin.tar.gz"),
        ("windows/amd64", "x86_64-pc-windows-msvc.zip"),
        ("windows/arm64", "aarch64-pc-windows-msvc.zip"),
    ];
    assert_eq!(platforms, expected.map(|(platform, _)| platform));
    assert_eq!(archives, expected.map(|(_, target)| format!("rolecall-{tag}-{target}")));
}

/// Returns what a program of a name prints, in certain surroundings.
fn called(program: &str, args: &[&str], surroundings: Surroundings) -> String {
    let args = std::iter::once(program).chain(args.iter().copied()).map(OsString::from);
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let streams = Streams {
        stdin: &mut std::io::empty(),
        stdout: &mut stdout,
        stderr: &mut stderr,
        surroundings,
    };
    run(args, streams);
    String::from_utf8([stdout, stderr].concat()).expect("what is printed is UTF-8")
}

fn helm(namespace: &str) -> Surroundings {
    let helm = HelmPlugin { name: "rolecall".into(), namespace: Some(namespace.into()) };
    Surroundings { helm: Some(helm), ..plain(root()) }
}

#[test]
fn help_says_how_it_was_called() {
    let kubectl = called("/opt/bin/kubectl-rolecall", &["lint", "--help"], plain(root()));
    assert!(kubectl.contains("Usage: kubectl rolecall lint [OPTIONS]"), "{kubectl}");
    let of_helm = called("rolecall", &["merge", "--nonsense"], helm("default"));
    assert!(of_helm.contains("Usage: helm rolecall merge"), "{of_helm}");
    let plain = called("/opt/bin/rolecall", &["--help"], plain(root()));
    assert!(plain.contains("Usage: rolecall [OPTIONS] <COMMAND>"), "{plain}");
}

#[test]
fn helm_keeps_the_namespace_and_says_which_it_is() {
    let template = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: {{ .Release.Namespace }}}\n";
    let chart = folder(&[
        ("Chart.yaml", "apiVersion: v2\nname: a\nversion: 0.1.0\n"),
        ("templates/a.yaml", template),
    ]);
    let path = arg(chart.path());
    let run = run_with(&["render", path], "", helm("app1"));
    assert!(run.stdout.contains("namespace: app1"), "{}", run.stdout);
    let run = run_with(&["render", path, "--namespaces", "app2"], "", helm("app1"));
    assert!(run.stdout.contains("namespace: app2"), "{}", run.stdout);
    let run = run_with(&["lint", path], "", helm("app1"));
    assert!(run.stderr.contains("`--namespaces app1` names it"), "{}", run.stderr);
    for (args, surroundings) in [
        (vec!["lint", path], helm("default")),
        (vec!["lint", path, "--namespaces", "app2"], helm("app1")),
        (vec!["lint", path], plain(root())),
    ] {
        let run = run_with(&args, "", surroundings);
        assert!(!run.stderr.contains("--namespaces"), "{}", run.stderr);
    }
}
