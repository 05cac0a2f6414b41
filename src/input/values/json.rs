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

/// Returns where the first JSON value of a text ends; none where it is no JSON, which of what
/// stands in brackets and quotes is not looked at.
pub(super) fn end(text: &str) -> Option<usize> {
    match text.bytes().next()? {
        b'"' | b'{' | b'[' => end_of_nested(text),
        b'-' | b'0'..=b'9' => end_of_number(text),
        _ => {
            let literals = ["true", "false", "null"];
            literals.iter().find(|literal| text.starts_with(**literal)).map(|it| it.len())
        }
    }
}

fn end_of_nested(text: &str) -> Option<usize> {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && !in_text {
            return Some(at + 1);
        }
    }
    None
}

/// Returns where a number ends, which may be right before anything that is no part of it.
fn end_of_number(text: &str) -> Option<usize> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let some_digits = |text: &str| Some(digits(text)).filter(|count| *count > 0);
    let mut end = usize::from(text.starts_with('-'));
    end += match text[end..].starts_with('0') {
        true => 1,
        false => some_digits(&text[end..])?,
    };
    if text[end..].starts_with('.') {
        end += 1 + some_digits(&text[end + 1..])?;
    }
    if text[end..].starts_with(['e', 'E']) {
        end += 1;
        end += usize::from(text[end..].starts_with(['+', '-']));
        end += some_digits(&text[end..])?;
    }
    Some(end)
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
            ("truex=1", Some(4)),
            ("nul", None),
            ("1.5.2=3", Some(3)),
            ("1e5e=2", Some(3)),
            ("01", Some(1)),
            ("1.", None),
            ("-", None),
            ("1e+", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(end(text), expected, "{text}");
        }
    }
}
