//! Go's quoted literals, as `%q` writes them.

use std::fmt::Write;

use super::unicode;

/// Which characters a literal shows as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// All that can be printed.
    Printable,
    /// ASCII alone, as `%+q` asks for.
    Ascii,
}

/// Returns a text as `%q` writes it.
pub(crate) fn quoted(text: &str) -> String {
    quote(text.as_bytes(), Shown::Printable)
}

/// Returns bytes as a string literal between back quotes where it can stand there.
pub(crate) fn back_quoted(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if can_backquote(bytes) => format!("`{text}`"),
        _ => quote(bytes, Shown::Printable),
    }
}

/// Returns bytes as a string literal between double quotes.
pub(crate) fn quote(bytes: &[u8], shown: Shown) -> String {
    let mut out = String::with_capacity(bytes.len() + 2);
    out.push('"');
    for piece in unicode::pieces(bytes) {
        push_escaped(&mut out, piece, '"', shown);
    }
    out.push('"');
    out
}

/// Returns a character as a literal between single quotes.
pub(crate) fn quote_rune(character: char, shown: Shown) -> String {
    let mut out = String::from("'");
    push_escaped(&mut out, Ok(character), '\'', shown);
    out.push('\'');
    out
}

/// Appends a character, or a byte that belongs to none, as it stands between `quote`s.
pub(crate) fn push_escaped(out: &mut String, piece: Result<char, u8>, quote: char, shown: Shown) {
    let character = match piece {
        Ok(character) => character,
        Err(byte) => return write!(out, "\\x{byte:02x}").expect("a String takes all"),
    };
    match character {
        '\\' => out.push_str("\\\\"),
        _ if character == quote => {
            out.push('\\');
            out.push(quote);
        }
        _ if unicode::is_print(character)
            && (character.is_ascii() || shown == Shown::Printable) =>
        {
            out.push(character);
        }
        '\x07' => out.push_str("\\a"),
        '\x08' => out.push_str("\\b"),
        '\x0c' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\x0b' => out.push_str("\\v"),
        _ => push_number(out, u32::from(character)),
    }
}

fn push_number(out: &mut String, number: u32) {
    let written = match number {
        0..=0x1f | 0x7f => write!(out, "\\x{number:02x}"),
        0x80..=0xffff => write!(out, "\\u{number:04x}"),
        _ => write!(out, "\\U{number:08x}"),
    };
    written.expect("a String takes all");
}

/// Tells whether bytes can stand between back quotes: one line without controls but tabs.
pub(crate) fn can_backquote(bytes: &[u8]) -> bool {
    unicode::pieces(bytes).all(|piece| match piece {
        Ok('\u{feff}' | '`' | '\x7f') | Err(_) => false,
        Ok(character) => character >= ' ' || character == '\t',
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_escape_what_cannot_be_printed() {
        let text = "\0\x1b\x7f\u{2028}\u{feff}😀a\"b\\c\n\té\u{200b}'";
        let want = r#""\x00\x1b\x7f\u2028\ufeff😀a\"b\\c\n\té\u200b'""#;
        assert_eq!(quote(text.as_bytes(), Shown::Printable), want);
        assert_eq!(quote("é😀".as_bytes(), Shown::Ascii), r#""\u00e9\U0001f600""#);
        assert_eq!(quote(b"\xc3(", Shown::Printable), r#""\xc3(""#);
        assert_eq!(quote_rune('\'', Shown::Printable), r"'\''");
        assert!(can_backquote(b"a\t") && !can_backquote(b"a\n") && !can_backquote(b"`"));
    }
}
