//! What the parser finds in a text.

use smol_str::SmolStr;

use super::super::Style;
use super::token::Place;

/// What the parser found, and where.
#[derive(Debug)]
pub(super) struct Event {
    /// What it found.
    pub(super) kind: EventKind,
    /// Its place; that of a node leaves its anchor and tag out.
    pub(super) place: Place,
}

/// What the parser found.
#[derive(Debug)]
pub(super) enum EventKind {
    /// The start of the text.
    StreamStart,
    /// The end of the text.
    StreamEnd,
    /// The start of a document.
    DocumentStart,
    /// The end of a document.
    DocumentEnd,
    /// An alias.
    Alias(SmolStr),
    /// A scalar.
    Scalar {
        /// Its text.
        text: SmolStr,
        /// How it was written.
        style: Style,
        /// Its tag and anchor, if it has one.
        properties: Option<Box<Properties>>,
    },
    /// The start of a list, with its anchor.
    SequenceStart(Option<SmolStr>),
    /// The start of a map, with its anchor.
    MappingStart(Option<SmolStr>),
    /// The end of a list or map, after its bracket.
    FlowEnd,
    /// The end of a list or map, somewhere after its last entry.
    BlockEnd,
}

/// What may stand before a node.
#[derive(Debug, Default)]
pub(super) struct Properties {
    /// The name after `&`.
    pub(super) anchor: Option<SmolStr>,
    /// The tag in full.
    pub(super) tag: Option<SmolStr>,
}

impl Event {
    /// Builds the event of a scalar that is not there.
    pub(super) fn empty_scalar(place: Place) -> Self {
        let (text, style) = (SmolStr::default(), Style::Plain);
        Self { kind: EventKind::Scalar { text, style, properties: None }, place }
    }
}
