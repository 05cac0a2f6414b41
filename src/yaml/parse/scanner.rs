//! Text to tokens.

use std::collections::VecDeque;

use super::super::Error;
use super::cursor::{Cursor, Mark};
use super::keys::{SimpleKey, SimpleKeys};
use super::token::{Place, Token, TokenKind};

/// The depth of brackets, and that of indentation, at which Go gives up.
const MAX_DEPTH: usize = 10_000;

/// Cuts a text into tokens, no further ahead than the parser needs.
pub(super) struct Scanner<'a> {
    pub(super) cursor: Cursor<'a>,
    started: bool,
    /// The column of the innermost block collection; -1 outside of any.
    pub(super) indent: isize,
    indents: Vec<isize>,
    pub(super) flow_level: usize,
    /// Whether a key may start here.
    pub(super) key_allowed: bool,
    keys: SimpleKeys,
    tokens: VecDeque<Token>,
    /// How many tokens the parser has taken.
    taken: usize,
    /// Whether the first token of the queue is known to stay the first.
    settled: bool,
}

impl<'a> Scanner<'a> {
    /// Stands at the start of a text.
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            cursor: Cursor::new(text),
            started: false,
            indent: -1,
            indents: Vec::new(),
            flow_level: 0,
            key_allowed: true,
            keys: SimpleKeys::default(),
            tokens: VecDeque::new(),
            taken: 0,
            settled: false,
        }
    }

    /// Returns the next token and leaves it where it is.
    #[inline]
    pub(super) fn peek(&mut self) -> Result<&Token, Error> {
        if !self.settled {
            self.fetch_more()?;
        }
        Ok(self.tokens.front().expect("fetching ends with a token in the queue"))
    }

    /// Takes the next token.
    #[inline]
    pub(super) fn take(&mut self) -> Result<Token, Error> {
        if !self.settled {
            self.fetch_more()?;
        }
        self.settled = false;
        self.taken += 1;
        Ok(self.tokens.pop_front().expect("fetching ends with a token in the queue"))
    }

    /// Fetches tokens until none can be put before the first any more.
    #[inline(never)]
    fn fetch_more(&mut self) -> Result<(), Error> {
        loop {
            if !self.tokens.is_empty() {
                let Some(level) = self.keys.level_at(self.taken) else { break };
                if !self.key_is_valid(level)? {
                    break;
                }
            }
            self.fetch_next()?;
        }
        self.settled = true;
        Ok(())
    }

    fn fetch_next(&mut self) -> Result<(), Error> {
        if !self.started {
            self.started = true;
            self.keys.push(SimpleKey::default());
            self.append(TokenKind::StreamStart, self.cursor.mark, self.cursor.mark);
            return Ok(());
        }
        self.skip_to_token();
        self.unroll_indent(column(self.cursor.mark));
        if let Some(error) = self.cursor.unreadable_error() {
            return Err(error);
        }
        let first = self.cursor.peek();
        if first == 0 {
            return self.fetch_stream_end();
        }
        if self.cursor.mark.column == 0 {
            if first == b'%' {
                return self.fetch_directive();
            }
            if self.cursor.at_document_indicator() {
                return self.fetch_document_indicator(first);
            }
        }
        self.fetch_by_first_byte(first)
    }

    fn fetch_by_first_byte(&mut self, first: u8) -> Result<(), Error> {
        let in_flow = self.flow_level > 0;
        match first {
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => self.fetch_flow_entry(),
            b'-' if self.cursor.is_blankz_at(1) => self.fetch_block_entry(),
            b'?' if in_flow || self.cursor.is_blankz_at(1) => self.fetch_key(),
            b':' if in_flow || self.cursor.is_blankz_at(1) => self.fetch_value(),
            b'*' | b'&' => self.fetch_keyable(Self::scan_anchor),
            b'!' => self.fetch_keyable(Self::scan_tag),
            b'|' | b'>' if !in_flow => self.fetch_block_scalar(),
            b'\'' | b'"' => self.fetch_keyable(Self::scan_quoted),
            b'-' | b'?' | b':' => self.fetch_keyable(Self::scan_plain),
            b' ' | b'\t' | b'#' | b'|' | b'>' | b'%' | b'@' | b'`' => {
                Err(self.cursor.error("found character that cannot start any token"))
            }
            _ => self.fetch_keyable(Self::scan_plain),
        }
    }

    /// Goes over white space and comments.
    fn skip_to_token(&mut self) {
        loop {
            let at_start = self.cursor.mark.index == 0;
            if at_start && self.cursor.looking_at("\u{feff}".as_bytes()) {
                self.cursor.skip();
            }
            if self.flow_level > 0 || !self.key_allowed {
                self.cursor.skip_blanks();
            } else {
                self.cursor.skip_spaces(usize::MAX);
            }
            self.cursor.skip_comment();
            if self.cursor.skip_break().is_empty() {
                return;
            }
            if self.flow_level == 0 {
                self.key_allowed = true;
            }
        }
    }

    /// Appends a token that ends here.
    pub(super) fn append(&mut self, kind: TokenKind, start: Mark, end: Mark) {
        self.tokens.push_back(Token { kind, place: Place::between(start, end) });
    }

    /// Puts a token before the one of that number; behind all where that one is taken already.
    fn insert(&mut self, number: usize, kind: TokenKind, mark: Mark) {
        let token = Token { kind, place: Place::between(mark, mark) };
        match number.checked_sub(self.taken) {
            Some(at) if at <= self.tokens.len() => self.tokens.insert(at, token),
            _ => self.tokens.push_back(token),
        }
    }

    /// Appends a token of `length` bytes and goes over it.
    fn append_indicator(&mut self, kind: TokenKind, length: usize) {
        let start = self.cursor.mark;
        self.cursor.skip_bytes(length);
        self.append(kind, start, self.cursor.mark);
    }

    fn next_number(&self) -> usize {
        self.taken + self.tokens.len()
    }

    fn key_is_valid(&mut self, level: usize) -> Result<bool, Error> {
        let now = self.cursor.mark;
        let Some(key) = self.keys.level_mut(level) else { return Ok(false) };
        if key.possible && key.is_stale(now) {
            if key.required {
                return Err(self.cursor.error("could not find expected ':'"));
            }
            key.possible = false;
        }
        Ok(key.possible)
    }

    fn save_key(&mut self) -> Result<(), Error> {
        if !self.key_allowed {
            return Ok(());
        }
        let mark = self.cursor.mark;
        let required = self.flow_level == 0 && self.indent == column(mark);
        let key = SimpleKey { possible: true, required, token: self.next_number(), mark };
        self.remove_key()?;
        self.keys.set_last(key);
        Ok(())
    }

    fn remove_key(&mut self) -> Result<(), Error> {
        let key = self.keys.last();
        if key.possible {
            if key.required {
                return Err(self.cursor.error("could not find expected ':'"));
            }
            self.keys.clear_last();
        }
        Ok(())
    }

    /// Opens a block collection at `start` unless one is open at that column; its token comes
    /// before the one numbered `number`.
    fn roll_indent(&mut self, start: Mark, number: usize, kind: TokenKind) -> Result<(), Error> {
        if self.flow_level > 0 || self.indent >= column(start) {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column(start);
        if self.indents.len() > MAX_DEPTH {
            return Err(self.too_deep());
        }
        self.insert(number, kind, start);
        Ok(())
    }

    /// Closes the block collections that are indented deeper than `column`.
    fn unroll_indent(&mut self, column: isize) {
        while self.flow_level == 0 && self.indent > column {
            self.append(TokenKind::BlockEnd, self.cursor.mark, self.cursor.mark);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    fn too_deep(&self) -> Error {
        self.cursor.error(&format!("exceeded max depth of {MAX_DEPTH}"))
    }

    fn fetch_stream_end(&mut self) -> Result<(), Error> {
        if self.cursor.mark.column != 0 {
            self.cursor.mark.column = 0;
            self.cursor.mark.line += 1;
        }
        self.leave_blocks()?;
        self.append(TokenKind::StreamEnd, self.cursor.mark, self.cursor.mark);
        Ok(())
    }

    fn fetch_directive(&mut self) -> Result<(), Error> {
        self.leave_blocks()?;
        self.scan_directive()
    }

    fn fetch_document_indicator(&mut self, first: u8) -> Result<(), Error> {
        self.leave_blocks()?;
        let start = first == b'-';
        let kind = if start { TokenKind::DocumentStart } else { TokenKind::DocumentEnd };
        self.append_indicator(kind, 3);
        Ok(())
    }

    fn leave_blocks(&mut self) -> Result<(), Error> {
        self.unroll_indent(-1);
        self.remove_key()?;
        self.key_allowed = false;
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: TokenKind) -> Result<(), Error> {
        self.save_key()?;
        let (token, mark) = (self.next_number(), self.cursor.mark);
        self.keys.push(SimpleKey { token, mark, ..SimpleKey::default() });
        self.flow_level += 1;
        if self.flow_level > MAX_DEPTH {
            return Err(self.too_deep());
        }
        self.key_allowed = true;
        self.append_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: TokenKind) -> Result<(), Error> {
        self.remove_key()?;
        if self.flow_level > 0 {
            self.flow_level -= 1;
            self.keys.pop();
        }
        self.key_allowed = false;
        self.append_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_entry(&mut self) -> Result<(), Error> {
        self.remove_key()?;
        self.key_allowed = true;
        self.append_indicator(TokenKind::FlowEntry, 1);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Result<(), Error> {
        self.open_block(
            TokenKind::BlockSequenceStart,
            "block sequence entries are not allowed in this context",
        )?;
        self.remove_key()?;
        self.key_allowed = true;
        self.append_indicator(TokenKind::BlockEntry, 1);
        Ok(())
    }

    fn fetch_key(&mut self) -> Result<(), Error> {
        self.open_block(
            TokenKind::BlockMappingStart,
            "mapping keys are not allowed in this context",
        )?;
        self.remove_key()?;
        self.key_allowed = self.flow_level == 0;
        self.append_indicator(TokenKind::Key, 1);
        Ok(())
    }

    /// Opens a block collection here if that is needed and allowed.
    fn open_block(&mut self, kind: TokenKind, problem: &str) -> Result<(), Error> {
        if self.flow_level > 0 {
            return Ok(());
        }
        if !self.key_allowed {
            return Err(self.cursor.error(problem));
        }
        self.roll_indent(self.cursor.mark, self.next_number(), kind)
    }

    fn fetch_value(&mut self) -> Result<(), Error> {
        if self.key_is_valid(self.keys.last_level())? {
            let key = self.keys.last();
            self.insert(key.token, TokenKind::Key, key.mark);
            self.roll_indent(key.mark, key.token, TokenKind::BlockMappingStart)?;
            self.keys.clear_last();
            self.key_allowed = false;
        } else {
            self.open_block(
                TokenKind::BlockMappingStart,
                "mapping values are not allowed in this context",
            )?;
            self.key_allowed = self.flow_level == 0;
        }
        self.append_indicator(TokenKind::Value, 1);
        Ok(())
    }

    /// Fetches what may be a key and cannot be followed by one.
    fn fetch_keyable(&mut self, scan: fn(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        self.save_key()?;
        self.key_allowed = false;
        scan(self)
    }

    fn fetch_block_scalar(&mut self) -> Result<(), Error> {
        self.remove_key()?;
        self.key_allowed = true;
        self.scan_block()
    }
}

/// Returns the column of a mark as a number that compares with an indentation.
pub(super) fn column(mark: Mark) -> isize {
    isize::try_from(mark.column).unwrap_or(isize::MAX)
}
