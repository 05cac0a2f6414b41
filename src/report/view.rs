//! What the formats for machines and pages show of findings: words that are safe to print, and
//! places that a repository knows.

use super::json::ErrorEntry;
use super::{Report, fingerprint, text};
use crate::finding::Finding;
use crate::rules::{self, Meta};
use crate::source::{Region, SourceMap, Span};

/// A report with what is shown of each of its findings.
pub(super) struct View<'a> {
    pub(super) report: &'a Report<'a>,
    pub(super) errors: &'a [ErrorEntry],
    /// One for each finding, in their order.
    pub(super) entries: Vec<Entry<'a>>,
}

impl<'a> View<'a> {
    pub(super) fn of(report: &'a Report<'a>, errors: &'a [ErrorEntry]) -> Self {
        let fingerprints = fingerprint::fingerprints(report);
        let found = report.findings.iter().zip(fingerprints);
        let entries = found.map(|(finding, it)| Entry::of(report.sources, finding, it)).collect();
        Self { report, errors, entries }
    }
}

/// What is shown of a finding.
pub(super) struct Entry<'a> {
    pub(super) finding: &'a Finding,
    /// What its rule says of itself; none for what the program says itself.
    pub(super) meta: Option<&'static Meta>,
    pub(super) fingerprint: String,
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// Which other rules speak of the same rule item.
    pub(super) also: Option<String>,
    /// Where the offending value stands.
    pub(super) primary: Spot,
    /// The other places that belong to it.
    pub(super) related: Vec<Spot>,
    /// The helpers that the value came from, the one that wrote it last.
    pub(super) via: Vec<Spot>,
}

impl<'a> Entry<'a> {
    fn of(sources: &SourceMap, finding: &'a Finding, fingerprint: String) -> Self {
        let mut places = text::places(sources, finding).into_iter().map(|place| {
            let words = clean(&text::in_words(&place.labels));
            Spot::at(sources, place.span, words)
        });
        let primary = places.next().expect("a finding has a primary place");
        let via = sources.trace(finding.primary.span).via;
        let words = |at: usize| if at + 1 == via.len() { "written here" } else { "included here" };
        let spot = |(at, span): (usize, &Span)| Spot::at(sources, *span, words(at).into());
        Self {
            finding,
            meta: rules::lookup(finding.rule).map(|rule| rule.meta()),
            fingerprint,
            message: clean(&finding.message),
            help: finding.help.as_deref().map(clean),
            also: text::also(finding),
            primary,
            related: places.collect(),
            via: via.iter().enumerate().map(spot).collect(),
        }
    }

    /// Returns the message, what to do about it, and which rules speak of it too.
    pub(super) fn words(&self) -> String {
        let help = self.help.as_ref().map(|help| format!("help: {help}"));
        let lines = std::iter::once(self.message.clone()).chain(help).chain(self.also.clone());
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Names the object: `ClusterRole flux`, `Role apps/flux`.
    pub(super) fn object(&self) -> String {
        let object = &self.finding.object;
        let namespace = object.namespace.as_ref().map(|it| format!("{it}/")).unwrap_or_default();
        clean(&format!("{} {namespace}{}", object.kind, object.name))
    }

    /// Returns the rule's score, from 0 to 10, as it is written.
    pub(super) fn score(&self) -> Option<&'static str> {
        self.meta.and_then(|meta| meta.score)
    }
}

/// A place in a template or manifest.
pub(super) struct Spot {
    pub(super) span: Span,
    pub(super) file: String,
    pub(super) region: Region,
    /// What stands there.
    pub(super) words: String,
}

impl Spot {
    fn at(sources: &SourceMap, span: Span, words: String) -> Self {
        // A line break at the end is no part of what is marked.
        let length = sources.text(span).trim_end().len();
        let trimmed = Span::new(span.file, span.start as usize, span.start as usize + length);
        let region = sources.region(if length == 0 { span } else { trimmed });
        Self { span, file: clean(&sources.file(span.file).name), region, words }
    }

    /// Returns the place as messages name it.
    pub(super) fn place(&self) -> String {
        format!("{}:{}:{}", self.file, self.region.line, self.region.column)
    }

    /// Returns the path of the file that a repository has, which for a file in a packed chart is
    /// the package, and the region in it, which a package has none of.
    pub(super) fn stored(&self) -> (&str, Option<Region>) {
        match package(&self.file) {
            Some(package) => (package, None),
            None => (&self.file, Some(self.region)),
        }
    }

    /// Tells whether it stands on one line.
    pub(super) fn is_on_one_line(&self) -> bool {
        self.region.line == self.region.end_line
    }
}

/// Returns the path of the outermost packed chart that a path leads into.
pub(super) fn package(path: &str) -> Option<&str> {
    let end = |suffix: &str| path.find(suffix).map(|at| at + suffix.len() - 1);
    let end = [end(".tgz/"), end(".tar.gz/")].into_iter().flatten().min()?;
    path.get(..end)
}

/// Returns words without the characters that change how others are shown, or that XML has no way
/// to write; a line break stays.
pub(super) fn clean(words: &str) -> String {
    let is_safe = |letter: &char| {
        let is_direction = matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let is_odd = matches!(letter, '\u{fffe}' | '\u{ffff}');
        *letter == '\n' || !(letter.is_control() || is_direction || is_odd)
    };
    words.chars().filter(is_safe).collect()
}

/// Returns words on one line.
pub(super) fn on_one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_in_a_package_is_stored_as_the_package() {
        let table = [
            ("charts/a-1.tgz/templates/a.yaml", Some("charts/a-1.tgz")),
            ("a.tar.gz/charts/b.tgz/templates/a.yaml", Some("a.tar.gz")),
            ("charts/a/templates/a.yaml", None),
            ("a.tgz", None),
        ];
        for (path, expected) in table {
            assert_eq!(package(path), expected, "{path}");
        }
    }

    #[test]
    fn what_changes_how_others_are_shown_goes() {
        assert_eq!(clean("a\u{1b}[31mb\u{7}\r\n\u{202e}c\u{ffff}é"), "a[31mb\ncé");
        assert_eq!(on_one_line(" a\n b\tc "), "a b c");
    }
}
