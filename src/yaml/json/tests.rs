//! What Helm 4.1.4 made of the same values and texts.

use super::*;

/// Values as JSON, and what `toJson` makes of them.
const JSON: &[(&str, &str)] = &[
    ("\"a<b>&\u{2028}\u{2029}\"", "\"a\\u003cb\\u003e\\u0026\\u2028\\u2029\""),
    (
        "\"\\u0007\\b\\f\\n\\r\\t\\u001f\\\"\\\\/\u{7F}\"",
        "\"\\u0007\\b\\f\\n\\r\\t\\u001f\\\"\\\\/\u{7F}\"",
    ),
    ("\"é日\u{1F600}\"", "\"é日\u{1F600}\""),
    ("[1, null, true, \"x\", 1.5, [], {}]", "[1,null,true,\"x\",1.5,[],{}]"),
    (
        "{\"10\": 1, \"9\": 1, \"C\": 1, \"a\": {\"b\": []}}",
        "{\"10\":1,\"9\":1,\"C\":1,\"a\":{\"b\":[]}}",
    ),
];

/// The same for `toPrettyJson`.
const PRETTY_JSON: &[(&str, &str)] = &[
    ("\"<\"", "\"\\u003c\""),
    ("[]", "[]"),
    ("{}", "{}"),
    (
        "{\"a\": [1, {\"b\": \"<\"}], \"e\": [], \"f\": {}}",
        "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"\\u003c\"\n    }\n  ],\n  \"e\": [],\n  \"f\": {}\n}",
    ),
];

/// The same for `toRawJson`.
const RAW_JSON: &[(&str, &str)] = &[("{\"a\": \"<b>&\u{2028}\"}", "{\"a\":\"<b>&\\u2028\"}")];

/// Numbers.
const JSON_NUMBERS: &[(f64, &str)] = &[
    (0.0, "0"),
    (-0.0, "-0"),
    (1.5, "1.5"),
    (1000000.0, "1000000"),
    (1e+20, "100000000000000000000"),
    (1e+21, "1e+21"),
    (1e-06, "0.000001"),
    (1e-07, "1e-7"),
    (1.5e-10, "1.5e-10"),
    (123456789.125, "123456789.125"),
    (986962455810624.2, "986962455810624.2"),
    (1.152921504606847e+18, "1152921504606847000"),
];

#[test]
fn values_are_laid_out_in_three_styles() {
    let tables =
        [(JSON, JsonStyle::Compact), (PRETTY_JSON, JsonStyle::Pretty), (RAW_JSON, JsonStyle::Raw)];
    for (table, style) in tables {
        for (text, json) in table {
            let data = json_read(text).expect("valid JSON");
            assert_eq!(json_write_styled(&data, style), *json, "{text}");
        }
    }
}

#[test]
fn numbers_are_plain_within_bounds() {
    for (number, json) in JSON_NUMBERS {
        assert_eq!(json_write(&Data::Float(*number)), *json);
    }
    assert_eq!(json_write(&Data::Int(-7)), "-7");
}

#[test]
fn texts_are_read() {
    let cases = [
        (" {\"a\" : [ 1 , -2.5e1, true , null ] }\n", "{\"a\":[1,-25,true,null]}"),
        (r#"{"a":1,"a":2}"#, "{\"a\":2}"),
        (r#""\u00e9\ud83d\ude00\/\b""#, "\"é\u{1F600}/\\b\""),
        (r#""\ud83d \ude00 \ud83d\u0041""#, "\"\u{FFFD} \u{FFFD} \u{FFFD}A\""),
    ];
    for (text, json) in cases {
        assert_eq!(json_write(&json_read(text).expect("valid JSON")), json, "{text}");
    }
}

#[test]
fn wrong_texts_are_refused_in_the_words_of_go() {
    let cases = [
        ("", "unexpected end of JSON input"),
        ("{\"a\":1", "unexpected end of JSON input"),
        ("\"a", "unexpected end of JSON input"),
        ("x", "invalid character 'x' looking for beginning of value"),
        ("[1,]", "invalid character ']' looking for beginning of value"),
        ("{,}", "invalid character ',' looking for beginning of object key string"),
        ("{\"a\":1,}", "invalid character '}' looking for beginning of object key string"),
        ("{\"a\" 1}", "invalid character '1' after object key"),
        ("{\"a\":1 x", "invalid character 'x' after object key:value pair"),
        ("[1 2]", "invalid character '2' after array element"),
        ("{} x", "invalid character 'x' after top-level value"),
        ("tru", "invalid character ' ' in literal true (expecting 'e')"),
        ("nulx", "invalid character 'x' in literal null (expecting 'l')"),
        ("-", "invalid character ' ' in numeric literal"),
        ("1.x", "invalid character 'x' after decimal point in numeric literal"),
        ("1e+", "invalid character ' ' in exponent of numeric literal"),
        ("01", "invalid character '1' after top-level value"),
        ("\"\t\"", "invalid character '\\t' in string literal"),
        ("\"\\x\"", "invalid character 'x' in string escape code"),
        ("\"\\u00g\"", "invalid character 'g' in \\u hexadecimal character escape"),
        ("'", "invalid character '\\'' looking for beginning of value"),
        ("\u{7F}", "invalid character '\\x7f' looking for beginning of value"),
        ("é", "invalid character 'Ã' looking for beginning of value"),
        ("1e400", "json: cannot unmarshal number 1e400 into Go value of type float64"),
    ];
    for (text, message) in cases {
        let error = json_read(text).expect_err(message);
        assert_eq!(error.to_string(), message, "{text}");
    }
}

#[test]
fn deep_texts_are_refused() {
    let text = "[".repeat(1_000_000);
    let error = json_read(&text).expect_err("too deep");
    assert_eq!(error.to_string(), "invalid character '[' exceeded max depth");
}
