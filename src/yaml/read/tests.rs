//! What the real Helm makes of such texts.

use super::{Data, read};

/// Writes data as JSON, numbers in Rust's form.
fn json(data: &Data) -> String {
    match data {
        Data::Null => "null".into(),
        Data::Bool(value) => value.to_string(),
        Data::Int(value) => format!("integer {value}"),
        Data::Float(value) => value.to_string(),
        Data::Str(text) => quoted(text),
        Data::Seq(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(",")),
        Data::Map(map) => {
            let entries = map.iter().map(|(key, value)| format!("{}:{}", quoted(key), json(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
}

/// Compares with what Helm gives: JSON, or what follows `error converting YAML to JSON: `.
fn check(cases: &[(&str, Result<&str, &str>)]) {
    for (text, expected) in cases {
        let found = read(text).map(|data| json(&data)).map_err(|error| error.to_string());
        let expected = expected
            .map(str::to_owned)
            .map_err(|error| format!("error converting YAML to JSON: {error}"));
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn scalars_resolve_as_in_yaml_1_1() {
    check(&[
        (
            "a: [yes, No, ON, off, y, N, yEs, tRUE, TRUE]",
            Ok(r#"{"a":[true,false,true,false,true,false,"yEs","tRUE",true]}"#),
        ),
        (
            r#"a: [~, null, NULL, nULL, "null", "", ]"#,
            Ok(r#"{"a":[null,null,null,"nULL","null",""]}"#),
        ),
        (
            "a: [0, -1, +1, 010, 0o10, 0x1F, 0b101, 1_000, 08, -0, 0x, 0b2, 0b-101, 1__0, _1]",
            Ok(r#"{"a":[0,-1,1,8,8,31,5,1000,8,0,"0x","0b2",-5,10,"_1"]}"#),
        ),
        (
            "a: [9223372036854775808, 18446744073709551616, -010]",
            Ok(r#"{"a":[9223372036854776000,18446744073709552000,-8]}"#),
        ),
        (
            "a: [.5, 5., 1e3, -1.5, 1_0.5, .1_0, ._1, 1.2.3, 1e, e3, 1e999]",
            Ok(r#"{"a":[0.5,5,1000,-1.5,10.5,0.1,"._1","1.2.3","1e","e3","1e999"]}"#),
        ),
        (
            "a: [12:30, 190:20:30.15, 2020-01-01, 2020-01-01T10:00:00Z]",
            Ok(r#"{"a":["12:30","190:20:30.15","2020-01-01","2020-01-01T10:00:00Z"]}"#),
        ),
        ("a: .inf", Err("json: unsupported value: +Inf")),
        ("a: [1, -.INF, .nan]", Err("json: unsupported value: -Inf")),
    ]);
}

#[test]
fn tags_decide() {
    check(&[
        ("a: !!str 1", Ok(r#"{"a":"1"}"#)),
        (r#"a: !!int "2""#, Ok(r#"{"a":2}"#)),
        ("a: !!float 1", Ok(r#"{"a":1}"#)),
        (r#"a: !!null """#, Ok(r#"{"a":null}"#)),
        ("a: !custom 5", Ok(r#"{"a":"5"}"#)),
        ("a: ! 5", Ok(r#"{"a":"5"}"#)),
        ("a: !!binary aGk=", Ok(r#"{"a":"hi"}"#)),
        (r#"a: !!binary "gICA""#, Ok("{\"a\":\"\u{fffd}\u{fffd}\u{fffd}\"}")),
        ("a: !!binary x", Err("yaml: !!binary value contains invalid base64 data")),
        ("a: !!int 1.5", Err("yaml: cannot decode !!float `1.5` as a !!int")),
        ("a: !!bool x", Err("yaml: cannot decode !!str `x` as a !!bool")),
        (
            "a: !!float 9223372036854775808",
            Err("yaml: cannot decode !!int `9223372036854775808` as a !!float"),
        ),
        ("a: !!set {x, z}", Ok(r#"{"a":{"x":null,"z":null}}"#)),
        ("a: !!timestamp 2020-1-2 3:4:5", Ok(r#"{"a":"2020-1-2 3:4:5"}"#)),
        (
            "a: !!timestamp 2020-02-30",
            Err("yaml: cannot decode !!str `2020-02-30` as a !!timestamp"),
        ),
        (r#"a: !<tag:yaml.org,2002:int> "7""#, Ok(r#"{"a":7}"#)),
        ("%TAG !e! tag:yaml.org,2002:\n---\na: !e!int \"1\"", Ok(r#"{"a":1}"#)),
        ("a: !e!int 1", Err("yaml: found undefined tag handle")),
        ("a: !!int\n", Err("yaml: cannot decode !!null `` as a !!int")),
    ]);
}

#[test]
fn keys_become_text() {
    check(&[
        (
            "{y: 1, no: 2, 0x10: 3, 1e3: 4, 1.5: 5, 123456789.5: 6, 2020-01-01: 7, .inf: 8}",
            Ok(
                r#"{".inf":8,"1.2345679e+08":6,"1.5":5,"1000":4,"16":3,"2020-01-01":7,"false":2,"true":1}"#,
            ),
        ),
        ("~: a", Err(r#"unsupported map key of type: %!s(<nil>), key: <nil>, value: "a""#)),
        (
            "m: {null: [1, {b: x, a: null}]}",
            Err(
                r#"unsupported map key of type: %!s(<nil>), key: <nil>, value: []interface {}{1, map[interface {}]interface {}{"a":interface {}(nil), "b":"x"}}"#,
            ),
        ),
        (
            "18446744073709551615: {}",
            Err(
                "unsupported map key of type: uint64, key: 0xffffffffffffffff, value: map[interface {}]interface {}{}",
            ),
        ),
        ("? [a]\n: 1", Err(r#"yaml: invalid map key: []interface {}{"a"}"#)),
        (
            "? {a: 1.5}\n: 1",
            Err(r#"yaml: invalid map key: map[interface {}]interface {}{"a":1.5}"#),
        ),
        (
            "? {x: b, 10: a, 9: z, 2.5: c, true: d, false: g, null: e, 18446744073709551615: f, b: 1, b: \"\\ty\"}\n: v",
            Err(
                r#"yaml: invalid map key: map[interface {}]interface {}{interface {}(nil):"e", "b":"\ty", "x":"b", 0xffffffffffffffff:"f", 9:"z", 10:"a", 2.5:"c", false:"g", true:"d"}"#,
            ),
        ),
        ("a: 1\na: 2", Ok(r#"{"a":2}"#)),
    ]);
}

#[test]
fn merges() {
    check(&[
        (
            "b: &b {p: 1, q: 2}\nc:\n  <<: *b\n  q: 3",
            Ok(r#"{"b":{"p":1,"q":2},"c":{"p":1,"q":3}}"#),
        ),
        (
            "b: &b {p: 1, q: 2}\nc:\n  q: 3\n  <<: *b",
            Ok(r#"{"b":{"p":1,"q":2},"c":{"p":1,"q":2}}"#),
        ),
        ("c: {<<: [{k: 1}, {k: 2, l: 3}]}", Ok(r#"{"c":{"k":1,"l":3}}"#)),
        (r#"c: {"<<": {k: 1}}"#, Ok(r#"{"c":{"<<":{"k":1}}}"#)),
        ("c: {<<: 5}", Err("yaml: map merge requires map or sequence of maps as the value")),
        (
            "s: &s [{k: 1}]\nc: {<<: *s}",
            Err("yaml: map merge requires map or sequence of maps as the value"),
        ),
        (
            "c: {<<: [[{k: 1}]]}",
            Err("yaml: map merge requires map or sequence of maps as the value"),
        ),
    ]);
}

#[test]
fn aliases() {
    check(&[
        ("a: &x {p: [1]}\nb: *x", Ok(r#"{"a":{"p":[1]},"b":{"p":[1]}}"#)),
        ("a: *nope", Err("yaml: unknown anchor 'nope' referenced")),
        ("a: &x [*x]", Err("yaml: anchor 'x' value contains itself")),
        ("&x k: 1\n*x : 2", Ok(r#"{"k":2}"#)),
        ("a: &x 1\nb: &x 2\nc: *x", Ok(r#"{"a":1,"b":2,"c":2}"#)),
        ("a: &x\nb: [*x]", Ok(r#"{"a":null,"b":[null]}"#)),
    ]);
}

#[test]
fn block_scalars() {
    check(&[
        ("a: |\n  x\n   y\n\n  z\n", Ok(r#"{"a":"x\n y\n\nz\n"}"#)),
        (
            "a: >\n  one\n  two\n\n    code\n    more\n\n  three\n",
            Ok(r#"{"a":"one two\n\n  code\n  more\n\nthree\n"}"#),
        ),
        ("a: |+\n x\n\n\nb: >-\n x\n\n\n", Ok(r#"{"a":"x\n\n\n","b":"x"}"#)),
        ("a: |2\n    x\n   y\n", Ok(r#"{"a":"  x\n y\n"}"#)),
        ("a: |1-\n  z\n", Ok(r#"{"a":" z"}"#)),
        (
            "a: |\n\tx",
            Err("yaml: line 2: found a tab character where an indentation space is expected"),
        ),
        ("a: |0\n x", Err("yaml: found an indentation indicator equal to 0")),
        ("a: |x\n", Err("yaml: did not find expected comment or line break")),
        ("a: |\r\n x\r\n y\r\n", Ok(r#"{"a":"x\ny\n"}"#)),
        ("a: |", Ok(r#"{"a":""}"#)),
        ("a: >\n\n\n x\n", Ok(r#"{"a":"\n\nx\n"}"#)),
    ]);
}

#[test]
fn flow_scalars() {
    check(&[
        (r#"a: "x\ty\u00e9\x41\N\_\L""#, Ok("{\"a\":\"x\\tyéA\u{85}\u{a0}\u{2028}\"}")),
        (r#"a: "\/""#, Err("yaml: found unknown escape character")),
        (r#"a: "\ud800""#, Err("yaml: found invalid Unicode character escape code")),
        (r#"a: "\xg0""#, Err("yaml: did not find expected hexdecimal number")),
        ("a: \"x\n\n  y\\\n   z\"", Ok(r#"{"a":"x\nyz"}"#)),
        (r#"a: "x"#, Err("yaml: found unexpected end of stream")),
        ("a: \"\n---\n\"", Err("yaml: line 2: found unexpected document indicator")),
        ("a: 'it''s\n  two'", Ok(r#"{"a":"it's two"}"#)),
        ("a: x\n  y\n\n  z", Ok(r#"{"a":"x y\nz"}"#)),
        ("a: x  y #z\n", Ok(r#"{"a":"x  y"}"#)),
        ("a: x\n\ty", Err("yaml: line 2: found a tab character that violates indentation")),
        ("a: x\u{2028} y", Ok("{\"a\":\"x\u{2028}y\"}")),
        ("a: \"日本\"\n日: @", Err("yaml: line 2: found character that cannot start any token")),
    ]);
}

#[test]
fn structure() {
    check(&[
        ("a:\n- 1\n- b: 1\n  c: 2\n-\n  d: 3", Ok(r#"{"a":[1,{"b":1,"c":2},{"d":3}]}"#)),
        ("- - 1\n  - 2\n- - 3", Ok("[[1,2],[3]]")),
        (
            r#"{a: 1, b: [1, {c: d}], e: {f: }, "g":1, h: [a, b,], i: {x, z: 1}}"#,
            Ok(
                r#"{"a":1,"b":[1,{"c":"d"}],"e":{"f":null},"g":1,"h":["a","b"],"i":{"x":null,"z":1}}"#,
            ),
        ),
        ("[a: b, ? c : d, : e]", Err("yaml: did not find expected node content")),
        ("? a\n: b\n? c", Ok(r#"{"a":"b","c":null}"#)),
        ("[]: x", Ok("[]")),
        ("{a: b} c", Ok(r#"{"a":"b"}"#)),
        ("[a]]", Ok(r#"["a"]"#)),
        ("a: b\n...\nc: @", Ok(r#"{"a":"b"}"#)),
        ("--- a", Ok(r#""a""#)),
        ("%YAML 1.2\n---\na: b", Err("yaml: found incompatible YAML document")),
        ("%YAML 1.1", Err("yaml: line 1: did not find expected <document start>")),
        ("%FOO", Err("yaml: found unknown directive name")),
        ("\u{feff}a: b", Ok(r#"{"a":"b"}"#)),
        ("a: b\n\u{feff}c: d", Ok("{\"a\":\"b\",\"\u{feff}c\":\"d\"}")),
        ("", Ok("null")),
        ("# c", Ok("null")),
    ]);
}

#[test]
fn refusals() {
    check(&[
        ("a: b: c", Err("yaml: mapping values are not allowed in this context")),
        ("a: b\nc: d: e", Err("yaml: line 2: mapping values are not allowed in this context")),
        ("a:\n\tb: 1", Err("yaml: line 2: found character that cannot start any token")),
        ("a: @x", Err("yaml: found character that cannot start any token")),
        ("x: 1\ny: %z", Err("yaml: line 2: found character that cannot start any token")),
        ("a: -", Err("yaml: block sequence entries are not allowed in this context")),
        ("a: +\nb: -", Err("yaml: line 2: block sequence entries are not allowed in this context")),
        ("a: [b\nc: d", Err("yaml: line 1: did not find expected ',' or ']'")),
        ("[a", Err("yaml: line 1: did not find expected ',' or ']'")),
        ("{a: b]", Err("yaml: did not find expected ',' or '}'")),
        ("{a b: c", Err("yaml: line 1: did not find expected ',' or '}'")),
        ("a: b\n c: d", Err("yaml: line 2: mapping values are not allowed in this context")),
        ("a\nb: c", Err("yaml: line 2: mapping values are not allowed in this context")),
        ("a: b\nc", Err("yaml: line 3: could not find expected ':'")),
        (r#"a: "b" c"#, Err("yaml: did not find expected key")),
        ("- a\nb", Err("yaml: line 3: could not find expected ':'")),
        ("a: *", Err("yaml: did not find expected alphabetic or numeric character")),
        ("a: & b", Err("yaml: did not find expected alphabetic or numeric character")),
        ("a: \u{7}", Err("yaml: control characters are not allowed")),
        ("a: \u{7f}", Err("yaml: control characters are not allowed")),
        ("a: [-, ]", Ok(r#"{"a":["-"]}"#)),
        ("a:\n  b: 1\n c: 2", Err("yaml: line 2: did not find expected key")),
        ("a: !foo!bar x", Err("yaml: found undefined tag handle")),
        ("a: {b: c, - d}", Err("yaml: did not find expected node content")),
        ("a: \"b\n", Err("yaml: line 2: found unexpected end of stream")),
    ]);
}

#[test]
fn depth_needs_no_deep_stack() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(&nested(10_000)).is_ok());
    let error = read(&format!("a: {}", nested(10_000))).expect_err("JSON ends there");
    let expected =
        "error unmarshaling JSON: while decoding JSON: invalid character '[' exceeded max depth";
    assert_eq!(error.to_string(), expected);
    let error = read(&nested(10_001)).expect_err("YAML ends there");
    let expected = "error converting YAML to JSON: yaml: exceeded max depth of 10000";
    assert_eq!(error.to_string(), expected);
}
