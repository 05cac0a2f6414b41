//! Plain data to YAML, as go-yaml v3 writes it with two blanks an indent: Helm's `toYamlPretty`.

use super::Data;
use super::write::{Dialect, Emitter};

/// Writes a value, with the newline at its end.
#[must_use]
pub fn to_yaml_pretty(data: &Data) -> Option<String> {
    Emitter::new(Dialect::V3).write(data).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::json_read;

    /// Values as JSON, and what Helm 4.1.4 made of them.
    const PRETTY: &[(&str, &str)] = &[
        (
            "{\"a\": [\"x\", {\"k\": \"v\", \"l\": [1, \"2\", \"yes\", null, 1.5, 1000000]}], \"e\": {}, \"f\": []}",
            "a:\n  - x\n  - k: v\n    l:\n      - 1\n      - \"2\"\n      - \"yes\"\n      - null\n      - 1.5\n      - 1e+06\ne: {}\nf: []",
        ),
        ("[[1, [2]], {\"a\": [3]}]", "- - 1\n  - - 2\n- a:\n    - 3"),
        (
            "{\"k\": \"aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhhhhhhhh iiiiiiiii jjjjjjjjj kkkkkkkkk lllllllll mmmmmmmmm\"}",
            "k: aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhhhhhhhh iiiiiiiii jjjjjjjjj kkkkkkkkk lllllllll mmmmmmmmm",
        ),
        ("\"0o-7\"", "\"0o-7\""),
        ("\"a\\tb\\nc\"", "|-\n  a\tb\n  c"),
        ("\"a\\tb\"", "\"a\\tb\""),
        ("\"\u{85}\u{7F}\"", "\"\\N\\x7F\""),
        ("{\"m\": \"\\na\\n\"}", "m: |2\n\n  a"),
        (
            "{\"b1\": 1, \"b10\": 1, \"b2\": 1, \"2b\": 1, \"2-\": 1, \"b-\": 1}",
            "2b: 1\n2-: 1\nb-: 1\nb1: 1\nb2: 1\nb10: 1",
        ),
        ("1e-07", "1e-07"),
        ("\"on\"", "\"on\""),
    ];

    #[test]
    fn lists_are_indented_and_nothing_is_folded() {
        for (json, yaml) in PRETTY {
            let text = to_yaml_pretty(&json_read(json).expect("valid JSON"));
            assert_eq!(text, Some(format!("{yaml}\n")), "{json}");
        }
        assert_eq!(to_yaml_pretty(&Data::Float(f64::NAN)).as_deref(), Some(".nan\n"));
        assert_eq!(to_yaml_pretty(&Data::Float(f64::NEG_INFINITY)).as_deref(), Some("-.inf\n"));
    }
}
