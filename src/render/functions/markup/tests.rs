//! What Helm 4.1.4 made of the same calls.

use super::*;
use crate::render::functions::{Budget, Random, args};
use crate::render::value::{Kind, Native, Str};

fn call(name: &str, value: Value) -> Answer {
    args::tests::call(name, &[value])
}

/// Returns what a function gives as JSON, or its error.
fn shown(name: &str, value: Value) -> String {
    match call(name, value) {
        Ok(answer) => json(&answer, JsonStyle::Raw).expect("finite"),
        Err(error) => error.message,
    }
}

fn bytes(bytes: &[u8]) -> Value {
    Value::Str(Str::from_bytes(bytes.to_vec()))
}

fn one(key: &str, value: Value) -> Value {
    map([(key.into(), value)])
}

fn in_itself() -> Value {
    let value = map([]);
    value.as_map().expect("a map").set("a", value.clone());
    value
}

#[test]
fn json_is_read_into_maps_and_lists() {
    let cases = [
        ("fromJson", "{\"a\":1,\"b\":[true,null]}", "{\"a\":1,\"b\":[true,null]}"),
        ("fromJson", "null", "null"),
        ("fromJson", "{} x", r#"{"Error":"invalid character 'x' after top-level value"}"#),
        (
            "fromJson",
            "[1e400]",
            r#"{"Error":"json: cannot unmarshal array into Go value of type map[string]interface {}"}"#,
        ),
        (
            "fromJson",
            r#"{"a":1e400,"b":1}"#,
            r#"{"Error":"json: cannot unmarshal number 1e400 into Go value of type float64","a":null,"b":1}"#,
        ),
        ("fromJsonArray", "[1,\"a\"]", "[1,\"a\"]"),
        ("fromJsonArray", "null", "null"),
        ("fromJsonArray", "x", r#"["invalid character 'x' looking for beginning of value"]"#),
        (
            "fromJsonArray",
            r#"{"a":1e400}"#,
            r#"["json: cannot unmarshal object into Go value of type []interface {}"]"#,
        ),
        (
            "fromJsonArray",
            "[1e400]",
            r#"["json: cannot unmarshal number 1e400 into Go value of type float64"]"#,
        ),
        ("mustFromJson", "x", "invalid character 'x' looking for beginning of value"),
        ("fromToml", "a = 1\n[t]\nc = [1.5]", r#"{"a":1,"t":{"c":[1.5]}}"#),
    ];
    for (name, text, answer) in cases {
        assert_eq!(shown(name, Value::str(text)), answer, "{name} {text}");
    }
}

#[test]
fn values_are_written() {
    let nil = || Value::List(Rc::new(List::nil(ElementType::Any)));
    let file = || Value::Bytes(Rc::from(*b"A\n"));
    let cases = [
        ("toYaml", one("a", Value::str("x\n")), r#""a: |\n  x""#),
        ("toYaml", bytes(b"\xE3\x81"), "\"\u{FFFD}\u{FFFD}\""),
        ("toYaml", nil(), r#""null""#),
        ("toYaml", in_itself(), r#""""#),
        ("toYaml", Value::Float(f64::NAN), r#""""#),
        ("toYaml", file(), r#""QQo=""#),
        ("toYamlPretty", nil(), r#""[]""#),
        ("toYamlPretty", one("b", file()), r#""b:\n  - 65\n  - 10""#),
        ("toYamlPretty", Value::Float(f64::NAN), r#"".nan""#),
        ("toJson", nil(), r#""null""#),
        ("toJson", bytes(b"\xFF"), r#""\"\\ufffd\"""#),
        ("toJson", Value::Float(f64::NAN), r#""""#),
        ("toJson", Value::Uint64(u64::MAX), r#""18446744073709551615""#),
        ("toPrettyJson", Value::Float(f64::NAN), r#""""#),
        ("toToml", one("b", file()), r#""b = [65, 10]\n""#),
        ("toToml", one("b", nil()), r#""""#),
        ("toToml", one("a", Value::Complex(0.0, 1.0)), r#""unsupported type: complex128""#),
    ];
    for (name, value, text) in cases {
        assert_eq!(shown(name, value), text, "{name}");
    }
}

#[test]
fn what_cannot_be_written_fails_in_the_words_of_go() {
    let cycle = "json: unsupported value: encountered a cycle via map[string]interface {}";
    let cases = [
        ("mustToJson", Value::Float(f64::NAN), "json: unsupported value: NaN"),
        ("toRawJson", Value::Float(f64::INFINITY), "json: unsupported value: +Inf"),
        ("mustToPrettyJson", Value::Float(f64::NEG_INFINITY), "json: unsupported value: -Inf"),
        ("mustToJson", Value::Complex(0.0, 1.0), "json: unsupported type: complex128"),
        ("mustToJson", in_itself(), cycle),
        ("mustToYaml", in_itself(), &format!("error marshaling into JSON: {cycle}")),
        (
            "mustToYaml",
            Value::Float(f64::NAN),
            "error marshaling into JSON: json: unsupported value: NaN",
        ),
        ("mustToYaml", Value::str("x\u{7F}"), "yaml: control characters are not allowed"),
        ("toYamlPretty", Value::Complex(0.0, 1.0), "cannot marshal type: complex128"),
        ("toToml", Value::Nil, "reflect: call of reflect.Value.Type on zero Value"),
    ];
    for (name, value, message) in cases {
        assert_eq!(shown(name, value), message, "{name}");
    }
}

#[derive(Debug)]
struct Capabilities;

impl Native for Capabilities {
    fn type_name(&self) -> &str {
        "*common.Capabilities"
    }

    fn kind(&self) -> Kind {
        Kind::Ptr
    }

    fn field(&self, _: &str) -> Option<Value> {
        None
    }

    fn print(&self) -> String {
        String::new()
    }

    fn to_data(&self) -> Option<Data> {
        let fields = r#"{"APIVersions":["v1"],"KubeVersion":{"Major":"1","Version":"v1.35.0"}}"#;
        yaml::json_read(fields).ok()
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

#[test]
fn fields_of_structs_keep_their_order_in_json() {
    let text = call("toJson", Value::Native(Rc::new(Capabilities))).expect("writable").print();
    assert_eq!(text, r#"{"KubeVersion":{"Version":"v1.35.0","Major":"1"},"APIVersions":["v1"]}"#);
}

#[test]
fn the_budget_bounds_what_is_made() {
    let (mut random, mut budget) = (Random { state: 0 }, Budget::new(1 << 20, 3));
    let mut context = Context { random: &mut random, now: 0, budget: &mut budget };
    assert!(to_yaml(&mut context, &[Value::str("abcd")]).is_err());
}
