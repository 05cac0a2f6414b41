//! How fmt prints one value under one verb.

use super::super::{Context, FunctionError};
use super::{float, integer};
use crate::render::value::print::BYTES_PER_PART;
use crate::render::value::quote::{self, Shown};
use crate::render::value::{List, Map, Str, Value, unicode};

/// How deep a value may nest before it counts as one that holds itself.
const DEPTH: usize = 200;

/// The flags of one directive.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Flags {
    /// The least number of characters.
    pub(super) width: Option<usize>,
    /// The number after the point.
    pub(super) precision: Option<usize>,
    /// `-`: pad on the right.
    pub(super) minus: bool,
    /// `+`: always a sign.
    pub(super) plus: bool,
    /// `#`: the other form.
    pub(super) sharp: bool,
    /// A blank: leave room for a sign.
    pub(super) space: bool,
    /// `0`: pad with zeros.
    pub(super) zero: bool,
    /// `%#v`: as Go source.
    pub(super) go_syntax: bool,
    /// `%+v`: structs with the names of their fields.
    pub(super) field_names: bool,
}

/// Collects what is printed, up to what the budget holds.
#[derive(Debug)]
pub(super) struct Printer {
    /// The flags of the directive at work.
    pub(super) flags: Flags,
    out: Vec<u8>,
    limit: usize,
    full: bool,
}

impl Printer {
    /// Builds a printer that stops where the budget ends.
    pub(super) fn new(context: &Context<'_>) -> Self {
        let limit = usize::try_from(context.budget.bytes()).unwrap_or(usize::MAX);
        Self { flags: Flags::default(), out: Vec::new(), limit, full: false }
    }

    /// Returns the text, and takes it off the budget.
    pub(super) fn finish(self, context: &mut Context<'_>) -> Result<Str, FunctionError> {
        context.budget.take_bytes(if self.full { usize::MAX } else { self.out.len() })?;
        Ok(Str::from_bytes(self.out))
    }

    /// Tells whether more was printed than the budget holds.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// Tells whether `bytes` more fit.
    fn reserve(&mut self, bytes: usize) -> bool {
        self.full |= self.out.len().saturating_add(bytes) > self.limit;
        !self.full
    }

    /// Takes the time that a part of a list or map needs off what fits; tells whether it fits.
    fn part(&mut self) -> bool {
        self.limit = self.limit.saturating_sub(BYTES_PER_PART);
        self.reserve(0)
    }

    /// Appends bytes as they are.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        if self.reserve(bytes.len()) {
            self.out.extend_from_slice(bytes);
        }
    }

    fn pad_with(&mut self, byte: u8, count: usize) {
        if self.reserve(count) {
            self.out.resize(self.out.len() + count, byte);
        }
    }

    /// Appends bytes, padded to the width with blanks or zeros.
    fn pad(&mut self, bytes: &[u8]) {
        let fill = if self.flags.zero && !self.flags.minus { b'0' } else { b' ' };
        self.pad_filled(bytes, fill);
    }

    fn pad_filled(&mut self, bytes: &[u8], fill: u8) {
        let Some(width) = self.flags.width else { return self.push(bytes) };
        let missing = width.saturating_sub(unicode::pieces(bytes).count());
        if self.flags.minus {
            self.push(bytes);
            self.pad_with(fill, missing);
        } else {
            self.pad_with(fill, missing);
            self.push(bytes);
        }
    }

    /// Prints an argument of the call.
    pub(super) fn print_arg(&mut self, arg: &Value, verb: char) {
        match (arg, verb) {
            (Value::Nil, 'T' | 'v') => self.pad(b"<nil>"),
            (Value::Nil, _) => self.push(format!("%!{verb}(<nil>)").as_bytes()),
            (_, 'T') => self.text(arg.type_name().as_bytes()),
            (_, 'p') => self.pointer(arg),
            (_, 'w') => self.bad_verb(arg, verb),
            _ => self.print(arg, verb, DEPTH),
        }
    }

    /// Prints what `%p` shows: no two runs of Go agree on it.
    fn pointer(&mut self, arg: &Value) {
        match arg {
            Value::Bytes(_) | Value::List(_) | Value::Map(_) => {
                let prefix = if self.flags.sharp { "" } else { "0x" };
                self.pad_filled(format!("{prefix}c000000000").as_bytes(), b' ');
            }
            other => self.bad_verb(other, 'p'),
        }
    }

    fn bad_verb(&mut self, value: &Value, verb: char) {
        self.push(format!("%!{verb}({}=", value.type_name()).as_bytes());
        self.print(value, 'v', DEPTH);
        self.push(b")");
    }

    fn print(&mut self, value: &Value, verb: char, depth: usize) {
        if self.full {
            return;
        }
        match value {
            // A nil in a list or map is an interface, which no verb looks into.
            Value::Nil if self.flags.go_syntax => self.push(b"interface {}(nil)"),
            Value::Nil => self.push(b"<nil>"),
            Value::Bool(truth) if matches!(verb, 't' | 'v') => {
                self.pad(if *truth { b"true" } else { b"false" });
            }
            Value::Int(number) | Value::Int64(number) => {
                self.integer(value, (*number).into(), verb);
            }
            Value::Uint8(number) => self.unsigned(value, u64::from(*number), verb),
            Value::Uint64(number) => self.unsigned(value, *number, verb),
            Value::Float(number) => self.float(value, *number, verb),
            Value::Complex(real, imaginary) => self.complex(value, (*real, *imaginary), verb),
            Value::Str(text) => self.string(value, text.as_bytes(), verb),
            Value::Bytes(bytes) => self.bytes(value, bytes, verb),
            Value::List(list) => self.list(list, verb, depth),
            Value::Map(map) => self.map(map, verb, depth),
            Value::Native(native) if matches!(verb, 'v' | 's' | 'q' | 'x' | 'X') => {
                let text = native.print();
                let verb = if verb == 'v' { 's' } else { verb };
                self.string(value, text.as_bytes(), verb);
            }
            Value::Native(native) => match super::super::dates::number(&**native) {
                Some(number) => self.integer(value, number.into(), verb),
                None => self.bad_verb(value, verb),
            },
            Value::Bool(_) => self.bad_verb(value, verb),
        }
    }

    fn unsigned(&mut self, value: &Value, number: u64, verb: char) {
        if verb == 'v' && self.flags.go_syntax {
            return self.hexadecimal(number);
        }
        self.integer(value, number.into(), verb);
    }

    fn hexadecimal(&mut self, number: u64) {
        let flags = Flags { sharp: true, ..self.flags };
        let text = integer::format(number.into(), &flags, 'x').unwrap_or_default();
        self.pad_filled(text.as_bytes(), b' ');
    }

    fn integer(&mut self, value: &Value, number: integer::Integer, verb: char) {
        let Flags { width, precision, .. } = self.flags;
        if !self.reserve(precision.max(width).unwrap_or(0)) {
            return;
        }
        match integer::format(number, &self.flags, verb) {
            Some(text) if matches!(verb, 'c' | 'q') => self.pad(text.as_bytes()),
            Some(text) => self.pad_filled(text.as_bytes(), b' '),
            None => self.bad_verb(value, verb),
        }
    }

    fn float(&mut self, value: &Value, number: f64, verb: char) {
        if !self.reserve(self.flags.precision.unwrap_or(0)) {
            return;
        }
        let Some(text) = float::format(number, &self.flags, verb) else {
            return self.bad_verb(value, verb);
        };
        let signed = self.flags.plus || !text.starts_with('+');
        if !number.is_finite() {
            let bare = number.is_nan() && !self.flags.space && !self.flags.plus;
            return self.pad_filled(&text.as_bytes()[usize::from(bare)..], b' ');
        }
        if !signed {
            return self.pad(&text.as_bytes()[1..]);
        }
        let width = self.flags.width.unwrap_or(0);
        if self.flags.zero && !self.flags.minus && width > text.len() {
            self.push(&text.as_bytes()[..1]);
            self.pad_with(b'0', width - text.len());
            return self.push(&text.as_bytes()[1..]);
        }
        self.pad(text.as_bytes());
    }

    fn complex(&mut self, value: &Value, (real, imaginary): (f64, f64), verb: char) {
        if float::format(real, &Flags::default(), verb).is_none() {
            return self.bad_verb(value, verb);
        }
        let flags = self.flags;
        self.push(b"(");
        self.float(value, real, verb);
        self.flags.plus = true;
        self.float(value, imaginary, verb);
        self.flags = flags;
        self.push(b"i)");
    }

    fn string(&mut self, value: &Value, bytes: &[u8], verb: char) {
        match verb {
            'v' if self.flags.go_syntax => self.quoted(bytes),
            'v' | 's' => self.text(bytes),
            'q' => self.quoted(bytes),
            'x' | 'X' => self.hex_text(bytes, verb),
            _ => self.bad_verb(value, verb),
        }
    }

    /// Cuts bytes to as many characters as the precision names.
    fn cut<'b>(&self, bytes: &'b [u8]) -> &'b [u8] {
        let Some(precision) = self.flags.precision else { return bytes };
        let widths = unicode::pieces(bytes).map(|piece| piece.map_or(1, char::len_utf8));
        &bytes[..widths.take(precision).sum()]
    }

    fn text(&mut self, bytes: &[u8]) {
        self.pad(self.cut(bytes));
    }

    fn quoted(&mut self, bytes: &[u8]) {
        let bytes = self.cut(bytes);
        if !self.reserve(bytes.len()) {
            return;
        }
        if self.flags.sharp && quote::can_backquote(bytes) {
            return self.pad(&[b"`", bytes, b"`"].concat());
        }
        let shown = if self.flags.plus { Shown::Ascii } else { Shown::Printable };
        self.pad(quote::quote(bytes, shown).as_bytes());
    }

    fn hex_text(&mut self, bytes: &[u8], verb: char) {
        let bytes = &bytes[..self.flags.precision.unwrap_or(bytes.len()).min(bytes.len())];
        if !self.reserve(bytes.len().saturating_mul(2)) {
            return;
        }
        let mark = match (self.flags.sharp, verb) {
            (false, _) => "",
            (_, 'x') => "0x",
            _ => "0X",
        };
        let mut out = String::new();
        for (index, byte) in bytes.iter().enumerate() {
            if index > 0 && self.flags.space {
                out.push(' ');
            }
            if index == 0 || self.flags.space {
                out.push_str(mark);
            }
            let digits = if verb == 'x' { b"0123456789abcdef" } else { b"0123456789ABCDEF" };
            out.extend([byte >> 4, byte & 15].map(|digit| char::from(digits[usize::from(digit)])));
        }
        self.pad(out.as_bytes());
    }

    fn bytes(&mut self, value: &Value, bytes: &[u8], verb: char) {
        match verb {
            's' | 'q' | 'x' | 'X' => self.string(value, bytes, verb),
            'v' if self.flags.go_syntax => {
                self.push(b"[]byte");
                self.elements(bytes.iter().map(|byte| Value::Uint8(*byte)), verb, DEPTH);
            }
            _ => self.elements(bytes.iter().map(|byte| Value::Uint8(*byte)), verb, DEPTH),
        }
    }

    fn list(&mut self, list: &List, verb: char, depth: usize) {
        if self.flags.go_syntax {
            self.push(list.element().slice_name().as_bytes());
            if list.is_nil() {
                return self.push(b"(nil)");
            }
        }
        self.elements(list.iter().cloned(), verb, depth);
    }

    fn elements(&mut self, items: impl Iterator<Item = Value>, verb: char, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return self.push(b"<cycle>") };
        let (open, between, close) = self.marks();
        self.push(if open { b"{" } else { b"[" });
        for (index, item) in items.enumerate() {
            if !self.part() {
                return;
            }
            if index > 0 {
                self.push(between);
            }
            self.print(&item, verb, depth);
        }
        self.push(close);
    }

    /// Returns whether a brace opens a slice, what stands between items, and what closes them.
    fn marks(&self) -> (bool, &'static [u8], &'static [u8]) {
        if self.flags.go_syntax { (true, b", ", b"}") } else { (false, b" ", b"]") }
    }

    fn map(&mut self, map: &Map, verb: char, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return self.push(b"<cycle>") };
        let (as_source, between, close) = self.marks();
        if as_source {
            self.push(map.map_type().name().as_bytes());
            if map.is_nil() {
                return self.push(b"(nil)");
            }
        }
        self.push(if as_source { b"{" } else { b"map[" });
        for (index, (key, item)) in map.snapshot().into_iter().enumerate() {
            if !self.part() {
                return;
            }
            if index > 0 {
                self.push(between);
            }
            let key = Value::str(key);
            self.print(&key, verb, depth);
            self.push(b":");
            self.print(&item, verb, depth);
        }
        self.push(close);
    }
}
