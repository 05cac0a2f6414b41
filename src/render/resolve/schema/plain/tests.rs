//! What is judged without the engine, and that the engine agrees.

use std::cell::RefCell;
use std::rc::Rc;

use proptest::prelude::*;
use serde_json::json;

use super::super::ask_engine;
use super::*;
use crate::yaml;

fn data(value: &Json) -> Data {
    yaml::json_read(&value.to_string()).expect("it is JSON")
}

fn engine_takes(schema: &Json, values: &Data) -> bool {
    let warnings = Rc::new(RefCell::new(Vec::new()));
    ask_engine(schema.clone(), values, &warnings).is_ok()
}

#[test]
fn what_is_plain_is_judged_here() {
    let reference = json!({ "definitions": { "a": { "type": "string" } }, "properties": {
        "a": { "$ref": "#/definitions/a", "type": "integer" } } });
    let lone = |schema: &Json, draft: &str| {
        let mut schema = schema.clone();
        schema["$schema"] = format!("https://json-schema.org/{draft}/schema#").into();
        schema
    };
    let cases = [
        (json!({}), json!({}), true),
        (json!({ "type": ["object", "null"] }), json!(null), true),
        (json!({ "type": "integer" }), json!(1), true),
        (json!({ "type": "integer" }), json!(1.5), false),
        (json!({ "required": ["a"] }), json!({ "a": null }), true),
        (json!({ "required": ["a"] }), json!({ "b": 1 }), false),
        (json!({ "required": ["a", "a"] }), json!({ "a": 1 }), false),
        (json!({ "required": "a" }), json!({ "a": 1 }), false),
        (json!({ "enum": [1, "a"] }), json!("a"), true),
        (json!({ "enum": [] }), json!("a"), false),
        (json!({ "additionalProperties": false }), json!({ "a": 1 }), false),
        (
            json!({ "additionalProperties": false, "properties": { "a": {} } }),
            json!({ "a": 1 }),
            true,
        ),
        (json!({ "items": { "maxLength": 2 } }), json!(["ab", "é☺"]), true),
        (json!({ "items": { "maxLength": 2 } }), json!(["abc"]), false),
        (json!({ "oneOf": [{ "type": "string" }, { "minLength": 1 }] }), json!("a"), false),
        (json!({ "oneOf": [{ "type": "string" }, { "minLength": 1 }] }), json!(""), true),
        (json!({ "not": { "type": "string" } }), json!(""), false),
        (json!({ "if": { "type": "string" }, "then": { "minLength": 1 } }), json!(""), false),
        (json!({ "if": { "type": "string" }, "else": false }), json!(""), true),
        (json!({ "minimum": 1, "exclusiveMaximum": 3 }), json!(2), true),
        (json!({ "minimum": 1, "exclusiveMaximum": 3 }), json!(3), false),
        (json!({ "format": "ipv4" }), json!("x"), false),
        (json!({ "description": 1 }), json!({}), false),
        (json!({ "properties": { "a": { "$schema": "x" } } }), json!({}), false),
        (json!({ "x-unknown": 1, "id": "a b" }), json!({}), true),
        (lone(&json!({}), "draft-04"), json!({}), false),
        (lone(&reference, "draft-07"), json!({ "a": "x" }), true),
        (lone(&reference, "draft/2020-12"), json!({ "a": "x" }), false),
        (json!({ "$ref": "#/definitions/none" }), json!({}), false),
        (
            json!({ "$ref": "#/definitions/a", "definitions": { "a": { "$ref": "#/definitions/a" } } }),
            json!({}),
            false,
        ),
        (json!({ "uniqueItems": true }), json!(["a", "a"]), false),
    ];
    for (schema, value, expected) in cases {
        let value = data(&value);
        assert_eq!(meets(&schema, &value), expected, "{schema} on {value:?}");
        if expected {
            assert!(engine_takes(&schema, &value), "the engine refuses {schema} on {value:?}");
        }
    }
}

fn values() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(json!(null)),
        Just(json!(true)),
        (-2_i64..4).prop_map(Json::from),
        Just(json!(1.5)),
        "[ab]{0,3}".prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Json::from),
            prop::collection::hash_map("[abc]", inner, 0..3)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

fn schemas() -> impl Strategy<Value = Json> {
    let names = prop::sample::subsequence(
        vec!["object", "string", "integer", "number", "null", "array", "boolean"],
        1..4,
    );
    let leaf = prop_oneof![
        names.prop_map(|names| json!({ "type": names })),
        Just(json!(true)),
        prop::collection::vec(values(), 0..3).prop_map(|list| json!({ "enum": list })),
        values().prop_map(|value| json!({ "const": value })),
        (0..3).prop_map(|size| json!({ "minLength": size, "maxItems": size })),
        (-1..4).prop_map(|size| json!({ "minimum": size, "minProperties": size })),
        (0..3).prop_map(|size| json!({ "exclusiveMaximum": size, "uniqueItems": true })),
        "[abc]".prop_map(|name| json!({ "required": [name] })),
        Just(json!({ "$ref": "#/$defs/a" })),
    ];
    leaf.prop_recursive(4, 16, 3, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..3);
        let map = prop::collection::hash_map("[abc]", inner.clone(), 0..3);
        prop_oneof![
            (list, prop::sample::select(vec!["allOf", "anyOf", "oneOf"]))
                .prop_map(|(list, name)| json!({ name: list })),
            (map, inner.clone()).prop_map(|(map, other)| {
                let map: Map<String, Json> = map.into_iter().collect();
                json!({ "properties": map, "additionalProperties": other })
            }),
            (inner.clone(), prop::sample::select(vec!["not", "items"]))
                .prop_map(|(schema, name)| json!({ name: schema })),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(one, two, three)| json!({ "if": one, "then": two, "else": three })),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_takes_what_is_taken_here(
        schema in schemas(),
        definition in schemas(),
        value in values(),
        draft in prop::sample::select(vec!["draft-07", "draft/2020-12"]),
    ) {
        let mut root = json!({ "allOf": [schema], "$defs": { "a": definition } });
        root["$schema"] = format!("http://json-schema.org/{draft}/schema").into();
        let value = data(&value);
        if meets(&root, &value) {
            prop_assert!(engine_takes(&root, &value), "{root} on {value:?}");
        }
    }
}
