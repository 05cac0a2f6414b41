//! Every text, real or rendered, with spans, lines, and where a rendered byte came from.

mod comments;
mod lines;
mod part;
mod shared;
mod trail;
mod written;

pub use comments::{Comment, Language, comments};
pub use lines::{LineIndex, Region};
pub use part::TrailPart;
pub use shared::SharedText;
pub use trail::{Entry, Frame, FrameId, Kept, Trail};
pub use written::{Certainty, Origin, Written};

/// The handle of one text in a [`SourceMap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

impl FileId {
    /// The handle of no text.
    pub const NOWHERE: Self = Self(u32::MAX);
}

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

    /// Tells whether all bytes of the other span are its own too.
    #[must_use]
    pub fn holds(self, other: Self) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
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
    pub text: SharedText,
    /// Where its lines start.
    pub lines: LineIndex,
    /// For a rendered text, where its bytes came from.
    pub trail: Option<TrailPart>,
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
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<SharedText>) -> FileId {
        self.push(name.into(), text.into(), None)
    }

    /// Adds a text that was rendered, with the trail of its bytes.
    pub fn add_rendered(
        &mut self,
        name: impl Into<String>,
        text: impl Into<SharedText>,
        trail: impl Into<TrailPart>,
    ) -> FileId {
        self.push(name.into(), text.into(), Some(trail.into()))
    }

    fn push(&mut self, name: String, text: SharedText, trail: Option<TrailPart>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).expect("fewer than 2^32 texts"));
        let lines = LineIndex::new(&text);
        self.files.push(SourceFile { name, text, lines, trail });
        id
    }

    /// Returns all texts with their handles.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// Returns the text behind a handle.
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// Returns the handle of the text of a name; the first one where there are several.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<FileId> {
        let at = self.files.iter().position(|file| file.name == name)?;
        u32::try_from(at).ok().map(FileId)
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

    /// Returns where a span begins, as messages name it: `file:line:column`.
    #[must_use]
    pub fn place(&self, span: Span) -> String {
        let region = self.region(span);
        format!("{}:{}:{}", self.file(span.file).name, region.line, region.column)
    }

    /// Leads a span of a rendered text back to the template that wrote it.
    ///
    /// Bytes that stand in the template as they are lead to themselves, others to the action that
    /// made them. A span of a text that was read, or of a rendered text without a trail, is its
    /// own origin.
    #[must_use]
    pub fn trace(&self, span: Span) -> Origin {
        let trail = self.file(span.file).trail.as_ref();
        trail.and_then(|trail| trail.origin(span.start..span.end)).unwrap_or_else(|| Origin {
            template: span,
            via: Vec::new(),
            certainty: Certainty::Exact,
        })
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
            let written = if start == 17 { Written::Printed } else { Written::Copied };
            trail.note(Entry { offset, span: Span::new(file, start, end), frame: None, written });
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
