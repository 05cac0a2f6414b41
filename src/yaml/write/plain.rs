//! Texts that would be read as something else if they stood without quotes.

use std::borrow::Cow;

use super::Dialect;
use super::timestamp::is_timestamp;

/// Tells whether a text, written plain, is read as a text again by YAML 1.1 and 1.2.
pub(super) fn stays_text(text: &str, dialect: Dialect) -> bool {
    let Some(first) = text.bytes().next() else { return false };
    match first {
        b'0'..=b'9' | b'+' | b'-' => {
            !is_number(text, dialect) && !is_timestamp(text) && !is_base_60(text)
        }
        b'.' => !is_special_float(text) && !is_point_float(text),
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => {
            !is_word(text)
        }
        _ => true,
    }
}

fn is_word(text: &str) -> bool {
    matches!(
        text,
        "y" | "Y"
            | "yes"
            | "Yes"
            | "YES"
            | "n"
            | "N"
            | "no"
            | "No"
            | "NO"
            | "true"
            | "True"
            | "TRUE"
            | "false"
            | "False"
            | "FALSE"
            | "on"
            | "On"
            | "ON"
            | "off"
            | "Off"
            | "OFF"
            | "~"
            | "null"
            | "Null"
            | "NULL"
    )
}

fn is_special_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']);
    matches!(unsigned.unwrap_or(text), ".inf" | ".Inf" | ".INF")
        || matches!(text, ".nan" | ".NaN" | ".NAN")
}

/// Tells whether a text that begins with a digit or sign is a number, underscores left out.
fn is_number(text: &str, dialect: Dialect) -> bool {
    if is_special_float(text) {
        return true;
    }
    let text = match text.contains('_') {
        true => Cow::Owned(text.replace('_', "")),
        false => Cow::Borrowed(text),
    };
    is_integer(&text) || is_float(&text) || is_prefixed(&text, dialect)
}

/// Tells whether a text is a prefix with a signed number behind it, which go-yaml lets pass.
fn is_prefixed(text: &str, dialect: Dialect) -> bool {
    let signed = |prefix: &str, base: u32| {
        text.strip_prefix(prefix).is_some_and(|text| i64::from_str_radix(text, base).is_ok())
    };
    signed("0b", 2) || (dialect == Dialect::V3 && signed("0o", 8))
}

/// Tells whether Go's `strconv` takes a text for an integer of 64 bits in any base.
fn is_integer(text: &str) -> bool {
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let signed = digits.len() < text.len();
    let (base, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.is_empty() || digits.starts_with(['+', '-']) {
        return false;
    }
    let Ok(number) = u64::from_str_radix(digits, base) else { return false };
    match (negative, signed) {
        (true, _) => number <= i64::MIN.unsigned_abs(),
        (false, true) => i64::try_from(number).is_ok(),
        (false, false) => true,
    }
}

/// Tells whether a text is a float as YAML writes it, and finite.
fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let whole = skip_digits(unsigned);
    let (has_whole, mut rest) = (whole.len() < unsigned.len(), whole);
    if let Some(fraction) = whole.strip_prefix('.') {
        rest = skip_digits(fraction);
        if !has_whole && rest.len() == fraction.len() {
            return false;
        }
    } else if !has_whole {
        return false;
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        rest = skip_digits(digits);
        if rest.len() == digits.len() {
            return false;
        }
    }
    rest.is_empty() && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// Tells whether Go's `strconv` takes a text that begins with a point for a float: an underscore
/// may stand between digits.
fn is_point_float(text: &str) -> bool {
    let between_digits = |at: usize| {
        let digit = |at: Option<usize>| {
            at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_digit)
        };
        digit(at.checked_sub(1)) && digit(at.checked_add(1))
    };
    if !text.contains('_') {
        return is_float(text);
    }
    text.match_indices('_').all(|(at, _)| between_digits(at)) && is_float(&text.replace('_', ""))
}

/// Tells whether a text is a number in base 60, as YAML 1.1 has them: `12:30`.
fn is_base_60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut parts = unsigned.split(':');
    let first = parts.next().unwrap_or_default();
    let is_digit_run = |text: &str| text.bytes().all(|c| c.is_ascii_digit() || c == b'_');
    if !first.starts_with(|c: char| c.is_ascii_digit()) || !is_digit_run(first) {
        return false;
    }
    let mut rest: Vec<&str> = parts.collect();
    let Some(last) = rest.pop() else { return false };
    let (last, fraction) = last.split_once('.').unwrap_or((last, ""));
    let below_60 = |part: &str| match part.as_bytes() {
        [unit] => unit.is_ascii_digit(),
        [b'0'..=b'5', unit] => unit.is_ascii_digit(),
        _ => false,
    };
    rest.into_iter().all(below_60) && below_60(last) && is_digit_run(fraction)
}

fn skip_digits(text: &str) -> &str {
    text.trim_start_matches(|digit: char| digit.is_ascii_digit())
}
