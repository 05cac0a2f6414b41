//! Findings and errors as pictures for people, drawn by miette.

mod advice;
mod diff;
mod mosaic;
mod picture;

use std::collections::BTreeMap;
use std::fmt::Write;

use miette::{GraphicalReportHandler, GraphicalTheme, ThemeCharacters, ThemeStyles};

pub use advice::{Advice, Off, Place, advice, flags};
pub(in crate::report) use diff::painted;
pub use diff::{changes, source_diff};
use picture::{Drawn, Picture};
pub(super) use picture::{also, help, in_words, is_long, places};

use super::{Report, Summary};
use crate::finding::{Finding, Severity};
use crate::input;
use crate::render;
use crate::source::SourceMap;

/// From how many findings on those of each rule are counted at the end.
const MANY: usize = 10;

/// Whether text is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// By ANSI escape sequences.
    Ansi,
    /// It is not.
    None,
}

/// Which characters pictures are drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyphs {
    /// Lines and arrows of Unicode.
    Unicode,
    /// ASCII alone.
    Ascii,
}

/// How text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// The columns that messages are wrapped at.
    pub width: usize,
    /// Whether it is coloured.
    pub colour: Colour,
    /// What pictures are drawn with.
    pub glyphs: Glyphs,
}

impl Style {
    fn handler(self) -> GraphicalReportHandler {
        let characters = match self.glyphs {
            Glyphs::Unicode => ThemeCharacters::unicode(),
            Glyphs::Ascii => ThemeCharacters::ascii(),
        };
        let styles = match self.colour {
            Colour::Ansi => ThemeStyles::ansi(),
            Colour::None => ThemeStyles::none(),
        };
        GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
            .with_width(self.width)
            .with_links(false)
            // Pictures wrap their words themselves: miette would break names at their slashes.
            .with_wrap_lines(false)
            .without_syntax_highlighting()
    }

    fn draw(self, picture: &Picture<'_>) -> String {
        let mut out = String::new();
        if self.handler().render_report(&mut out, picture).is_err() {
            out.clear();
            // A picture that cannot be drawn must not hide what it says.
            write!(out, "{picture}").expect("writing to a string succeeds");
        }
        let mut lines: Vec<&str> = out.lines().map(str::trim_end).collect();
        while lines.last().is_some_and(|line| line.is_empty()) {
            lines.pop();
        }
        let mut out = lines.join("\n") + "\n";
        for line in picture.tail.iter().flat_map(|tail| tail.lines()) {
            writeln!(out, "  {line}").expect("a string can be written to");
        }
        out
    }
}

/// Draws the findings of a report, an empty line after each.
#[must_use]
pub fn findings(report: &Report<'_>, style: Style) -> String {
    let mut drawn = Drawn::default();
    let mut last_lines: BTreeMap<&str, &[(&str, String)]> = BTreeMap::new();
    let mut out = String::new();
    for finding in report.findings {
        out.push_str(&style.draw(&Picture::of_finding(
            report.sources,
            finding,
            (style.width, &mut drawn),
        )));
        // What was said of the last finding of the rule need not be said again.
        let lines = finding.deployers.as_slice();
        if last_lines.insert(finding.rule, lines) != Some(lines) && !lines.is_empty() {
            out.push('\n');
            out.push_str(&deployers(lines, style));
        }
        out.push('\n');
    }
    if report.findings.len() >= MANY {
        out.push_str(&by_rule(report.findings));
        out.push('\n');
    }
    out
}

/// Counts the findings of each rule, a line for each, in the order in which they are shown.
fn by_rule(findings: &[Finding]) -> String {
    let mut rules: Vec<(&str, Vec<Severity>)> = Vec::new();
    for finding in findings {
        match rules.iter_mut().find(|(rule, _)| *rule == finding.rule) {
            Some((_, severities)) => severities.push(finding.severity),
            None => rules.push((finding.rule, vec![finding.severity])),
        }
    }
    let column = rules.iter().map(|(rule, _)| rule.len()).max().unwrap_or_default();
    let mut out = String::new();
    for (rule, severities) in rules {
        let count = |severity| severities.iter().filter(|it| **it == severity).count();
        let [errors, warnings, infos] =
            [Severity::Error, Severity::Warning, Severity::Info].map(count);
        let words = in_severities([errors, warnings, infos]).join(", ");
        writeln!(out, "  {rule:column$}  {words}").expect("a string can be written to");
    }
    out
}

/// Says how many errors, warnings and infos there are, but for those of which there are none.
fn in_severities(counts: [usize; 3]) -> Vec<String> {
    let counts = counts.into_iter().zip(["error", "warning", "info"]);
    counts.filter(|(count, _)| *count > 0).map(|(count, one)| counted(count, one)).collect()
}

/// Returns `1 error`, or `2 errors`.
#[must_use]
pub fn counted(count: usize, one: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {one}s"),
    }
}

/// Shows what each deployer makes of a finding, a line for each.
fn deployers(lines: &[(&str, String)], style: Style) -> String {
    /// What stands before a name, and the columns that names and words begin at.
    const MARGIN: usize = 2;
    let column = lines.iter().map(|(name, _)| name.len()).max().unwrap_or_default() + MARGIN;
    let mut out = String::new();
    for (name, words) in lines {
        let words = picture::wrapped(words, style.width.saturating_sub(MARGIN + column).max(28));
        for (index, line) in words.lines().enumerate() {
            let name = if index == 0 { name } else { "" };
            writeln!(out, "{:MARGIN$}{name:column$}{line}", "")
                .expect("a string can be written to");
        }
    }
    out
}

/// Draws an input that cannot be read.
#[must_use]
pub fn input_error(sources: &SourceMap, error: &input::Error, style: Style) -> String {
    style.draw(&Picture::of_input_error(sources, error, style.width))
}

/// Draws a chart that cannot be rendered; `title` says for which releases.
#[must_use]
pub fn render_error(
    sources: &SourceMap,
    error: &render::Error,
    title: &str,
    style: Style,
) -> String {
    style.draw(&Picture::of_render_error(sources, error, (title, style.width)))
}

/// Returns what was judged and found, on one line; `failed` inputs could not be judged.
#[must_use]
pub fn summary(summary: &Summary, failed: usize) -> String {
    let mut words = in_severities([summary.errors, summary.warnings, summary.infos]);
    match failed {
        0 if words.is_empty() => words.push("nothing found".into()),
        0 => {}
        1 => words.push("1 input could not be judged".into()),
        _ => words.push(format!("{failed} inputs could not be judged")),
    }
    if summary.suppressed > 0 {
        words.push(format!("{} suppressed", summary.suppressed));
    }
    let releases = match summary.releases {
        0 => String::new(),
        count => format!(" of {}", counted(count, "release")),
    };
    format!("{} ({}{releases})\n", words.join(", "), counted(summary.objects, "object"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    proptest::proptest! {
        #[test]
        fn any_place_of_any_text_can_be_drawn(
            text in "[a-bé日\\t\\r\\n {}]{0,40}",
            places in proptest::collection::vec((0_usize..60, 0_usize..60), 1..4),
        ) {
            let mut sources = SourceMap::new();
            let file = sources.add("a.yaml", text);
            for colour in [Colour::Ansi, Colour::None] {
                let style = Style { width: 40, colour, glyphs: Glyphs::Unicode };
                let spans = places.iter().map(|(start, end)| Span::new(file, *start, *end));
                let frames = spans.map(|span| render::Frame {
                    template: "a.yaml".into(),
                    span: Some(span),
                });
                let mut error = render::Error::new("it failed");
                error.frames = frames.collect();
                let drawn = render_error(&sources, &error, "no way", style);
                proptest::prop_assert!(drawn.contains("no way"));
            }
        }
    }

    #[test]
    fn the_summary_counts_in_words() {
        let mut counts =
            Summary { errors: 1, warnings: 0, infos: 2, suppressed: 0, releases: 3, objects: 12 };
        assert_eq!(summary(&counts, 0), "1 error, 2 infos (12 objects of 3 releases)\n");
        counts = Summary { errors: 0, infos: 0, suppressed: 1, releases: 0, objects: 1, ..counts };
        assert_eq!(summary(&counts, 0), "nothing found, 1 suppressed (1 object)\n");
        let failed = "1 input could not be judged, 1 suppressed (1 object)\n";
        assert_eq!(summary(&counts, 1), failed);
    }
}
