//! Byte offsets to lines and columns.

use std::ops::Range;
use std::sync::OnceLock;

use super::SharedText;

/// Where the lines of a text start; found out when it is first asked for.
#[derive(Debug, Clone)]
pub struct LineIndex {
    text: SharedText,
    starts: OnceLock<Vec<u32>>,
}

/// A place in lines and columns, counted from 1; columns count characters, and `end_column` is one
/// past the last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region {
    /// The first line.
    pub line: u32,
    /// The column in the first line.
    pub column: u32,
    /// The last line.
    pub end_line: u32,
    /// The column after the last character, in the last line.
    pub end_column: u32,
}

impl LineIndex {
    /// Builds the index of a text; a line ends with its `\n`.
    #[must_use]
    pub fn new(text: &SharedText) -> Self {
        Self { text: text.clone(), starts: OnceLock::new() }
    }

    fn starts(&self) -> &[u32] {
        self.starts.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', self.text.as_bytes());
            let after = ends.map(|offset| u32::try_from(offset + 1).unwrap_or(u32::MAX));
            std::iter::once(0).chain(after).collect()
        })
    }

    /// Returns the number of the line that holds `offset`, counted from 0.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        self.starts().partition_point(|start| *start <= offset) - 1
    }

    /// Returns the offset at which line `line`, counted from 0, starts; the last line's beyond it.
    #[must_use]
    pub fn start(&self, line: usize) -> usize {
        let starts = self.starts();
        starts[line.min(starts.len() - 1)] as usize
    }

    /// Returns lines and columns of a byte range of `text`, which must be the indexed one.
    #[must_use]
    pub fn region(&self, text: &str, range: Range<usize>) -> Region {
        let (line, column) = self.position(text, range.start);
        let (end_line, end_column) = self.position(text, range.end);
        Region { line, column, end_line, end_column }
    }

    fn position(&self, text: &str, offset: usize) -> (u32, u32) {
        let offset = offset.min(text.len());
        let line = self.line(offset);
        let before = &text.as_bytes()[self.start(line)..offset];
        let characters = before.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        let number = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
        (number(line), number(characters))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        let text = "a\nhé: x\n\nlast";
        let index = LineIndex::new(&text.into());
        let region = |range| index.region(text, range);
        let expected = Region { line: 2, column: 3, end_line: 2, end_column: 4 };
        assert_eq!(region(5..6), expected, "the colon stands after two characters");
        assert_eq!(region(text.len()..text.len()).line, 4);
    }
}
