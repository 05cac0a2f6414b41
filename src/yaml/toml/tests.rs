//! What Helm 4.1.4 made of the same values and texts.

use super::*;
use crate::yaml::{json_read, json_write};

/// Values as JSON, and what `toToml` makes of them.
const TOML: &[(&str, &str)] = &[
    ("{\"b\": 1, \"a\": \"x\"}", "a = \"x\"\nb = 1.0\n"),
    (
        "{\"t\": {\"a\": 1, \"u\": {\"b\": true}}, \"z\": 1}",
        "z = 1.0\n\n[t]\n  a = 1.0\n  [t.u]\n    b = true\n",
    ),
    ("{\"l\": [1, [2], {\"a\": \"b\"}]}", "l = [1.0, [2.0], {a = \"b\"}]\n"),
    (
        "{\"lm\": [{\"a\": 1}, {\"b\": [{\"c\": 1}]}]}",
        "[[lm]]\n  a = 1.0\n\n[[lm]]\n\n  [[lm.b]]\n    c = 1.0\n",
    ),
    (
        "{\"k k\": 1, \"\": 2, \"é\": {\"x y\": 1}}",
        "\"\" = 2.0\n\"k k\" = 1.0\n\n[\"é\"]\n  \"x y\" = 1.0\n",
    ),
    ("{\"a\": null, \"b\": [{\"c\": null, \"d\": 1, \"e\": null}, 1]}", "b = [{d = 1.0, }, 1.0]\n"),
    ("{\"a\": [null]}", "toml: cannot encode array with nil element"),
    (
        "{\"s\": \"\\u0000\\b\\t\\n\\f\\r\\u001f\u{7F}\\\"\\\\é\"}",
        "s = \"\\u0000\\b\\t\\n\\f\\r\\u001f\\u007f\\\"\\\\é\"\n",
    ),
    (
        "{\"f\": 1000000.0, \"g\": 1e-07, \"h\": -0.5, \"i\": 80}",
        "f = 1e+06\ng = 1e-07\nh = -0.5\ni = 80.0\n",
    ),
    ("{}", ""),
    ("{\"a\": {}, \"b\": []}", "b = []\n\n[a]\n"),
    (
        "{\"a\": {\"b\": {\"c\": {\"d\": 1}}}, \"e\": {}}",
        "[a]\n  [a.b]\n    [a.b.c]\n      d = 1.0\n\n[e]\n",
    ),
];

fn written(data: &Data) -> String {
    toml_write(data).unwrap_or_else(|error| error.to_string())
}

#[test]
fn maps_become_tables() {
    for (json, toml) in TOML {
        assert_eq!(written(&json_read(json).expect("valid JSON")), *toml, "{json}");
    }
}

#[test]
fn other_values_stand_alone() {
    let map = Data::Map([("a".into(), Data::Int(1))].into());
    let cases = [
        (Data::Seq(Vec::new()), "[]"),
        (Data::Str("a".into()), "\"a\""),
        (Data::Seq(vec![map]), "toml: top-level values must be Go maps or structs"),
        (Data::Float(f64::NAN), "nan"),
        (Data::Float(f64::NEG_INFINITY), "-inf"),
        (Data::Int(3), "3"),
    ];
    for (data, toml) in cases {
        assert_eq!(written(&data), toml);
    }
}

#[test]
fn texts_are_read() {
    let cases = [
        ("", "{}"),
        ("a = [1, {b = 2}]\n[[x]]\ny=1", r#"{"a":[1,{"b":2}],"x":[{"y":1}]}"#),
        ("d = 2020-01-02T03:04:05Z", r#"{"d":"2020-01-02T03:04:05Z"}"#),
        ("d = 2020-01-02T03:04:05.25+01:00", r#"{"d":"2020-01-02T03:04:05.25+01:00"}"#),
        ("l = 2020-01-02T03:04:05", r#"{"l":"2020-01-02T03:04:05Z"}"#),
        ("m = 2020-01-02", r#"{"m":"2020-01-02T00:00:00Z"}"#),
        ("t = 03:04:05.5", r#"{"t":"0000-01-01T03:04:05.5Z"}"#),
    ];
    for (toml, json) in cases {
        assert_eq!(json_write(&toml_read(toml).expect("valid TOML")), json, "{toml}");
    }
    let number = toml_read("a = 0x1F").expect("valid TOML");
    assert_eq!(number, Data::Map([("a".into(), Data::Int(31))].into()));
}

#[test]
fn wrong_texts_are_refused_with_their_line() {
    let error = toml_read("a = 1\nb").expect_err("no value");
    assert!(error.to_string().starts_with("toml: line 2: "), "{error}");
}
