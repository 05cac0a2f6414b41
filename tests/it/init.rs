//! `rolecall init`.

use rolecall::input::BUILTINS;

use crate::support::{arg, binary, finished, folder, rolecall};

/// A ClusterRole as a chart's template, or as a manifest.
const ROLE: &str = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: NAME}\n\
rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]\n";

const LIVE: &str = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ServiceAccount\n  \
metadata: {name: a, namespace: b, uid: 1f, resourceVersion: '7'}\n";

fn role(name: &str) -> String {
    ROLE.replace("NAME", name)
}

/// A repository as people have them.
fn repository() -> tempfile::TempDir {
    let chart =
        |name: &str, more: &str| format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n{more}");
    let (web, sub, base) = (chart("web", ""), chart("sub", ""), chart("base", "type: library\n"));
    let (other, broken) = (chart("web", ""), chart("broken", ""));
    let of_release = role("'{{ .Release.Name }}'");
    let (one, two, three) = (role("one"), role("two"), role("three"));
    folder(&[
        (".git/config", ""),
        (".gitignore", "off/\n"),
        ("charts/base/Chart.yaml", &base),
        ("charts/broken/Chart.yaml", &broken),
        ("charts/broken/templates/a.yaml", "a: {{ required \"name it\" .Values.name }}\n"),
        ("charts/web/Chart.yaml", &web),
        ("charts/web/charts/sub/Chart.yaml", &sub),
        ("charts/web/templates/a.yaml", &of_release),
        ("charts/web/values-prod.yaml", "a: b\n"),
        ("charts/web/values.yaml", "a: b\n"),
        ("charts/web/values/eu.yaml", "a: b\n"),
        ("deploy/a.yaml", &one),
        ("deploy/more/b.yaml", &two),
        ("dump.yaml", LIVE),
        ("mixed/c.yaml", &three),
        ("mixed/words.yaml", "a: b\n"),
        ("off/Chart.yaml", &web),
        ("other folder/Chart.yaml", &other),
        ("other folder/templates/a.yaml", &of_release),
    ])
}

#[test]
fn a_set_is_written_once() {
    for set in BUILTINS {
        let folder = folder(&[]);
        let target = folder.path().join("new");
        let args = ["init", arg(&target), "--builtin", set.name];
        let run = rolecall(&args);
        assert_eq!(run.code, 0, "{}", run.stderr);
        for (name, text) in set.files {
            let written = std::fs::read_to_string(target.join(name)).expect("it was written");
            assert_eq!(written, *text);
        }
        let again = rolecall(&args);
        assert_eq!(again.code, 2, "nothing is overwritten");
        assert!(again.stderr.contains("is there already"), "{}", again.stderr);
    }
}

#[test]
fn the_list_holds_every_folder_of_templates() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut folders: Vec<String> = std::fs::read_dir(&root)
        .expect("it can be read")
        .map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned())
        .collect();
    // The templates of lint's own reports are no set.
    folders.retain(|name| name != "report");
    folders.sort();
    let listed: Vec<&str> = BUILTINS.iter().map(|set| set.name).collect();
    assert_eq!(folders, listed);
    for set in BUILTINS {
        let files = std::fs::read_dir(root.join(set.name)).expect("it can be read");
        assert_eq!(files.count(), set.files.len(), "{}", set.name);
    }
}

#[test]
fn what_a_folder_holds_is_written_down() {
    let repository = repository();
    let here = |args: &[&str]| finished(&mut binary(repository.path(), args));
    let run = here(&["init"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "wrote rolecall.yaml\n"), "{}", run.stderr);
    let path = repository.path().join("rolecall.yaml");
    let text = std::fs::read_to_string(&path).expect("it was written");
    let active = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let active: String = active.filter(|it| !it.is_empty()).map(|it| format!("{it}\n")).collect();
    let expected = "\
releases:
  - name: web
    chart: charts/web
    namespaces: [web] # a guess: name all namespaces that it goes to
  - name: other-folder
    chart: \"other folder\"
    namespaces: [other-folder] # a guess: name all namespaces that it goes to
manifests:
  - deploy/**/*.yaml
  - mixed/c.yaml
merge:
  output: rbac/merged.yaml
";
    assert_eq!(active, expected);
    for line in [
        "    # values: [charts/web/values-prod.yaml, charts/web/values/eu.yaml]\n",
        "  # - name: broken\n",
        "# against: dump.yaml\n",
    ] {
        assert!(text.contains(line), "{line}{text}");
    }
    for word in ["charts/base", "charts/sub", "off/"] {
        assert!(!text.contains(word), "{word}:\n{text}");
    }
    for words in [
        "2 releases and 2 patterns of manifests\n",
        "note: charts/broken cannot be rendered with its own values",
        "note: charts/base is a library chart",
        "next: name the namespaces in rolecall.yaml, then `rolecall lint` and `rolecall merge`\n",
    ] {
        assert!(run.stderr.contains(words), "{words}:\n{}", run.stderr);
    }
    for command in ["lint", "merge"] {
        let run = here(&[command]);
        assert_eq!(run.code, 0, "{command}: {}{}", run.stdout, run.stderr);
        assert!(!run.stderr.contains("warning"), "{}", run.stderr);
    }
}

#[test]
fn a_rolecall_yaml_that_is_there_stays_unless_it_is_given_up() {
    let repository = repository();
    let path = repository.path().join("rolecall.yaml");
    let init = |args: &[&str]| rolecall(&[&["init", arg(repository.path())], args].concat());
    assert_eq!(init(&[]).code, 0);
    let first = std::fs::read_to_string(&path).expect("it was written");
    std::fs::write(&path, "releases: []\n").expect("it can be written");
    let refused = init(&[]);
    assert_eq!(refused.code, 2);
    assert!(refused.words().contains("--force writes it anew"), "{}", refused.stderr);
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "releases: []\n");
    assert_eq!(init(&["--force", "--quiet"]).stderr, "");
    assert_eq!(
        std::fs::read_to_string(&path).expect("it is there"),
        first,
        "same input, same bytes"
    );
}

#[test]
fn a_chart_itself_and_what_another_inventory_installs() {
    let repository = repository();
    let chart = repository.path().join("charts/web");
    assert_eq!(rolecall(&["init", arg(&chart)]).code, 0);
    let text = std::fs::read_to_string(chart.join("rolecall.yaml")).expect("it was written");
    assert!(text.contains("    chart: \".\"\n    namespaces: [web]"), "{text}");
    assert!(text.contains("# values: [values-prod.yaml, values/eu.yaml]\n"), "{text}");
    assert_eq!(finished(&mut binary(&chart, &["lint"])).code, 0);
    std::fs::remove_file(chart.join("rolecall.yaml")).expect("it is there");
    let prod = "releases: [{chart: ../charts/web}]\nmanifests: [../deploy/*.yaml]\n";
    crate::support::write(&repository.path().join("prod/rolecall.yaml"), prod);
    let run = rolecall(&["init", arg(repository.path())]);
    assert!(
        run.words().contains("prod/rolecall.yaml installs charts of its own"),
        "{}",
        run.stderr
    );
    let text = std::fs::read_to_string(repository.path().join("rolecall.yaml"));
    let text = text.expect("it was written");
    assert!(!text.contains("charts/web") && !text.contains("deploy/a"), "{text}");
    assert!(text.contains("  - deploy/more/b.yaml\n"), "{text}");
}

#[test]
fn where_there_is_nothing_nothing_is_written() {
    let empty = folder(&[("words.yaml", "a: b\n")]);
    let run = rolecall(&["init", arg(empty.path())]);
    assert_eq!(run.code, 2);
    assert!(run.words().contains("holds no chart and no manifests"), "{}", run.stderr);
    assert!(!empty.path().join("rolecall.yaml").exists());
    let library = "apiVersion: v2\nname: base\nversion: 1.0.0\ntype: library\n";
    let library = folder(&[("base/Chart.yaml", library)]);
    let run = rolecall(&["init", arg(library.path())]);
    assert!(run.words().contains("but library charts (base)"), "{}", run.stderr);
    let both = rolecall(&["init", "--force", "--builtin", "flux"]);
    assert_eq!(both.code, 2, "--force goes with a rolecall.yaml");
}

#[test]
fn what_is_written_for_the_fixtures_is_accepted() {
    let copy = folder(&[]);
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for entry in walkdir::WalkDir::new(&root).into_iter().filter_map(Result::ok) {
        if entry.file_type().is_file() {
            let below = entry.path().strip_prefix(&root).expect("it is below");
            let bytes = std::fs::read(entry.path()).expect("it can be read");
            crate::support::write(&copy.path().join(below), &String::from_utf8_lossy(&bytes));
        }
    }
    assert_eq!(rolecall(&["init", arg(copy.path())]).code, 0);
    let lint = finished(&mut binary(copy.path(), &["lint"]));
    assert_eq!(lint.code, 1, "findings, and no trouble: {}", lint.stderr);
}
