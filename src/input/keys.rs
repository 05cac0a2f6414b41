//! Readers of a configuration file: its values with their places, and each mistake as an error
//! that says what was expected.
//!
//! Scalars are read as YAML 1.2 reads them, and as editors do: `no` is a text, `false` is none.

use std::collections::BTreeMap;

use serde_yaml::Value as Scalar;

use super::{Error, Text};
use crate::source::{Located, Span};
use crate::yaml::{self, Node, NodeKind, Style};

/// A reader of one file that goes on after a mistake.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    text: &'a Text,
    errors: Vec<Error>,
}

/// A key of a map, and its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'n> {
    pub(super) name: &'n str,
    pub(super) key: &'n Node,
    pub(super) value: &'n Node,
}

/// The entries of a map, and their places by name.
#[derive(Debug, Default)]
struct Fields<'n> {
    list: Vec<Field<'n>>,
    places: BTreeMap<&'n str, usize>,
}

/// A value as messages name it: `a string`, and what to write.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) form: &'static str,
    pub(super) example: &'static str,
}

/// Text; the example is the key's own.
pub(super) const TEXT: Wanted = Wanted { form: "a string", example: "" };

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a Text) -> Self {
        Self { text, errors: Vec::new() }
    }

    /// Returns what was read, or the mistakes in their order in the file.
    pub(super) fn finish<T>(mut self, read: T) -> Result<T, Vec<Error>> {
        if self.errors.is_empty() {
            return Ok(read);
        }
        self.errors.sort_by_key(|error| error.span);
        self.errors.dedup_by(|one, other| one.span == other.span && one.message == other.message);
        Err(self.errors)
    }

    /// Returns the only document; none where there is none, or where it is no YAML.
    pub(super) fn document(&mut self) -> Option<Node> {
        let mut roots = match yaml::parse_all(&self.text.content) {
            Ok(roots) => roots,
            Err(error) => {
                self.errors.push(no_yaml(self.text, &error));
                return None;
            }
        };
        if let Some(second) = roots.get(1) {
            let help = "write all of it in one document, without `---`";
            self.refuse(second, "there is a second document", help);
        }
        roots.truncate(1);
        roots.pop().filter(|root| !is_null(root))
    }

    /// Notes a mistake.
    pub(super) fn refuse(&mut self, node: &Node, message: &str, help: impl Into<String>) {
        self.refuse_at(self.span(node), message, help);
    }

    /// Notes a mistake of a whole map, which is shown by its first key.
    pub(super) fn refuse_head(&mut self, node: &Node, message: &str, help: impl Into<String>) {
        let head = match &node.kind {
            NodeKind::Map(entries) => entries.first().map_or(node, |(key, _)| key),
            _ => node,
        };
        self.refuse(head, message, help);
    }

    /// Notes a mistake at a place.
    pub(super) fn refuse_at(&mut self, span: Span, message: &str, help: impl Into<String>) {
        let error = self.text.error_at(None, message).with_help(help);
        self.errors.push(Error { span: Some(span), ..error });
    }

    /// Returns where a part of a value stands; all of the value where it was written otherwise.
    pub(super) fn within(&self, span: Span, part: &str) -> Span {
        let written = self.text.content.get(span.range()).unwrap_or("");
        match written.find(part) {
            Some(at) => {
                let start = span.start as usize + at;
                Span::new(span.file, start, start + part.len())
            }
            None => span,
        }
    }

    pub(super) fn span(&self, node: &Node) -> Span {
        Span::new(self.text.file, node.span_start as usize, node.span_end as usize)
    }

    /// Notes a value of another form than wanted.
    pub(super) fn misfit(&mut self, node: &Node, name: &str, wanted: Wanted) {
        let name = ticked(name);
        let message = format!("{name} must be {}, and is {}", wanted.form, form_of(node));
        let help = match (wanted.example, &node.kind) {
            ("", NodeKind::Scalar { text, .. }) if !text.is_empty() => {
                format!("put it in quotes: \"{text}\"")
            }
            ("", _) => format!("write one for {name}, or leave the key out"),
            (example, _) => format!("write `{example}`"),
        };
        self.refuse(node, &message, help);
    }

    /// Returns the entries of a map, those that `<<` merges into it last.
    ///
    /// Keys that stand twice or are no text are mistakes.
    pub(super) fn entries<'n>(
        &mut self,
        node: &'n Node,
        (name, wanted): (&str, Wanted),
    ) -> Option<Vec<Field<'n>>> {
        let mut fields = Fields::default();
        self.add_entries(&mut fields, node, (name, wanted))?;
        Some(fields.list)
    }

    fn add_entries<'n>(
        &mut self,
        fields: &mut Fields<'n>,
        node: &'n Node,
        (name, wanted): (&str, Wanted),
    ) -> Option<()> {
        let NodeKind::Map(entries) = &node.kind else {
            self.misfit(node, name, wanted);
            return None;
        };
        let inherited = fields.list.len();
        for (key, value) in entries.iter().filter(|(key, _)| !key.is_merge()) {
            let NodeKind::Scalar { text, .. } = &key.kind else {
                self.refuse(key, "a key must be a string", "write `KEY: VALUE`");
                continue;
            };
            match fields.places.get(text.as_str()) {
                Some(at) if *at >= inherited => {
                    let line = self.line(fields.list[*at].key);
                    let message = format!("`{text}` stands twice, first in line {line}");
                    self.refuse(key, &message, "keep one of them");
                }
                Some(_) => {}
                None => {
                    fields.places.insert(text, fields.list.len());
                    fields.list.push(Field { name: text, key, value });
                }
            }
        }
        for (_, value) in entries.iter().filter(|(key, _)| key.is_merge()) {
            let sources = match &value.kind {
                NodeKind::Seq(sources) => sources.as_slice(),
                _ => std::slice::from_ref(value),
            };
            for source in sources {
                self.add_entries(fields, source, ("<<", wanted));
            }
        }
        Some(())
    }

    fn line(&self, node: &Node) -> usize {
        let before = self.text.content.get(..node.span_start as usize).unwrap_or("");
        before.matches('\n').count() + 1
    }

    /// Returns the entries of a map that may have these keys alone.
    pub(super) fn fields<'n>(
        &mut self,
        node: &'n Node,
        what: (&str, Wanted),
        known: &[&str],
    ) -> Option<Vec<Field<'n>>> {
        let fields = self.entries(node, what)?;
        for field in &fields {
            if !known.contains(&field.name) {
                let help = suggestion(field.name, known);
                self.refuse(field.key, &format!("unknown key `{}`", field.name), help);
            }
        }
        Some(fields)
    }

    /// Returns the items of a list.
    pub(super) fn items<'n>(&mut self, node: &'n Node, what: (&str, Wanted)) -> &'n [Node] {
        match &node.kind {
            NodeKind::Seq(items) => items,
            _ => {
                self.misfit(node, what.0, what.1);
                &[]
            }
        }
    }

    /// Reads a text that is not empty.
    pub(super) fn text(&mut self, node: &Node, name: &str) -> Option<Located<String>> {
        let Some(value) = text_of(node) else {
            self.misfit(node, name, TEXT);
            return None;
        };
        if value.is_empty() {
            let name = ticked(name);
            self.refuse(node, &format!("{name} is empty"), "write it, or leave it out");
            return None;
        }
        Some(Located { value: value.into(), span: self.span(node) })
    }

    /// Reads a list of texts.
    pub(super) fn texts(&mut self, node: &Node, what: (&str, Wanted)) -> Vec<Located<String>> {
        let items = self.items(node, what);
        let name = format!("an item of `{}`", what.0);
        items.iter().filter_map(|item| self.text(item, &name)).collect()
    }
}

/// Returns a key in backticks, and words such as `a release` as they are.
fn ticked(name: &str) -> String {
    if name.contains(' ') { name.into() } else { format!("`{name}`") }
}

/// Returns what is no YAML without the line that go-yaml counts, which may be the one before.
fn no_yaml(text: &Text, error: &yaml::Error) -> Error {
    let words = error.to_string();
    let words = words.strip_prefix("yaml: ").unwrap_or(&words);
    let words = match words.strip_prefix("line ").and_then(|it| it.split_once(": ")) {
        Some((_, words)) => words,
        None => words,
    };
    let at = error.offset().min(text.content.len());
    let is_tab = text.content.as_bytes().get(at) == Some(&b'\t');
    let unexpected = ["did not find", "could not find", "found", "mapping values"];
    let help = match unexpected.iter().any(|begin| words.starts_with(begin)) {
        _ if is_tab => "indent with spaces: YAML allows no tabs there",
        true => "most often a bracket or quote is not closed, or an indent does not fit",
        false => "write YAML, of text and without tricks",
    };
    text.error_at(Some(at), format!("no YAML: {words}")).with_help(help)
}

/// Returns the field of a name.
pub(super) fn field<'n>(fields: &[Field<'n>], name: &str) -> Option<&'n Node> {
    fields.iter().find(|field| field.name == name).map(|field| field.value)
}

/// Returns the text that a scalar is; none for numbers, booleans and nulls.
pub(super) fn text_of(node: &Node) -> Option<&str> {
    match &node.kind {
        NodeKind::Scalar { text, .. } => {
            matches!(scalar(node), Some(Scalar::String(_))).then_some(text)
        }
        _ => None,
    }
}

/// Tells whether a scalar is the boolean `false`.
pub(super) fn is_false(node: &Node) -> bool {
    matches!(scalar(node), Some(Scalar::Bool(false)))
}

fn is_null(node: &Node) -> bool {
    matches!(scalar(node), Some(Scalar::Null))
}

/// Returns a scalar as YAML 1.2 reads it.
fn scalar(node: &Node) -> Option<Scalar> {
    match &node.kind {
        NodeKind::Scalar { text, style: Style::Plain, tag: None } => {
            Some(serde_yaml::from_str(text).unwrap_or_else(|_| Scalar::String(text.to_string())))
        }
        NodeKind::Scalar { text, .. } => Some(Scalar::String(text.to_string())),
        _ => None,
    }
}

fn form_of(node: &Node) -> &'static str {
    match &node.kind {
        NodeKind::Seq(_) => "a list",
        NodeKind::Map(_) => "a map",
        NodeKind::Scalar { .. } => match scalar(node) {
            Some(Scalar::Null) => "empty",
            Some(Scalar::Bool(_)) => "a boolean",
            Some(Scalar::Number(_)) => "a number",
            _ => "a string",
        },
    }
}

/// Returns which of the known words was meant, or all of them.
pub(super) fn suggestion(word: &str, known: &[&str]) -> String {
    match nearest(word, known) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("known here: {}", known.join(", ")),
    }
}

/// Returns the known word that a mistyped one comes close to.
pub(crate) fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let folded = |word: &str| word.to_lowercase().replace(['-', '_'], "");
    let word = folded(word);
    let most = 1 + word.chars().count() / 4;
    let distances = known.iter().map(|it| (strsim::damerau_levenshtein(&folded(it), &word), *it));
    distances.min().filter(|(distance, _)| *distance <= most).map(|(_, nearest)| nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_near_by_their_length() {
        let known = ["name", "chart", "namespace", "namespaces", "fail-on", "set"];
        let table = [
            ("nmae", Some("name")),
            ("charts", Some("chart")),
            ("nameSpace", Some("namespace")),
            ("failOn", Some("fail-on")),
            ("fail_on", Some("fail-on")),
            ("sets", Some("set")),
            ("path", None),
            ("foo", None),
        ];
        for (word, expected) in table {
            assert_eq!(nearest(word, &known), expected, "{word}");
        }
    }
}
