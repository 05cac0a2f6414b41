//! What a Jinja template writes, and from where.

use std::io;

use crate::source::{Certainty, Entry, FileId, Span, Trail};

/// Takes what minijinja writes and notes where it came from: literal text is handed over as slices
/// of the template's own text, so its address tells its place; what stands between two of them was
/// made by the expression that follows the first.
pub(super) struct Tracking<'t> {
    source: &'t str,
    file: Option<FileId>,
    text: Vec<u8>,
    trail: Trail,
    /// Where in the template the last literal text ended.
    after: usize,
}

impl<'t> Tracking<'t> {
    pub(super) fn new(source: &'t str, file: Option<FileId>) -> Self {
        Self { source, file, text: Vec::new(), trail: Trail::default(), after: 0 }
    }

    pub(super) fn into_parts(self) -> (String, Trail) {
        let text = String::from_utf8(self.text)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        (text, self.trail)
    }

    /// Returns where a slice stands in the template, if it is a part of it.
    fn place_of(&self, part: &[u8]) -> Option<usize> {
        let (start, at) = (self.source.as_ptr() as usize, part.as_ptr() as usize);
        let offset = at.checked_sub(start)?;
        (offset + part.len() <= self.source.len()).then_some(offset)
    }

    /// Returns the expression that follows the last literal text, and whether it does so at once.
    fn expression(&self) -> (usize, usize, Certainty) {
        let rest = &self.source[self.after..];
        let start = rest.find("{{").unwrap_or(0);
        let end = rest[start..].find("}}").map_or(rest.len(), |at| start + at + 2);
        let certainty = if start == 0 { Certainty::Exact } else { Certainty::Line };
        (self.after + start, self.after + end, certainty)
    }
}

impl io::Write for Tracking<'_> {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        let literal = self.place_of(part);
        let (start, end, certainty) = match literal {
            Some(offset) => (offset, offset + part.len(), Certainty::Exact),
            None => self.expression(),
        };
        if let (Some(file), false) = (self.file, part.is_empty()) {
            let offset = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
            let span = Span::new(file, start, end);
            self.trail.note(Entry { offset, span, frame: None, certainty });
        }
        if literal.is_some() {
            self.after = end;
        }
        self.text.extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
