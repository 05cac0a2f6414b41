//! What CI systems are given: the action, the workflows, GitLab's template, and the recipes of the docs.

#[cfg(unix)]
mod scripts;

use std::path::{Path, PathBuf};

use regex::Regex;
use serde_json::Value;

const ACTION: &str = "github-action";
const WORKFLOW: &str = "github-workflow";
const GITLAB: &str = "gitlab-ci";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}:\n{text}"))
}

/// Returns the files of a folder and of those below it, sorted.
fn files(folder: &str) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(root().join(folder)).sort_by_file_name();
    let entries = entries.into_iter().map(|entry| entry.expect("it can be walked"));
    entries.filter(|it| it.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

/// Checks documents against one of the schemas in `tests/it/schemas`; returns what is wrong.
fn faults(name: &str, documents: &[(String, Value)]) -> Vec<String> {
    let text = read(&root().join(format!("tests/it/schemas/{name}.json")));
    let schema: Value = serde_json::from_str(&text).expect("the schema is JSON");
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("schema.json", schema).expect("the schema has a name");
    let mut schemas = boon::Schemas::new();
    let schema = compiler.compile("schema.json", &mut schemas).expect("it is a schema");
    let fault = |(place, document): &(String, Value)| {
        let error = schemas.validate(document, schema).err()?;
        Some(format!("{place}: {error:#}"))
    };
    documents.iter().filter_map(fault).collect()
}

/// Returns the action and the workflows.
fn of_github() -> Vec<(String, Value)> {
    let paths = files(".github/workflows").into_iter().chain([root().join("action.yml")]);
    let named = |path: PathBuf| {
        let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
        (name, yaml(&read(&path)))
    };
    paths.map(named).collect()
}

/// Returns the recipes of the docs: blocks of YAML whose first line names the file that they are
/// for.
fn recipes(file: &str) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for path in files("docs").into_iter().filter(|it| it.extension().is_some_and(|it| it == "md")) {
        let text = read(&path);
        for block in text.split("```yaml\n").skip(1) {
            let (block, _) = block.split_once("```").expect("the block ends");
            if block.starts_with(&format!("# {file}")) {
                found.push((format!("{}:\n{block}", path.display()), yaml(block)));
            }
        }
    }
    found
}

/// Gathers the values of a key, at any depth.
fn values<'a>(key: &str, document: &'a Value, found: &mut Vec<&'a str>) {
    match document {
        Value::Object(map) => {
            found.extend(map.get(key).and_then(Value::as_str));
            map.values().for_each(|value| values(key, value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| values(key, value, found)),
        _ => {}
    }
}

#[test]
fn the_action_the_workflows_and_the_template_have_their_forms() {
    let (action, workflows): (Vec<_>, Vec<_>) =
        of_github().into_iter().partition(|(name, _)| name == "action.yml");
    assert!(action.len() == 1 && workflows.len() > 1, "they are there");
    let workflows = [workflows, recipes(".github/workflows/")].concat();
    let template = yaml(&read(&root().join("ci/gitlab.yml")));
    let gitlab = [vec![("ci/gitlab.yml".into(), template)], recipes(".gitlab-ci.yml")].concat();
    assert!(workflows.len() > 3 && gitlab.len() > 2, "the docs hold recipes");
    for (schema, documents) in [(ACTION, action), (WORKFLOW, workflows), (GITLAB, gitlab)] {
        let faults = faults(schema, &documents);
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

#[test]
fn the_schemas_refuse_what_is_wrong() {
    let table = [
        (ACTION, "name: a\ndescription: b\nruns: {using: composite, steps: [{run: a, sehll: sh}]}"),
        (WORKFLOW, "on: push\njobs: {a: {runs-on: ubuntu-24.04, steps: [{name: nothing}]}}"),
        (WORKFLOW, "on: push\njobs: {a: {runs-on: a, steps: [{run: a, evn: {}}]}}"),
        (GITLAB, "a: {script: b, artifacts: {when: sometimes}}"),
        (GITLAB, "a: {script: b, artifacts: {reports: {codequality: {a: b}}}}"),
    ];
    for (schema, text) in table {
        let documents = [(text.to_string(), yaml(text))];
        assert_eq!(faults(schema, &documents).len(), 1, "{schema} takes {text}");
    }
}

#[test]
fn actions_are_pinned_and_no_expression_is_pasted_into_a_script() {
    let pinned = Regex::new(r"^(\./|[\w./-]+@v\d+$)").expect("it is a pattern");
    let recipes = recipes(".github/workflows/").into_iter();
    let is_own = |uses: &&str| uses.starts_with("OWNER/rolecall@");
    for (place, document) in of_github().into_iter().chain(recipes) {
        let (mut used, mut scripts) = (Vec::new(), Vec::new());
        values("uses", &document, &mut used);
        values("run", &document, &mut scripts);
        assert!(!used.is_empty() && used.iter().any(|it| !is_own(it)), "{place} uses actions");
        for uses in used.into_iter().filter(|it| !is_own(it)) {
            assert!(pinned.is_match(uses), "{place}: {uses} is pinned to a major version");
        }
        for script in scripts {
            assert!(!script.contains("${{"), "{place}: give it in `env`: {script}");
        }
    }
}

#[test]
fn inputs_of_the_action_are_used_and_described() {
    let action = yaml(&read(&root().join("action.yml")));
    let steps = action["runs"].to_string();
    let page = read(&root().join("docs/ci.md"));
    for (key, uses) in [("inputs", "inputs."), ("outputs", "")] {
        for (name, _) in action[key].as_object().expect("it is a map") {
            assert!(page.contains(&format!("| `{name}` |")), "docs/ci.md describes {name}");
            let used = format!("{uses}{name}");
            assert!(uses.is_empty() || steps.contains(&used), "{used} is used");
        }
    }
    let used = Regex::new(r"inputs\.([\w-]+)").expect("it is a pattern");
    for name in used.captures_iter(&steps) {
        assert!(!action["inputs"][&name[1]].is_null(), "there is an input {}", &name[1]);
    }
}

#[cfg(unix)]
#[test]
fn shell_scripts_can_be_parsed() {
    use std::process::{Command, Stdio};
    let scripts = files("ci").into_iter().filter(|it| it.extension().is_some_and(|it| it == "sh"));
    let scripts = scripts.chain([root().join("tests/pre-commit/install")]);
    let mut texts: Vec<String> = scripts.map(|path| read(&path)).collect();
    for (_, document) in of_github() {
        let mut scripts = Vec::new();
        values("run", &document, &mut scripts);
        texts.extend(scripts.into_iter().map(String::from));
    }
    assert!(texts.len() > 10, "there are scripts");
    for text in texts {
        let folder = crate::support::folder(&[("script", &text)]);
        let script = folder.path().join("script");
        let mut sh = Command::new("sh");
        let output = sh.arg("-n").arg(&script).stdin(Stdio::null()).output();
        let output = output.expect("there is a shell");
        assert!(output.status.success(), "{}{text}", String::from_utf8_lossy(&output.stderr));
    }
}
