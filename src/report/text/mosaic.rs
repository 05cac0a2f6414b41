//! Several texts as one, so that one picture can show places in all of them.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::source::{FileId, SourceMap, Span};

/// The texts of a picture one after the other, in the order in which they are first used.
#[derive(Debug)]
pub(super) struct Mosaic<'a> {
    sources: &'a SourceMap,
    /// Each text and the offset at which it starts.
    tiles: Vec<(FileId, usize)>,
}

impl<'a> Mosaic<'a> {
    pub(super) fn new(sources: &'a SourceMap) -> Self {
        Self { sources, tiles: Vec::new() }
    }

    /// Returns the place of a span in the whole; its text is added where it is new.
    ///
    /// A span that ends with line breaks ends before them, so that no empty line is marked; one
    /// behind the last line leads to its last character.
    pub(super) fn place(&mut self, span: Span) -> SourceSpan {
        let known = self.tiles.iter().find(|(file, _)| *file == span.file);
        let base = known.map(|(_, base)| *base).unwrap_or_else(|| {
            let after = |(file, base): &(FileId, usize)| base + self.length(*file) + 1;
            let base = self.tiles.last().map_or(0, after);
            self.tiles.push((span.file, base));
            base
        });
        let text = self.sources.file(span.file).text.trim_end();
        if span.start as usize >= text.len() {
            let last = text.chars().next_back().map_or(0, char::len_utf8);
            return SourceSpan::new((base + text.len() - last).into(), last);
        }
        let length = self.sources.text(span).trim_end_matches(['\n', '\r', ' ']).len();
        SourceSpan::new((base + span.start as usize).into(), length)
    }

    /// Tells whether the lines of a span and those around it are few and short enough to be drawn.
    pub(super) fn can_show(&self, span: Span) -> bool {
        /// What miette can draw ends at 65535 columns; what people can read, long before.
        const MOST_BYTES: usize = 32 * 1024;
        const AROUND: usize = 2;
        let source = self.sources.file(span.file);
        let line = |offset: u32| source.lines.line(offset as usize);
        let start = source.lines.start(line(span.start).saturating_sub(AROUND));
        let after = line(span.end.max(span.start)) + 1 + AROUND;
        let end = match source.lines.start(after) {
            end if source.lines.line(end) == after => end,
            _ => source.text.len(),
        };
        end.saturating_sub(start) <= MOST_BYTES
    }

    /// Returns the column, counted from 0, at which a span starts.
    pub(super) fn column(&self, span: Span) -> usize {
        self.sources.region(span).column as usize - 1
    }

    /// Returns the text of a span.
    pub(super) fn text(&self, span: Span) -> &str {
        self.sources.text(span)
    }

    fn length(&self, file: FileId) -> usize {
        self.sources.file(file).text.len()
    }
}

impl SourceCode for Mosaic<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let within = |(file, base): &&(FileId, usize)| {
            *base <= span.offset() && span.offset() + span.len() <= base + self.length(*file)
        };
        let (file, base) = *self.tiles.iter().find(within).ok_or(MietteError::OutOfBounds)?;
        let source = self.sources.file(file);
        let at = span.offset() - base;
        let last = source.lines.line(at + span.len().saturating_sub(1));
        let line = source.lines.line(at);
        let (first, last) = (line.saturating_sub(lines_before), last + lines_after);
        let start = source.lines.start(first);
        let end = match source.lines.start(last + 1) {
            end if source.lines.line(end) == last + 1 => end,
            _ => source.text.len(),
        };
        let column = if lines_before == 0 {
            self.sources.region(Span::new(file, at, at)).column as usize - 1
        } else {
            0
        };
        let data = source.text.as_bytes().get(start..end).unwrap_or_default();
        Ok(Box::new(MietteSpanContents::new_named(
            source.name.clone(),
            data,
            SourceSpan::new((base + start).into(), data.len()),
            first,
            column,
            last + 1 - first,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_several_texts_are_read_from_their_own() {
        let mut sources = SourceMap::new();
        let (one, two) = (sources.add("one", "a\nbb\nccc"), sources.add("two", "x\nyy\n"));
        let mut mosaic = Mosaic::new(&sources);
        let (in_two, in_one) =
            (mosaic.place(Span::new(two, 2, 5)), mosaic.place(Span::new(one, 5, 8)));
        assert_eq!(in_two.len(), 2, "the line break is no part of the place");
        let read = |span, around| {
            let contents = mosaic.read_span(span, around, around).expect("it is within a text");
            let text = String::from_utf8_lossy(contents.data()).into_owned();
            (contents.name().map(String::from), text, contents.line())
        };
        assert_eq!(read(&in_two, 0), (Some("two".into()), "yy\n".into(), 1));
        assert_eq!(read(&in_one, 1), (Some("one".into()), "bb\nccc".into(), 1));
        let across = SourceSpan::new(in_two.offset().into(), in_one.offset());
        assert!(mosaic.read_span(&across, 0, 0).is_err());
    }
}
