//! What Helm 4.1.4 made of the same values.

use super::*;
use crate::yaml::json_read;

/// Texts.
const SCALARS: &[(&str, &str)] = &[
    ("a", "a"),
    ("", "\"\""),
    ("true", "\"true\""),
    ("yes", "\"yes\""),
    ("no", "\"no\""),
    ("on", "\"on\""),
    ("off", "\"off\""),
    ("y", "\"y\""),
    ("n", "\"n\""),
    ("null", "\"null\""),
    ("~", "\"~\""),
    ("<<", "<<"),
    ("=", "="),
    ("1", "\"1\""),
    ("1.0", "\"1.0\""),
    ("1e3", "\"1e3\""),
    ("1e", "1e"),
    ("1e400", "1e400"),
    ("0x1", "\"0x1\""),
    ("0xg", "0xg"),
    ("0o7", "\"0o7\""),
    ("0o8", "0o8"),
    ("010", "\"010\""),
    ("08", "\"08\""),
    ("1_000", "\"1_000\""),
    ("_1", "_1"),
    ("1_", "\"1_\""),
    ("+1", "\"+1\""),
    ("+", "+"),
    ("-", "'-'"),
    ("-a", "-a"),
    ("- a", "'- a'"),
    ("--- a", "'--- a'"),
    ("...", "'...'"),
    ("..", ".."),
    (".5", "\".5\""),
    (".1_0", "\".1_0\""),
    ("._1", "._1"),
    ("5.", "\"5.\""),
    ("0b1", "\"0b1\""),
    ("0b-1", "\"0b-1\""),
    ("0b2", "0b2"),
    (".inf", "\".inf\""),
    ("-.INF", "\"-.INF\""),
    (".nan", "\".nan\""),
    ("nan", "nan"),
    ("12:30", "\"12:30\""),
    ("1:60", "1:60"),
    ("190:20:30", "\"190:20:30\""),
    ("1:20.5", "\"1:20.5\""),
    ("2020-01-01", "\"2020-01-01\""),
    ("2020-02-30", "2020-02-30"),
    ("2020-1-1", "\"2020-1-1\""),
    ("20-01-01", "20-01-01"),
    ("2020-01-01T00:00:00Z", "\"2020-01-01T00:00:00Z\""),
    ("2020-01-01t1:2:3.5+01:30", "\"2020-01-01t1:2:3.5+01:30\""),
    ("2020-01-01T00:00:00", "2020-01-01T00:00:00"),
    ("2020-01-01 10:00", "2020-01-01 10:00"),
    ("2020-01-01  10:00:00", "\"2020-01-01  10:00:00\""),
    ("2020-01-01 24:00:00", "2020-01-01 24:00:00"),
    ("99999999999999999999", "\"99999999999999999999\""),
    ("18446744073709551615", "\"18446744073709551615\""),
    ("0xffffffffffffffffff", "0xffffffffffffffffff"),
    ("-9223372036854775809", "\"-9223372036854775809\""),
    ("a: b", "'a: b'"),
    ("a:b", "a:b"),
    ("a:", "'a:'"),
    ("a #b", "'a #b'"),
    ("a#b", "a#b"),
    ("#a", "'#a'"),
    ("&a", "'&a'"),
    ("*a", "'*a'"),
    ("!a", "'!a'"),
    ("|", "'|'"),
    (">", "'>'"),
    ("%a", "'%a'"),
    ("@a", "'@a'"),
    ("`a`", "'`a`'"),
    ("[a", "'[a'"),
    ("a]", "a]"),
    ("{a", "'{a'"),
    ("a,b", "a,b"),
    ("?", "'?'"),
    ("? a", "'? a'"),
    ("?a", "?a"),
    (":", "':'"),
    ("::", "'::'"),
    ("'a", "'''a'"),
    ("it's", "it's"),
    ("\"a", "'\"a'"),
    (" a", "' a'"),
    ("a ", "'a '"),
    ("a\tb", "\"a\\tb\""),
    ("é", "é"),
    ("日本", "日本"),
    ("\u{A0}", "\u{A0}"),
    ("\u{2028}", "'\u{2028}'"),
    ("a\u{2028}b", "'a\u{2028}  b'"),
    ("\u{7}", "\"\\a\""),
    ("\u{85}", "' '"),
    ("a \u{85} b", "a b"),
    ("a\u{85}\u{85}b", "|-\n  a\n  b"),
    ("\u{FEFF}", "\"\\uFEFF\""),
    ("\u{FEFF}a b", "\"\\uFEFF\\x61\\x20\\x62\""),
    ("\u{1F600}", "\"\\U0001F600\""),
    ("a\\b", "a\\b"),
    ("\u{0}\u{1B}\u{1F}", "\"\\0\\e\\x1F\""),
    ("\u{200B}", "\u{200B}"),
    ("\u{FFFD}", "\u{FFFD}"),
];

/// Values as JSON that hold texts of several lines.
const LINES: &[(&str, &str)] = &[
    ("{\"k\": \"a\\nb\"}", "k: |-\n  a\n  b"),
    ("{\"k\": \"a\\nb\\n\"}", "k: |\n  a\n  b"),
    ("{\"k\": \"a\\nb\\n\\n\"}", "k: |+\n  a\n  b\n"),
    ("{\"k\": \"\\na\"}", "k: |2-\n\n  a"),
    ("{\"k\": \"\\n\"}", "k: |2+\n"),
    ("{\"k\": \"\\n\\n\"}", "k: |2+\n\n"),
    ("{\"k\": \"a\\n b\\n\"}", "k: |\n  a\n   b"),
    ("{\"k\": \" a\\nb\"}", "k: |2-\n   a\n  b"),
    ("{\"k\": \"a \\nb\"}", "k: \"a \\nb\""),
    ("{\"k\": \"a\\n\\nb\"}", "k: |-\n  a\n\n  b"),
    ("{\"k\": \"a\\tb\\nc\"}", "k: \"a\\tb\\nc\""),
    ("{\"k\": \"a\\r\\nb\"}", "k: \"a\\r\\nb\""),
    ("{\"k\": \"# c\\nd\"}", "k: |-\n  # c\n  d"),
    ("{\"k\": \"- x\\n- z\\n\"}", "k: |\n  - x\n  - z"),
    ("{\"k\": \"a\\n  \\nb\"}", "k: \"a\\n  \\nb\""),
    ("{\"k\": \"a\\nb\\n   \"}", "k: \"a\\nb\\n   \""),
    ("{\"k\": \"x\\u0007\\nb\"}", "k: \"x\\a\\nb\""),
    ("{\"k\": \"Z\\n\\n\u{2028}\"}", "k: |+\n  Z\n\n\u{2028}"),
    ("{\"k\": \"\u{2028}\\na\"}", "k: |2-\n\u{2028}\n  a"),
];

/// Values as JSON that hold long texts and keys.
const FOLDED: &[(&str, &str)] = &[
    (
        "{\"k\": \"aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhhhhhhhh iiiiiiiii jjjjjjjjj kkkkkkkkk lllllllll mmmmmmmmm\"}",
        "k: aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhhhhhhhh\n  iiiiiiiii jjjjjjjjj kkkkkkkkk lllllllll mmmmmmmmm",
    ),
    (
        "{\"k\": \"true: aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhhhhhhhh iiiiiiiii jjjjjjjjj kkkkkkkkk lllllllll mmmmmmmmm\"}",
        "k: 'true: aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhhhhhhhh\n  iiiiiiiii jjjjjjjjj kkkkkkkkk lllllllll mmmmmmmmm'",
    ),
    (
        "{\"k\": \"tab\\t aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhhhhhhhh  iiiiiiiii jjjjjjjjj kkkkkkkkk lllllllll mmmmmmmmm\"}",
        "k: \"tab\\t aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhhhhhhhh\n  \\ iiiiiiiii jjjjjjjjj kkkkkkkkk lllllllll mmmmmmmmm\"",
    ),
    (
        "{\"k\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bb\"}",
        "k: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bb",
    ),
    (
        "{\"k\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bb cc\"}",
        "k: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n  bb cc",
    ),
    (
        "{\"k\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa  bb cc\"}",
        "k: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa  bb\n  cc",
    ),
    (
        "[\"aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhhhhhhhh iiiiiiiii jjjjjjjjj kkkkkkkkk lllllllll mmmmmmmmm\"]",
        "- aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhhhhhhhh\n  iiiiiiiii jjjjjjjjj kkkkkkkkk lllllllll mmmmmmmmm",
    ),
    (
        "{\"aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhhhhhhhh iiiiiiiii jjjjjjjjj kkkkkkkkk lllllllll mmmmmmmmm\": 1}",
        "? aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhhhhhhhh\n  iiiiiiiii jjjjjjjjj kkkkkkkkk lllllllll mmmmmmmmm\n: 1",
    ),
    (
        "{\"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\": 1}",
        "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk: 1",
    ),
    (
        "{\"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\": {\"a\": 1}, \"z\": 2}",
        "? kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\n: a: 1\nz: 2",
    ),
    ("{\"a\\nb\": [1]}", "? |-\n  a\n  b\n: - 1"),
];

/// Values as JSON that show lists, maps and the order of keys.
const STRUCTURE: &[(&str, &str)] = &[
    ("{}", "{}"),
    ("[]", "[]"),
    ("null", "null"),
    ("{\"a\": [], \"b\": {}}", "a: []\nb: {}"),
    (
        "{\"a\": [1, [2, [3]], {\"b\": [{\"c\": null}]}]}",
        "a:\n- 1\n- - 2\n  - - 3\n- b:\n  - c: null",
    ),
    ("[[[]], [{}], [{\"a\": 1, \"b\": 2}]]", "- - []\n- - {}\n- - a: 1\n    b: 2"),
    ("[true, false]", "- true\n- false"),
    (
        "{\"_\": 1, \"1\": 1, \"9\": 1, \"10\": 1, \"A\": 1, \"B\": 1, \"a 1\": 1, \"a-1\": 1, \"a.1\": 1, \"a1\": 1, \"a9\": 1, \"a10\": 1, \"aB\": 1, \"ab\": 1, \"b\": 1, \"é\": 1}",
        "_: 1\n\"1\": 1\n\"9\": 1\n\"10\": 1\nA: 1\nB: 1\na 1: 1\na-1: 1\na.1: 1\na1: 1\na9: 1\na10: 1\naB: 1\nab: 1\nb: 1\né: 1",
    ),
    (
        "{\"item10\": 1, \"item2\": 1, \"item02\": 1, \"item\": 1, \"-1\": 1, \"foo.bar\": 1, \"foo_bar\": 1, \"fooBar\": 1}",
        "\"-1\": 1\nfoo.bar: 1\nfoo_bar: 1\nfooBar: 1\nitem: 1\nitem2: 1\nitem02: 1\nitem10: 1",
    ),
];

/// Numbers as read from JSON.
const NUMBERS: &[(f64, &str)] = &[
    (0.0, "0"),
    (-0.0, "0"),
    (1.5, "1.5"),
    (1000000.0, "1000000"),
    (1000000000000000.0, "1000000000000000"),
    (9007199254740992.0, "9007199254740992"),
    (1.152921504606847e+18, "1152921504606847000"),
    (1e+20, "1e+20"),
    (1e+21, "1e+21"),
    (-1e+19, "-1e+19"),
    (1e+19, "10000000000000000000"),
    (0.0001, "0.0001"),
    (1e-05, "1e-05"),
    (1e-07, "1e-07"),
    (5e-324, "5e-324"),
    (123456789.125, "1.23456789125e+08"),
    (986962455810624.2, "9.869624558106242e+14"),
    (0.1, "0.1"),
    (1e+100, "1e+100"),
    (1.2345678901234567e+19, "12345678901234567000"),
];

fn written(data: &Data) -> String {
    let mut text = to_yaml(data).expect("nothing is refused");
    assert_eq!(text.pop(), Some('\n'));
    text
}

fn compare(table: &[(&str, &str)]) {
    for (json, yaml) in table {
        assert_eq!(written(&json_read(json).expect("valid JSON")), *yaml, "{json}");
    }
}

#[test]
fn texts_are_quoted_where_go_yaml_quotes() {
    for (text, yaml) in SCALARS {
        assert_eq!(written(&Data::Str((*text).into())), *yaml, "{text:?}");
    }
}

#[test]
fn lines_become_blocks_unless_they_cannot() {
    compare(&LINES[..LINES.len() - 2]);
}

#[test]
fn separators_within_blocks_stay_as_they_are() {
    for (json, yaml) in &LINES[LINES.len() - 2..] {
        let text = to_yaml(&json_read(json).expect("valid JSON")).expect("nothing is refused");
        assert_eq!(text.strip_suffix('\n').unwrap_or(&text), *yaml, "{json}");
    }
}

#[test]
fn long_texts_are_folded() {
    compare(FOLDED);
}

#[test]
fn lists_and_maps_are_laid_out() {
    compare(STRUCTURE);
}

#[test]
fn numbers_come_out_as_yaml_reads_their_json() {
    for (number, yaml) in NUMBERS {
        assert_eq!(written(&Data::Float(*number)), *yaml);
    }
    assert_eq!(written(&Data::Int(i64::MIN)), "-9223372036854775808");
}

#[test]
fn what_yaml_cannot_read_is_refused() {
    let key = |key: &str| Data::Map([(key.into(), Data::Null)].into());
    let text = |text: &str| Data::Str(text.into());
    let cases = [
        (text("x\u{7F}z"), "yaml: control characters are not allowed"),
        (text("\u{FFFE}"), "yaml: control characters are not allowed"),
        (key("\u{9F}"), "yaml: control characters are not allowed"),
        (key(&"k".repeat(1023)), "yaml: did not find expected ',' or '}'"),
        (key("a\u{85}"), "yaml: line 1: did not find expected ',' or '}'"),
        (text("\u{85}--- a"), "yaml: line 2: found unexpected document indicator"),
        (text("\u{85}\u{85}--- a"), "yaml: line 3: found unexpected document indicator"),
    ];
    for (data, message) in cases {
        let error = to_yaml_checked(&data).expect_err(message);
        assert_eq!(error.to_string(), message);
        assert_eq!(to_yaml(&data), None);
    }
    assert!(to_yaml(&key(&"k".repeat(1022))).is_some());
}

#[test]
fn only_letters_of_unicode_15_0_count() {
    let keys = ["\u{2ECA7}", "a", "é", "~", "٣"];
    let data = Data::Map(keys.map(|key| (key.into(), Data::Null)).into());
    let order = ["\"~\"", "\"\\U0002ECA7\"", "٣", "a", "é"];
    assert_eq!(written(&data), order.map(|key| format!("{key}: null")).join("\n"));
}

#[test]
fn an_order_that_goes_round_in_circles_does_no_harm() {
    let keys = ["7", "7oe", "110ZT.", "1Z0"];
    let data = Data::Map(keys.map(|key| (key.into(), Data::Null)).into());
    assert_eq!(written(&data).lines().count(), keys.len());
}

#[test]
fn deep_values_fit_the_stack() {
    let deep = (0..5_000).fold(Data::Null, |data, _| Data::Seq(vec![data]));
    let text = to_yaml(&deep).expect("not too deep");
    assert!(text.starts_with("- - - ") && text.ends_with("- null\n"));
    // Dropping it would take the stack that writing does not.
    std::mem::forget(deep);
}
