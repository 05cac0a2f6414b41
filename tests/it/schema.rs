//! `rolecall schema`, which accepts what the program accepts, and the page that is made of it.

use std::fmt::Write;

use serde_json::Value as Json;
use snapbox::{assert_data_eq, file};

use crate::support::{binary, folder, rolecall, write};

/// Inventories that are right.
const GOOD: [&str; 22] = [
    "",
    "# nothing\n",
    "~\n",
    "{}\n",
    "releases: []\n",
    "releases: [{chart: c}]\n",
    "releases: [{chart: ./c, name: a.b-c, namespace: x}]\n",
    "releases: [{chart: c, namespaces: [x, y-1]}]\n",
    "releases: [{chart: c, namespace: no, cluster: on}]\n",
    "releases: [{chart: c, namespaces: ['1'], name: !!str 2}]\n",
    "releases: [{chart: c, values: [v.yaml, './{namespace}.yaml'], namespace: x}]\n",
    "releases: [{chart: c, values: ['{release}-{cluster}.yaml'], name: x, cluster: y}]\n",
    "releases: [{chart: c, values: []}]\n",
    "releases: [{chart: c, set: {}}]\n",
    "releases: [{chart: c, set: {a.b: 1, 'a.l[0]': [x], c: ~, d: {e: f}}}]\n",
    "releases:\n- &a {chart: c, namespace: x}\n- {<<: *a, namespace: y}\n",
    "manifests: []\n",
    "manifests: ['m/*.yaml', m/a.yaml]\nmerge: {output: new/out.yaml}\n",
    "manifests: [m/a.yaml]\nagainst: m/a.yaml\nmerge: {}\n",
    "lint: {fail-on: info, rules: {identical: off, lost-subjects: \"off\"}}\n",
    "lint: {rules: {identical: false, lost-subjects: error, rules-overwritten: warning}}\n",
    "lint: {exclude: [{rule: identical, reason: x}, {rule: identical, name: a, reason: y}]}\n",
];

/// Inventories that are wrong.
const BAD: [&str; 52] = [
    "[]\n",
    "text\n",
    "1\n",
    "release: []\n",
    "releases: ~\n",
    "releases: {}\n",
    "releases: [c]\n",
    "releases: [~]\n",
    "releases: [{}]\n",
    "releases: [{name: a}]\n",
    "releases: [{chart: ~}]\n",
    "releases: [{chart: ''}]\n",
    "releases: [{chart: 1}]\n",
    "releases: [{chart: [c]}]\n",
    "releases: [{chart: c, path: c}]\n",
    "releases: [{chart: c, name: A}]\n",
    "releases: [{chart: c, name: a..b}]\n",
    "releases: [{chart: c, name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}]\n",
    "releases: [{chart: c, name: true}]\n",
    "releases: [{chart: c, namespace: 12}]\n",
    "releases: [{chart: c, namespace: a.b}]\n",
    "releases: [{chart: c, namespace: -a}]\n",
    "releases: [{chart: c, namespace: [a]}]\n",
    "releases: [{chart: c, namespace: x, namespaces: [y]}]\n",
    "releases: [{chart: c, namespaces: []}]\n",
    "releases: [{chart: c, namespaces: x}]\n",
    "releases: [{chart: c, namespaces: [x, x]}]\n",
    "releases: [{chart: c, namespaces: [x, 1.5]}]\n",
    "releases: [{chart: c, namespaces: ~}]\n",
    "releases: [{chart: c, cluster: ''}]\n",
    "releases: [{chart: c, values: v.yaml}]\n",
    "releases: [{chart: c, values: ['']}]\n",
    "releases: [{chart: c, values: ['{name}.yaml']}]\n",
    "releases: [{chart: c, values: ['{namespace.yaml']}]\n",
    "releases: [{chart: c, set: [a]}]\n",
    "releases: [{chart: c, set: a=1}]\n",
    "manifests: m/a.yaml\n",
    "manifests: [1]\n",
    "against: [m/a.yaml]\n",
    "merge: out.yaml\n",
    "merge: {file: out.yaml}\n",
    "merge: {output: ~}\n",
    "lint: []\n",
    "lint: {failon: error}\n",
    "lint: {fail-on: off}\n",
    "lint: {fail-on: Error}\n",
    "lint: {rules: {no-such-rule: off}}\n",
    "lint: {rules: {identical: on}}\n",
    "lint: {rules: {identical: true}}\n",
    "lint: {exclude: {rule: identical, reason: x}}\n",
    "lint: {exclude: [{rule: identical}]}\n",
    "lint: {exclude: [{rule: no-such-rule, reason: x}, {rule: identical, reason: ''}]}\n",
];

/// Keys of `set`, and whether they are some.
const KEYS: [(&str, bool); 20] = [
    ("a", true),
    ("a.b.c", true),
    ("a-b_c/d", true),
    ("a b", true),
    ("a[0]", true),
    ("a[0][1].b[2]", true),
    (r"a\.b\,c", true),
    ("1", true),
    ("", false),
    (".", false),
    ("a.", false),
    (".a", false),
    ("a..b", false),
    ("a,b", false),
    ("a=b", false),
    ("a[b]", false),
    ("a[0", false),
    ("a[-1]", false),
    ("[0]", false),
    ("a[0]b", false),
];

#[test]
fn the_schema_and_the_program_accept_the_same() {
    let keys = KEYS.map(|(key, is_good)| {
        (format!("releases: [{{chart: c, set: {{'{key}': 1}}}}]\n"), is_good)
    });
    let table = GOOD.iter().map(|text| (text.to_string(), true));
    let table = table.chain(BAD.iter().map(|text| (text.to_string(), false))).chain(keys);
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    let schema = rolecall(&["schema"]).json();
    compiler.add_resource("schema.json", schema).expect("it is a schema");
    let index = compiler.compile("schema.json", &mut schemas).expect("it compiles");
    let folder = folder(&[
        ("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"),
        ("v.yaml", "{}"),
        ("x.yaml", "{}"),
        ("x-y.yaml", "{}"),
        ("m/a.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: b}\n"),
    ]);
    for (text, is_good) in table {
        write(&folder.path().join("rolecall.yaml"), &text);
        let run = binary(folder.path(), &["lint"]).output().expect("the binary runs");
        let words = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code() != Some(2), is_good, "the program on {text}{words}");
        let json: serde_yaml::Value = serde_yaml::from_str(&text).expect("it is YAML");
        let verdict = schemas.validate(&of_yaml(json), index).map_err(|error| error.to_string());
        assert_eq!(verdict.is_ok(), is_good, "the schema on {text}{verdict:?}");
    }
}

/// Returns YAML as JSON, as editors hand it to a schema.
fn of_yaml(mut yaml: serde_yaml::Value) -> Json {
    yaml.apply_merge().expect("its merge keys name maps");
    serde_json::to_value(yaml).expect("JSON can hold it")
}

#[test]
fn the_schema_names_the_rules() {
    let run = rolecall(&["schema"]);
    assert_data_eq!(&run.stdout, file!["snapshots/schema.json"].raw());
    let example = &run.json()["examples"][0];
    let rules = &run.json()["properties"]["lint"]["properties"]["rules"]["properties"];
    for rule in rolecall::rules::RULES {
        assert_eq!(rules[rule.meta().name]["description"], rule.meta().summary);
    }
    assert!(example["releases"][0]["chart"].is_string(), "{example:#}");
}

#[test]
fn the_page_is_what_the_schema_says() {
    let schema = rolecall(&["schema"]).json();
    let mut page = String::from(INTRODUCTION);
    let example = serde_yaml::to_string(&schema["examples"][0]).expect("it is YAML");
    writeln!(page, "```yaml,inventory\n{example}```").expect("strings grow");
    let parts = [
        ("At the top", &schema),
        ("`releases`", &schema["properties"]["releases"]["items"]),
        ("`merge`", &schema["properties"]["merge"]),
        ("`lint`", &schema["properties"]["lint"]),
        ("`lint.exclude`", &schema["properties"]["lint"]["properties"]["exclude"]["items"]),
    ];
    for (title, part) in parts {
        writeln!(page, "\n## {title}\n{}\n", words(part)).expect("strings grow");
        page += "| key | form | default | what it says |\n|---|---|---|---|\n";
        for (key, value) in part["properties"].as_object().expect("it is a map") {
            let required =
                part["required"].as_array().is_some_and(|it| it.contains(&key.as_str().into()));
            let default = match (&value["default"], required) {
                (_, true) => "must be there".into(),
                (Json::Null, _) => String::new(),
                (default, _) => format!("`{}`", default.to_string().replace('"', "")),
            };
            let form = form(&schema, value);
            writeln!(page, "| `{key}` | {form} | {default} | {} |", words(value))
                .expect("strings grow");
        }
    }
    assert_data_eq!(page, file!["../../docs/inventory.md"].raw());
}

const INTRODUCTION: &str = "# rolecall.yaml

<!-- Made from `rolecall schema` by a test: SNAPSHOTS=overwrite cargo test. -->

rolecall.yaml says which charts are installed where, which plain manifests belong to the same cluster, and what
`rolecall lint` and `rolecall merge` do. It is taken where no path is given, from this folder or the nearest parent.

`rolecall init [DIR]` writes one for what DIR holds: each chart that its own values suffice for, with its name as a guess
of the namespace and the files of values beside it as comments; patterns for plain manifests; a file that looks like an
export as a commented `against`. Library charts, sub-charts and what another rolecall.yaml names are left out, charts that
cannot be rendered are comments. `rolecall lint -v` tells what becomes of each input, `-vv` of each release.

- Paths are relative to the file. Unknown keys and values of another form are errors, which show the place.
- Strings are read as YAML 1.2 reads them: `no` is a string, a number or `true` is none, and must be quoted. Values
  below `set` are read as Helm reads values.yaml.
- Anchors, aliases and `<<` work. There is one document.
- `# yaml-language-server: $schema=SCHEMA.json` in the first line makes editors check the file, once
  `rolecall schema > SCHEMA.json` was run.

";

fn words(part: &Json) -> &str {
    part["description"].as_str().expect("each part says what it is")
}

fn form(schema: &Json, value: &Json) -> String {
    if let Some(name) = value["$ref"].as_str().and_then(|it| it.strip_prefix("#/$defs/")) {
        return form(schema, &schema["$defs"][name]);
    }
    match (&value["enum"], value["type"].as_str()) {
        (Json::Array(words), _) if words.len() < 5 => {
            words.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(", ")
        }
        (Json::Array(_), _) => "a rule's name".into(),
        (_, Some("array")) => match value["items"]["type"].as_str() {
            Some("object") => "list of maps".into(),
            _ => "list of strings".into(),
        },
        (_, Some("object")) => "map".into(),
        (_, Some(word)) => word.into(),
        _ => "any".into(),
    }
}
