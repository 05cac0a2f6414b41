//! Values to TOML: plain values first, then tables.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::yaml::write::number;
use crate::yaml::{Data, Error};

/// The stack that must be left before a list or map is entered, and how much is added.
const STACK: (usize, usize) = (64 * 1024, 1024 * 1024);

type Entries = BTreeMap<SmolStr, Data>;

/// Writes a map as TOML, or any other value as it stands behind a key.
///
/// # Errors
/// For what TOML cannot hold: a null in a list, a list of maps alone.
pub fn toml_write(data: &Data) -> Result<String, Error> {
    let mut writer = Writer { out: String::new(), path: Vec::new() };
    match data {
        Data::Null => {}
        Data::Map(entries) => writer.table(entries)?,
        Data::Seq(items) if is_tables(items)? => {
            return Err(Error::new("toml: top-level values must be Go maps or structs", 0));
        }
        other => writer.element(other)?,
    }
    Ok(writer.out)
}

/// Tells whether a list holds maps only, so that it becomes an array of tables.
fn is_tables(items: &[Data]) -> Result<bool, Error> {
    let mut tables = !items.is_empty();
    for item in items {
        match item {
            Data::Null => {
                return Err(Error::new("toml: cannot encode array with nil element", 0));
            }
            Data::Seq(inner) => {
                stacker::maybe_grow(STACK.0, STACK.1, || is_tables(inner))?;
                tables = false;
            }
            Data::Map(_) => {}
            _ => tables = false,
        }
    }
    Ok(tables)
}

/// Tells whether a value is written behind its own header.
fn is_table(value: &Data) -> Result<bool, Error> {
    match value {
        Data::Map(_) => Ok(true),
        Data::Seq(items) => is_tables(items),
        _ => Ok(false),
    }
}

/// Returns the entries that are written in lines of their own, and those behind headers.
fn parted(entries: &Entries) -> Result<[Vec<(&SmolStr, &Data)>; 2], Error> {
    let mut parts = [Vec::new(), Vec::new()];
    for (key, value) in entries {
        let part = usize::from(is_table(value)?);
        if let Some(part) = parts.get_mut(part) {
            part.push((key, value));
        }
    }
    Ok(parts)
}

struct Writer<'a> {
    out: String,
    path: Vec<&'a str>,
}

impl<'a> Writer<'a> {
    fn table(&mut self, entries: &'a Entries) -> Result<(), Error> {
        for (key, value) in parted(entries)?.into_iter().flatten() {
            self.path.push(key);
            stacker::maybe_grow(STACK.0, STACK.1, || self.entry(key, value))?;
            self.path.pop();
        }
        Ok(())
    }

    fn entry(&mut self, key: &str, value: &'a Data) -> Result<(), Error> {
        match value {
            Data::Null => Ok(()),
            Data::Map(entries) => {
                if self.path.len() == 1 {
                    self.new_line();
                }
                self.header("[", "]");
                self.table(entries)
            }
            Data::Seq(items) if is_tables(items)? => {
                for item in items {
                    self.new_line();
                    self.header("[[", "]]");
                    if let Data::Map(entries) = item {
                        self.table(entries)?;
                    }
                }
                Ok(())
            }
            _ => {
                self.indent();
                push_key(&mut self.out, key);
                self.out.push_str(" = ");
                self.element(value)?;
                self.new_line();
                Ok(())
            }
        }
    }

    /// Writes the path of a table in brackets.
    fn header(&mut self, open: &str, close: &str) {
        self.indent();
        self.out.push_str(open);
        for (index, key) in self.path.iter().enumerate() {
            if index > 0 {
                self.out.push('.');
            }
            push_key(&mut self.out, key);
        }
        self.out.push_str(close);
        self.new_line();
    }

    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n("  ", self.path.len().saturating_sub(1)));
    }

    /// Ends a line, except before anything was written.
    fn new_line(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    /// Writes a value behind its key or in a list.
    fn element(&mut self, value: &Data) -> Result<(), Error> {
        match value {
            Data::Null => Err(Error::new("toml: cannot encode array with nil element", 0))?,
            Data::Bool(value) => self.out.push_str(if *value { "true" } else { "false" }),
            Data::Int(value) => number::push_int(&mut self.out, *value),
            Data::Float(value) => push_float(&mut self.out, *value),
            Data::Str(text) => push_quoted(&mut self.out, text),
            Data::Seq(items) => stacker::maybe_grow(STACK.0, STACK.1, || self.list(items))?,
            Data::Map(entries) => {
                stacker::maybe_grow(STACK.0, STACK.1, || self.inline_table(entries))?;
            }
        }
        Ok(())
    }

    fn list(&mut self, items: &[Data]) -> Result<(), Error> {
        self.out.push('[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            self.element(item)?;
        }
        self.out.push(']');
        Ok(())
    }

    /// Writes a map on one line; a null is left out, but not the comma before it.
    fn inline_table(&mut self, entries: &Entries) -> Result<(), Error> {
        let [plain, tables] = parted(entries)?;
        self.out.push('{');
        for (part, more) in [(&plain, !tables.is_empty()), (&tables, false)] {
            for (index, (key, value)) in part.iter().enumerate() {
                if **value == Data::Null {
                    continue;
                }
                push_key(&mut self.out, key);
                self.out.push_str(" = ");
                self.element(value)?;
                if more || index + 1 < part.len() {
                    self.out.push_str(", ");
                }
            }
        }
        self.out.push('}');
        Ok(())
    }
}

fn push_key(out: &mut String, key: &str) {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !key.is_empty() && key.bytes().all(bare) {
        out.push_str(key);
    } else {
        push_quoted(out, key);
    }
}

/// Writes a float, which must not look like a whole number.
fn push_float(out: &mut String, value: f64) {
    if !value.is_finite() {
        let (sign, word) = (value.is_sign_negative(), if value.is_nan() { "nan" } else { "inf" });
        out.push_str(if sign { "-" } else { "" });
        return out.push_str(word);
    }
    let start = out.len();
    number::push_general(out, value);
    if !out[start..].contains(['e', '.']) {
        out.push_str(".0");
    }
}

fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{C}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1F}' | '\u{7F}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}
