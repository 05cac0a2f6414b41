//! What differs, as a comment on a change, in the Markdown of GitHub and GitLab.

use minijinja::{Value, context};

use super::Comparison;
use super::view::{Block, blocks};
use crate::diff::unified;
use crate::report::markdown::{MOST_CHARACTERS, environment, shortened};
use crate::report::view::clean;

static TEMPLATE: &str = include_str!("../../../templates/report/changes.md.j2");

/// The most rows of the table.
const MOST_ROWS: usize = 100;

/// Returns what differs as Markdown: the verdict, a table of gained and lost access, and the diff
/// folded; what does not fit into a comment is counted.
///
/// # Panics
/// Never: the template is part of the program, and the tests carry out all of it.
#[must_use]
pub fn markdown(comparison: &Comparison<'_>) -> String {
    let environment = environment(TEMPLATE);
    let blocks = blocks(comparison);
    let diffs: Vec<String> =
        comparison.changes.iter().map(|it| clean(&unified(it, comparison.titles))).collect();
    let written = |shown: usize| {
        let template = environment.get_template("comment").expect("it was added");
        let content = content(comparison, &blocks, &diffs[..shown]);
        template.render(content).expect("all that it uses is there")
    };
    // Of the diffs as many are shown as fit.
    let fits = |shown: &usize| written(*shown).chars().count() <= MOST_CHARACTERS;
    let shown = (0..=diffs.len()).rev().step_by(1.max(diffs.len() / 64)).find(fits).unwrap_or(0);
    written(shown)
}

fn content(comparison: &Comparison<'_>, blocks: &[Block], diffs: &[String]) -> Value {
    let rows = || blocks.iter().flat_map(|block| block.what.iter().map(move |it| (block, it)));
    let row = |(block, (what, kept)): (&Block, &(String, Option<String>))| {
        context! {
            gained => block.gained,
            who => shortened(&block.who),
            what => shortened(what),
            kept => kept.as_deref().map(shortened),
            place => shortened(&block.place),
            through => shortened(&block.through),
        }
    };
    let words = comparison.changes.iter().filter_map(|it| it.in_words());
    let words: Vec<String> = words.map(|it| shortened(&clean(&it))).collect();
    context! {
        mark => if comparison.access.is_empty() { "✅" } else { "⚠️" },
        verdict => comparison.verdict(),
        counted => comparison.counted(),
        rows => rows().take(MOST_ROWS).map(row).collect::<Vec<_>>(),
        more_rows => rows().count().saturating_sub(MOST_ROWS),
        notes => comparison.notes.iter().map(|it| clean(it)).collect::<Vec<_>>(),
        words => words.iter().take(MOST_ROWS).cloned().collect::<Vec<_>>(),
        more_words => words.len().saturating_sub(MOST_ROWS),
        fence => Value::from_safe_string(fence(diffs)),
        diffs => diffs.iter().map(|it| Value::from_safe_string(it.trim_end().into())).collect::<Vec<_>>(),
        more_diffs => comparison.changes.len() - diffs.len(),
    }
}

/// Returns a fence that no line of the diffs ends.
fn fence(diffs: &[String]) -> String {
    let longest = diffs.iter().flat_map(|it| it.lines()).map(|line| {
        let mark = line.trim_start_matches(['+', '-', ' ']);
        mark.len() - mark.trim_start_matches('`').len()
    });
    "`".repeat(longest.max().unwrap_or(0).max(2) + 1)
}
