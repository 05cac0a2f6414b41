//! Merging leaves what `kubectl auth reconcile` left on a server: cases that
//! `tests/kubectl/reconcile` recorded.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::properties::model::{Universe, key, subjects};
use crate::properties::objects;
use crate::support::{arg, folder, rolecall};

const RECORDED: &str = "tests/kubectl/recorded.json";

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("the recording holds lists")
}

/// Merges releases, each as a manifest file.
fn merged(releases: &[Value]) -> Vec<Value> {
    let text = |release: &Value| -> String {
        list(release).iter().map(|object| format!("---\n{object}\n")).collect()
    };
    let texts: Vec<String> = releases.iter().map(text).collect();
    let names: Vec<String> = (0..texts.len()).map(|at| format!("{at}.yaml")).collect();
    let files: Vec<(&str, &str)> =
        names.iter().zip(&texts).map(|(name, text)| (&**name, &**text)).collect();
    let folder = folder(&files);
    let paths: Vec<_> = names.iter().map(|name| folder.path().join(name)).collect();
    let args: Vec<&str> = ["merge"].into_iter().chain(paths.iter().map(|path| arg(path))).collect();
    let run = rolecall(&args);
    assert_eq!(run.code, 0, "all of it can be merged: {}", run.stderr);
    objects(&run.stdout)
}

#[test]
fn merging_leaves_what_reconciling_leaves() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join(RECORDED)).expect("it is part of the repository");
    let recorded: Value = serde_json::from_str(&text).expect("it is JSON");
    let mut compared = 0;
    for case in list(&recorded["cases"]) {
        let seed = &case["seed"];
        let releases = list(&case["releases"]);
        let mut brought: BTreeMap<_, usize> = BTreeMap::new();
        for object in releases.iter().flat_map(list) {
            *brought.entry(key(object, None)).or_default() += 1;
        }
        let shared: BTreeSet<_> =
            brought.iter().filter(|(_, count)| **count > 1).map(|(key, _)| key.clone()).collect();
        let merged = merged(releases);
        let written: BTreeSet<_> = merged.iter().map(|object| key(object, None)).collect();
        assert_eq!(written, shared, "seed {seed}");
        for object in &merged {
            let key = key(object, None);
            let is_same = |it: &&Value| crate::properties::model::key(it, None) == key;
            let left = list(&case["server"]).iter().find(is_same).expect("the server has it");
            let namespace = key.1.as_deref();
            let universe = Universe::of([object, left]);
            assert_eq!(
                subjects(object, namespace),
                subjects(left, namespace),
                "seed {seed}: {key:?}"
            );
            assert!(universe.allowed(object) == universe.allowed(left), "seed {seed}: {key:?}");
            compared += 1;
        }
    }
    assert!(compared > 100, "the recording has many objects: {compared}");
}
