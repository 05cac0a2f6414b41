//! The bytes of a JSON text, and what Go says about a wrong one.

use crate::yaml::Error;

/// A place in a JSON text.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Returns the offset of the next byte.
    pub(super) fn offset(&self) -> usize {
        self.at
    }

    /// Returns the text from an offset up to the next byte.
    pub(super) fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// Returns the next bytes, if there are so many and they are whole characters.
    pub(super) fn ahead(&self, length: usize) -> Option<&'a str> {
        self.text.get(self.at..self.at + length)
    }

    /// Returns the next byte; none at the end.
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes past the next byte.
    pub(super) fn skip(&mut self) {
        self.at += 1;
    }

    /// Goes past the next byte if it is the one that is wanted.
    pub(super) fn take(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    /// Goes past digits, and tells whether there were any.
    pub(super) fn take_digits(&mut self) -> bool {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at > start
    }

    /// Goes past blanks and returns the byte behind them.
    pub(super) fn past_blanks(&mut self) -> Result<u8, Error> {
        while let Some(byte) = self.peek() {
            if !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
                return Ok(byte);
            }
            self.at += 1;
        }
        Err(self.end())
    }

    /// Returns the error of a text that ends too early.
    pub(super) fn end(&self) -> Error {
        Error::new("unexpected end of JSON input", self.at)
    }

    /// Returns the error about the next byte; Go puts a blank behind the end of a text.
    pub(super) fn wrong(&self, context: &str) -> Error {
        let byte = quoted(self.peek().unwrap_or(b' '));
        Error::new(format!("invalid character {byte} {context}"), self.at)
    }
}

/// Returns a byte in quotes, as Go shows it: as the character of that number.
fn quoted(byte: u8) -> String {
    match byte {
        b'\'' => "'\\''".into(),
        b'"' => "'\"'".into(),
        b'\\' => "'\\\\'".into(),
        0x7 => "'\\a'".into(),
        0x8 => "'\\b'".into(),
        0xB => "'\\v'".into(),
        0xC => "'\\f'".into(),
        b'\n' => "'\\n'".into(),
        b'\r' => "'\\r'".into(),
        b'\t' => "'\\t'".into(),
        0..=0x1F | 0x7F => format!("'\\x{byte:02x}'"),
        0x80..=0xA0 | 0xAD => format!("'\\u{byte:04x}'"),
        _ => format!("'{}'", char::from(byte)),
    }
}
