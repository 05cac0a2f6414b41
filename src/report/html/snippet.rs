//! The lines of a template or manifest around a place.

use std::collections::BTreeMap;

use serde::Serialize;

use super::marked;
use crate::report::Report;
use crate::report::text;
use crate::report::view::{Entry, Spot, clean};
use crate::source::{FileId, Span};

/// The lines before and after those that are marked.
const AROUND: usize = 2;

/// The most lines that are shown of a place.
const MOST_LINES: usize = 12;

/// The most places of a finding that are shown with their lines.
const MOST_SHOWN: usize = 8;

/// A place, with its lines where they may be shown.
#[derive(Serialize)]
pub(super) struct Snippet {
    place: String,
    words: Vec<(bool, String)>,
    /// Whether it is a step of the include chain.
    is_step: bool,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    number: usize,
    before: String,
    marked: String,
    after: String,
}

/// What the lines around places are cut from.
pub(super) struct Snippets<'a> {
    report: &'a Report<'a>,
    /// Where objects stand in texts that were read, so that no other object is shown beside one.
    objects: BTreeMap<FileId, Vec<Span>>,
}

impl<'a> Snippets<'a> {
    pub(super) fn of(report: &'a Report<'a>) -> Self {
        let mut objects: BTreeMap<FileId, Vec<Span>> = BTreeMap::new();
        for object in report.estate.objects() {
            objects.entry(object.span.file).or_default().push(object.span);
        }
        Self { report, objects }
    }

    /// Returns the places of a finding; those of a Secret come without their lines.
    pub(super) fn of_finding(&self, entry: &Entry<'_>) -> Vec<Snippet> {
        let places = std::iter::once(&entry.primary).chain(&entry.related).map(|it| (it, false));
        let places = places.chain(entry.via.iter().map(|it| (it, true)));
        let is_secret = entry.finding.object.kind == "Secret";
        let snippet = |(at, (spot, is_step)): (usize, (&Spot, bool))| {
            let is_shown = at < MOST_SHOWN && !is_secret;
            let lines = if is_shown { self.lines(spot) } else { Vec::new() };
            Snippet { place: spot.place(), words: marked(&spot.words), is_step, lines }
        };
        places.enumerate().map(snippet).collect()
    }

    /// Returns the line of the rendered object, where it was rendered.
    pub(super) fn rendered(&self, entry: &Entry<'_>) -> Option<String> {
        let help = text::help(self.report.sources, entry.finding)?;
        let rendered = help.lines().last().filter(|line| line.starts_with("rendered as line "));
        rendered.map(clean)
    }

    fn lines(&self, spot: &Spot) -> Vec<Line> {
        let sources = self.report.sources;
        let file = sources.file(spot.span.file);
        if text::is_long(sources, spot.span) {
            return Vec::new();
        }
        let Some(bounds) = self.bounds(spot) else { return Vec::new() };
        let marked = (spot.region.line as usize - 1, spot.region.end_line as usize - 1);
        let first = marked.0.saturating_sub(AROUND).max(file.lines.line(bounds.start as usize));
        let last = bounds.end.saturating_sub(1).max(bounds.start) as usize;
        let last = (marked.1 + AROUND).min(file.lines.line(last)).min(first + MOST_LINES - 1);
        let mark = spot.span.range();
        let mut lines = Vec::new();
        for number in first..=last {
            let start = file.lines.start(number).max(bounds.start as usize);
            let end = match file.lines.start(number + 1) {
                next if file.lines.line(next) == number + 1 => next,
                _ => file.text.len(),
            };
            let end = end.min(bounds.end as usize).max(start);
            let cut = |at: usize| at.clamp(start, end);
            let part = |from: usize, to: usize| {
                clean(&file.text.get(cut(from)..cut(to)).unwrap_or_default().replace('\t', "    "))
                    .trim_end_matches('\n')
                    .to_owned()
            };
            if number < marked.0 && is_boundary(&part(start, end)) {
                lines.clear();
                continue;
            }
            if number > marked.1 && is_boundary(&part(start, end)) {
                break;
            }
            let (before, after) = (part(start, mark.start), part(mark.end.max(mark.start), end));
            let number = number + 1;
            lines.push(Line { number, before, marked: part(mark.start, mark.end), after });
        }
        lines
    }

    /// Returns what may be shown around a place: in a manifest its own object, in a template all.
    fn bounds(&self, spot: &Spot) -> Option<Span> {
        let file = spot.span.file;
        let length = self.report.sources.file(file).text.len();
        match self.objects.get(&file) {
            None => Some(Span::new(file, 0, length)),
            Some(spans) => {
                let holding = spans.iter().copied().filter(|span| span.holds(spot.span));
                holding.min_by_key(|span| span.end - span.start)
            }
        }
    }
}

/// Tells whether a line divides two documents, the other of which may hold what nobody should see.
fn is_boundary(line: &str) -> bool {
    line.starts_with("---")
}
