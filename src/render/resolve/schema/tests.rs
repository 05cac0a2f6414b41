//! Failures in the words of the real Helm.

use super::*;

fn failure(schema: &str, values: &str) -> String {
    let values = yaml::read(values).unwrap();
    validate(&check(schema, &values)).0.err().map(|it| it.text).unwrap_or_default()
}

fn check<'a>(schema: &str, values: &'a Data) -> Check<'a> {
    Check { name: "c".into(), schema: schema.as_bytes().into(), values, holders: vec![] }
}

#[test]
fn failures_are_worded_as_by_helm() {
    let cases = [
        (r#"{"type":"integer"}"#, "1.5", "got number, want integer"),
        (r#"{"type":["string","null"]}"#, "5", "got number, want null or string"),
        (r#"{"enum":["x",1,null,true]}"#, "zz", "value must be one of 'x', 1, <nil>, true"),
        (r#"{"enum":[1.5]}"#, "zz", "value must be 1.5"),
        (r#"{"enum":[[1]]}"#, "zz", "'enum' failed"),
        (r#"{"const":"q'w\"z"}"#, "zz", r#"value must be 'q\'w"z'"#),
        (r#"{"const":{"a":1}}"#, "zz", "'const' failed"),
        (r#"{"minProperties":2}"#, "{a: 1}", "minProperties: got 1, want 2"),
        (r#"{"minItems":123456}"#, "[1]", "minItems: got 1, want 123,456"),
        (
            r#"{"contains":{"type":"number"},"maxContains":1}"#,
            "[1,2]",
            "max 1 items required to match contains schema, but matched 2 items at 0 1",
        ),
        (r#"{"uniqueItems":true}"#, "[1,2,1]", "items at 0 and 2 are equal"),
        (r#"{"minimum":5}"#, "1.5", "minimum: got 1.5, want 5"),
        (r#"{"maximum":1e-7}"#, "12345.678", "maximum: got 12,345.678, want 1×10⁻⁰⁷"),
        (r#"{"exclusiveMaximum":1e7}"#, "1e7", "exclusiveMaximum: got 1×10⁰⁷, want 1×10⁰⁷"),
        (r#"{"multipleOf":0.1}"#, "0.35", "multipleOf: got 0.35, want 0.1"),
        (r#"{"not":{}}"#, "5", "'not' failed"),
        (
            r#"{"oneOf":[{"type":"number"},{"minimum":0}]}"#,
            "5",
            "'oneOf' failed, subschemas 0, 1 matched",
        ),
        (
            r#"{"dependentRequired":{"a":["b","c"]}}"#,
            "{a: 1}",
            "properties 'b', 'c' required, if 'a' exists",
        ),
        (r#"{"required":["a"]}"#, "{c: 1}", "missing property 'a'"),
        (r#"{"required":["a","b"]}"#, "{c: 1}", "missing properties 'a', 'b'"),
        (
            r#"{"additionalProperties":false}"#,
            "{d: 1, c: 1}",
            "additional properties 'c', 'd' not allowed",
        ),
        (r#"{"pattern":"^a'b"}"#, "x'\"y", r#"'x\'"y' does not match pattern '^a\'b'"#),
        ("false", "1", "false schema"),
    ];
    for (schema, values, expected) in cases {
        assert_eq!(failure(schema, values), format!("- at '': {expected}\n"), "{schema}");
    }
    assert_eq!(failure(r#"{"multipleOf":0.1}"#, "0.3"), "");
}

#[test]
fn formats_are_those_of_helm() {
    let cases = [
        ("ipv4", "x", "'x' is not valid ipv4: expected four decimals"),
        ("ipv4", "1.2.3.04", "'1.2.3.04' is not valid ipv4: leading zeros"),
        ("ipv4", "1.2.3.400", "'1.2.3.400' is not valid ipv4: decimal must be between 0 and 255"),
        ("uuid", "x", "'x' is not valid uuid: must have 5 elements"),
        ("json-pointer", "x", "'x' is not valid json-pointer: not starting with /"),
        ("email", "x", "'x' is not valid email: missing @"),
        ("hostname", "-a", "'-a' is not valid hostname: label starts with hyphen"),
        ("idn-email", "x", ""),
    ];
    for (format, value, expected) in cases {
        let draft = "http://json-schema.org/draft-07/schema#";
        let schema = format!(r#"{{"$schema":"{draft}","format":"{format}"}}"#);
        let expected = match expected {
            "" => String::new(),
            expected => format!("- at '': {expected}\n"),
        };
        assert_eq!(failure(&schema, &format!("'{value}'")), expected);
    }
}

#[test]
fn failures_nest_as_in_helm() {
    let cases = [
        (
            r#"{"properties":{"a":{"allOf":[{"minimum":5},{"type":"string"}]}}}"#,
            "{a: 1}",
            "- at '/a': 'allOf' failed\n  - at '/a': minimum: got 1, want 5\n  \
             - at '/a': got number, want string\n",
        ),
        (
            r#"{"items":{"allOf":[{"minimum":0},{"type":"string"}]}}"#,
            "[1]",
            "- at '/0': 'allOf' failed\n  - at '/0': got number, want string\n",
        ),
        (
            r##"{"properties":{"a":{"$ref":"#/$defs/x"}},"$defs":{"x":{"minimum":5,"multipleOf":7}}}"##,
            "{a: 4}",
            "- at '/a': validation failed\n  - at '/a': minimum: got 4, want 5\n  \
             - at '/a': multipleOf: got 4, want 7\n",
        ),
        (
            r#"{"allOf":[{"minimum":9,"multipleOf":2}]}"#,
            "5",
            "- at '': 'allOf' failed\n  - at '': validation failed\n    \
             - at '': minimum: got 5, want 9\n    - at '': multipleOf: got 5, want 2\n",
        ),
        (r#"{"anyOf":[{"multipleOf":0.1},{"multipleOf":7}]}"#, "0.3", ""),
        (
            r#"{"propertyNames":{"maxLength":1}}"#,
            "{abc: 1}",
            "- at '': invalid propertyName 'abc'\n  - at '': maxLength: got 3, want 1\n",
        ),
    ];
    for (schema, values, expected) in cases {
        assert_eq!(failure(schema, values), expected, "{schema}");
    }
}

#[test]
fn schemas_that_are_none_are_refused() {
    let meta = "\"file:///values.schema.json#\" is not valid against metaschema: jsonschema \
                validation failed with 'https://json-schema.org/draft/2020-12/schema#'\n";
    let cases = [
        ("", "EOF".to_string()),
        ("{", "unexpected EOF".into()),
        ("{} x", "invalid character after top-level value".into()),
        ("5", format!("{meta}- at '': got number, want boolean or object")),
        (
            r#"{"properties":{"a":{"pattern":"^(?!x).*"}}}"#,
            format!(
                "{meta}- at '': 'allOf' failed\n  - at '/properties/a': 'allOf' failed\n    \
                 - at '/properties/a/pattern': '^(?!x).*' is not valid regex: error parsing \
                 regexp: invalid or unsupported Perl syntax: `(?!`"
            ),
        ),
        (
            r#"{"$ref":"other.json"}"#,
            "failing loading \"file:///other.json\": open /other.json: no such file or directory"
                .into(),
        ),
        (
            r##"{"$ref":"#/x"}"##,
            "json-pointer in \"file:///values.schema.json#/x\" not found".into(),
        ),
    ];
    for (schema, expected) in cases {
        assert_eq!(failure(schema, "{a: 1}"), expected, "{schema}");
    }
    let (done, warnings) = validate(&check(r#"{"$ref":"urn:x:y"}"#, &Data::Null));
    assert!(done.is_ok());
    assert_eq!(
        warnings,
        ["WARN msg=\"unresolved URN reference ignored; using permissive schema\" urn=urn:x:y"]
    );
}
