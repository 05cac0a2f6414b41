//! Lines of Helm's log.

use crate::render::value::quote::{Shown, quote};

/// Builds a line without its `level=`: `INFO msg="…" key=value`.
pub(in crate::render) fn line(level: &str, message: &str, attributes: &[(&str, &str)]) -> String {
    let mut line = format!("{level} msg={}", value(message));
    for (key, text) in attributes {
        line.push_str(&format!(" {key}={}", value(text)));
    }
    line
}

fn value(text: &str) -> String {
    let plain = |character: char| {
        !character.is_whitespace() && !character.is_control() && !['"', '='].contains(&character)
    };
    if !text.is_empty() && text.chars().all(plain) {
        return text.into();
    }
    quote(text.as_bytes(), Shown::Printable)
}
