//! From a rendered text to the source that can be changed.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use super::actions::{Actions, Language};
use super::tree::{self, Found};
use crate::source::{Certainty, FileId, Origin, SourceMap, Span};
use crate::yaml::{self, Node, NodeKind};

/// The texts, with what is found out about them once.
pub(super) struct Places<'a> {
    pub(super) map: &'a SourceMap,
    /// The first text of each name: a chart that is another's too is read twice.
    firsts: BTreeMap<&'a str, FileId>,
    trees: BTreeMap<FileId, Rc<Vec<Node>>>,
    actions: BTreeMap<FileId, Rc<Actions>>,
}

/// A stretch of a source that was rendered as it stands.
#[derive(Debug, Clone)]
pub(super) struct Literal {
    /// Where it stands.
    pub(super) at: Span,
    /// The actions that led there, from the executed template inwards.
    pub(super) calls: Vec<Span>,
    pub(super) language: Language,
}

impl Literal {
    /// Tells whether another stretch was written by the same run through the same source.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        self.at.file == other.at.file && self.calls == other.calls
    }
}

/// A key of a map, and its value, in a source.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: Literal,
    /// Whether it stands in `{}`.
    pub(super) in_flow: bool,
    /// The value as the source writes it, quotes included.
    pub(super) value: Range<usize>,
}

impl<'a> Places<'a> {
    pub(super) fn new(map: &'a SourceMap) -> Self {
        let mut firsts = BTreeMap::new();
        for (id, file) in map.files().filter(|(_, file)| file.trail.is_none()) {
            firsts.entry(file.name.as_str()).or_insert(id);
        }
        Self { map, firsts, trees: BTreeMap::new(), actions: BTreeMap::new() }
    }

    /// Returns the sources whose names begin with a text.
    pub(super) fn sources(&self, folder: &str) -> Vec<FileId> {
        let named = self.firsts.iter().filter(|(name, _)| name.starts_with(folder));
        named.map(|(_, id)| *id).collect()
    }

    /// Returns the nodes of a text that is YAML.
    pub(super) fn tree(&mut self, file: FileId) -> Rc<Vec<Node>> {
        let map = self.map;
        let read = || Rc::new(yaml::parse_all(&map.file(file).text).unwrap_or_default());
        self.trees.entry(file).or_insert_with(read).clone()
    }

    /// Returns the actions of a source.
    pub(super) fn actions(&mut self, file: FileId, language: Language) -> Rc<Actions> {
        let map = self.map;
        let find = || Rc::new(Actions::of(&map.file(file).text, language));
        self.actions.entry(file).or_insert_with(find).clone()
    }

    /// Returns the text of a source.
    pub(super) fn text(&self, file: FileId) -> &'a str {
        &self.map.file(file).text
    }

    /// Returns what a node of a text says.
    pub(super) fn text_of(&self, file: FileId, node: &Node) -> &'a str {
        self.map.text(Span { file, start: node.span_start, end: node.span_end })
    }

    /// Leads a stretch of a text to the source in which it stands as it is.
    pub(super) fn literal(&self, span: Span) -> Option<Literal> {
        let origin = self.map.trace(span);
        let exact = origin.certainty == Certainty::Exact;
        let Origin { template, mut via, .. } = origin;
        via.insert(0, template);
        let at = via.pop()?;
        let same = at.end - at.start == span.end - span.start;
        let is_literal = exact && same && self.map.text(at) == self.map.text(span);
        let language = match self.map.file(span.file).trail {
            None => Language::Yaml,
            Some(_) if self.map.file(at.file).name.ends_with(".j2") => Language::Jinja,
            Some(_) => Language::Go,
        };
        let first = self.firsts.get(self.map.file(at.file).name.as_str());
        let file = first.copied().filter(|it| self.text(*it) == self.text(at.file));
        let at = Span { file: file.unwrap_or(at.file), ..at };
        is_literal.then_some(Literal { at, calls: via, language })
    }

    /// Finds the entry of a map whose value stands at a place.
    ///
    /// # Errors
    /// In words why its source cannot be told.
    pub(super) fn entry(&mut self, value: Span) -> Result<Entry, String> {
        let roots = self.tree(value.file);
        let found = tree::find(&roots, value).ok_or("it is no part of a map")?;
        self.entry_of(value.file, found)
    }

    /// Finds the key of the value that stands at a place.
    ///
    /// # Errors
    /// In words why it cannot be told.
    pub(super) fn key(&mut self, value: Span) -> Result<Literal, String> {
        let roots = self.tree(value.file);
        let key = tree::find(&roots, value).and_then(Found::key).ok_or("it is no part of a map")?;
        let span = Span { file: value.file, start: key.span_start, end: key.span_end };
        self.literal(span).ok_or_else(|| self.whence(span))
    }

    pub(super) fn entry_of(&mut self, file: FileId, found: Found<'_>) -> Result<Entry, String> {
        let (key, value) = found.key().zip(found.node()).ok_or("it is no value of a map")?;
        let span = |node: &Node| Span { file, start: node.span_start, end: node.span_end };
        let key = self.literal(span(key)).ok_or_else(|| self.whence(span(value)))?;
        let in_flow = self.map.text(span(found.parent)).starts_with('{');
        let text = self.text(key.at.file);
        let actions = self.actions(key.at.file, key.language);
        let value = value_after(text, &actions, (key.at.end as usize, in_flow))
            .ok_or_else(|| self.unclear(key.at))?;
        Ok(Entry { key, in_flow, value })
    }

    /// Says that what stands at a place of a source is not understood.
    pub(super) fn unclear(&self, at: Span) -> String {
        format!("{} is written in a way that is left alone", self.map.place(at))
    }

    /// Says what wrote a value that does not stand in a source as it is.
    pub(super) fn whence(&self, span: Span) -> String {
        let Origin { template, via, .. } = self.map.trace(span);
        let at = via.last().copied().unwrap_or(template);
        let action = self.map.text(at).lines().next().unwrap_or_default();
        let place = self.map.place(at);
        let made = format!("it comes from `{}` at {place}", action.trim());
        match self.value_behind(at) {
            Some((path, Some(place))) => format!("{made}: change `{path}` at {place}"),
            Some((path, None)) => format!("{made}: change the value `{path}`"),
            None => made,
        }
    }

    /// Returns the value that an action speaks of, and where the chart's values.yaml has it.
    fn value_behind(&self, action: Span) -> Option<(String, Option<String>)> {
        let (_, rest) = self.map.text(action).split_once(".Values.")?;
        let is_path = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '_');
        let end = rest.find(|letter| !is_path(letter)).unwrap_or(rest.len());
        let path = rest[..end].trim_end_matches('.');
        let name = &self.map.file(action.file).name;
        let place = name.rsplit_once("/templates/").and_then(|(chart, _)| {
            let values = self.map.named(&format!("{chart}/values.yaml"))?;
            let roots = yaml::parse_all(&self.map.file(values).text).ok()?;
            let node = path.split('.').try_fold(roots.first()?, |node, key| child(node, key))?;
            let (start, end) = (node.span_start, node.span_end);
            Some(self.map.place(Span { file: values, start, end }))
        });
        Some((format!(".Values.{path}"), place))
    }
}

fn child<'a>(node: &'a Node, name: &str) -> Option<&'a Node> {
    let NodeKind::Map(entries) = &node.kind else { return None };
    let is_it = |key: &Node| matches!(&key.kind, NodeKind::Scalar { text, .. } if text == name);
    entries.iter().find(|(key, _)| is_it(key)).map(|(_, value)| value)
}

/// Returns the value on the line of a key that ends at an offset, quotes included; none where it is no
/// scalar of one line that holds its actions whole.
pub(super) fn value_after(
    text: &str,
    actions: &Actions,
    (key_end, in_flow): (usize, bool),
) -> Option<Range<usize>> {
    let after = text.get(key_end..)?.trim_start_matches(['"', '\'']).trim_start_matches(' ');
    let after = after.strip_prefix(':')?.trim_start_matches([' ', '\t']);
    let start = text.len() - after.len();
    let quote = after.chars().next().filter(|letter| matches!(letter, '"' | '\''));
    let mut at = start + quote.map_or(0, char::len_utf8);
    let mut end = at;
    while let Some(letter) = text[at..].chars().next() {
        if let Some(next) = actions.end_at(at) {
            (at, end) = (next, next);
            continue;
        }
        let next = at + letter.len_utf8();
        let begins_comment = letter == '#' && text[..at].ends_with([' ', '\t']);
        match (quote, letter) {
            (_, '\n') => break,
            (Some('"'), '\\') => at = next,
            (Some(mark), _) if letter == mark => {
                end = next;
                break;
            }
            (None, ',' | '}' | ']') if in_flow => break,
            (None, _) if begins_comment => break,
            (None, _) if letter.is_whitespace() => {}
            _ => end = next,
        }
        at = at.max(next);
        if !text.is_char_boundary(at) || at > text.len() {
            return None;
        }
    }
    let range = start..end;
    let is_plain = !matches!(text[start..].chars().next(), Some('|' | '>' | '&' | '*' | '!' | '['));
    let closed = quote.is_none_or(|mark| end > start + 1 && text[..end].ends_with(mark));
    let rest = line_rest(text, end);
    let ends = in_flow || rest.trim().is_empty() || rest.trim_start().starts_with('#');
    let is_map =
        quote.is_none() && text[start..].starts_with('{') && actions.end_at(start).is_none();
    (start < end && is_plain && closed && ends && !is_map && actions.whole(&range)).then_some(range)
}

/// Returns what follows an offset on its line.
pub(super) fn line_rest(text: &str, offset: usize) -> &str {
    let rest = &text[offset..];
    rest.split_once('\n').map_or(rest, |(line, _)| line).trim_end_matches('\r')
}

/// Returns where the line of an offset begins.
pub(super) fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

/// Returns where the line of an offset ends, its line break included.
pub(super) fn line_end(text: &str, offset: usize) -> usize {
    text[offset..].find('\n').map_or(text.len(), |at| offset + at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_where_yaml_ends_them() {
        let table = [
            ("name: a # b\n", false, Some("a")),
            ("name: a#b c\r\n", false, Some("a#b c")),
            ("name:   {{ a }}-b\n", false, Some("{{ a }}-b")),
            ("name: \"{{ a \"b\" }}\" # x", false, Some("\"{{ a \"b\" }}\"")),
            ("name: 'a'", false, Some("'a'")),
            ("name: a{{ if b }}\n", false, None),
            ("name: {{ if b }}a{{ end }}\n", false, Some("{{ if b }}a{{ end }}")),
            ("name: a, namespace: b}", true, Some("a")),
            ("name: {{ a }}}", true, Some("{{ a }}")),
            ("name: |\n  a\n", false, None),
            ("name:\n  a\n", false, None),
            ("name: {a: b}\n", false, None),
            ("name: 'a' b\n", false, None),
        ];
        for (text, in_flow, expected) in table {
            let actions = Actions::of(text, Language::Go);
            let found = value_after(text, &actions, (4, in_flow));
            assert_eq!(found.map(|range| &text[range]), expected, "{text}");
        }
    }
}
