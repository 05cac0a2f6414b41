//! Go's quoted text: what `strconv.Unquote` reads, and how errors show single characters.

use std::borrow::Cow;
use std::fmt::Write;

use regex_syntax::hir::{Class as HirClass, HirKind};

use crate::render::value::unicode::is_print;

/// A set of characters.
pub(in crate::render::go) struct Class(Vec<(char, char)>);

impl Class {
    /// Reads the set of a regular expression that is one class.
    pub(in crate::render::go) fn new(pattern: &str) -> Self {
        let kind = regex_syntax::parse(pattern).map(regex_syntax::hir::Hir::into_kind);
        match kind {
            Ok(HirKind::Class(HirClass::Unicode(class))) => {
                Self(class.ranges().iter().map(|range| (range.start(), range.end())).collect())
            }
            _ => Self(Vec::new()),
        }
    }

    /// Tells whether the set holds a character.
    pub(in crate::render::go) fn contains(&self, character: char) -> bool {
        let after = self.0.partition_point(|(start, _)| *start <= character);
        after.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|(_, end)| *end >= character)
    }
}

/// Returns a character as Go's `%#U` prints it: `U+0022 '"'`.
pub(in crate::render::go) fn code_point(character: char) -> String {
    let mut printed = format!("U+{:04X}", u32::from(character));
    if is_print(character) {
        let _ = write!(printed, " '{character}'");
    }
    printed
}

/// Reads a string literal with its quotes, `"…"` or back-quoted; none where Go says `invalid
/// syntax`. Bytes that are no UTF-8 (`"\xff"`) become the replacement character.
pub(super) fn unquote(written: &str) -> Option<Cow<'_, str>> {
    if let Some(plain) = plain(written) {
        return Some(Cow::Borrowed(plain));
    }
    Some(Cow::Owned(match String::from_utf8(unquote_bytes(written)?) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    }))
}

/// Returns what stands between quotes, where it stands for itself.
fn plain(written: &str) -> Option<&str> {
    let (quote, special) = match written.as_bytes().first()? {
        b'`' => ('`', b'\r'),
        b'"' => ('"', b'\\'),
        _ => return None,
    };
    let inner = written.get(1..)?.strip_suffix(quote)?;
    memchr::memchr(special, inner.as_bytes()).is_none().then_some(inner)
}

/// Reads a string literal as the bytes that it stands for.
pub(in crate::render::go) fn unquote_bytes(written: &str) -> Option<Vec<u8>> {
    if let Some(plain) = plain(written) {
        return Some(plain.into());
    }
    let quote = written.chars().next()?;
    let inner = written.get(1..)?.strip_suffix(quote)?;
    match quote {
        '`' => Some(inner.bytes().filter(|byte| *byte != b'\r').collect()),
        '"' => unescape(inner),
        _ => None,
    }
}

fn unescape(mut rest: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(rest.len());
    while !rest.is_empty() {
        let (unit, after) = unit(rest, '"')?;
        match unit {
            Unit::Char(character) => {
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            Unit::Byte(byte) => bytes.push(byte),
        }
        rest = after;
    }
    Some(bytes)
}

/// What one character or escape of a literal stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Char(char),
    Byte(u8),
}

/// Reads the first character or escape between quotes, and returns what follows it.
pub(super) fn unit(text: &str, quote: char) -> Option<(Unit, &str)> {
    let mut characters = text.chars();
    let first = characters.next()?;
    if first == quote {
        return None;
    }
    if first != '\\' {
        return Some((Unit::Char(first), characters.as_str()));
    }
    let escaped = characters.next()?;
    let rest = characters.as_str();
    let character = match escaped {
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        '\\' => '\\',
        '\'' | '"' if escaped == quote => escaped,
        'x' => return code(rest, 2, 16).map(byte),
        'u' => return code(rest, 4, 16).and_then(rune),
        'U' => return code(rest, 8, 16).and_then(rune),
        '0'..='7' => {
            let digits = text.get(1..)?;
            return code(digits, 3, 8).filter(|(code, _)| *code <= 0xff).map(byte);
        }
        _ => return None,
    };
    Some((Unit::Char(character), rest))
}

fn byte((code, rest): (u32, &str)) -> (Unit, &str) {
    (Unit::Byte(u8::try_from(code).unwrap_or(u8::MAX)), rest)
}

fn rune((code, rest): (u32, &str)) -> Option<(Unit, &str)> {
    char::from_u32(code).map(|character| (Unit::Char(character), rest))
}

fn code(text: &str, length: usize, radix: u32) -> Option<(u32, &str)> {
    let digits = text.get(..length)?;
    let rest = text.get(length..)?;
    let mut code: u32 = 0;
    for digit in digits.chars() {
        code = code.wrapping_mul(radix).wrapping_add(digit.to_digit(radix)?);
    }
    Some((code, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_unquoted_as_go_does() {
        let cases = [
            (r#""a\tb\n\x41\u00e9\"\\""#, Some("a\tb\nAé\"\\")),
            (r#""\xc3\xa9\101\a\b\f\r\v""#, Some("éA\x07\x08\x0c\r\x0b")),
            (r#""\U0001F600""#, Some("😀")),
            ("`a\\n\"b\"\r\n c`", Some("a\\n\"b\"\n c")),
            (r#""\xff""#, Some("\u{fffd}")),
            (r#""it's""#, Some("it's")),
            (r#""a\qb""#, None),
            (r#""\'""#, None),
            (r#""\400""#, None),
            (r#""\ud800""#, None),
            (r#""\U00110000""#, None),
            (r#""\x4""#, None),
        ];
        for (written, expected) in cases {
            assert_eq!(unquote(written).as_deref(), expected, "{written}");
        }
        assert_eq!(unquote_bytes(r#""a\xff""#), Some(vec![b'a', 0xff]));
    }

    #[test]
    fn characters_are_shown_with_their_numbers() {
        assert_eq!(code_point('"'), "U+0022 '\"'");
        assert_eq!(code_point('\u{200b}'), "U+200B");
    }
}
