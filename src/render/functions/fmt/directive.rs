//! The format text of `printf`: flags, widths, precisions, indexes, verbs.

use super::printer::{Flags, Printer};
use crate::render::value::{Value, unicode};

/// Beyond this, Go takes no width and no precision.
const TOO_LARGE: i64 = 1_000_000;

/// Where one call of `printf` stands.
struct Directives<'a> {
    format: &'a [u8],
    at: usize,
    args: &'a [Value],
    arg: usize,
    /// Whether an index, such as `[2]`, was met.
    reordered: bool,
    /// Whether the last index of the directive was good.
    good_index: bool,
    /// Whether an index stands right before.
    after_index: bool,
}

/// Prints `args` as `format` asks for.
pub(super) fn run(printer: &mut Printer, format: &[u8], args: &[Value]) {
    let mut state = Directives {
        format,
        at: 0,
        args,
        arg: 0,
        reordered: false,
        good_index: true,
        after_index: false,
    };
    while state.at < format.len() && !printer.is_full() {
        let rest = &format[state.at..];
        let literal = rest.iter().position(|byte| *byte == b'%').unwrap_or(rest.len());
        printer.push(&rest[..literal]);
        state.at += literal;
        if state.at < format.len() {
            state.at += 1;
            state.directive(printer);
        }
    }
    if !state.reordered && state.arg < args.len() {
        extra(printer, &args[state.arg..]);
    }
}

fn extra(printer: &mut Printer, args: &[Value]) {
    printer.flags = Flags::default();
    printer.push(b"%!(EXTRA ");
    for (index, arg) in args.iter().enumerate() {
        if index > 0 {
            printer.push(b", ");
        }
        if matches!(arg, Value::Nil) {
            printer.push(b"<nil>");
        } else {
            printer.push(arg.type_name().as_bytes());
            printer.push(b"=");
            printer.print_arg(arg, 'v');
        }
    }
    printer.push(b")");
}

impl Directives<'_> {
    fn peek(&self) -> Option<u8> {
        self.format.get(self.at).copied()
    }

    fn directive(&mut self, printer: &mut Printer) {
        self.good_index = true;
        self.after_index = false;
        printer.flags = Flags::default();
        self.flags(&mut printer.flags);
        self.index();
        self.width(printer);
        self.precision(printer);
        if !self.after_index {
            self.index();
        }
        let rest = self.format.get(self.at..).unwrap_or_default();
        // No character is longer, and the whole rest would be checked again at each directive.
        let Some(piece) = unicode::pieces(&rest[..rest.len().min(4)]).next() else {
            return printer.push(b"%!(NOVERB)");
        };
        self.at += piece.map_or(1, char::len_utf8);
        self.verb(printer, piece.unwrap_or('\u{fffd}'));
    }

    fn verb(&mut self, printer: &mut Printer, verb: char) {
        if verb == '%' {
            return printer.push(b"%");
        }
        if !self.good_index {
            return printer.push(format!("%!{verb}(BADINDEX)").as_bytes());
        }
        let Some(arg) = self.args.get(self.arg) else {
            return printer.push(format!("%!{verb}(MISSING)").as_bytes());
        };
        if verb == 'v' {
            let flags = &mut printer.flags;
            flags.go_syntax = std::mem::take(&mut flags.sharp);
            flags.field_names = std::mem::take(&mut flags.plus);
        }
        printer.print_arg(arg, verb);
        self.arg += 1;
    }

    fn flags(&mut self, flags: &mut Flags) {
        while let Some(byte) = self.peek() {
            match byte {
                b'#' => flags.sharp = true,
                b'0' => flags.zero = true,
                b'+' => flags.plus = true,
                b'-' => flags.minus = true,
                b' ' => flags.space = true,
                _ => break,
            }
            self.at += 1;
        }
    }

    /// Reads an index, such as `[2]`, if one stands here.
    fn index(&mut self) {
        self.after_index = false;
        if self.peek() != Some(b'[') {
            return;
        }
        self.reordered = true;
        let rest = &self.format[self.at + 1..];
        let close = rest.iter().position(|byte| *byte == b']');
        let Some(close) = close.filter(|_| rest.len() >= 2) else {
            self.good_index = false;
            self.at += 1;
            return;
        };
        self.at += close + 2;
        let number = match number(&rest[..close]) {
            (Some(number), length) if length == close => number,
            _ => {
                self.good_index = false;
                return;
            }
        };
        self.after_index = true;
        match usize::try_from(number - 1) {
            Ok(index) if index < self.args.len() => self.arg = index,
            _ => self.good_index = false,
        }
    }

    fn width(&mut self, printer: &mut Printer) {
        if self.peek() != Some(b'*') {
            printer.flags.width = self.number();
            if self.after_index && printer.flags.width.is_some() {
                self.good_index = false;
            }
            return;
        }
        self.at += 1;
        match self.int_arg() {
            None => printer.push(b"%!(BADWIDTH)"),
            Some(width) => {
                if width < 0 {
                    printer.flags.minus = true;
                    printer.flags.zero = false;
                }
                printer.flags.width = usize::try_from(width.unsigned_abs()).ok();
            }
        }
        self.after_index = false;
    }

    fn precision(&mut self, printer: &mut Printer) {
        // A point at the very end is a verb.
        if self.peek() != Some(b'.') || self.at + 1 >= self.format.len() {
            return;
        }
        self.at += 1;
        if self.after_index {
            self.good_index = false;
        }
        self.index();
        if self.peek() != Some(b'*') {
            printer.flags.precision = Some(self.number().unwrap_or(0));
            return;
        }
        self.at += 1;
        printer.flags.precision =
            self.int_arg().and_then(|precision| usize::try_from(precision).ok());
        if printer.flags.precision.is_none() {
            printer.push(b"%!(BADPREC)");
        }
        self.after_index = false;
    }

    /// Reads a number; one that is too large takes the rest of the format with it.
    fn number(&mut self) -> Option<usize> {
        let rest = self.format.get(self.at..).unwrap_or_default();
        let (number, length) = number(rest);
        self.at += length;
        number.and_then(|number| usize::try_from(number).ok())
    }

    /// Takes the next argument as a width or precision.
    fn int_arg(&mut self) -> Option<i64> {
        let number = match self.args.get(self.arg)? {
            Value::Int(number) | Value::Int64(number) => Some(*number),
            Value::Uint8(number) => Some(i64::from(*number)),
            Value::Uint64(number) => i64::try_from(*number).ok(),
            _ => None,
        };
        self.arg += 1;
        number.filter(|number| (-TOO_LARGE..=TOO_LARGE).contains(number))
    }
}

/// Reads the digits that `bytes` begin with; returns their number and length.
fn number(bytes: &[u8]) -> (Option<i64>, usize) {
    let mut number: Option<i64> = None;
    for (index, byte) in bytes.iter().enumerate() {
        if !byte.is_ascii_digit() {
            return (number, index);
        }
        let before = number.unwrap_or(0);
        if before > TOO_LARGE {
            return (None, bytes.len());
        }
        number = Some(before * 10 + i64::from(byte - b'0'));
    }
    (number, bytes.len())
}
