//! Template text to tokens, one at a time and without copying.

mod token;

use std::sync::OnceLock;

use super::parse::quote::{Class, code_point};
use super::quoted;
pub(super) use token::{Kind, Token};

const LEFT: &str = "{{";
const RIGHT: &str = "}}";
const LEFT_COMMENT: &str = "/*";
const RIGHT_COMMENT: &str = "*/";
/// How long a trim marker is, with its blank.
const MARKER: usize = 2;
const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];

/// Reads tokens off a text.
pub(super) struct Lexer<'a> {
    text: &'a str,
    /// Where to read on.
    pos: usize,
    /// Where the token being read starts.
    start: usize,
    inside: bool,
    parens: usize,
    error: String,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, pos: 0, start: 0, inside: false, parens: 0, error: String::new() }
    }

    /// Returns the message of the error token.
    pub(super) fn error(&self) -> &str {
        &self.error
    }

    /// Reads the next token.
    pub(super) fn next_token(&mut self) -> Token {
        self.start = self.pos;
        if self.inside { self.inside_action() } else { self.outside() }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.pos..).unwrap_or_default()
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.pos..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        match self.peek_byte()? {
            byte if byte.is_ascii() => Some(char::from(byte)),
            _ => self.rest().chars().next(),
        }
    }

    fn peek_byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.pos).copied()
    }

    fn emit(&self, kind: Kind) -> Token {
        Token { kind, start: self.start, end: self.pos }
    }

    fn fail(&mut self, message: impl Into<String>) -> Token {
        self.error = message.into();
        self.emit(Kind::Error)
    }

    fn outside(&mut self) -> Token {
        loop {
            self.start = self.pos;
            let Some(delim) = self.rest().find_pair() else {
                self.pos = self.text.len();
                let kind = if self.pos > self.start { Kind::Text } else { Kind::Eof };
                return self.emit(kind);
            };
            let delim = self.pos + delim;
            let text = self.text.get(self.pos..delim).unwrap_or_default();
            self.pos = delim;
            let kept = match has_left_marker(self.text, delim + LEFT.len()) {
                true => text.trim_end_matches(SPACES).len(),
                false => text.len(),
            };
            if kept > 0 {
                return Token { kind: Kind::Text, start: self.start, end: self.start + kept };
            }
            if let Some(token) = self.left_delim() {
                return token;
            }
        }
    }

    /// Reads an opening delimiter; none where a comment was skipped.
    fn left_delim(&mut self) -> Option<Token> {
        self.start = self.pos;
        self.pos += LEFT.len();
        let token = self.emit(Kind::LeftDelim);
        if has_left_marker(self.text, self.pos) {
            self.pos += MARKER;
        }
        if self.rest().starts_with(LEFT_COMMENT) {
            return self.comment();
        }
        self.inside = true;
        self.parens = 0;
        Some(token)
    }

    fn comment(&mut self) -> Option<Token> {
        self.start = self.pos;
        self.pos += LEFT_COMMENT.len();
        let rest = self.rest().as_bytes();
        let Some(length) = memchr::memmem::find(rest, RIGHT_COMMENT.as_bytes()) else {
            return Some(self.fail("unclosed comment"));
        };
        self.pos += length + RIGHT_COMMENT.len();
        let Some(marker) = self.at_right_delim() else {
            return Some(self.fail("comment ends before closing delimiter"));
        };
        self.close(marker);
        None
    }

    /// Tells whether a closing delimiter stands here, and how long the trim marker before it is.
    fn at_right_delim(&self) -> Option<usize> {
        match self.bytes() {
            [b'}', b'}', ..] => Some(0),
            [blank, b'-', b'}', b'}', ..] if is_space(*blank) => Some(MARKER),
            _ => None,
        }
    }

    fn close(&mut self, marker: usize) -> Token {
        self.pos += marker;
        self.start = self.pos;
        self.pos += RIGHT.len();
        let token = self.emit(Kind::RightDelim);
        if marker > 0 {
            let rest = self.rest();
            self.pos += rest.len() - rest.trim_start_matches(SPACES).len();
        }
        self.inside = false;
        token
    }

    fn inside_action(&mut self) -> Token {
        if let Some(marker) = self.at_right_delim() {
            return match self.parens {
                0 => self.close(marker),
                _ => self.fail("unclosed left paren"),
            };
        }
        let Some(next) = self.peek() else {
            return self.fail("unclosed action");
        };
        self.pos += next.len_utf8();
        match next {
            ' ' | '\t' | '\r' | '\n' => self.spaces(),
            '=' => self.emit(Kind::Assign),
            ':' => self.declare(),
            '|' => self.emit(Kind::Pipe),
            '"' => self.quoted(b'"', Kind::Quoted, "unterminated quoted string"),
            '\'' => self.quoted(b'\'', Kind::CharConstant, "unterminated character constant"),
            '`' => self.raw_string(),
            '$' => self.name_after(Kind::Variable),
            '.' if self.peek_byte().is_some_and(|byte| !byte.is_ascii_digit()) => {
                self.name_after(Kind::Field)
            }
            '.' | '+' | '-' | '0'..='9' => self.number(),
            '(' | ')' => self.paren(next),
            next if is_alphanumeric(next) => self.identifier(),
            ' '..='~' => self.emit(Kind::Char),
            next => self.fail(format!("unrecognized character in action: {}", code_point(next))),
        }
    }

    fn paren(&mut self, paren: char) -> Token {
        if paren == '(' {
            self.parens += 1;
            return self.emit(Kind::LeftParen);
        }
        match self.parens.checked_sub(1) {
            Some(parens) => {
                self.parens = parens;
                self.emit(Kind::RightParen)
            }
            None => self.fail("unexpected right paren"),
        }
    }

    fn declare(&mut self) -> Token {
        if self.peek_byte() != Some(b'=') {
            return self.fail("expected :=");
        }
        self.pos += 1;
        self.emit(Kind::Declare)
    }

    fn spaces(&mut self) -> Token {
        while self.peek_byte().is_some_and(is_space) {
            self.pos += 1;
        }
        // The last blank may belong to a trim marker.
        let after = self.text.as_bytes().get(self.pos..).unwrap_or_default();
        if after.starts_with(b"-}}") {
            self.pos -= 1;
        }
        self.emit(Kind::Space)
    }

    fn identifier(&mut self) -> Token {
        self.skip_alphanumeric();
        if !self.at_terminator() {
            return self.bad_character();
        }
        let word = self.text.get(self.start..self.pos).unwrap_or_default();
        self.emit(Kind::of_word(word))
    }

    /// Reads the name after a `.` or `$`; there need not be one.
    fn name_after(&mut self, kind: Kind) -> Token {
        if self.at_terminator() {
            return self.emit(if kind == Kind::Field { Kind::Dot } else { kind });
        }
        self.skip_alphanumeric();
        if self.at_terminator() { self.emit(kind) } else { self.bad_character() }
    }

    fn bad_character(&mut self) -> Token {
        let character = self.peek().unwrap_or_default();
        self.fail(format!("bad character {}", code_point(character)))
    }

    fn skip_alphanumeric(&mut self) {
        loop {
            let is_of_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
            let bytes = self.bytes();
            self.pos += bytes.iter().position(|byte| !is_of_word(byte)).unwrap_or(bytes.len());
            match self.peek() {
                Some(next) if !next.is_ascii() && is_alphanumeric(next) => {
                    self.pos += next.len_utf8();
                }
                _ => return,
            }
        }
    }

    /// Tells whether a name may end here.
    fn at_terminator(&self) -> bool {
        match self.bytes() {
            [] | [b' ' | b'\t' | b'\r' | b'\n' | b'.' | b',' | b'|' | b':' | b')' | b'(', ..] => {
                true
            }
            rest => rest.starts_with(RIGHT.as_bytes()),
        }
    }

    /// Reads to the closing quote; what stands between is looked at by the parser.
    fn quoted(&mut self, quote: u8, kind: Kind, unterminated: &str) -> Token {
        loop {
            let mut next = self.peek_byte();
            let escaped = next == Some(b'\\');
            if escaped {
                self.pos += 1;
                next = self.peek_byte();
            }
            match next {
                None | Some(b'\n') => return self.fail(unterminated),
                Some(byte) => {
                    self.pos += 1;
                    if byte == quote && !escaped {
                        return self.emit(kind);
                    }
                }
            }
        }
    }

    fn raw_string(&mut self) -> Token {
        match memchr::memchr(b'`', self.rest().as_bytes()) {
            Some(length) => {
                self.pos += length + 1;
                self.emit(Kind::RawString)
            }
            None => self.fail("unterminated raw quoted string"),
        }
    }

    fn number(&mut self) -> Token {
        self.pos = self.start;
        if !self.scan_number() {
            return self.bad_number();
        }
        if !matches!(self.peek_byte(), Some(b'+' | b'-')) {
            return self.emit(Kind::Number);
        }
        let imaginary =
            self.scan_number() && self.text.get(..self.pos).is_some_and(|read| read.ends_with('i'));
        if imaginary { self.emit(Kind::Complex) } else { self.bad_number() }
    }

    fn bad_number(&mut self) -> Token {
        let read = self.text.get(self.start..self.pos).unwrap_or_default();
        self.fail(format!("bad number syntax: {}", quoted(read)))
    }

    /// Reads what may be a number; Go's number syntax is checked by the parser.
    fn scan_number(&mut self) -> bool {
        self.accept(|byte| matches!(byte, b'+' | b'-'));
        let mut digits: fn(u8) -> bool = |byte| byte.is_ascii_digit() || byte == b'_';
        let mut exponent: &[u8] = b"eE";
        if self.accept(|byte| byte == b'0') {
            if self.accept(|byte| matches!(byte, b'x' | b'X')) {
                digits = |byte| byte.is_ascii_hexdigit() || byte == b'_';
                exponent = b"pP";
            } else if self.accept(|byte| matches!(byte, b'o' | b'O')) {
                digits = |byte| matches!(byte, b'0'..=b'7' | b'_');
                exponent = b"";
            } else if self.accept(|byte| matches!(byte, b'b' | b'B')) {
                digits = |byte| matches!(byte, b'0' | b'1' | b'_');
                exponent = b"";
            }
        }
        while self.accept(digits) {}
        if self.accept(|byte| byte == b'.') {
            while self.accept(digits) {}
        }
        if self.accept(|byte| exponent.contains(&byte)) {
            self.accept(|byte| matches!(byte, b'+' | b'-'));
            while self.accept(|byte| byte.is_ascii_digit() || byte == b'_') {}
        }
        self.accept(|byte| byte == b'i');
        match self.peek() {
            Some(next) if is_alphanumeric(next) => {
                self.pos += next.len_utf8();
                false
            }
            _ => true,
        }
    }

    fn accept(&mut self, wanted: impl Fn(u8) -> bool) -> bool {
        let accepted = self.peek_byte().is_some_and(wanted);
        self.pos += usize::from(accepted);
        accepted
    }
}

trait FindPair {
    fn find_pair(&self) -> Option<usize>;
}

impl FindPair for str {
    /// Finds an opening delimiter; searching for one byte is much faster than for two.
    fn find_pair(&self) -> Option<usize> {
        let mut from = 0;
        loop {
            let found = from + memchr::memchr(b'{', self.as_bytes().get(from..)?)?;
            if self.as_bytes().get(found + 1) == Some(&b'{') {
                return Some(found);
            }
            from = found + 1;
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn has_left_marker(text: &str, at: usize) -> bool {
    match text.as_bytes().get(at..) {
        Some([b'-', blank, ..]) => is_space(*blank),
        _ => false,
    }
}

/// Tells whether Go takes a character for a part of a name: a letter, a decimal digit or `_`.
fn is_alphanumeric(character: char) -> bool {
    static WORD: OnceLock<Class> = OnceLock::new();
    if character.is_ascii() {
        return character.is_ascii_alphanumeric() || character == '_';
    }
    WORD.get_or_init(|| Class::new(r"[\p{L}\p{Nd}]")).contains(character)
}
