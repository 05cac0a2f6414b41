//! The text of an object, before and after.

use similar::udiff::UnifiedHunkHeader;
use similar::{ChangeTag, DiffOp, TextDiff};

use super::{Change, Side};
use crate::emit;
use crate::yaml::Data;

/// Stands for a secret's value.
const MASK: &str = "(hidden)";

/// Stands for a secret's value that is not the one on the other side.
const CHANGED_MASK: &str = "(hidden, changed)";

/// The most lines of one change in which words are compared.
const MOST_LINES: usize = 400;

/// Lines that change, with some of those around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// Where they stand on both sides: `@@ -1,7 +1,8 @@`.
    pub header: String,
    /// The lines.
    pub lines: Vec<Line>,
}

/// A line of a hunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// `-` for one that goes, `+` for one that comes, a space for one that stays.
    pub sign: char,
    /// Its parts, without the end of the line; those that are true are what changes in it.
    pub parts: Vec<(bool, String)>,
}

/// Returns the unified diff of an object's YAML, its sides titled; empty where nothing differs.
///
/// Values of Secrets are hidden, and that they differ is shown.
#[must_use]
pub fn unified(change: &Change, titles: (&str, &str)) -> String {
    let (before, after) = texts(change);
    let (one, two) = headers(change, titles);
    TextDiff::from_lines(&before, &after)
        .unified_diff()
        .context_radius(CONTEXT)
        .header(&one, &two)
        .to_string()
}

/// Returns what a unified diff names its sides.
#[must_use]
pub fn headers(change: &Change, titles: (&str, &str)) -> (String, String) {
    let title = |side: &Option<Side>, title: &str| match side {
        Some(side) => format!("{} ({title})", side.identity),
        None => "/dev/null".into(),
    };
    (title(&change.before, titles.0), title(&change.after, titles.1))
}

/// Returns the same as [`unified`] by lines, with what changes within them.
#[must_use]
pub fn hunks(change: &Change) -> Vec<Hunk> {
    let (before, after) = texts(change);
    let diff = TextDiff::from_lines(&before, &after);
    let hunk = |ops: &[DiffOp]| Hunk {
        header: UnifiedHunkHeader::new(ops).to_string(),
        lines: ops.iter().flat_map(|op| lines(&diff, op)).collect(),
    };
    diff.grouped_ops(CONTEXT).iter().map(|ops| hunk(ops)).collect()
}

/// The lines that stand around those that change.
const CONTEXT: usize = 3;

fn lines(diff: &TextDiff<'_, '_, str>, op: &DiffOp) -> Vec<Line> {
    let sign = |tag: ChangeTag| match tag {
        ChangeTag::Delete => '-',
        ChangeTag::Insert => '+',
        ChangeTag::Equal => ' ',
    };
    let without_end = |text: &str| text.trim_end_matches('\n').to_owned();
    if op.old_range().len() + op.new_range().len() > MOST_LINES {
        let plain = diff.iter_changes(op);
        let line = |it: similar::Change<&str>| Line {
            sign: sign(it.tag()),
            parts: vec![(false, without_end(it.value()))],
        };
        return plain.map(line).collect();
    }
    let line = |it: similar::InlineChange<'_, str>| {
        let parts = it.iter_strings_lossy().map(|(is_new, text)| (is_new, without_end(&text)));
        let mut parts: Vec<(bool, String)> = parts.collect();
        // Where all of a line changes, nothing of it stands out.
        if parts.iter().all(|(is_new, text)| *is_new || text.trim().is_empty()) {
            parts.iter_mut().for_each(|(is_new, _)| *is_new = false);
        }
        Line { sign: sign(it.tag()), parts }
    };
    // Without a deadline, so that a slow machine shows the same.
    diff.iter_inline_changes_deadline(op, None).map(line).collect()
}

/// Returns the YAML of both sides; empty where there is none.
fn texts(change: &Change) -> (String, String) {
    let yaml = |side: Option<&Side>, other: Option<&Side>, mask: &str| {
        side.map(|side| emit::object(&masked(&side.data, other.map(|it| &it.data), mask)))
            .unwrap_or_default()
    };
    let before = yaml(change.before.as_ref(), change.after.as_ref(), MASK);
    let after = yaml(change.after.as_ref(), change.before.as_ref(), CHANGED_MASK);
    (before, after)
}

/// Returns an object whose secret values are hidden, those that differ from the other side by
/// `mask`.
fn masked(data: &Data, other: Option<&Data>, mask: &str) -> Data {
    let Data::Map(root) = data else { return data.clone() };
    if root.get("kind") != Some(&Data::Str("Secret".into())) {
        return data.clone();
    }
    let mut root = root.clone();
    for part in ["data", "stringData"] {
        let Some(Data::Map(entries)) = root.get_mut(part) else { continue };
        let theirs = |key: &str| match other {
            Some(Data::Map(other)) => match other.get(part) {
                Some(Data::Map(entries)) => entries.get(key).cloned(),
                _ => None,
            },
            _ => None,
        };
        for (key, value) in entries.iter_mut() {
            let same = theirs(key).is_none_or(|their| their == *value);
            *value = Data::Str(if same { MASK } else { mask }.into());
        }
    }
    Data::Map(root)
}
