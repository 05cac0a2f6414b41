//! The manifests that rolecall and its peers are compared on: what each grants is found, and no more.

use std::collections::BTreeSet;
use std::path::PathBuf;

use rolecall::rules::{Family, lookup};

use crate::support::{arg, rolecall};

/// Returns the value of a line `# KEY: VALUE` at the head of a manifest.
fn said<'a>(text: &'a str, key: &str) -> &'a str {
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("# {key}: ")));
    line.expect("the head says it")
}

#[test]
fn each_manifest_gives_the_findings_that_it_expects() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/peers");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in walkdir::WalkDir::new(&folder).sort_by_file_name() {
        let path = entry.expect("it can be walked").into_path();
        if path.extension().is_none_or(|it| it != "yaml") {
            continue;
        }
        seen += 1;
        let text = std::fs::read_to_string(&path).expect("it can be read");
        let expected: BTreeSet<&str> =
            said(&text, "expects").split(", ").filter(|it| *it != "nothing").collect();
        let run = rolecall(&["lint", "--format", "json", arg(&path)]);
        let json = run.json();
        let findings = json["findings"].as_array().expect("there is a list");
        let rules: BTreeSet<&str> =
            findings.iter().map(|it| it["rule"].as_str().expect("it is a name")).collect();
        let is_risk =
            |rule: &&&str| lookup(rule).is_some_and(|rule| rule.meta().family == Family::Risk);
        let beyond: Vec<_> = rules.difference(&expected).filter(is_risk).collect();
        if !expected.is_subset(&rules) || !beyond.is_empty() {
            wrong.push(format!("{}: {rules:?}, expected {expected:?}", path.display()));
        }
    }
    assert!(seen > 40, "the manifests are there");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
