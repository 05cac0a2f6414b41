//! What the scanner cuts a text into.

use smol_str::SmolStr;

use super::super::Style;
use super::cursor::Mark;

/// A token and its place.
#[derive(Debug, Clone)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: TokenKind,
    /// Its place.
    pub(super) place: Place,
}

/// Where a token or event stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    /// The offset of its first byte.
    pub(super) start: u32,
    /// The offset after its last byte.
    pub(super) end: u32,
    /// The lines before it.
    pub(super) line: u32,
}

impl Place {
    /// Builds the place between two marks.
    pub(super) fn between(start: Mark, end: Mark) -> Self {
        Self { start: cut(start.offset), end: cut(end.offset), line: cut(start.line) }
    }

    /// Returns the empty place at its start.
    pub(super) fn before(self) -> Self {
        Self { end: self.start, ..self }
    }

    /// Returns the empty place at its end.
    pub(super) fn after(self) -> Self {
        Self { start: self.end, ..self }
    }
}

/// Cuts a number to 32 bits, which only a text beyond 4 GiB needs.
fn cut(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// The start of the text.
    StreamStart,
    /// The end of the text.
    StreamEnd,
    /// `%YAML 1.1`.
    VersionDirective(u8, u8),
    /// `%TAG HANDLE PREFIX`.
    TagDirective(Box<(SmolStr, SmolStr)>),
    /// `---`.
    DocumentStart,
    /// `...`.
    DocumentEnd,
    /// The place before the first `-` of a list.
    BlockSequenceStart,
    /// The place before the first key of a map.
    BlockMappingStart,
    /// The end of either.
    BlockEnd,
    /// `[`.
    FlowSequenceStart,
    /// `]`.
    FlowSequenceEnd,
    /// `{`.
    FlowMappingStart,
    /// `}`.
    FlowMappingEnd,
    /// `-`.
    BlockEntry,
    /// `,`.
    FlowEntry,
    /// `?`, or the place before a key.
    Key,
    /// `:`.
    Value,
    /// `*NAME`.
    Alias(SmolStr),
    /// `&NAME`.
    Anchor(SmolStr),
    /// A tag: its handle, its suffix.
    Tag(Box<(SmolStr, SmolStr)>),
    /// A scalar.
    Scalar(SmolStr, Style),
}
