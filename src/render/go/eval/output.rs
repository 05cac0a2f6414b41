//! What a template has written, and from where.

use crate::render::value::Str;
use crate::source::{Certainty, Entry, Frame, FrameId, Span, Trail};

/// The text that is being written, with its trail.
#[derive(Debug, Default)]
pub(super) struct Output {
    bytes: Vec<u8>,
    trail: Trail,
    /// The innermost `{{ template }}` that is active.
    frame: Option<FrameId>,
}

impl Output {
    /// Appends literal text of a template.
    pub(super) fn text(&mut self, text: &str, span: Option<Span>) {
        if text.is_empty() {
            return;
        }
        self.note(span, Certainty::Exact);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// Appends what an action made; a text that knows where it came from brings its own trail.
    pub(super) fn made(&mut self, text: &Str, span: Option<Span>) {
        let bytes = text.as_bytes();
        if bytes.is_empty() {
            return;
        }
        let certainty = if bytes.contains(&b'\n') { Certainty::Line } else { Certainty::Exact };
        self.note(span, certainty);
        if let (Some(trail), Some(call)) = (text.trail(), span) {
            self.trail.splice(trail, self.offset(), Frame { call, parent: self.frame });
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// Appends what an action printed.
    pub(super) fn printed(&mut self, text: &str, span: Option<Span>) {
        if text.is_empty() {
            return;
        }
        let certainty = if text.contains('\n') { Certainty::Line } else { Certainty::Exact };
        self.note(span, certainty);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// Notes that a `{{ template }}` is active, and returns what was before.
    pub(super) fn enter(&mut self, call: Option<Span>) -> Option<FrameId> {
        let before = self.frame;
        if let Some(call) = call {
            self.frame = Some(self.trail.enter(call, before));
        }
        before
    }

    /// Goes back to what was active before [`Output::enter`].
    pub(super) fn leave(&mut self, before: Option<FrameId>) {
        self.frame = before;
    }

    /// Returns the text with its trail.
    pub(super) fn into_str(self) -> Str {
        match String::from_utf8(self.bytes) {
            Ok(text) if self.trail.entries().is_empty() => Str::from(text),
            Ok(text) => Str::traced(text, self.trail),
            Err(error) => Str::from_bytes(error.into_bytes()),
        }
    }

    /// Returns the bytes and the trail.
    pub(super) fn into_parts(self) -> (Vec<u8>, Trail) {
        (self.bytes, self.trail)
    }

    fn note(&mut self, span: Option<Span>, certainty: Certainty) {
        let Some(span) = span else { return };
        let (offset, frame) = (self.offset(), self.frame);
        self.trail.note(Entry { offset, span, frame, certainty });
    }

    fn offset(&self) -> u32 {
        u32::try_from(self.bytes.len()).unwrap_or(u32::MAX)
    }
}
