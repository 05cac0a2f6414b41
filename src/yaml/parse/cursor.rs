//! The place of the scanner in a text.

use super::super::Error;

/// The bytes that Go's reader takes in at once; an unreadable character is reported when the
/// scanner reaches the block that holds it.
const BLOCK: usize = 512;

/// How many bytes are searched at once.
const CHUNK: usize = 64;

/// A place in a text: bytes, characters, lines and columns, all from 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// Bytes before it.
    pub(super) offset: usize,
    /// Characters before it.
    pub(super) index: usize,
    /// Lines before it.
    pub(super) line: usize,
    /// Characters before it in its line.
    pub(super) column: usize,
}

/// A text and a place in it; beyond the end stand NULs.
pub(super) struct Cursor<'a> {
    text: &'a str,
    bytes: &'a [u8],
    pub(super) mark: Mark,
    /// Where a character stands that YAML does not allow.
    unreadable: Option<usize>,
}

impl<'a> Cursor<'a> {
    /// Stands at the start of a text, after its byte order mark.
    pub(super) fn new(text: &'a str) -> Self {
        let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let unreadable = find_unreadable(text.as_bytes());
        let end = unreadable.map_or(text.len(), |at| block_start(text, at).max(start));
        let bytes = text.as_bytes().get(..end).unwrap_or_default();
        Self { text, bytes, mark: Mark { offset: start, ..Mark::default() }, unreadable }
    }

    /// Returns the byte here.
    pub(super) fn peek(&self) -> u8 {
        self.peek_at(0)
    }

    /// Returns the byte `ahead` bytes after this place.
    pub(super) fn peek_at(&self, ahead: usize) -> u8 {
        self.bytes.get(self.mark.offset + ahead).copied().unwrap_or(0)
    }

    /// Tells whether these bytes stand here.
    pub(super) fn looking_at(&self, bytes: &[u8]) -> bool {
        self.rest().starts_with(bytes)
    }

    /// Tells whether `---` or `...` stands alone at the start of this line.
    pub(super) fn at_document_indicator(&self) -> bool {
        self.mark.column == 0
            && (self.looking_at(b"---") || self.looking_at(b"..."))
            && self.is_blankz_at(3)
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.mark.offset..).unwrap_or_default()
    }

    /// Returns the length in bytes of the line break `ahead` bytes after this place, 0 for none.
    pub(super) fn break_at(&self, ahead: usize) -> usize {
        match self.peek_at(ahead) {
            b'\r' if self.peek_at(ahead + 1) == b'\n' => 2,
            b'\n' | b'\r' => 1,
            0xc2 if self.peek_at(ahead + 1) == 0x85 => 2,
            0xe2 if self.peek_at(ahead + 1) == 0x80
                && matches!(self.peek_at(ahead + 2), 0xa8 | 0xa9) =>
            {
                3
            }
            _ => 0,
        }
    }

    /// Tells whether a line break stands here.
    pub(super) fn is_break(&self) -> bool {
        self.break_at(0) > 0
    }

    /// Tells whether a line break or the end stands here.
    pub(super) fn is_breakz(&self) -> bool {
        self.peek() == 0 || self.is_break()
    }

    /// Tells whether a blank or tab stands here.
    pub(super) fn is_blank(&self) -> bool {
        matches!(self.peek(), b' ' | b'\t')
    }

    /// Tells whether a blank, tab, line break or the end stands `ahead` bytes after this place.
    pub(super) fn is_blankz_at(&self, ahead: usize) -> bool {
        match self.peek_at(ahead) {
            b' ' | b'\t' | b'\n' | b'\r' | 0 => true,
            0xc2 | 0xe2 => self.break_at(ahead) > 0,
            _ => false,
        }
    }

    /// Goes over one character that is no line break.
    pub(super) fn skip(&mut self) {
        self.mark.offset = (self.mark.offset + width(self.peek())).min(self.bytes.len());
        self.mark.index += 1;
        self.mark.column += 1;
    }

    /// Goes over `count` characters of one byte each.
    pub(super) fn skip_bytes(&mut self, count: usize) {
        self.mark.offset = (self.mark.offset + count).min(self.bytes.len());
        self.mark.index += count;
        self.mark.column += count;
    }

    /// Goes over blanks and tabs.
    pub(super) fn skip_blanks(&mut self) {
        let count = self.rest().iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        self.skip_bytes(count);
    }

    /// Goes over blanks that are no tabs, at most `most`.
    pub(super) fn skip_spaces(&mut self, most: usize) {
        let count = self.rest().iter().take(most).take_while(|byte| **byte == b' ').count();
        self.skip_bytes(count);
    }

    /// Goes over a comment, if one starts here.
    pub(super) fn skip_comment(&mut self) {
        if self.peek() == b'#' {
            self.skip_line_content();
        }
    }

    /// Goes to the end of the line and returns what stood before it.
    pub(super) fn skip_line_content(&mut self) -> &'a str {
        let from = self.mark.offset;
        let rest = self.rest();
        let line = &rest[..memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())];
        let (bytes, characters) =
            if line.is_ascii() { (line.len(), line.len()) } else { self.measure(line) };
        self.mark.offset += bytes;
        self.mark.index += characters;
        self.mark.column += characters;
        self.slice(from)
    }

    /// Returns how many bytes and characters stand here, at the start of `line`, before one of the
    /// line breaks that are no ASCII.
    fn measure(&self, line: &[u8]) -> (usize, usize) {
        let (mut bytes, mut characters) = (0, 0);
        for (ahead, byte) in line.iter().enumerate() {
            match byte {
                0xc2 | 0xe2 if self.break_at(ahead) > 0 => break,
                0x80..=0xbf => {}
                _ => characters += 1,
            }
            bytes = ahead + 1;
        }
        (bytes, characters)
    }

    /// Goes over letters, digits, `-` and `_` and returns them.
    pub(super) fn skip_word(&mut self) -> &'a str {
        let from = self.mark.offset;
        let count = self.rest().iter().take_while(|byte| is_word(**byte)).count();
        self.skip_bytes(count);
        self.slice(from)
    }

    /// Goes over what a plain scalar holds of this line, without white space at its end, and
    /// returns it; `ends` tells which bytes end it besides `: ` and ` #`.
    pub(super) fn skip_plain(&mut self, ends: fn(u8) -> bool) -> &'a str {
        let from = self.mark.offset;
        let (mut characters, mut end, mut end_characters) = (0, 0, 0);
        for (ahead, byte) in self.rest().iter().copied().enumerate() {
            match byte {
                b' ' | b'\t' => {
                    characters += 1;
                    continue;
                }
                b'\n' | b'\r' => break,
                b'#' if ahead > end => break,
                b':' if self.is_blankz_at(ahead + 1) => break,
                0xc2 | 0xe2 if self.break_at(ahead) > 0 => break,
                0x80..=0xbf => {}
                _ if ends(byte) => break,
                _ => characters += 1,
            }
            (end, end_characters) = (ahead + 1, characters);
        }
        self.mark.offset += end;
        self.mark.index += end_characters;
        self.mark.column += end_characters;
        self.slice(from)
    }

    /// Goes to the quote that ends a scalar which holds no escape and no line break, and returns
    /// the text before it.
    pub(super) fn skip_simple_quoted(&mut self, quote: u8) -> Option<&'a str> {
        let (mut length, mut characters) = (0, 0);
        loop {
            match self.peek_at(length) {
                byte if byte == quote => break,
                0 | b'\\' | b'\n' | b'\r' => return None,
                0xc2 | 0xe2 if self.break_at(length) > 0 => return None,
                0x80..=0xbf => {}
                _ => characters += 1,
            }
            length += 1;
        }
        if quote == b'\'' && self.peek_at(length + 1) == quote {
            return None;
        }
        let from = self.mark.offset;
        self.mark.offset += length;
        self.mark.index += characters;
        self.mark.column += characters;
        Some(self.slice(from))
    }

    /// Goes over a line break, if one stands here, and returns it as it counts in a scalar.
    pub(super) fn skip_break(&mut self) -> &'static str {
        let length = self.break_at(0);
        let read = match (length, self.peek_at(2)) {
            (0, _) => return "",
            (3, 0xa8) => "\u{2028}",
            (3, _) => "\u{2029}",
            _ => "\n",
        };
        self.mark.index += if self.looking_at(b"\r\n") { 2 } else { 1 };
        self.mark.offset += length;
        self.mark.column = 0;
        self.mark.line += 1;
        read
    }

    /// Returns the text from `from` to this place.
    pub(super) fn slice(&self, from: usize) -> &'a str {
        self.text.get(from..self.mark.offset).unwrap_or_default()
    }

    /// Builds the error of the scanner about this place.
    pub(super) fn error(&self, problem: &str) -> Error {
        if let Some(error) = self.unreadable_error() {
            return error;
        }
        match self.mark.line {
            0 => Error::new(format!("yaml: {problem}"), self.mark.offset),
            line => Error::new(format!("yaml: line {}: {problem}", line + 1), self.mark.offset),
        }
    }

    /// Returns the error about a character that YAML does not allow, if the reader would have met
    /// it on the way to this place: it takes in the next block when fewer than four characters
    /// are left.
    pub(super) fn unreadable_error(&self) -> Option<Error> {
        let at = self.unreadable?;
        let left = self.rest().iter().filter(|byte| **byte & 0xc0 != 0x80).take(4).count();
        (left < 4).then(|| Error::new("yaml: control characters are not allowed", at))
    }
}

/// Tells whether a byte may stand in an anchor or a tag handle.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// Returns the length of the character that starts with `byte`; 0 for none.
pub(super) fn width(byte: u8) -> usize {
    match byte {
        0..=0x7f => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf7 => 4,
        _ => 0,
    }
}

/// Returns where the first character stands that YAML does not allow.
fn find_unreadable(bytes: &[u8]) -> Option<usize> {
    let refused = |(at, byte): &(usize, &u8)| match byte {
        b' '..=b'~' | b'\n' | b'\r' | b'\t' => false,
        0..=0x1f | 0x7f => true,
        0xc2 => matches!(bytes.get(at + 1), Some(0x80..=0x84 | 0x86..=0x9f)),
        0xef => matches!(bytes.get(at + 1..at + 3), Some([0xbf, 0xbe | 0xbf])),
        _ => false,
    };
    let mut start = 0;
    for chunk in bytes.chunks(CHUNK) {
        // Looking at all bytes of a chunk at once is what makes the search fast.
        let plain = chunk.iter().fold(true, |plain, byte| {
            let blank = (*byte == b'\n') | (*byte == b'\r') | (*byte == b'\t');
            plain & (blank | ((*byte >= b' ') & (*byte <= b'~')))
        });
        let end = start + chunk.len();
        let found = || (start..end).zip(chunk).find(refused).map(|(at, _)| at);
        if let Some(at) = if plain { None } else { found() } {
            return Some(at);
        }
        start = end;
    }
    None
}

/// Returns where the block starts that Go's reader takes in together with the byte `at`.
fn block_start(text: &str, at: usize) -> usize {
    let mut start = 0;
    loop {
        let mut end = (start + BLOCK).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        if end > at || end <= start {
            return start;
        }
        start = end;
    }
}
