//! `rolecall schema`: the JSON Schema of rolecall.yaml, with the names of the rules.

use serde_json::{Map, Value as Json, json};

use super::streams::Console;
use super::{Exit, Trouble};
use crate::input::INVENTORY_SCHEMA;
use crate::rules::RULES;

pub(super) fn run(console: &mut Console<'_>) -> Result<Exit, Trouble> {
    console.print(&schema())?;
    Ok(Exit::Clean)
}

fn schema() -> String {
    let mut schema: Json = serde_json::from_str(INVENTORY_SCHEMA).expect("it is JSON, as tested");
    let lint = &mut schema["properties"]["lint"]["properties"];
    let rule = |rule: &&dyn crate::rules::Rule| {
        let meta = rule.meta();
        let level = json!({ "description": meta.summary, "$ref": "#/$defs/level" });
        (meta.name.to_string(), level)
    };
    lint["rules"]["properties"] = Json::Object(RULES.iter().map(rule).collect::<Map<_, _>>());
    let names = RULES.iter().map(|rule| Json::from(rule.meta().name)).collect();
    lint["exclude"]["items"]["properties"]["rule"]["enum"] = Json::Array(names);
    serde_json::to_string_pretty(&schema).expect("JSON can be written") + "\n"
}
