//! Values to JSON.

use super::JsonStyle;
use crate::yaml::Data;
use crate::yaml::write::number;

/// The stack that must be left before a list or map is entered, and how much is added.
const STACK: (usize, usize) = (64 * 1024, 1024 * 1024);

/// A JSON text that is being written.
#[derive(Debug)]
pub(crate) struct JsonWriter {
    out: String,
    style: JsonStyle,
    depth: usize,
    /// Whether the innermost list or map is still empty.
    fresh: bool,
}

impl JsonWriter {
    /// Begins a text.
    pub(crate) fn new(style: JsonStyle) -> Self {
        Self { out: String::new(), style, depth: 0, fresh: true }
    }

    /// Returns the text.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// Writes a value with all that it holds.
    pub(crate) fn data(&mut self, data: &Data) {
        match data {
            Data::Null => self.word("null"),
            Data::Bool(true) => self.word("true"),
            Data::Bool(false) => self.word("false"),
            Data::Int(value) => self.int(*value),
            Data::Float(value) => self.float(*value),
            Data::Str(text) => self.text(text),
            Data::Seq(items) => stacker::maybe_grow(STACK.0, STACK.1, || {
                self.open('[');
                for item in items {
                    self.next();
                    self.data(item);
                }
                self.close(']');
            }),
            Data::Map(entries) => stacker::maybe_grow(STACK.0, STACK.1, || {
                self.open('{');
                for (key, value) in entries {
                    self.key(key);
                    self.data(value);
                }
                self.close('}');
            }),
        }
    }

    /// Begins a list or map.
    pub(crate) fn open(&mut self, bracket: char) {
        self.out.push(bracket);
        self.depth += 1;
        self.fresh = true;
    }

    /// Ends a list or map.
    pub(crate) fn close(&mut self, bracket: char) {
        self.depth = self.depth.saturating_sub(1);
        if !self.fresh {
            self.new_line();
        }
        self.fresh = false;
        self.out.push(bracket);
    }

    /// Goes on to the next item of a list.
    pub(crate) fn next(&mut self) {
        if !self.fresh {
            self.out.push(',');
        }
        self.fresh = false;
        self.new_line();
    }

    /// Goes on to the next entry of a map, and writes its key.
    pub(crate) fn key(&mut self, key: &str) {
        self.next();
        self.text(key);
        self.out.push_str(if self.style == JsonStyle::Pretty { ": " } else { ":" });
    }

    /// Writes `null`, `true` or `false`.
    pub(crate) fn word(&mut self, word: &str) {
        self.out.push_str(word);
    }

    /// Writes a whole number.
    pub(crate) fn int(&mut self, value: i64) {
        number::push_int(&mut self.out, value);
    }

    /// Writes a number.
    pub(crate) fn float(&mut self, value: f64) {
        number::push_json(&mut self.out, value);
    }

    /// Writes a text in quotes.
    pub(crate) fn text(&mut self, text: &str) {
        self.out.push('"');
        self.escaped(text);
        self.out.push('"');
    }

    /// Writes the bytes of a text in quotes; each that is not UTF-8 becomes U+FFFD.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.out.push('"');
        for chunk in bytes.utf8_chunks() {
            self.escaped(chunk.valid());
            for _ in chunk.invalid() {
                self.out.push_str("\\ufffd");
            }
        }
        self.out.push('"');
    }

    fn escaped(&mut self, text: &str) {
        let mut written = 0;
        for (at, byte) in text.bytes().enumerate() {
            if !self.needs_escape(byte) {
                continue;
            }
            let length = if byte == SEPARATOR { SEPARATOR_LENGTH } else { 1 };
            let Some(character) = text.get(at..at + length) else { continue };
            let Some(escape) = escape(character) else { continue };
            self.out.push_str(&text[written..at]);
            self.out.push_str(&escape);
            written = at + length;
        }
        self.out.push_str(&text[written..]);
    }

    fn needs_escape(&self, byte: u8) -> bool {
        match byte {
            b'"' | b'\\' | 0..0x20 | SEPARATOR => true,
            b'<' | b'>' | b'&' => self.style != JsonStyle::Raw,
            _ => false,
        }
    }

    fn new_line(&mut self) {
        if self.style == JsonStyle::Pretty {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n("  ", self.depth));
        }
    }
}

/// The first byte of U+2028 and U+2029, which are escaped, and of others, which are not.
const SEPARATOR: u8 = 0xE2;
/// The bytes that these characters have.
const SEPARATOR_LENGTH: usize = 3;

/// Returns what stands for a character; none for what needs no escape.
fn escape(character: &str) -> Option<std::borrow::Cow<'static, str>> {
    Some(match character {
        "\"" => "\\\"".into(),
        "\\" => "\\\\".into(),
        "\u{8}" => "\\b".into(),
        "\u{C}" => "\\f".into(),
        "\n" => "\\n".into(),
        "\r" => "\\r".into(),
        "\t" => "\\t".into(),
        "\u{2028}" => "\\u2028".into(),
        "\u{2029}" => "\\u2029".into(),
        _ => match character.as_bytes() {
            [byte] => format!("\\u{byte:04x}").into(),
            _ => return None,
        },
    })
}
