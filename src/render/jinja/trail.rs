//! Where the text that a Jinja template wrote came from.

use std::collections::BTreeMap;
use std::ops::Range;

use minijinja::{OutputSpan, OutputSpanKind};

use crate::source::{Entry, FileId, Frame, SharedText, Span, Trail, Written};

/// The texts of templates and their handles, by name.
pub(super) type Files = BTreeMap<String, (SharedText, FileId)>;

/// Builds the trail of what the template of a name wrote, from what minijinja noted meanwhile.
pub(super) fn of(files: &Files, (name, text): (&str, &str), spans: &[OutputSpan]) -> Trail {
    let mut trail = Trail::default();
    let Some((own, executed)) = files.get(name) else { return trail };
    // Where in the executed template the last text of its own ended.
    let mut after = 0;
    for span in spans {
        let Some((source, file)) = files.get(span.name()) else { continue };
        let output = span.output_range();
        let written = match span.kind() {
            OutputSpanKind::Raw => Written::Copied,
            _ => Written::by_action(text.as_bytes().get(output.clone()).unwrap_or_default()),
        };
        let place = place(source, span);
        let span = Span::new(*file, place.start, place.end);
        let frame = if file == executed {
            after = place.end;
            None
        } else {
            leading(own, after).map(|range| {
                let call = Span::new(*executed, range.start, range.end);
                trail.enter_once(Frame { call, parent: None })
            })
        };
        let offset = u32::try_from(output.start).unwrap_or(u32::MAX);
        trail.note(Entry { offset, span, frame, written });
    }
    trail
}

/// Returns the tag that leads to another template: the next one, or the one that extends it.
fn leading(source: &str, after: usize) -> Option<Range<usize>> {
    let next = tag(source, after, &["include", "extends", "import", "from"]);
    next.or_else(|| tag(source, 0, &["extends"]))
}

/// Returns where a stretch was written: literal text, or an expression with its delimiters.
fn place(source: &str, span: &OutputSpan) -> Range<usize> {
    let Range { start, end } = span.source_range();
    if span.kind() == OutputSpanKind::Raw {
        return start..end;
    }
    let blank = |text: &str| text.chars().all(|it| it.is_whitespace() || "-+".contains(it));
    let opening = source.get(..start).and_then(|before| before.rfind("{{"));
    let opening = opening.filter(|at| source.get(at + 2..start).is_some_and(blank));
    let closing = source.get(end..).and_then(|after| after.find("}}")).map(|at| end + at);
    let closing = closing.filter(|at| source.get(end..*at).is_some_and(blank));
    opening.unwrap_or(start)..closing.map_or(end, |at| at + 2)
}

/// Returns the first tag from `after` on that begins with one of the words.
fn tag(source: &str, after: usize, words: &[&str]) -> Option<Range<usize>> {
    let rest = source.get(after..)?;
    rest.match_indices("{%").find_map(|(at, _)| {
        let inner = rest.get(at + 2..)?;
        let word = inner.trim_start_matches(['-', '+']).trim_start();
        let length = inner.find("%}")?;
        words
            .iter()
            .any(|wanted| word.starts_with(wanted))
            .then_some(after + at..after + at + 2 + length + 2)
    })
}
