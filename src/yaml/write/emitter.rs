//! Values to text: indents, lists, maps; scalars are in `scalar`.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::analysis::{Analysis, analyse};
use super::reread::{self, Refusal};
use super::{keys, number};
use crate::yaml::{Data, Error};

/// The stack that must be left before a list or map is entered, and how much is added.
const STACK: (usize, usize) = (64 * 1024, 1024 * 1024);
/// The longest key that stands before its colon on one line.
const SIMPLE_KEY: usize = 128;

/// Which library's form is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::yaml) enum Dialect {
    /// go-yaml v2 of JSON that was read as YAML: `toYaml`.
    V2,
    /// go-yaml v3: `toYamlPretty`.
    V3,
}

/// Where a scalar or list stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It is the whole document.
    Root,
    /// It is an item of a list.
    Item,
    /// It is a key on one line.
    Key,
    /// It is a key behind `?`.
    LongKey,
    /// It is the value of a key.
    Value,
}

/// The text written so far and the state of its last line.
pub(in crate::yaml) struct Emitter {
    pub(super) out: String,
    pub(super) column: usize,
    pub(super) indent: Option<usize>,
    /// Whether the last character was a blank or none.
    pub(super) whitespace: bool,
    /// Whether the line holds nothing but blanks and indicators.
    pub(super) indention: bool,
    pub(super) dialect: Dialect,
    refusal: Option<Refusal>,
    depth: usize,
}

impl Emitter {
    pub(in crate::yaml) fn new(dialect: Dialect) -> Self {
        Self {
            out: String::new(),
            column: 0,
            indent: None,
            whitespace: true,
            indention: true,
            dialect,
            refusal: None,
            depth: 0,
        }
    }

    /// Writes a document.
    pub(in crate::yaml) fn write(mut self, data: &Data) -> Result<String, Error> {
        self.node(data, Place::Root);
        self.write_indent();
        match self.refusal {
            None => Ok(self.out),
            Some(refusal) => Err(Error::new(refusal.to_string(), 0)),
        }
    }

    fn node(&mut self, data: &Data, place: Place) {
        match data {
            Data::Null => self.write_word("null"),
            Data::Bool(true) => self.write_word("true"),
            Data::Bool(false) => self.write_word("false"),
            Data::Int(value) => self.write_number(|out| number::push_int(out, *value)),
            Data::Float(value) => self.float(*value),
            Data::Str(text) => self.text(text, place),
            Data::Seq(items) if items.is_empty() => self.empty("[", "]"),
            Data::Seq(items) => self.nested(|emitter| emitter.list(items, place)),
            Data::Map(entries) if entries.is_empty() => self.empty("{", "}"),
            Data::Map(entries) => self.nested(|emitter| emitter.map(entries)),
        }
    }

    /// Runs what writes a list or map with a fresh indent, on a stack that is large enough.
    fn nested(&mut self, write: impl FnOnce(&mut Self)) {
        if self.depth == reread::DEPTH {
            self.refusal = Some(Refusal::Depth);
            return;
        }
        self.depth += 1;
        let indent = self.indent;
        stacker::maybe_grow(STACK.0, STACK.1, || write(self));
        self.indent = indent;
        self.depth -= 1;
    }

    fn list(&mut self, items: &[Data], place: Place) {
        let below_key = matches!(place, Place::LongKey | Place::Value) && !self.indention;
        if !(below_key && self.dialect == Dialect::V2) || self.indent.is_none() {
            self.indent = Some(self.indent.map_or(0, |indent| indent + 2));
        }
        for item in items {
            self.write_indent();
            self.indicator("-", Indicator::OPEN_LINE);
            self.node(item, Place::Item);
        }
    }

    fn map(&mut self, entries: &BTreeMap<SmolStr, Data>) {
        self.indent = Some(self.indent.map_or(0, |indent| indent + 2));
        let entries = entries.iter().map(|(key, value)| (key.as_str(), value)).collect();
        for (key, value) in keys::sort(entries, self.dialect) {
            self.write_indent();
            self.key(key);
            self.node(value, Place::Value);
        }
    }

    fn key(&mut self, key: &str) {
        if self.dialect == Dialect::V2
            && let Err(refusal) = reread::key(key)
        {
            self.refusal = Some(refusal);
            return;
        }
        let analysis = analyse(key, self.dialect);
        if key.len() <= SIMPLE_KEY && !analysis.multiline {
            self.scalar(key, analysis, Place::Key);
            self.indicator(":", Indicator::CLOSE);
        } else {
            self.indicator("?", Indicator::OPEN_LINE);
            self.scalar(key, analysis, Place::LongKey);
            self.write_indent();
            self.indicator(":", Indicator::OPEN_LINE);
        }
    }

    fn text(&mut self, text: &str, place: Place) {
        if self.dialect == Dialect::V3 {
            return self.scalar(text, analyse(text, self.dialect), place);
        }
        match reread::value(text) {
            Ok(text) => self.scalar(&text, analyse(&text, self.dialect), place),
            Err(refusal) => self.refusal = Some(refusal),
        }
    }

    /// Writes a text one indent further in, where its other lines stand.
    fn scalar(&mut self, text: &str, analysis: Analysis, place: Place) {
        let indent = self.indent;
        self.indent = Some(indent.map_or(2, |indent| indent + 2));
        self.write_scalar(text, analysis, place);
        self.indent = indent;
    }

    fn float(&mut self, value: f64) {
        if value.is_nan() {
            self.write_word(".nan");
        } else if value.is_infinite() {
            self.write_word(if value > 0.0 { ".inf" } else { "-.inf" });
        } else if self.dialect == Dialect::V2 {
            self.write_number(|out| number::push_reread(out, value));
        } else {
            self.write_number(|out| number::push_general(out, value));
        }
    }

    fn empty(&mut self, open: &str, close: &str) {
        self.indicator(open, Indicator::OPEN_FLOW);
        self.indicator(close, Indicator::CLOSE);
    }

    fn write_word(&mut self, word: &str) {
        self.write_number(|out| out.push_str(word));
    }

    /// Writes ASCII that needs no quotes.
    fn write_number(&mut self, push: impl FnOnce(&mut String)) {
        if !self.whitespace {
            self.put(' ');
        }
        let before = self.out.len();
        push(&mut self.out);
        self.column += self.out.len() - before;
        self.whitespace = false;
        self.indention = false;
    }

    /// Writes an ASCII character.
    pub(super) fn put(&mut self, character: char) {
        self.out.push(character);
        self.column += 1;
    }

    /// Ends the line.
    pub(super) fn put_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
        self.indention = true;
    }

    /// Begins a line at the indent, unless the line that was begun is there already.
    pub(super) fn write_indent(&mut self) {
        let indent = self.indent.unwrap_or(0);
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.put_break();
        }
        if let Some(missing) = indent.checked_sub(self.column) {
            self.out.extend(std::iter::repeat_n(' ', missing));
            self.column = indent;
        }
        self.whitespace = true;
    }

    /// Writes an indicator.
    pub(super) fn indicator(&mut self, text: &str, kind: Indicator) {
        if kind.apart && !self.whitespace {
            self.put(' ');
        }
        self.out.push_str(text);
        self.column += text.len();
        self.whitespace = kind.blank;
        self.indention &= kind.keeps_indention;
    }
}

/// How an indicator stands to what is around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Indicator {
    apart: bool,
    blank: bool,
    keeps_indention: bool,
}

impl Indicator {
    /// `-`, `?` and the `:` of a long key, behind which a list or map may begin.
    const OPEN_LINE: Self = Self { apart: true, blank: false, keeps_indention: true };
    /// `[` and `{`.
    const OPEN_FLOW: Self = Self { apart: true, blank: true, keeps_indention: false };
    /// A quote or the header of a block.
    pub(super) const OPEN: Self = Self { apart: true, blank: false, keeps_indention: false };
    /// What stands right behind something.
    pub(super) const CLOSE: Self = Self { apart: false, blank: false, keeps_indention: false };
}
