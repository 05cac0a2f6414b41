//! What a template has written, and from where.

use crate::render::no_value::without_no_value;
use crate::render::value::Str;
use crate::source::{Entry, Frame, FrameId, Span, Trail, Written};

/// The text that is being written, with its trail.
#[derive(Debug, Default)]
pub(super) struct Output {
    bytes: Vec<u8>,
    trail: Trail,
    /// The innermost `{{ template }}` that is active.
    frame: Option<FrameId>,
    /// For a text without a file, the action that carries it out.
    caller: Option<Span>,
}

impl Output {
    /// Builds the output of a text that was made while rendering, which `caller` carries out.
    pub(super) fn of_text(caller: Option<Span>) -> Self {
        Self { caller, ..Self::default() }
    }

    /// Returns the place of an action, or of the one that carries out the text it stands in.
    pub(super) fn place(&self, action: Option<Span>) -> Option<Span> {
        action.or(self.caller)
    }

    /// Makes room for so many bytes.
    pub(super) fn reserve(&mut self, bytes: usize) {
        self.bytes.reserve(bytes);
    }

    /// Appends literal text of a template.
    pub(super) fn text(&mut self, text: &str, span: Option<Span>) {
        if text.is_empty() {
            return;
        }
        self.note(span, Written::Copied);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// Appends what an action made; a text that knows where it came from brings its own trail.
    pub(super) fn made(&mut self, text: &Str, span: Option<Span>) {
        let bytes = text.as_bytes();
        if bytes.is_empty() {
            return;
        }
        self.note(span, Written::by_action(bytes));
        if let (Some(trail), Some(call)) = (text.trail(), self.place(span)) {
            self.trail.splice(trail, self.offset(), Frame { call, parent: self.frame });
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// Appends what an action printed.
    pub(super) fn printed(&mut self, text: &str, span: Option<Span>) {
        if text.is_empty() {
            return;
        }
        self.note(span, Written::by_action(text.as_bytes()));
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// Notes that a `{{ template }}` is active, and returns what was before.
    pub(super) fn enter(&mut self, call: Option<Span>) -> Option<FrameId> {
        let before = self.frame;
        if let Some(call) = self.place(call) {
            self.frame = Some(self.trail.enter(call, before));
        }
        before
    }

    /// Goes back to what was active before [`Output::enter`].
    pub(super) fn leave(&mut self, before: Option<FrameId>) {
        if let Some(call) = self.frame.filter(|call| Some(*call) != before) {
            self.trail.leave(call);
        }
        self.frame = before;
    }

    /// Returns the text with its trail, without `<no value>`, which Helm removes of what `tpl` wrote.
    pub(super) fn into_str_without_no_value(mut self) -> Str {
        let length = self.bytes.len();
        let (bytes, cut) = without_no_value(self.bytes);
        if !cut.is_empty() {
            self.trail = self.trail.cut(length, &cut);
        }
        Self { bytes, ..self }.into_str()
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

    fn note(&mut self, span: Option<Span>, written: Written) {
        let (span, written) = match (span, self.caller) {
            (Some(span), _) => (span, written),
            (None, Some(caller)) => (caller, Written::Called),
            (None, None) => return,
        };
        let (offset, frame) = (self.offset(), self.frame);
        self.trail.note(Entry { offset, span, frame, written });
    }

    fn offset(&self) -> u32 {
        u32::try_from(self.bytes.len()).unwrap_or(u32::MAX)
    }
}
