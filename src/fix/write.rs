//! Changes to patches of sources, which keep how the source is written.

use std::ops::Range;

use super::Patch;
use super::actions::{Actions, Language};
use super::place::{Entry, Literal, Places, line_end, line_rest, line_start};
use super::{remove, tree};
use crate::finding::{Edit, Written};
use crate::source::{FileId, Span};
use crate::yaml::{self, Data};

/// Returns the patches that carry out a change.
///
/// # Errors
/// In words why there are none.
pub(super) fn patches(places: &mut Places<'_>, edit: &Edit) -> Result<Vec<Patch>, String> {
    match edit {
        Edit::Replace { span, with } => replace(places, *span, with),
        Edit::Add { beside, key, value } => add(places, *beside, (key, value)),
        Edit::AddItems { behind, items } => add_items(places, *behind, items),
        Edit::Remove { span } => remove::part(places, *span, None),
        Edit::RemoveCopy { span, of } => remove::part(places, *span, Some(*of)),
        Edit::Append { span, with } => append(places, *span, with),
    }
    .map(|patch| vec![patch])
}

fn replace(places: &mut Places<'_>, span: Span, with: &Written) -> Result<Patch, String> {
    if span.start == span.end {
        return fill(places, span, with);
    }
    let literal = places.literal(span).ok_or_else(|| places.whence(span))?;
    let Literal { at, language, .. } = literal;
    let old = places.text(at.file).get(at.range()).unwrap_or_default();
    if old.is_empty() || old.contains('\n') {
        return Err(places.unclear(at));
    }
    let quote = old.chars().next().filter(|letter| matches!(letter, '"' | '\''));
    let actions = places.actions(at.file, language);
    let text = written(with, (language, &actions, at.start as usize), quote);
    Ok(patch(at.file, at.range(), text))
}

/// Writes a value behind a key that has none.
fn fill(places: &mut Places<'_>, span: Span, with: &Written) -> Result<Patch, String> {
    let key = places.key(span)?;
    let (file, language, end) = (key.at.file, key.language, key.at.end as usize);
    let actions = places.actions(file, language);
    let rest = line_rest(places.text(file), end);
    match rest.strip_prefix(':').map(str::trim_start) {
        Some(after) if after.is_empty() || after.starts_with('#') => {
            let text = format!(" {}", written(with, (language, &actions, end), None));
            Ok(patch(file, end + 1..end + 1, text))
        }
        _ => Err(places.unclear(key.at)),
    }
}

fn add(
    places: &mut Places<'_>,
    beside: Span,
    (key, value): (&str, &Written),
) -> Result<Patch, String> {
    // Behind a value that is more than a line nothing is added.
    let Ok(entry) = places.entry(beside) else { return add_above(places, beside, (key, value)) };
    let Entry { key: known, in_flow, value: range } = entry;
    let (file, language) = (known.at.file, known.language);
    let text = places.text(file);
    let actions = places.actions(file, language);
    let at = known.at.start as usize;
    if in_flow {
        let quote = text[at..].chars().next().filter(|letter| *letter == '"');
        let value = written(value, (language, &actions, at), quote);
        let mark = quote.map(String::from).unwrap_or_default();
        return Ok(patch(file, range.end..range.end, format!(", {mark}{key}{mark}: {value}")));
    }
    let value = written(value, (language, &actions, at), None);
    let (start, column) = (line_start(text, at), column(text, at));
    if !actions.whole(&(item_start(text, &actions, (start, column))..range.end)) {
        return Err(places.unclear(known.at));
    }
    let end = range.end + line_rest(text, range.end).len();
    let line_break = line_break(text, end);
    Ok(patch(file, end..end, format!("{line_break}{}{key}: {value}", " ".repeat(column))))
}

/// Adds a key right before that of a value.
fn add_above(
    places: &mut Places<'_>,
    beside: Span,
    (key, value): (&str, &Written),
) -> Result<Patch, String> {
    let known = places.key(beside)?;
    let roots = places.tree(beside.file);
    let parent = tree::find(&roots, beside).ok_or("it is no part of a map")?.parent;
    let in_flow = places.text_of(beside.file, parent).starts_with('{');
    let (file, language, at) = (known.at.file, known.language, known.at.start as usize);
    let (text, actions) = (places.text(file), places.actions(file, language));
    let (start, column) = (line_start(text, at), column(text, at));
    let value = written(value, (language, &actions, at), None);
    if in_flow {
        let quote = text[at..].chars().next().filter(|letter| *letter == '"');
        let mark = quote.map(String::from).unwrap_or_default();
        return Ok(patch(file, at..at, format!("{mark}{key}{mark}: {value}, ")));
    }
    let is_first_on_line = text[start..at].chars().all(|letter| matches!(letter, ' ' | '-'));
    if !is_first_on_line || !actions.whole(&(item_start(text, &actions, (start, column))..at)) {
        return Err(places.unclear(known.at));
    }
    let line_break = line_break(text, at);
    Ok(patch(file, at..at, format!("{key}: {value}{line_break}{}", " ".repeat(column))))
}

/// Adds items to a list, behind one that stands in a source as it is.
fn add_items(places: &mut Places<'_>, behind: Span, items: &[String]) -> Result<Patch, String> {
    let roots = places.tree(behind.file);
    let list = tree::find(&roots, behind).ok_or("it stands in no list")?.parent;
    let in_flow = places.text_of(behind.file, list).starts_with('[');
    let literal = places.literal(behind).ok_or_else(|| places.whence(behind))?;
    let Literal { at, language, .. } = literal;
    let (text, actions) = (places.text(at.file), places.actions(at.file, language));
    // In lines the core group alone is written in quotes.
    let old = Some(&text[at.range()]).filter(|old| in_flow || old.len() > 2);
    let quote = old.and_then(|old| old.chars().next()).filter(|it| matches!(it, '"' | '\''));
    let written = |item: &String| {
        written(&Written::Text(item.clone()), (language, &actions, at.start as usize), quote)
    };
    let (start, end) = (at.start as usize, at.end as usize);
    if in_flow {
        let more: String = items.iter().map(|item| format!(", {}", written(item))).collect();
        return Ok(patch(at.file, end..end, more));
    }
    let span = Span { file: behind.file, start: list.span_start, end: list.span_end };
    // What a condition adds to the list is not always there.
    let is_always = places.key(span).is_ok_and(|key| {
        !key.is_beside(&literal) || actions.around(key.at.start as usize) == actions.around(start)
    });
    let head = &text[line_start(text, start)..start];
    let rest = line_rest(text, end);
    let is_alone = rest.trim().is_empty() || rest.trim_start().starts_with('#');
    if !is_always || !is_alone || head.trim() != "-" {
        return Err(places.unclear(at));
    }
    let line_break = line_break(text, end);
    let more = items.iter().map(|item| format!("{line_break}{head}{}", written(item)));
    let end = end + rest.len();
    Ok(patch(at.file, end..end, more.collect()))
}

/// Returns what ends the line of an offset, or would.
fn line_break(text: &str, offset: usize) -> &'static str {
    let end = offset + line_rest(text, offset).len();
    if text[end..].starts_with('\r') { "\r\n" } else { "\n" }
}

/// Returns the column of an offset, counted from 0, where only ASCII stands before it.
fn column(text: &str, offset: usize) -> usize {
    offset - line_start(text, offset)
}

/// Returns the start of the line on which the map begins that a line at a column belongs to.
fn item_start(text: &str, actions: &Actions, (mut start, column): (usize, usize)) -> usize {
    loop {
        let line = actions.without(&text[start..line_end(text, start)], start).into_owned();
        let indent = line.len() - line.trim_start().len();
        let is_content = !line.trim().is_empty() && !line.trim_start().starts_with('#');
        if start == 0 || is_content && indent < column {
            return start;
        }
        start = line_start(text, start - 1);
    }
}

fn append(places: &mut Places<'_>, span: Span, with: &Written) -> Result<Patch, String> {
    let (at, value) = match places.entry(span) {
        Ok(Entry { key, value, .. }) => (key, value),
        // An item of a list is changed where it stands itself.
        Err(why) => {
            let literal = places.literal(span).ok_or(why)?;
            let range = literal.at.range();
            (literal, range)
        }
    };
    let is_quoted = places.map.text(span).starts_with(['"', '\'']);
    let source = (at.at.file, at.language, value);
    append_at(places, source, (with, is_quoted)).ok_or_else(|| places.unclear(at.at))
}

/// Writes more behind a value of a source, which is rendered in quotes or not.
pub(super) fn append_at(
    places: &mut Places<'_>,
    (file, language, value): (FileId, Language, Range<usize>),
    (with, is_quoted): (&Written, bool),
) -> Option<Patch> {
    let text = places.text(file);
    let actions = places.actions(file, language);
    let quote = text[value.clone()].chars().next().filter(|it| matches!(it, '"' | '\''));
    let more = format!("-{}", written_plain(with, (language, &actions, value.start)));
    if quote.is_some() {
        return Some(patch(file, value.end - 1..value.end - 1, more));
    }
    if !is_quoted {
        return Some(patch(file, value.end..value.end, more));
    }
    // The action puts quotes around it: they come to stand around both.
    let (action, mark) = unquoted(&text[value.clone()])?;
    Some(patch(file, value, format!("{mark}{action}{more}{mark}")))
}

/// Tells whether an action puts quotes around what it prints.
pub(super) fn quotes(value: &str) -> bool {
    unquoted(value).is_some()
}

/// Takes the last step `quote` from an action that stands alone; returns it, and the mark.
fn unquoted(value: &str) -> Option<(String, char)> {
    let inner = value.strip_prefix("{{")?.strip_suffix("}}")?;
    if inner.contains("{{") {
        return None;
    }
    let (inner, dash) = match inner.strip_suffix('-') {
        Some(inner) => (inner, "-"),
        None => (inner, ""),
    };
    let (before, function) = inner.rsplit_once('|')?;
    let mark = match function.trim() {
        "quote" => '"',
        "squote" => '\'',
        _ => return None,
    };
    Some((format!("{{{{{} {dash}}}}}", before.trim_end()), mark))
}

/// Returns what a change writes at a place, in the quotes that stand there.
fn written(with: &Written, place: (Language, &Actions, usize), quote: Option<char>) -> String {
    let plain = written_plain(with, place);
    if let Written::List(text) = with {
        return format!("[{}]", scalar(text));
    }
    let is_action = matches!(with, Written::ReleaseNamespace(_)) && place.0 != Language::Yaml;
    match quote {
        Some('"') if is_action => format!("\"{plain}\""),
        Some('"') => yaml::json_write(&Data::Str(plain.into())),
        Some(_) => format!("'{}'", plain.replace('\'', "''")),
        None if is_action => plain,
        None => scalar(&plain),
    }
}

fn written_plain(with: &Written, (language, actions, at): (Language, &Actions, usize)) -> String {
    match (with, language) {
        (Written::Text(text) | Written::List(text), _)
        | (Written::ReleaseNamespace(text), Language::Yaml) => text.clone(),
        (_, Language::Jinja) => "{{ Release.Namespace }}".into(),
        (_, Language::Go) if actions.moves_dot(at) => "{{ $.Release.Namespace }}".into(),
        (_, Language::Go) => "{{ .Release.Namespace }}".into(),
    }
}

/// Returns a text as a scalar, in quotes where it would be something else without them.
fn scalar(text: &str) -> String {
    let quoted = || yaml::json_write(&Data::Str(text.into()));
    let plain = yaml::to_yaml(&Data::Str(text.into()));
    match plain.as_deref().map(str::trim_end) {
        Some("\"\"") | None => quoted(),
        Some(plain) if plain.contains(['\n', ',', '{', '}', '[', ']']) => quoted(),
        Some(plain) => plain.into(),
    }
}

pub(super) fn patch(file: FileId, range: Range<usize>, text: String) -> Patch {
    Patch { file, start: range.start, end: range.end, text }
}
