//! A comment on a change, in the Markdown of GitHub and GitLab.

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Value, context};

use super::json::ErrorEntry;
use super::view::{Entry, View, clean, on_one_line};
use super::{Report, text};
use crate::collide::{Collision, Outcome};
use crate::finding::{OwnerName, Severity, listed};

static TEMPLATE: &str = include_str!("../../templates/report/comment.md.j2");

/// The most characters that a comment may have: GitHub refuses more than 65 536.
pub(super) const MOST_CHARACTERS: usize = 65_000;

/// The most collisions that are listed; each is a finding too.
const MOST_COLLISIONS: usize = 30;

/// The most places of a finding that are listed.
const MOST_SPOTS: usize = 12;

/// The most characters of one message.
const LONGEST: usize = 1_500;

/// Returns the report as Markdown: the verdict, a table, and what is known of each finding folded
/// below it; what does not fit into a comment is counted.
///
/// # Panics
/// Never: the template is part of the program, and the tests carry out all of it.
#[must_use]
pub fn lint(report: &Report<'_>, errors: &[ErrorEntry]) -> String {
    let view = View::of(report, errors);
    let environment = environment(TEMPLATE);
    let written = |shown: usize| {
        let template = environment.get_template("comment").expect("it was added");
        template.render(content(&view, shown)).expect("all that it uses is there")
    };
    let fits = |text: &str| text.chars().count() <= MOST_CHARACTERS;
    let all = written(view.entries.len());
    if fits(&all) {
        return all;
    }
    let (mut fitting, mut too_many) = (0, view.entries.len());
    while too_many - fitting > 1 {
        let middle = fitting.midpoint(too_many);
        if fits(&written(middle)) { fitting = middle } else { too_many = middle }
    }
    written(fitting)
}

/// Returns what makes a comment of a template, with what is printed escaped.
pub(super) fn environment(template: &'static str) -> Environment<'static> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("its marks are the usual ones"));
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("markdown".into()));
    environment.set_formatter(|out, _, value| match value.is_safe() {
        true => Ok(out.write_str(&value.to_string())?),
        false => Ok(out.write_str(&escaped(&value.to_string()))?),
    });
    environment.add_template("comment", template).expect("the tests carry it out");
    environment
}

fn content(view: &View<'_>, shown: usize) -> Value {
    let report = view.report;
    let summary = report.summary();
    let collisions: Vec<&Collision> =
        report.collisions.iter().filter(|it| it.outcome != Outcome::Identical).collect();
    let worst = view.entries.iter().map(|entry| entry.finding.severity).max();
    context! {
        mark => if view.errors.is_empty() { worst.map_or("✅", mark) } else { "❌" },
        verdict => text::summary(&summary, view.errors.len()).trim_end(),
        errors => view.errors.iter().take(MOST_COLLISIONS).map(error).collect::<Vec<_>>(),
        findings => view.entries.iter().take(shown).map(finding).collect::<Vec<_>>(),
        more => view.entries.len() - shown,
        collisions => collisions.iter().take(MOST_COLLISIONS).map(|it| collision(report, it)).collect::<Vec<_>>(),
        more_collisions => collisions.len().saturating_sub(MOST_COLLISIONS),
    }
}

fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "❌",
        Severity::Warning => "⚠️",
        Severity::Info => "ℹ️",
    }
}

fn error(error: &ErrorEntry) -> Value {
    let line = error.line.map(|line| format!(":{line}")).unwrap_or_default();
    let place = error.file.as_ref().map(|file| clean(&format!("{file}{line}")));
    context! { place, message => shortened(&clean(&error.message)) }
}

fn collision(report: &Report<'_>, collision: &Collision) -> Value {
    let owner = |id: &crate::rbac::ObjectId| &report.estate.owner_of(*id).name;
    let owners: Vec<&OwnerName> = collision.members.iter().map(owner).collect();
    let object = &collision.identity;
    let namespace = object.namespace.as_ref().map(|it| format!("{it}/")).unwrap_or_default();
    context! {
        object => shortened(&clean(&format!("{} {namespace}{}", object.kind, object.name))),
        holders => shortened(&clean(&listed(&owners))),
        outcome => collision.outcome.word(),
        lost => match collision.lost.as_slice() {
            [] => String::new(),
            lost => shortened(&clean(&listed(lost))),
        },
    }
}

fn finding(entry: &Entry<'_>) -> Value {
    let spots = || std::iter::once(&entry.primary).chain(&entry.related).chain(&entry.via);
    let spot = |spot: &super::view::Spot| {
        context! { place => spot.place(), words => shortened(&spot.words) }
    };
    let releases: Vec<String> =
        entry.finding.owners.iter().map(|owner| clean(&owner.to_string())).collect();
    context! {
        mark => mark(entry.finding.severity),
        rule => entry.finding.rule,
        message => shortened(&entry.message),
        object => shortened(&entry.object()),
        place => format!("{}:{}", entry.primary.file, entry.primary.region.line),
        spots => spots().take(MOST_SPOTS).map(spot).collect::<Vec<_>>(),
        more_spots => spots().count().saturating_sub(MOST_SPOTS),
        releases => if releases.len() > 1 { shortened(&releases.join(", ")) } else { String::new() },
        help => entry.help.as_deref().map(shortened),
        also => entry.finding.also.join(", "),
        deployers => &entry.finding.deployers,
    }
}

/// Returns words without their end, where they are too many.
pub(super) fn shortened(words: &str) -> String {
    let words = on_one_line(words);
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    }
}

/// Returns words in which nothing means anything in Markdown or HTML, but for pairs of backticks.
fn escaped(words: &str) -> String {
    let parts: Vec<String> = words.split('`').map(plain).collect();
    if parts.len().is_multiple_of(2) {
        return parts.join("&#96;");
    }
    let part = |(at, part): (usize, &String)| match at % 2 {
        0 => part.clone(),
        _ => format!("<code>{part}</code>"),
    };
    parts.iter().enumerate().map(part).collect()
}

fn plain(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '&' | '<' | '>' | '"' | '\'' | '|' | '*' | '_' | '[' | ']' | '\\' | '~' | '$' | '^'
            | '{' | '}' | '!' => out.push_str(&format!("&#{};", u32::from(letter))),
            // These would call somebody, or lead to an issue or a page, as soon as they are shown.
            '@' | '#' => out.extend([letter, '\u{200b}']),
            ':' if words.contains("://") => out.push_str("&#58;"),
            '\n' => out.push(' '),
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_means_anything_but_pairs_of_backticks() {
        let table = [
            ("let `rolecall merge` do it", "let <code>rolecall merge</code> do it"),
            ("a`b", "a&#96;b"),
            ("<b>|x|</b>", "&#60;b&#62;&#124;x&#124;&#60;/b&#62;"),
            ("`a|<b>`", "<code>a&#124;&#60;b&#62;</code>"),
            ("@all #1", "@\u{200b}all #\u{200b}1"),
            ("[a](http://b)", "&#91;a&#93;(http&#58;//b)"),
        ];
        for (words, expected) in table {
            assert_eq!(escaped(words), expected);
        }
    }
}
