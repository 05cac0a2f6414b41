//! How fmt writes integers.

use super::printer::Flags;
use crate::render::value::{quote, unicode};

/// An integer as a sign and a magnitude.
#[derive(Debug, Clone, Copy)]
pub(super) struct Integer {
    /// Whether it is below zero.
    pub(super) negative: bool,
    /// Its distance from zero.
    pub(super) magnitude: u64,
    /// The value as Go's `uint64(v)` sees it.
    pub(super) bits: u64,
}

impl From<i64> for Integer {
    fn from(number: i64) -> Self {
        let bits = u64::from_ne_bytes(number.to_ne_bytes());
        Self { negative: number < 0, magnitude: number.unsigned_abs(), bits }
    }
}

impl From<u64> for Integer {
    fn from(number: u64) -> Self {
        Self { negative: false, magnitude: number, bits: number }
    }
}

/// Returns the integer under a verb, not yet padded with blanks; none for a verb that integers
/// do not have.
pub(super) fn format(number: Integer, flags: &Flags, verb: char) -> Option<String> {
    let magnitude = number.magnitude;
    let digits = match verb {
        'v' | 'd' => magnitude.to_string(),
        'b' => format!("{magnitude:b}"),
        'o' | 'O' => format!("{magnitude:o}"),
        'x' => format!("{magnitude:x}"),
        'X' => format!("{magnitude:X}"),
        'c' => return Some(character(number.bits).into()),
        'q' => {
            let shown = if flags.plus { quote::Shown::Ascii } else { quote::Shown::Printable };
            return Some(quote::quote_rune(character(number.bits), shown));
        }
        'U' => return Some(unicode_point(number.bits, flags)),
        _ => return None,
    };
    Some(signed(digits, number, flags, verb))
}

fn signed(mut digits: String, number: Integer, flags: &Flags, verb: char) -> String {
    let sign = match (number.negative, flags.plus, flags.space) {
        (true, ..) => "-",
        (_, true, _) => "+",
        (.., true) => " ",
        _ => "",
    };
    let wanted = match (flags.precision, flags.width) {
        (Some(0), _) if number.magnitude == 0 => return String::new(),
        (Some(precision), _) => precision,
        (None, Some(width)) if flags.zero && !flags.minus => width.saturating_sub(sign.len()),
        _ => 0,
    };
    if digits.len() < wanted {
        digits.insert_str(0, &"0".repeat(wanted - digits.len()));
    }
    let prefix = match verb {
        'O' if flags.sharp && !digits.starts_with('0') => "0o0",
        'O' => "0o",
        'b' if flags.sharp => "0b",
        'o' if flags.sharp && !digits.starts_with('0') => "0",
        'x' if flags.sharp => "0x",
        'X' if flags.sharp => "0X",
        _ => "",
    };
    format!("{sign}{prefix}{digits}")
}

fn character(bits: u64) -> char {
    u32::try_from(bits).ok().and_then(char::from_u32).unwrap_or('\u{fffd}')
}

fn unicode_point(bits: u64, flags: &Flags) -> String {
    let precision = flags.precision.unwrap_or(0).max(4);
    let digits = format!("{bits:X}");
    let zeros = "0".repeat(precision.saturating_sub(digits.len()));
    let shown = u32::try_from(bits).ok().and_then(char::from_u32);
    match shown.filter(|character| flags.sharp && unicode::is_print(*character)) {
        Some(character) => format!("U+{zeros}{digits} '{character}'"),
        None => format!("U+{zeros}{digits}"),
    }
}
