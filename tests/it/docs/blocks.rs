//! Blocks of code that are no commands.

use serde::Deserialize;

use super::{Block, pages};
use crate::support::rolecall;

/// What may stand behind an opening fence.
const LANGUAGES: [&str; 7] = ["console", "diff", "groovy", "json", "sh", "text", "yaml"];

/// The keys at the top of rolecall.yaml.
const KEYS: [&str; 5] = ["releases", "manifests", "against", "merge", "lint"];

/// Returns what is wrong with each block of the pages.
fn wrong(judge: impl Fn(&Block<'_>) -> Result<(), String>) -> String {
    let pages = pages();
    let blocks = pages.iter().flat_map(|page| page.blocks());
    let wrong = blocks
        .filter_map(|block| judge(&block).err().map(|words| format!("{}: {words}", block.place())));
    wrong.collect::<Vec<_>>().join("\n")
}

/// Reads the documents of a block.
fn documents(text: &str) -> Result<Vec<serde_yaml::Value>, String> {
    let documents = serde_yaml::Deserializer::from_str(text).map(serde_yaml::Value::deserialize);
    documents.collect::<Result<_, _>>().map_err(|error| error.to_string())
}

/// Tells whether all that a block holds are keys of rolecall.yaml.
fn is_inventory(text: &str) -> bool {
    let documents = documents(text).unwrap_or_default();
    let [serde_yaml::Value::Mapping(map)] = documents.as_slice() else { return false };
    !map.is_empty() && map.keys().all(|key| key.as_str().is_some_and(|it| KEYS.contains(&it)))
}

#[test]
fn each_block_says_what_it_is() {
    let wrong = wrong(|block| {
        let language = block.info.first().map_or("", String::as_str);
        let is_command = |line: &str| line.starts_with("rolecall ") || line.starts_with("$ ");
        if !LANGUAGES.contains(&language) {
            return Err(format!("`{language}` is none of {}", LANGUAGES.join(", ")));
        }
        if !["console", "sh"].contains(&language) && block.text.lines().any(is_command) {
            return Err("a command is in `sh`, or, with what it prints, in `console`".into());
        }
        match language == "yaml" && is_inventory(&block.text) && !block.is("inventory") {
            true => Err("a rolecall.yaml is `yaml,inventory`".into()),
            false => Ok(()),
        }
    });
    assert_eq!(wrong, "");
}

#[test]
fn yaml_and_json_can_be_read() {
    let wrong = wrong(|block| {
        // What rules say about these is held by tests/it/rules.rs.
        let is_example = block.is("fires") || block.is("silent");
        match block.info.first().map_or("", String::as_str) {
            "yaml" if !is_example => documents(&block.text).map(drop),
            "json" => serde_json::from_str::<serde_json::Value>(&block.text)
                .map(drop)
                .map_err(|error| error.to_string()),
            _ => Ok(()),
        }
    });
    assert_eq!(wrong, "");
}

#[test]
fn inventories_are_as_the_schema_wants_them() {
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    let schema = rolecall(&["schema"]).json();
    compiler.add_resource("schema.json", schema).expect("it is a schema");
    let index = compiler.compile("schema.json", &mut schemas).expect("it compiles");
    let wrong = wrong(|block| {
        if !block.is("inventory") {
            return Ok(());
        }
        for document in documents(&block.text)? {
            let json = serde_json::to_value(document).expect("JSON can hold it");
            schemas.validate(&json, index).map_err(|error| error.to_string())?;
        }
        Ok(())
    });
    assert_eq!(wrong, "");
    let all = pages();
    let count = all.iter().flat_map(|page| page.blocks()).filter(|it| it.is("inventory")).count();
    assert!(count >= 3, "{count} inventories were found");
}
