//! The examples on the rules' pages: what they say is found is found.

use std::path::{Path, PathBuf};

use rolecall::finding::Confidence;
use rolecall::rules::{Fixable, Meta, RULES};

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

/// Writes the files of an example, and returns what is to be linted.
fn written(example: &Example) -> (tempfile::TempDir, PathBuf) {
    let mut files: Vec<(&str, &str)> =
        example.files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    if files.iter().any(|(name, _)| name.starts_with("chart/")) {
        files.push(("chart/Chart.yaml", "apiVersion: v2\nname: chart\nversion: 1.0.0\n"));
    }
    let folder = folder(&files);
    let inventory = folder.path().join("rolecall.yaml");
    let input = if inventory.exists() { inventory } else { folder.path().into() };
    (folder, input)
}

/// Returns how often a rule speaks.
fn found(input: &Path, meta: &Meta) -> usize {
    let mut line = vec!["lint", "--format", "json", arg(input)];
    if meta.confidence == Confidence::Low {
        line.extend(["--select", meta.name]);
    }
    let run = rolecall(&line);
    let json = run.json();
    assert_eq!(json["errors"], serde_json::json!([]), "{}", run.stderr);
    let findings = json["findings"].as_array().expect("there is a list");
    findings.iter().filter(|it| it["rule"] == meta.name).count()
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
            let (_folder, input) = written(example);
            let speaks = found(&input, meta) > 0;
            assert_eq!(speaks, example.mark == "yaml,fires", "{} {}", meta.name, example.mark);
        }
    }
}

#[test]
fn what_can_be_mended_is() {
    let mut left = Vec::new();
    for meta in RULES.iter().map(|rule| rule.meta()) {
        let asked = match meta.fix {
            Fixable::No => continue,
            Fixable::Safe => "--fix".to_owned(),
            Fixable::Asked => format!("--fix={}", meta.name),
        };
        let mends = |example: &Example| {
            let (_folder, input) = written(example);
            let before = found(&input, meta);
            rolecall(&["lint", arg(&input), &asked]);
            found(&input, meta) < before
        };
        let examples = examples(meta.explanation);
        if !examples.iter().filter(|it| it.mark == "yaml,fires").any(mends) {
            left.push(meta.name);
        }
    }
    assert!(left.is_empty(), "of these rules no example is mended: {left:?}");
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
