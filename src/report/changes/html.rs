//! What differs, as one page that needs no network.

use minijinja::{Value, context};

use super::Comparison;
use super::view::{Block, blocks};
use crate::diff::{Change, Line, headers, hunks};
use crate::report::html::{marked, page, style};
use crate::report::view::clean;

static TEMPLATE: &str = include_str!("../../../templates/report/changes.html.j2");

/// The most objects whose text is unfolded at first.
const MOST_OPEN: usize = 20;

/// Returns what differs as one HTML page.
///
/// # Panics
/// Never: the template is part of the program, and the tests carry out all of it.
#[must_use]
pub fn html(comparison: &Comparison<'_>) -> String {
    let changes = comparison.changes.iter().map(|it| change(it, comparison.titles));
    let access = comparison.access;
    let content = context! {
        verdict => comparison.verdict(),
        counted => comparison.counted(),
        worst => match (access.lost.is_empty(), access.gained.is_empty()) {
            (true, true) => "clean",
            _ => "warning",
        },
        blocks => blocks(comparison).iter().map(block).collect::<Vec<_>>(),
        notes => comparison.notes.iter().map(|it| clean(it)).collect::<Vec<_>>(),
        changes => changes.collect::<Vec<_>>(),
        open => comparison.changes.len() <= MOST_OPEN,
        ..style()
    };
    page(TEMPLATE, content)
}

fn block(block: &Block) -> Value {
    context! {
        who => &block.who,
        gained => block.gained,
        verb => block.verb(),
        place => &block.place,
        through => &block.through,
        what => &block.what,
    }
}

fn change(change: &Change, titles: (&str, &str)) -> Value {
    let (before, after) = headers(change, titles);
    let hunks = hunks(change);
    let line = |it: &Line| {
        let parts: Vec<_> = it.parts.iter().map(|(is_new, text)| (*is_new, clean(text))).collect();
        let kind = match it.sign {
            '+' => "new",
            '-' => "old",
            _ => "same",
        };
        context! { kind, sign => it.sign.to_string(), parts }
    };
    let hunk = |it: &crate::diff::Hunk| {
        context! {
            header => &it.header,
            lines => it.lines.iter().map(line).collect::<Vec<_>>(),
        }
    };
    context! {
        fate => change.fate(),
        words => change.in_words().map(|it| marked(&clean(&it))),
        before => clean(&before),
        after => clean(&after),
        hunks => hunks.iter().map(hunk).collect::<Vec<_>>(),
    }
}
