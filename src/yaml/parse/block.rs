//! Block scalars: `|` and `>`.

use smol_str::SmolStr;

use super::super::{Error, Style};
use super::scanner::{Scanner, column};
use super::token::TokenKind;

/// What happens to the line breaks at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomp {
    /// One stays.
    Clip,
    /// None stays: `-`.
    Strip,
    /// All stay: `+`.
    Keep,
}

/// What stands after the `|` or `>`.
struct Header {
    literal: bool,
    chomp: Chomp,
    /// The number that tells the indentation.
    increment: Option<u8>,
}

impl Scanner<'_> {
    /// Scans a block scalar.
    pub(super) fn scan_block(&mut self) -> Result<(), Error> {
        let start = self.cursor.mark;
        let header = self.scan_block_header()?;
        let mut end = self.cursor.mark;
        self.finish_line()?;
        let mut breaks = String::new();
        let given = header.increment.map(|add| self.indent.max(0) + isize::from(add));
        let indent = self.scan_block_breaks(given, &mut breaks)?;
        let mut text = String::new();
        let (mut last_break, mut was_indented) = ("", false);
        while column(self.cursor.mark) == indent && self.cursor.peek() != 0 {
            let indented = self.cursor.is_blank();
            if header.literal || was_indented || indented || last_break != "\n" {
                text.push_str(last_break);
            } else if breaks.is_empty() {
                text.push(' ');
            }
            text.push_str(&breaks);
            breaks.clear();
            was_indented = indented;
            text.push_str(self.cursor.skip_line_content());
            end = self.cursor.mark;
            last_break = self.cursor.skip_break();
            self.scan_block_breaks(Some(indent), &mut breaks)?;
        }
        if header.chomp != Chomp::Strip {
            text.push_str(last_break);
        }
        if header.chomp == Chomp::Keep {
            text.push_str(&breaks);
        }
        self.append(TokenKind::Scalar(SmolStr::from(text), Style::Quoted), start, end);
        Ok(())
    }

    fn scan_block_header(&mut self) -> Result<Header, Error> {
        let literal = self.cursor.peek() == b'|';
        self.cursor.skip();
        let before = self.scan_chomp();
        let increment = self.scan_increment()?;
        let after = if before.is_none() && increment.is_some() { self.scan_chomp() } else { None };
        Ok(Header { literal, chomp: before.or(after).unwrap_or(Chomp::Clip), increment })
    }

    fn scan_chomp(&mut self) -> Option<Chomp> {
        let chomp = match self.cursor.peek() {
            b'+' => Chomp::Keep,
            b'-' => Chomp::Strip,
            _ => return None,
        };
        self.cursor.skip();
        Some(chomp)
    }

    fn scan_increment(&mut self) -> Result<Option<u8>, Error> {
        match self.cursor.peek() {
            b'0' => Err(self.cursor.error("found an indentation indicator equal to 0")),
            digit @ b'1'..=b'9' => {
                self.cursor.skip();
                Ok(Some(digit - b'0'))
            }
            _ => Ok(None),
        }
    }

    /// Goes over empty lines and the indentation of the next one; returns the indentation, which
    /// that line gives where it is not yet known.
    fn scan_block_breaks(
        &mut self,
        indent: Option<isize>,
        breaks: &mut String,
    ) -> Result<isize, Error> {
        let limit = indent.unwrap_or(isize::MAX);
        let mut widest = 0;
        loop {
            let missing = limit - column(self.cursor.mark);
            self.cursor.skip_spaces(usize::try_from(missing).unwrap_or(0));
            widest = widest.max(column(self.cursor.mark));
            if column(self.cursor.mark) < limit && self.cursor.peek() == b'\t' {
                let problem = "found a tab character where an indentation space is expected";
                return Err(self.cursor.error(problem));
            }
            let read = self.cursor.skip_break();
            if read.is_empty() {
                return Ok(indent.unwrap_or_else(|| widest.max(self.indent + 1).max(1)));
            }
            breaks.push_str(read);
        }
    }
}
