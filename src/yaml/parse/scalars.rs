//! Plain and quoted scalars.

use smol_str::SmolStr;

use super::super::{Error, Style};
use super::scanner::{Scanner, column};
use super::token::TokenKind;
use super::words::hex;

/// The white space between two words of a scalar, which folds where it holds line breaks.
#[derive(Default)]
struct Gap {
    blanks: String,
    /// The first line break; empty for none or for one that was escaped.
    first_break: &'static str,
    more_breaks: String,
    has_break: bool,
}

impl Gap {
    /// Writes what the gap stands for and empties it.
    fn flush(&mut self, text: &mut String) {
        if !self.has_break {
            text.push_str(&self.blanks);
        } else if self.first_break == "\n" && self.more_breaks.is_empty() {
            text.push(' ');
        } else {
            if self.first_break != "\n" {
                text.push_str(self.first_break);
            }
            text.push_str(&self.more_breaks);
        }
        self.clear();
    }

    fn clear(&mut self) {
        self.blanks.clear();
        self.more_breaks.clear();
        self.first_break = "";
        self.has_break = false;
    }

    fn push_break(&mut self, read: &'static str) {
        if self.has_break {
            self.more_breaks.push_str(read);
        } else {
            self.blanks.clear();
            self.first_break = read;
            self.has_break = true;
        }
    }
}

impl Scanner<'_> {
    /// Scans a plain scalar.
    pub(super) fn scan_plain(&mut self) -> Result<(), Error> {
        let start = self.cursor.mark;
        let mut end = start;
        let (mut text, mut gap) = (String::new(), Gap::default());
        let mut words = 0;
        let mut first_word = "";
        loop {
            if self.cursor.at_document_indicator() || self.cursor.peek() == b'#' {
                break;
            }
            let word = match self.flow_level {
                0 => self.cursor.skip_plain(|_| false),
                _ => self.cursor.skip_plain(ends_plain_in_flow),
            };
            if !word.is_empty() {
                match words {
                    0 => first_word = word,
                    1 => text.push_str(first_word),
                    _ => {}
                }
                if words > 0 {
                    gap.flush(&mut text);
                    text.push_str(word);
                }
                words += 1;
                end = self.cursor.mark;
            }
            if !self.cursor.is_blank() && !self.cursor.is_break() {
                break;
            }
            self.scan_plain_gap(&mut gap)?;
            if self.flow_level == 0 && column(self.cursor.mark) < self.indent + 1 {
                break;
            }
        }
        let text = if words < 2 { SmolStr::new(first_word) } else { SmolStr::from(text) };
        self.append(TokenKind::Scalar(text, Style::Plain), start, end);
        if gap.has_break {
            self.key_allowed = true;
        }
        Ok(())
    }

    fn scan_plain_gap(&mut self, gap: &mut Gap) -> Result<(), Error> {
        loop {
            match self.cursor.peek() {
                b'\t' if gap.has_break && column(self.cursor.mark) < self.indent + 1 => {
                    let problem = "found a tab character that violates indentation";
                    return Err(self.cursor.error(problem));
                }
                _ if !self.scan_gap_part(gap) => return Ok(()),
                _ => {}
            }
        }
    }

    /// Takes one blank or line break into a gap; false where none stands.
    fn scan_gap_part(&mut self, gap: &mut Gap) -> bool {
        if self.cursor.is_blank() {
            if !gap.has_break {
                gap.blanks.push(char::from(self.cursor.peek()));
            }
            self.cursor.skip_bytes(1);
            return true;
        }
        let read = self.cursor.skip_break();
        if !read.is_empty() {
            gap.push_break(read);
        }
        !read.is_empty()
    }

    /// Scans a scalar in single or double quotes.
    pub(super) fn scan_quoted(&mut self) -> Result<(), Error> {
        let start = self.cursor.mark;
        let quote = self.cursor.peek();
        self.cursor.skip();
        let text = match self.cursor.skip_simple_quoted(quote) {
            Some(text) => SmolStr::new(text),
            None => self.scan_quoted_text(quote)?.into(),
        };
        self.cursor.skip();
        self.append(TokenKind::Scalar(text, Style::Quoted), start, self.cursor.mark);
        Ok(())
    }

    fn scan_quoted_text(&mut self, quote: u8) -> Result<String, Error> {
        let (mut text, mut gap) = (String::new(), Gap::default());
        loop {
            if self.cursor.at_document_indicator() {
                return Err(self.cursor.error("found unexpected document indicator"));
            }
            if self.cursor.peek() == 0 {
                return Err(self.cursor.error("found unexpected end of stream"));
            }
            gap.has_break = self.scan_quoted_word(quote, &mut text)?;
            if self.cursor.peek() == quote {
                return Ok(text);
            }
            while self.scan_gap_part(&mut gap) {}
            gap.flush(&mut text);
        }
    }

    /// Scans up to white space or the end quote; true where it ends with an escaped line break.
    fn scan_quoted_word(&mut self, quote: u8, text: &mut String) -> Result<bool, Error> {
        loop {
            let from = self.cursor.mark.offset;
            while !self.cursor.is_blankz_at(0) && !is_special(self.cursor.peek(), quote) {
                self.cursor.skip();
            }
            text.push_str(self.cursor.slice(from));
            match self.cursor.peek() {
                b'\'' if quote == b'\'' && self.cursor.peek_at(1) == b'\'' => {
                    text.push('\'');
                    self.cursor.skip_bytes(2);
                }
                b'\\' if quote == b'"' && self.cursor.break_at(1) > 0 => {
                    self.cursor.skip();
                    self.cursor.skip_break();
                    return Ok(true);
                }
                b'\\' if quote == b'"' => text.push(self.scan_escape()?),
                _ => return Ok(false),
            }
        }
    }

    fn scan_escape(&mut self) -> Result<char, Error> {
        let length = match self.cursor.peek_at(1) {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            escape => {
                let Some(character) = escaped(escape) else {
                    return Err(self.cursor.error("found unknown escape character"));
                };
                self.cursor.skip_bytes(2);
                return Ok(character);
            }
        };
        self.cursor.skip_bytes(2);
        let mut code: u32 = 0;
        for ahead in 0..length {
            let Some(digit) = hex(self.cursor.peek_at(ahead)) else {
                return Err(self.cursor.error("did not find expected hexdecimal number"));
            };
            code = code.wrapping_shl(4) | digit;
        }
        let Some(character) = char::from_u32(code) else {
            return Err(self.cursor.error("found invalid Unicode character escape code"));
        };
        self.cursor.skip_bytes(length);
        Ok(character)
    }
}

/// Tells whether a byte means something else than itself between such quotes.
fn is_special(byte: u8, quote: u8) -> bool {
    byte == quote || (byte == b'\\' && quote == b'"')
}

/// Tells whether a byte ends a plain scalar within brackets.
fn ends_plain_in_flow(byte: u8) -> bool {
    matches!(byte, b',' | b'?' | b'[' | b']' | b'{' | b'}')
}

/// Returns the character that a backslash and this byte stand for.
fn escaped(escape: u8) -> Option<char> {
    Some(match escape {
        b'0' => '\0',
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\u{b}',
        b'f' => '\u{c}',
        b'r' => '\r',
        b'e' => '\u{1b}',
        b' ' | b'"' | b'\'' | b'\\' => char::from(escape),
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        _ => return None,
    })
}
