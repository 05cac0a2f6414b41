//! The examples on the rules' pages: what they say is found is found.

use rolecall::finding::Confidence;
use rolecall::rules::{Meta, RULES};

use crate::support::{arg, folder, rolecall};

/// A fenced block of a page: what it is for, and its files.
struct Example {
    mark: String,
    files: Vec<(String, String)>,
}

/// Reads the blocks that are marked as examples; `# file: NAME` begins a file.
fn examples(page: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        match (line.strip_prefix("```"), inside) {
            (Some(mark), false) => {
                inside = true;
                examples.push(Example { mark: mark.into(), files: Vec::new() });
            }
            (Some(_), true) => inside = false,
            (None, true) => {
                let files = &mut examples.last_mut().expect("a block has begun").files;
                match line.strip_prefix("# file: ") {
                    Some(name) => files.push((name.into(), String::new())),
                    None => {
                        let (_, text) = files.last_mut().expect("a block begins with `# file:`");
                        text.push_str(line);
                        text.push('\n');
                    }
                }
            }
            (None, false) => {}
        }
    }
    examples.retain(|example| example.mark.starts_with("yaml,"));
    examples
}

/// Lints the files of an example and returns the names of the rules that speak; one of low confidence
/// is asked for by its name.
fn found(example: &Example, meta: &Meta) -> Vec<String> {
    let mut files: Vec<(&str, &str)> =
        example.files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    if files.iter().any(|(name, _)| name.starts_with("chart/")) {
        files.push(("chart/Chart.yaml", "apiVersion: v2\nname: chart\nversion: 1.0.0\n"));
    }
    let folder = folder(&files);
    let inventory = folder.path().join("rolecall.yaml");
    let input = if inventory.exists() { inventory } else { folder.path().into() };
    let mut line = vec!["lint", "--format", "json", arg(&input)];
    if meta.confidence == Confidence::Low {
        line.extend(["--select", meta.name]);
    }
    let run = rolecall(&line);
    assert_eq!(run.json()["errors"], serde_json::json!([]), "{}", run.stderr);
    let findings = run.json()["findings"].as_array().expect("there is a list").clone();
    findings.iter().map(|it| it["rule"].as_str().expect("it is a name").into()).collect()
}

#[test]
fn the_examples_of_the_pages_hold() {
    for rule in RULES {
        let meta = rule.meta();
        let examples = examples(meta.explanation);
        for mark in ["yaml,fires", "yaml,silent"] {
            let is_there = examples.iter().any(|example| example.mark == mark);
            assert!(is_there, "{} has no example `{mark}`", meta.name);
        }
        for example in &examples {
            let speaks = found(example, meta).iter().any(|name| name == meta.name);
            assert_eq!(speaks, example.mark == "yaml,fires", "{} {}", meta.name, example.mark);
        }
    }
}

#[test]
fn the_pages_have_their_parts() {
    let parts = ["## What it finds", "## Why it matters", "## How to fix it", "## Examples"];
    for rule in RULES {
        let meta = rule.meta();
        assert!(meta.explanation.starts_with(&format!("# {}\n", meta.name)), "{}", meta.name);
        let places = parts.map(|part| meta.explanation.find(&format!("\n{part}\n")));
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{}", meta.name);
        assert!(!meta.summary.ends_with('.'), "{}", meta.name);
    }
}
