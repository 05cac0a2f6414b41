//! Every text, real or rendered, with spans, lines, and where a rendered byte came from.

mod lines;
mod trail;

use std::sync::Arc;

pub use lines::{LineIndex, Region};
pub use trail::{Certainty, Entry, Frame, FrameId, Origin, Trail};

/// The handle of one text in a [`SourceMap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A range of bytes of one text; `start <= end`, both within the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text.
    pub file: FileId,
    /// The offset of the first byte.
    pub start: u32,
    /// The offset after the last byte.
    pub end: u32,
}

impl Span {
    /// Builds the span of the bytes `start..end` of `file`; offsets beyond 4 GiB are cut to it.
    #[must_use]
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let cut = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { file, start: cut(start), end: cut(end.max(start)) }
    }

    /// Returns the offsets as a range that can index the text.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Returns the smallest span that holds both; `other` must be of the same text.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A value together with the place that it was read from; comparisons are meant for `value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Located<T> {
    /// What was read.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// One text of a [`SourceMap`].
#[derive(Debug)]
pub struct SourceFile {
    /// The path as it is shown: relative, with forward slashes; for rendered texts a title.
    pub name: String,
    /// The whole text.
    pub text: Arc<str>,
    /// Where its lines start.
    pub lines: LineIndex,
    /// For a rendered text, where its bytes came from.
    pub trail: Option<Trail>,
}

/// Owns every text that a message may cite.
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// Builds an empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text that was read, under the path that messages show.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        self.push(name.into(), text.into(), None)
    }

    /// Adds a text that was rendered, with the trail of its bytes.
    pub fn add_rendered(
        &mut self,
        name: impl Into<String>,
        text: impl Into<Arc<str>>,
        trail: Trail,
    ) -> FileId {
        self.push(name.into(), text.into(), Some(trail))
    }

    fn push(&mut self, name: String, text: Arc<str>, trail: Option<Trail>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).expect("fewer than 2^32 texts"));
        let lines = LineIndex::new(&text);
        self.files.push(SourceFile { name, text, lines, trail });
        id
    }

    /// Returns the text behind a handle.
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// Returns the bytes of a span as text; empty where the span does not fit the text.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.range()).unwrap_or("")
    }

    /// Returns the lines and columns of a span.
    #[must_use]
    pub fn region(&self, span: Span) -> Region {
        let file = self.file(span.file);
        file.lines.region(&file.text, span.range())
    }

    /// Leads a span of a rendered text back to the template that wrote it.
    ///
    /// Bytes that stand in the template as they are lead to themselves, others to the action that
    /// made them. A span of a text that was read, or of a rendered text without a trail, is its
    /// own origin.
    #[must_use]
    pub fn trace(&self, span: Span) -> Origin {
        let file = self.file(span.file);
        let own = Origin { template: span, via: Vec::new(), certainty: Certainty::Exact };
        let Some(trail) = &file.trail else { return own };
        let Some(first) = trail.origin_with_offset(span.start) else { return own };
        let first = self.narrowed(first, file.text.get(span.range()).unwrap_or(""), span.start);
        let last = match span.end.saturating_sub(1) {
            at if at > span.start => trail.origin_with_offset(at),
            _ => None,
        };
        let Some((last, offset)) = last else { return first };
        let last = self.narrowed((last, offset), "", span.end - 1);
        let joined = last.template.file == first.template.file && last.via == first.via;
        if !joined || last.template.start < first.template.start {
            return first;
        }
        Origin { template: first.template.to(last.template), ..first }
    }

    /// Cuts the origin of the bytes at `at` down to the bytes themselves, where its template holds
    /// them as they are.
    fn narrowed(&self, (mut origin, written_at): (Origin, u32), rendered: &str, at: u32) -> Origin {
        let written = origin.via.last_mut().unwrap_or(&mut origin.template);
        let copied = Span { start: written.start + (at - written_at), ..*written };
        if copied.start >= written.end {
            return origin;
        }
        let template = self.text(copied);
        let same = rendered.bytes().zip(template.bytes()).take_while(|(one, other)| one == other);
        let length = u32::try_from(same.count()).unwrap_or(0);
        let whole = rendered.len().min(template.len());
        if self.is_action(*written) || (length as usize) < whole {
            return origin;
        }
        *written = Span { end: copied.start + length.max(1), ..copied };
        origin
    }

    /// Tells whether a span is an action, which makes other bytes than its own.
    fn is_action(&self, span: Span) -> bool {
        let text = self.text(span);
        text.starts_with("{{") || text.starts_with("{%")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_narrows_literal_text_and_joins_neighbours() {
        let mut map = SourceMap::new();
        let template = "kind: Role\nname: {{ .n }}-x\n";
        let file = map.add("t.yaml", template);
        let mut trail = Trail::default();
        let mut note = |offset, start, end| {
            let (span, certainty) = (Span::new(file, start, end), Certainty::Exact);
            trail.note(Entry { offset, span, frame: None, certainty });
        };
        note(0, 0, 17);
        note(17, 17, 25);
        note(18, 25, 28);
        let rendered = map.add_rendered("out", "kind: Role\nname: r-x\n", trail);
        let traced = |start, end| map.text(map.trace(Span::new(rendered, start, end)).template);
        assert_eq!(traced(6, 10), "Role");
        assert_eq!(traced(17, 20), "{{ .n }}-x");
        assert_eq!(traced(17, 18), "{{ .n }}");
    }
}
