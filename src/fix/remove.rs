//! Removal of an item of a list, or of a key of a map, with what belongs to it in the source.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Patch;
use super::actions::Actions;
use super::place::{Literal, Places, line_end, line_start};
use super::tree::{self, Found};
use super::write::patch;
use crate::source::{FileId, Span};
use crate::yaml::{Node, NodeKind};

/// Removes a part; where it is a copy of another, that one stays.
///
/// # Errors
/// In words why it cannot be.
pub(super) fn part(places: &mut Places<'_>, span: Span, of: Option<Span>) -> Result<Patch, String> {
    let roots = places.tree(span.file);
    let found = tree::find(&roots, span).ok_or("it stands in no list")?;
    match &found.parent.kind {
        NodeKind::Seq(items) if items.len() > 1 => {
            let item = Item { file: span.file, items, at: found.at };
            let in_flow = places.map.text(item.span_of(found.parent)).starts_with('[');
            let (patch, literal) = match in_flow {
                true => item.in_flow(places)?,
                false => item.in_block(places)?,
            };
            if let Some(of) = of {
                item.check_copy(places, of, &literal)?;
            }
            Ok(patch)
        }
        NodeKind::Map(_) => key(places, span.file, found),
        _ => Err("nothing would be left of its list".into()),
    }
}

/// An item of a list in a text.
struct Item<'a> {
    file: FileId,
    items: &'a [Node],
    at: usize,
}

impl Item<'_> {
    fn span_of(&self, node: &Node) -> Span {
        Span { file: self.file, start: node.span_start, end: node.span_end }
    }

    fn span(&self) -> Span {
        self.span_of(&self.items[self.at])
    }

    /// Finds the item in a list in `[]`, with the comma before it, or behind it where it is first.
    fn in_flow(&self, places: &Places<'_>) -> Result<(Patch, Literal), String> {
        let edge = |offset: u32, width: u32| {
            let at = Span { file: self.file, start: offset, end: offset + width };
            places.literal(at).ok_or_else(|| places.whence(at))
        };
        let own = self.span();
        let first = edge(own.start, 1)?;
        let last = edge(own.end - 1, 1)?;
        let (start, end) = match self.at.checked_sub(1) {
            Some(before) => {
                let before = edge(self.span_of(&self.items[before]).end - 1, 1)?;
                (before.is_beside(&first).then_some(before.at.end), last.at.end)
            }
            None => {
                let next = edge(self.span_of(&self.items[1]).start, 1)?;
                (Some(first.at.start), next.at.start)
            }
        };
        let start = start.filter(|start| *start < end && first.is_beside(&last));
        let range = start.ok_or_else(|| places.unclear(first.at))? as usize..end as usize;
        Ok((patch(first.at.file, range, String::new()), first))
    }

    /// Returns the dash of an item of a list in lines.
    fn dash(&self, at: usize, places: &Places<'_>) -> Result<Literal, String> {
        let span = self.span_of(&self.items[at]);
        let text = &places.map.file(self.file).text;
        let before = text.get(..span.start as usize).unwrap_or_default();
        let dash = before.rfind('-').filter(|dash| before[dash + 1..].trim().is_empty());
        let dash = dash.ok_or("it is no item of a list in lines")?;
        places.literal(Span::new(self.file, dash, dash + 1)).ok_or_else(|| places.whence(span))
    }

    /// Finds the lines of an item, and of the comments above it.
    fn in_block(&self, places: &mut Places<'_>) -> Result<(Patch, Literal), String> {
        let dash = self.dash(self.at, places)?;
        let again = (0..self.items.len())
            .filter(|at| *at != self.at)
            .any(|at| self.dash(at, places).is_ok_and(|other| other.at == dash.at));
        let place = places.map.place(dash.at);
        if again {
            return Err(format!("one line writes both: {place}"));
        }
        let text = places.text(dash.at.file);
        let actions = places.actions(dash.at.file, dash.language);
        let lines = lines_of(text, &actions, dash.at.start as usize)
            .ok_or_else(|| places.unclear(dash.at))?;
        for value in values(&self.items[self.at]) {
            let (key, _) = value;
            let key = places.literal(self.span_of(key));
            let is_within =
                |key: &Literal| key.is_beside(&dash) && lines.contains(&(key.at.start as usize));
            if !key.as_ref().is_some_and(is_within) {
                return Err(places.unclear(dash.at));
            }
        }
        Ok((patch(dash.at.file, lines, String::new()), dash))
    }

    /// Makes sure that the source says the same twice, and that the other item is there whenever this
    /// one is.
    ///
    /// # Errors
    /// In words, where that is not so.
    fn check_copy(
        &self,
        places: &mut Places<'_>,
        of: Span,
        literal: &Literal,
    ) -> Result<(), String> {
        let roots = places.tree(self.file);
        let other = tree::find(&roots, of).and_then(Found::node).ok_or("the other is gone")?;
        let one = self.source_of(places, &self.items[self.at])?;
        let (other_texts, other_place) = self.source_of(places, other)?;
        if one.0 != other_texts {
            return Err("its source says something else, which is the same here only".into());
        }
        let actions = places.actions(literal.at.file, literal.language);
        let Some(place) = other_place.filter(|it| it.is_beside(literal)) else {
            return Err("the other one is written elsewhere".into());
        };
        let (own, other) =
            (actions.around(literal.at.start as usize), actions.around(place.at.start as usize));
        match own.starts_with(&other) {
            true => Ok(()),
            false => Err("the other one has a condition of its own".into()),
        }
    }

    /// Returns what the source writes under each key of an item, and where the last one stands; a word
    /// has no key.
    fn source_of(
        &self,
        places: &mut Places<'_>,
        item: &Node,
    ) -> Result<(BTreeMap<String, String>, Option<Literal>), String> {
        let (mut texts, mut place) = (BTreeMap::new(), None);
        if let NodeKind::Scalar { .. } = &item.kind {
            let span = self.span_of(item);
            let literal = places.literal(span).ok_or_else(|| places.whence(span))?;
            let source = places.text(literal.at.file)[literal.at.range()].trim_matches(['"', '\'']);
            texts.insert(String::new(), source.to_string());
            place = Some(literal);
        }
        for (key, value) in values(item) {
            let entry = places.entry(self.span_of(value))?;
            let name = places.map.text(self.span_of(key)).to_string();
            let source = &places.text(entry.key.at.file)[entry.value.clone()];
            // The server fills it in.
            if name != "apiGroup" {
                texts.insert(name, source.trim_matches(['"', '\'']).to_string());
            }
            place = Some(entry.key);
        }
        Ok((texts, place))
    }
}

/// Returns the keys and values of a map of scalars.
fn values(item: &Node) -> impl Iterator<Item = (&Node, &Node)> {
    let entries: &[(Node, Node)] = match &item.kind {
        NodeKind::Map(entries) => entries,
        _ => &[],
    };
    entries.iter().map(|(key, value)| (key, value))
}

/// Returns the lines of the item whose dash stands at an offset, with the comments right above it;
/// none where they cannot be told from what belongs to others.
fn lines_of(text: &str, actions: &Actions, dash: usize) -> Option<Range<usize>> {
    let mut start = line_start(text, dash);
    let column = dash - start;
    if !text[start..dash].trim().is_empty() {
        return None;
    }
    let (mut at, mut end) = (line_end(text, dash), line_end(text, dash));
    while at < text.len() {
        let next = line_end(text, at);
        let line = actions.without(&text[at..next], at).into_owned();
        let indent = line.len() - line.trim_start().len();
        let (is_bare, has_action) = (line.trim().is_empty(), line.len() < next - at);
        let is_comment = line.trim_start().starts_with('#');
        match () {
            () if is_bare || is_comment && indent <= column => {
                // Actions that close what the item opened belong to it.
                if has_action && !actions.whole(&(start..end)) {
                    end = next;
                }
            }
            () if indent > column => end = next,
            () => break,
        }
        at = next;
    }
    while start > 0 {
        let above = line_start(text, start - 1);
        let line = &text[above..start];
        if !line.trim_start().starts_with('#') || line.len() - line.trim_start().len() != column {
            break;
        }
        start = above;
    }
    actions.whole(&(start..end)).then_some(start..end)
}

/// Removes a key and its value.
fn key(places: &mut Places<'_>, file: FileId, found: Found<'_>) -> Result<Patch, String> {
    let entry = places.entry_of(file, found)?;
    let (source, at) = (entry.key.at.file, entry.key.at.start as usize);
    let text = places.text(source);
    if !entry.in_flow {
        let lines = line_start(text, at)..line_end(text, entry.value.end);
        let actions = places.actions(source, entry.key.language);
        let is_alone = text[lines.start..at].trim().is_empty() && actions.whole(&lines);
        let patch = || patch(source, lines.clone(), String::new());
        return is_alone.then(patch).ok_or_else(|| places.unclear(entry.key.at));
    }
    in_flow(text, at..entry.value.end)
        .map(|range| patch(source, range, String::new()))
        .ok_or_else(|| places.unclear(entry.key.at))
}

/// Returns what goes with an entry of a map in `{}`: the comma before it, or the one behind it where it
/// is first; none where it is the only one, or an action stands between.
fn in_flow(text: &str, entry: Range<usize>) -> Option<Range<usize>> {
    let quotes = ['"', '\''];
    let start = text[..entry.start].trim_end_matches(quotes).len();
    let before = text[..start].trim_end();
    if let Some(before) = before.strip_suffix(',') {
        return Some(before.len()..entry.end);
    }
    let is_first = before.ends_with('{') && !before.ends_with("{{");
    let after = text[entry.end..].trim_start().strip_prefix(',').filter(|_| is_first)?;
    let after = after.trim_start();
    (!after.starts_with(['}', '#'])).then_some(start..text.len() - after.len())
}
