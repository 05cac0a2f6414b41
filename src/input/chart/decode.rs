//! YAML into typed fields, as sigs.k8s.io/yaml and Go's encoding/json do it together.
//!
//! Keys match without regard to case, unknown ones are passed over, scalars become text where a
//! text is wanted, and the first value of a wrong type is what the error names.

use std::collections::{BTreeMap, HashMap};

use smol_str::SmolStr;

use crate::yaml::{self, Data, Node, NodeKind, Style};

/// A text that was read, with its nodes: data alone does not tell `1000000` from `1e6`.
#[derive(Debug)]
pub(crate) struct Document {
    data: Data,
    node: Option<Node>,
}

impl Document {
    /// Reads the first document of a file.
    ///
    /// # Errors
    /// As [`Document::read`] and [`utf8`].
    pub(crate) fn read_bytes(content: &[u8]) -> Result<Self, String> {
        Self::read(utf8(content)?)
    }

    /// Reads the first document of a text.
    ///
    /// # Errors
    /// `error converting YAML to JSON: yaml: …`
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        Self::read_with(text, yaml::to_data)
    }

    /// Reads the first document of a text as [`Document::read`] does, but keeps of a map only the
    /// entries under wanted keys.
    ///
    /// # Errors
    /// As [`Document::read`].
    pub(crate) fn read_keys(text: &str, wanted: fn(&str) -> bool) -> Result<Self, String> {
        Self::read_with(text, |node| yaml::to_data_of(node, wanted))
    }

    fn read_with(
        text: &str,
        to_data: impl Fn(&Node) -> Result<Data, yaml::Error>,
    ) -> Result<Self, String> {
        on_fitting_stack(text, || {
            let words =
                |error: &dyn std::fmt::Display| format!("error converting YAML to JSON: {error}");
            let node = yaml::parse_first(text).map_err(|error| words(&error))?;
            let data = node.as_ref().map_or(Ok(Data::Null), to_data);
            let data = data.map_err(|error| words(&error))?;
            let data = bounded(data).map_err(|error| words(&format!("yaml: {error}")))?;
            Ok(Self { data, node })
        })
    }

    /// Decodes the document into the Go type of that name: `Metadata`, of package `v2`.
    ///
    /// # Errors
    /// `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal …`, for the first
    /// value of a wrong type.
    pub(crate) fn decode<T>(
        &self,
        (package, name): (&str, &'static str),
        fields: impl FnOnce(&mut Decoder, Cell<'_>) -> T,
    ) -> Result<T, String> {
        let root = Cell { data: &self.data, node: self.node.as_ref() };
        let mut decoder = Decoder { owner: name, path: Vec::new(), error: None };
        if !matches!(root.data, Data::Map(_) | Data::Null) {
            let kind = kind(root.data);
            decoder.fail(format!("{kind} into Go value of type {package}.{name}"));
        }
        let decoded = fields(&mut decoder, root);
        match decoder.error {
            Some(error) => Err(format!("error unmarshaling JSON: while decoding JSON: {error}")),
            None => Ok(decoded),
        }
    }
}

/// How deep collections may nest. Helm takes ten times as much; no chart comes near either, and
/// whatever walks the data may be recursive up to here.
const MAX_DEPTH: usize = 1_000;

/// Returns data that does not nest too deep; to be called within [`on_fitting_stack`].
///
/// # Errors
/// In the words that go-yaml has for its own limit.
pub(crate) fn bounded(data: Data) -> Result<Data, String> {
    if fits(&data, MAX_DEPTH) {
        return Ok(data);
    }
    Err(format!("exceeded max depth of {MAX_DEPTH}"))
}

fn fits(data: &Data, depth: usize) -> bool {
    match data {
        Data::Seq(items) => depth > 0 && items.iter().all(|item| fits(item, depth - 1)),
        Data::Map(map) => depth > 0 && map.values().all(|value| fits(value, depth - 1)),
        _ => true,
    }
}

/// Reads a text on a stack that is large enough for what it may nest: trees are also dropped
/// level by level.
pub(crate) fn on_fitting_stack<T>(text: &str, read: impl FnOnce() -> T) -> T {
    let brackets = memchr::memchr2_iter(b'[', b'{', text.as_bytes()).count();
    let mut indent = 0;
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        let line = text.as_bytes()[start..end].iter();
        indent = indent.max(line.take_while(|it| matches!(it, b' ' | b'-' | b'?' | b':')).count());
        start = end + 1;
    }
    if brackets + indent <= 2 * MAX_DEPTH {
        return read();
    }
    stacker::maybe_grow(32 << 20, 64 << 20, read)
}

/// Returns the content of a YAML file as text.
///
/// # Errors
/// In the words of go-yaml, where it is no UTF-8.
pub(crate) fn utf8(content: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(content).map_err(|error| {
        let rest = &content[error.valid_up_to()..];
        let width = match rest.first() {
            Some(0xc0..=0xdf) => 2,
            Some(0xe0..=0xef) => 3,
            Some(0xf0..=0xf7) => 4,
            _ => 0,
        };
        let trailing = rest.get(1..width);
        let problem = match trailing {
            _ if width == 0 => "invalid leading UTF-8 octet",
            None => "incomplete UTF-8 octet sequence",
            Some(bytes) if bytes.iter().any(|byte| byte & 0xc0 != 0x80) => {
                "invalid trailing UTF-8 octet"
            }
            Some(_) if rest.starts_with(b"\xed") || width == 4 => "invalid Unicode character",
            Some(_) => "invalid length of a UTF-8 sequence",
        };
        format!("error converting YAML to JSON: yaml: {problem}")
    })
}

/// A value and the node that it was read from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell<'a> {
    pub(crate) data: &'a Data,
    node: Option<&'a Node>,
}

impl<'a> Cell<'a> {
    /// Returns the entries of a map, in the order of the JSON that Go would make of it.
    pub(crate) fn entries(self) -> impl Iterator<Item = (&'a SmolStr, Cell<'a>)> {
        let entries = match self.data {
            Data::Map(entries) => Some(entries.iter()),
            _ => None,
        };
        let nodes = self.children();
        let child = move |(key, data): (&'a SmolStr, &'a Data)| {
            (key, Self { data, node: nodes.get(key.as_str()).copied() })
        };
        entries.into_iter().flatten().map(child)
    }

    /// Returns the nodes of the entries by their keys; the last one of a key counts.
    fn children(self) -> HashMap<&'a str, &'a Node> {
        let Some(NodeKind::Map(pairs)) = self.node.map(|node| &node.kind) else {
            return HashMap::new();
        };
        let child = |(name, value): &'a (Node, Node)| match &name.kind {
            NodeKind::Scalar { text, .. } => Some((text.as_str(), value)),
            _ => None,
        };
        pairs.iter().filter_map(child).collect()
    }

    fn items(self, items: &'a [Data]) -> impl Iterator<Item = Cell<'a>> {
        let nodes = match self.node.map(|node| &node.kind) {
            Some(NodeKind::Seq(nodes)) => nodes.as_slice(),
            _ => &[],
        };
        items.iter().enumerate().map(|(index, data)| Cell { data, node: nodes.get(index) })
    }
}

/// Reads fields, and keeps the first error.
#[derive(Debug)]
pub(crate) struct Decoder {
    owner: &'static str,
    path: Vec<&'static str>,
    error: Option<String>,
}

impl Decoder {
    /// Runs `read` for the field of that name, so that errors name it.
    pub(crate) fn field<T>(&mut self, name: &'static str, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(name);
        let value = read(self);
        self.path.pop();
        value
    }

    /// Keeps the error of a type that reads itself, which ends Go's reading whatever came before.
    pub(crate) fn stop(&mut self, error: String) {
        self.error = Some(error);
    }

    /// Reads a text; null leaves it as it is.
    pub(crate) fn text(&mut self, cell: Cell<'_>, into: &mut String) {
        match cell.data {
            Data::Null => {}
            Data::Str(text) => *into = text.to_string(),
            Data::Bool(value) => *into = value.to_string(),
            Data::Int(number) => *into = number.to_string(),
            Data::Float(number) => *into = number_text(*number, cell.node),
            other => self.wrong(other, "string"),
        }
    }

    /// Reads a boolean; null leaves it as it is.
    pub(crate) fn boolean(&mut self, cell: Cell<'_>, into: &mut bool) {
        match cell.data {
            Data::Null => {}
            Data::Bool(value) => *into = *value,
            other => self.wrong(other, "bool"),
        }
    }

    /// Reads a list of texts.
    pub(crate) fn texts(&mut self, cell: Cell<'_>, into: &mut Vec<String>) {
        into.clear();
        for cell in self.list(cell, "[]string") {
            let mut text = String::new();
            self.text(cell, &mut text);
            into.push(text);
        }
    }

    /// Reads a map of texts.
    pub(crate) fn text_map(
        &mut self,
        cell: Cell<'_>,
        into: &mut Option<BTreeMap<SmolStr, SmolStr>>,
    ) {
        match cell.data {
            Data::Null => *into = None,
            Data::Map(_) => {
                let map = into.get_or_insert_default();
                for (key, cell) in cell.entries() {
                    let mut text = String::new();
                    self.text(cell, &mut text);
                    map.insert(key.clone(), text.into());
                }
            }
            other => self.wrong(other, "map[string]string"),
        }
    }

    /// Reads a list of structs, of which `reuse` holds what was read before.
    pub(crate) fn structs<T: Default>(
        &mut self,
        (cell, owner, list_type): (Cell<'_>, &'static str, &str),
        into: &mut Vec<Option<T>>,
        read: impl Fn(&mut Self, Cell<'_>, &mut T),
    ) {
        let element = list_type.trim_start_matches("[]*");
        let mut before = std::mem::take(into).into_iter();
        for cell in self.list(cell, list_type) {
            let old = before.next().flatten();
            let outer = std::mem::replace(&mut self.owner, owner);
            into.push(match cell.data {
                Data::Null => None,
                Data::Map(_) => {
                    let mut value = old.unwrap_or_default();
                    read(self, cell, &mut value);
                    Some(value)
                }
                other => {
                    self.owner = outer;
                    self.wrong(other, element);
                    None
                }
            });
            self.owner = outer;
        }
    }

    /// Returns the items of a list; none for null, and an error for anything else.
    pub(crate) fn list<'a>(&mut self, cell: Cell<'a>, list_type: &str) -> Vec<Cell<'a>> {
        match cell.data {
            Data::Null => Vec::new(),
            Data::Seq(items) => cell.items(items).collect(),
            other => {
                self.wrong(other, list_type);
                Vec::new()
            }
        }
    }

    /// Enters a struct that is a field: `read` runs where it is a map, with `owner` as its name.
    pub(crate) fn nested(
        &mut self,
        (cell, owner, go_type): (Cell<'_>, &'static str, &str),
        read: impl FnOnce(&mut Self, Cell<'_>),
    ) {
        match cell.data {
            Data::Null => {}
            Data::Map(_) => {
                let outer = std::mem::replace(&mut self.owner, owner);
                read(self, cell);
                self.owner = outer;
            }
            other => self.wrong(other, go_type),
        }
    }

    fn wrong(&mut self, value: &Data, wanted: &str) {
        let (kind, owner, path) = (kind(value), self.owner, self.path.join("."));
        self.fail(format!("{kind} into Go struct field {owner}.{path} of type {wanted}"));
    }

    fn fail(&mut self, what: String) {
        self.error.get_or_insert_with(|| format!("json: cannot unmarshal {what}"));
    }
}

/// Returns the word of encoding/json for a kind of value.
pub(crate) fn kind(value: &Data) -> &'static str {
    match value {
        Data::Null => "null",
        Data::Bool(_) => "bool",
        Data::Int(_) | Data::Float(_) => "number",
        Data::Str(_) => "string",
        Data::Seq(_) => "array",
        Data::Map(_) => "object",
    }
}

/// Returns what a number becomes where a text is wanted: whole numbers keep their digits, others
/// go through 32 bits.
fn number_text(number: f64, node: Option<&Node>) -> String {
    let written = node.and_then(|node| match &node.kind {
        NodeKind::Scalar { text, style: Style::Plain, .. } => Some(text.replace('_', "")),
        _ => None,
    });
    let whole = number.fract() == 0.0 && number.abs() < 1e20;
    // Beyond 64 bits go-yaml reads a float.
    let fits = |number: f64| (i64::MIN as f64..=u64::MAX as f64).contains(&number);
    let digits = |text: &str| {
        let text = text.strip_prefix(['-', '+']).unwrap_or(text);
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        (plain && (text == "0" || !text.starts_with('0')), plain)
    };
    match &written {
        Some(text) if digits(text).0 && fits(number) => text.trim_start_matches('+').into(),
        _ if whole && number.abs() < 1e6 => format!("{number:.0}"),
        None if whole => format!("{number:.0}"),
        Some(text) if whole && (digits(text).1 || is_based(text)) => format!("{number:.0}"),
        _ => short_float(number as f32),
    }
}

/// Tells whether a number is written with a base: `0x1F`.
fn is_based(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    ["0x", "0b", "0o"].iter().any(|base| text.starts_with(base))
}

/// Returns what `strconv.FormatFloat(number, 'g', -1, 32)` gives.
fn short_float(number: f32) -> String {
    if !number.is_finite() {
        let infinity = if number > 0.0 { "+Inf" } else { "-Inf" };
        return if number.is_nan() { "NaN".into() } else { infinity.into() };
    }
    let text = format!("{number:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    match exponent.parse::<i32>() {
        Ok(exponent) if number != 0.0 && !(-4..6).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{mantissa}e{sign}{:02}", exponent.abs())
        }
        _ => format!("{number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(text: &str) -> Node {
        let kind = NodeKind::Scalar { text: text.into(), style: Style::Plain, tag: None };
        Node { span_start: 0, span_end: 0, kind }
    }

    #[test]
    fn numbers_become_text_as_helm_prints_an_app_version() {
        let cases = [
            (20_231_012.5, "20231012.5", "2.0231012e+07"),
            (1000.0, "1e3", "1000"),
            (8.0, "010", "8"),
            (123_400_000.0, "1234e5", "1.234e+08"),
            (1.1, "1.10", "1.1"),
            (1_000_000.0, "1000000", "1000000"),
            (9_007_199_254_740_992.0, "9007199254740993", "9007199254740993"),
            (-5.0, "-5", "-5"),
            (123_456_789_012_345_678_901_234.0, "123456789012345678901234", "1.2345679e+23"),
        ];
        for (number, written, expected) in cases {
            assert_eq!(number_text(number, Some(&scalar(written))), expected, "{written}");
        }
    }
}
