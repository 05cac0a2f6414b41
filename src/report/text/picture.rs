//! What miette draws: a message with its places in texts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use miette::{Diagnostic, LabeledSpan};

use super::mosaic::Mosaic;
use crate::finding::{Finding, Label, OwnerName, Severity, listed};
use crate::input;
use crate::render;
use crate::report::join::SAME;
use crate::source::{SourceMap, Span};

/// The least width that words get.
const NARROWEST: usize = 20;

/// The longest line that is shown.
const LONGEST_LINE: usize = 320;

/// The longest reason that is shown at the place where it failed.
const LONGEST_REASON: usize = 72;

/// The characters that are shown of a message's beginning and end.
const LONGEST_MESSAGE: (usize, usize) = (3000, 1000);

/// The most calls that are shown.
const MOST_CALLS: usize = 8;

/// What stands before the lines of a message and of its cure.
const MARGINS: (usize, usize) = (6, 10);

/// A message with its places in texts.
#[derive(Debug)]
pub(super) struct Picture<'a> {
    message: String,
    cause: Option<Cause>,
    code: Option<&'static str>,
    severity: miette::Severity,
    help: Option<String>,
    /// What is known besides, where no cure is shown.
    pub(super) tail: Option<String>,
    mosaic: Mosaic<'a>,
    places: Vec<LabeledSpan>,
    /// The columns that words are wrapped at.
    width: usize,
}

/// What led to an error.
#[derive(Debug)]
struct Cause(String);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Cause {}

impl fmt::Display for Picture<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Picture<'_> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|cause| -> &(dyn std::error::Error + 'static) { cause })
    }
}

impl Diagnostic for Picture<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.map(|code| -> Box<dyn fmt::Display> { Box::new(code) })
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| -> Box<dyn fmt::Display> { Box::new(help) })
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        (!self.places.is_empty()).then_some(&self.mosaic)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.places.iter().cloned()))
    }
}

/// What was shown: it need not be shown again.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    /// The places that were drawn: a finding about none but these names them.
    places: BTreeSet<Span>,
    /// The last cure of each rule.
    cures: BTreeMap<&'static str, String>,
}

impl Drawn {
    fn has_all(&self, places: &[(Span, String)]) -> bool {
        places.iter().all(|(span, _)| self.places.contains(span))
    }

    /// Returns the cure of a finding, unless the last finding of its rule had the same.
    fn cure(&mut self, finding: &Finding) -> Option<String> {
        let cure = finding.help.as_ref()?;
        let last = self.cures.insert(finding.rule, cure.clone());
        (last.as_ref() != Some(cure)).then(|| cure.clone())
    }
}

/// What stands at one place of a template, in the words of all releases that it was rendered for.
pub(in crate::report) struct Place<'a> {
    pub(in crate::report) span: Span,
    pub(in crate::report) labels: Vec<&'a Label>,
}

impl<'a> Picture<'a> {
    /// Draws a finding into the templates that its places were rendered from.
    pub(super) fn of_finding(
        sources: &'a SourceMap,
        finding: &Finding,
        (width, drawn): (usize, &mut Drawn),
    ) -> Self {
        let severity = match finding.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        };
        let mut places: Vec<(Span, String)> = places(sources, finding)
            .into_iter()
            .map(|place| (place.span, in_words(&place.labels)))
            .collect();
        let (cure, facts) = (drawn.cure(finding), lines(facts(sources, finding)));
        let is_cured = cure.is_some();
        let help = cure.and_then(|cure| lines([cure].into_iter().chain(facts.clone())));
        let mut picture = Self {
            code: Some(finding.rule),
            severity,
            ..Self::new(sources, (said(&finding.message, &places), help), width)
        };
        picture.tail = facts.filter(|_| !is_cured).map(|facts| picture.fitted(&facts, MARGINS.0));
        let origin = sources.trace(finding.primary.span);
        places.extend(origin.via.last().map(|span| (*span, "written here".into())));
        let is_secret =
            finding.object.kind == "Secret" || places.iter().any(|it| is_long(sources, it.0));
        let is_drawn = drawn.has_all(&places);
        if is_drawn {
            places.truncate(1);
        }
        if is_drawn || is_secret {
            picture.cause = Some(Cause(picture.fitted(&named(sources, &places), MARGINS.0)));
        } else {
            places.iter().for_each(|(span, words)| picture.add(*span, words));
            drawn.places.extend(places.iter().map(|(span, _)| *span));
        }
        picture
    }

    /// Draws an input that cannot be read.
    pub(super) fn of_input_error(
        sources: &'a SourceMap,
        error: &input::Error,
        width: usize,
    ) -> Self {
        let mut picture = Self::new(sources, (&error.message, error.help.clone()), width);
        if let Some(span) = error.span {
            picture.add(span, "");
        }
        picture
    }

    /// Draws a chart that cannot be rendered; `title` says for which releases.
    pub(super) fn of_render_error(
        sources: &'a SourceMap,
        error: &render::Error,
        (title, width): (&str, usize),
    ) -> Self {
        let mut picture = Self::new(sources, (title, error.help.clone()), width);
        // Helm's words stay in Helm's lines, so that they can be searched for.
        picture.cause = Some(Cause(shortened(&error.message)));
        // The places lead from where it failed out to the template that was executed.
        let mut spans: Vec<Span> = Vec::new();
        for span in error.frames.iter().rev().filter_map(|frame| frame.span) {
            if !spans.contains(&span) && spans.len() < MOST_CALLS {
                spans.push(span);
            }
        }
        for (index, span) in spans.into_iter().enumerate() {
            picture.add(
                span,
                if index == 0 { on_the_spot(&error.reason) } else { "called from here" },
            );
        }
        for (span, words) in error.values.iter().take(MOST_CALLS) {
            picture.add(*span, on_the_spot(words));
        }
        picture
    }

    fn new(sources: &'a SourceMap, (message, help): (&str, Option<String>), width: usize) -> Self {
        let mut picture = Self {
            message: String::new(),
            cause: None,
            code: None,
            severity: miette::Severity::Error,
            help: None,
            tail: None,
            mosaic: Mosaic::new(sources),
            places: Vec::new(),
            width,
        };
        picture.message = picture.fitted(message, MARGINS.0);
        picture.help = help.map(|help| picture.fitted(&help, MARGINS.1));
        picture
    }

    /// Returns the columns that a place takes on its first line.
    fn width_of(&self, span: Span) -> usize {
        self.mosaic.text(span).lines().next().map_or(0, |line| line.chars().count())
    }

    /// Returns words in lines that fit beside a margin.
    fn fitted(&self, words: &str, margin: usize) -> String {
        let width = self.width.saturating_sub(margin).max(NARROWEST);
        words.lines().map(|line| wrapped(line, width)).collect::<Vec<_>>().join("\n")
    }

    /// Adds a place; the first one is the primary one.
    fn add(&mut self, span: Span, words: &str) {
        if !self.mosaic.can_show(span) {
            return;
        }
        let half = self.width_of(span) / 2;
        let words = self.fitted(words, self.mosaic.column(span) + half + 12);
        let words = (!words.is_empty()).then_some(words);
        let at = self.mosaic.place(span);
        self.places.push(if self.places.is_empty() {
            LabeledSpan::new_primary_with_span(words, at)
        } else {
            LabeledSpan::new_with_span(words, at)
        });
    }
}

/// Returns the words for the place where it failed: the reason, where it is short.
fn on_the_spot(reason: &str) -> &str {
    let mut lines = reason.lines().map(str::trim).filter(|line| !line.is_empty());
    match (lines.next(), lines.next()) {
        (Some(line), None) if line.chars().count() <= LONGEST_REASON => line,
        _ => "here",
    }
}

/// Leaves the middle out of a message that tells of hundreds of calls.
fn shortened(message: &str) -> String {
    let (head, tail) = LONGEST_MESSAGE;
    let mut places = message.char_indices().map(|(at, _)| at);
    let (Some(end), count) = (places.by_ref().nth(head), message.chars().count()) else {
        return message.to_owned();
    };
    match message.char_indices().map(|(at, _)| at).nth(count.saturating_sub(tail)) {
        Some(start) if count > head + tail => {
            format!("{}\n[…]\n{}", &message[..end], &message[start..])
        }
        _ => message.to_owned(),
    }
}

/// Tells whether a place stands in a line that is too long to be shown, such as JSON on one line.
pub(in crate::report) fn is_long(sources: &SourceMap, span: Span) -> bool {
    let file = sources.file(span.file);
    let line = file.lines.line(span.start as usize);
    let end = span.start as usize
        + file
            .text
            .get(span.start as usize..)
            .map_or(0, |rest| rest.find('\n').unwrap_or(rest.len()));
    end.saturating_sub(file.lines.start(line)) > LONGEST_LINE
}

/// Names places without what stands there, such as the values of a Secret.
fn named(sources: &SourceMap, places: &[(Span, String)]) -> String {
    let name = |(span, words): &(Span, String)| {
        let region = sources.region(*span);
        let file = &sources.file(span.file).name;
        format!("{file}:{}:{}: {words}", region.line, region.column)
    };
    places.iter().map(name).collect::<Vec<_>>().join("\n")
}

/// Returns a message without the releases that the words at the primary place list too.
fn said<'a>(message: &'a str, places: &[(Span, String)]) -> &'a str {
    let is_listed = |at: &usize| {
        let last = message.get(at + SAME.len()..).unwrap_or_default();
        let last = last.rsplit(" and ").next().unwrap_or_default();
        let is_counted = last.ends_with(" more");
        places.first().is_some_and(|(_, words)| {
            words.ends_with(last) || is_counted && words.ends_with(" more")
        })
    };
    let end = message.rfind(SAME).filter(is_listed);
    end.and_then(|end| message.get(..end)).unwrap_or(message)
}

/// Gathers the labels of a finding by their places in the templates, in order.
pub(in crate::report) fn places<'a>(sources: &SourceMap, finding: &'a Finding) -> Vec<Place<'a>> {
    let mut places: Vec<Place<'a>> = Vec::new();
    for label in std::iter::once(&finding.primary).chain(&finding.related) {
        let span = sources.trace(label.span).template;
        match places.iter_mut().find(|place| place.span == span) {
            Some(place) => place.labels.push(label),
            None => places.push(Place { span, labels: vec![label] }),
        }
    }
    places
}

/// Says what stands at a place: what is the same in all releases once, else what each has.
pub(in crate::report) fn in_words(labels: &[&Label]) -> String {
    let Some(first) = labels.first() else { return String::new() };
    if labels.iter().all(|label| label.text == first.text) {
        let mut known: BTreeSet<&OwnerName> = BTreeSet::new();
        let owners = labels.iter().filter_map(|label| label.owner.as_ref());
        let owners: Vec<&OwnerName> = owners.filter(|owner| known.insert(*owner)).collect();
        return match owners.as_slice() {
            [] => first.text.clone(),
            owners => format!("{} in {}", first.text, listed(owners)),
        };
    }
    let shared = shared_words(labels);
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let rest = labels.iter().filter_map(|label| label.text.get(shared..));
    let rest: Vec<&str> = rest.filter(|words| known.insert(*words)).collect();
    let beginning = first.text.get(..shared).unwrap_or_default();
    let each = if rest.len() == labels.len() { ", one per release" } else { "" };
    format!("{beginning}{}{each}", listed(&rest))
}

/// Returns the length of the words that all labels begin with.
fn shared_words(labels: &[&Label]) -> usize {
    let Some(first) = labels.first() else { return 0 };
    let ends = first.text.match_indices(' ').map(|(at, _)| at + 1);
    let is_shared = |end: &usize| {
        let beginning = first.text.get(..*end);
        labels.iter().all(|label| label.text.get(..*end) == beginning)
    };
    ends.rev().find(is_shared).unwrap_or(0)
}

/// Says which other rules speak of the same rule item.
pub(in crate::report) fn also(finding: &Finding) -> Option<String> {
    let is_any = !finding.also.is_empty();
    is_any.then(|| format!("the item is also found by {}", listed(&finding.also)))
}

/// Returns the cure, and what else is known of a finding, a line for each thing.
pub(in crate::report) fn help(sources: &SourceMap, finding: &Finding) -> Option<String> {
    lines(finding.help.iter().cloned().chain(facts(sources, finding)))
}

fn lines(parts: impl Iterator<Item = String>) -> Option<String> {
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// Says which other rules speak of the item, and where the place stands in what was rendered.
fn facts(sources: &SourceMap, finding: &Finding) -> impl Iterator<Item = String> {
    let primary = &finding.primary;
    let rendered = sources.file(primary.span.file).trail.as_ref().map(|_| {
        let line = sources.region(primary.span).line;
        let object = &finding.object;
        let owner = primary.owner.as_ref().map(|it| format!(" for release {it}"));
        let owner = owner.unwrap_or_default();
        format!("rendered as line {line} of {} {}{owner}", object.kind, object.name)
    });
    also(finding).into_iter().chain(rendered)
}

/// Breaks words into lines of at most `width` characters, where they allow it.
pub(super) fn wrapped(words: &str, width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.into()),
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_many_releases_read_as_one() {
        let file = SourceMap::new().add("a", "a");
        let label = |text: &str, owner: Option<&str>| Label {
            span: Span::new(file, 0, 1),
            text: text.into(),
            owner: owner.map(|it| OwnerName { name: "flux".into(), namespace: Some(it.into()) }),
        };
        let table = [
            (vec![label("`a` here", None)], "`a` here"),
            (
                vec![label("becomes `a`", Some("x")), label("becomes `a`", Some("y"))],
                "becomes `a` in x/flux and y/flux",
            ),
            (
                vec![label("binds x/a", Some("x")), label("binds y/a", Some("y"))],
                "binds x/a and y/a, one per release",
            ),
        ];
        for (labels, expected) in table {
            assert_eq!(in_words(&labels.iter().collect::<Vec<_>>()), expected);
        }
    }

    #[test]
    fn words_are_wrapped() {
        assert_eq!(wrapped("one two three", 8), "one two\nthree");
        assert_eq!(wrapped("", 8), "");
    }
}
