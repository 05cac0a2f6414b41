//! JSON values of `--set-json`.

use crate::input::chart::decode;
use crate::yaml::{self, Data};

/// Reads a JSON text.
///
/// # Errors
/// Where it is none, or nests too deep.
pub(super) fn read(text: &str) -> Result<Data, String> {
    decode::on_fitting_stack(text, || {
        yaml::json_read(text).map_err(|error| error.to_string()).and_then(decode::bounded)
    })
}

/// Returns where the first JSON value of a text ends, as far as brackets and quotes tell.
pub(super) fn end(text: &str) -> Option<usize> {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        if in_text {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_text = false,
                _ => {}
            }
            if !in_text && depth == 0 {
                return Some(at + 1);
            }
            continue;
        }
        match byte {
            b'"' if depth == 0 && at > 0 => return Some(at),
            b'"' => in_text = true,
            b'{' | b'[' if depth == 0 && at > 0 => return Some(at),
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth > 1 => depth -= 1,
            b'}' | b']' => return Some(if depth == 1 { at + 1 } else { at }),
            _ if depth > 0 => {}
            b',' | b':' => return Some(at),
            _ if byte.is_ascii_whitespace() => return Some(at),
            _ => {}
        }
    }
    (depth == 0 && !in_text).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_values_end_where_they_end() {
        let cases = [
            (r#"{"a":"}"},b=1"#, Some(9)),
            ("1.5,b=1", Some(3)),
            (r#""s\",",f="#, Some(6)),
            ("[1,[2]]x", Some(7)),
            ("{", None),
            ("true", Some(4)),
        ];
        for (text, expected) in cases {
            assert_eq!(end(text), expected, "{text}");
        }
    }
}
