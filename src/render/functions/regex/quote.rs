//! Texts as Go's errors quote them.

use std::fmt::Write;

/// Quotes as `%q` does.
pub(in crate::render::functions) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x0b' => out.push_str("\\v"),
            '\0'..='\x1f' | '\x7f' => {
                write!(out, "\\x{:02x}", u32::from(character)).expect("a String takes all");
            }
            '\u{80}'..='\u{a0}'
            | '\u{ad}'
            | '\u{2000}'..='\u{200f}'
            | '\u{2028}'..='\u{202f}'
            | '\u{feff}' => {
                write!(out, "\\u{:04x}", u32::from(character)).expect("a String takes all");
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// Quotes with back quotes where they can stand.
pub(super) fn back_quoted(text: &str) -> String {
    let needs_escapes =
        |c: char| matches!(c, '\0'..='\x08' | '\n'..='\x1f' | '\x7f' | '`' | '\u{feff}');
    if text.contains(needs_escapes) { quoted(text) } else { format!("`{text}`") }
}
