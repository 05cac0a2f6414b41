//! Conversions to numbers as spf13/cast 1.7.0 makes them; what it cannot convert is 0.

use crate::render::value::Value;

/// Converts to `int64`.
pub(in crate::render::functions) fn to_int64(value: &Value) -> i64 {
    match value {
        Value::Int(number) | Value::Int64(number) => *number,
        Value::Uint8(number) => i64::from(*number),
        Value::Uint64(number) => number.cast_signed(),
        Value::Float(number) => float_to_int(*number),
        Value::Bool(value) => i64::from(*value),
        Value::Str(text) => parse_int(without_zero_decimals(text.as_bytes())).unwrap_or_default(),
        Value::Native(native) => super::super::dates::ordinal(native.as_ref()).unwrap_or_default(),
        _ => 0,
    }
}

/// Converts to `float64`.
pub(in crate::render::functions) fn to_float64(value: &Value) -> f64 {
    match value {
        Value::Float(number) => *number,
        Value::Uint64(number) => *number as f64,
        Value::Str(text) => parse_float(&text.to_str()).unwrap_or_default(),
        other => to_int64(other) as f64,
    }
}

/// What the processor makes of a number that does not fit is Go's answer too.
fn float_to_int(number: f64) -> i64 {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&number) { number as i64 } else { i64::MIN }
}

fn without_zero_decimals(text: &[u8]) -> &[u8] {
    let kept = text.iter().rposition(|byte| *byte != b'0');
    match kept {
        Some(dot) if text[dot] == b'.' && dot + 1 < text.len() => &text[..dot],
        _ => text,
    }
}

/// Reads a whole number as Go's `ParseInt(text, 0, 64)`: with base prefixes and `_`.
fn parse_int(text: &[u8]) -> Option<i64> {
    if text.contains(&b'_') && !underscores_are_placed_well(text) {
        return None;
    }
    let digits: Vec<u8> = text.iter().copied().filter(|byte| *byte != b'_').collect();
    let digits = std::str::from_utf8(&digits).ok()?;
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", digits.strip_prefix('+').unwrap_or(digits)),
    };
    let (base, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    i64::from_str_radix(&format!("{sign}{digits}"), base).ok()
}

/// Tells whether each `_` stands between digits, or between a base prefix and a digit.
fn underscores_are_placed_well(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let (prefixed, hexadecimal) = match text {
        [b'0', letter, ..] => {
            let letter = letter.to_ascii_lowercase();
            (matches!(letter, b'b' | b'o' | b'x'), letter == b'x')
        }
        _ => (false, false),
    };
    let mut last = if prefixed { b'0' } else { b'^' };
    for byte in text.iter().skip(if prefixed { 2 } else { 0 }) {
        let is_digit = byte.is_ascii_digit() || hexadecimal && byte.is_ascii_hexdigit();
        last = match byte {
            _ if is_digit => b'0',
            b'_' if last == b'0' => b'_',
            b'_' => return false,
            _ if last == b'_' => return false,
            _ => b'!',
        };
    }
    last != b'_'
}

/// Reads a number as Go's `ParseFloat(text, 64)`; what does not fit is an error there.
fn parse_float(text: &str) -> Option<f64> {
    if text.contains('_') && !underscores_are_placed_well(text.as_bytes()) {
        return None;
    }
    let text = text.replace('_', "");
    let unsigned = text.trim_start_matches(['+', '-']);
    if unsigned.starts_with("0x") || unsigned.starts_with("0X") {
        return parse_hexadecimal(&text);
    }
    if unsigned.eq_ignore_ascii_case("nan") && unsigned.len() < text.len() {
        return None;
    }
    let number: f64 = text.parse().ok()?;
    let overflows = number.is_infinite() && unsigned.starts_with(|c: char| !c.is_alphabetic());
    (!overflows).then_some(number)
}

/// Reads `0x1.8p3`; the exponent must be there.
fn parse_hexadecimal(text: &str) -> Option<f64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = digits.get(2..)?.to_ascii_lowercase();
    let (mantissa, exponent) = digits.split_once('p')?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let exponent_digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if exponent_digits.is_empty() || !exponent_digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut exponent: i64 = exponent.parse().unwrap_or(i64::from(i32::MAX));
    let mut bits: u64 = 0;
    for (index, digit) in whole.chars().chain(fraction.chars()).enumerate() {
        let digit = u64::from(digit.to_digit(16)?);
        if bits >> 60 == 0 {
            bits = bits << 4 | digit;
            exponent -= if index >= whole.len() { 4 } else { 0 };
        } else {
            // Digits beyond 64 bits matter only as a remainder.
            bits |= u64::from(digit != 0);
            exponent += if index < whole.len() { 4 } else { 0 };
        }
    }
    let exponent = i32::try_from(exponent.clamp(-5_000, 5_000)).expect("it was clamped");
    let number = super::rounding::scale(bits as f64, exponent);
    number.is_finite().then_some(if negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_whole_numbers_as_in_helm() {
        for (text, expected) in [
            ("12", 12),
            ("0x1F", 31),
            ("0X1F", 31),
            ("010", 8),
            ("08", 0),
            ("0b1_1", 3),
            ("0o17", 15),
            ("0_7", 7),
            ("0x_1", 1),
            ("1_000", 1000),
            ("1__0", 0),
            ("_1", 0),
            ("-0x10", -16),
            ("+5", 5),
            ("+-5", 0),
            ("0x-5", 0),
            ("5.00", 5),
            ("5.", 0),
            (".0", 0),
            ("10.10", 0),
            ("1e3", 0),
            (" 5", 0),
            ("", 0),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            ("9223372036854775808", 0),
        ] {
            assert_eq!(to_int64(&text.into()), expected, "{text:?}");
        }
    }

    #[test]
    fn texts_become_floats_as_in_helm() {
        for (text, expected) in [
            ("1.5", "1.5"),
            ("1_000.5", "1000.5"),
            ("0x1p4", "16"),
            ("0x_1p4", "16"),
            ("0x1.8p1", "3"),
            ("0x10", "0"),
            ("1e400", "0"),
            ("-inf", "-Inf"),
            ("+Infinity", "+Inf"),
            ("infin", "0"),
            ("nan", "NaN"),
            ("+nan", "0"),
            ("1__0", "0"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1e", "0"),
            ("", "0"),
        ] {
            assert_eq!(Value::Float(to_float64(&text.into())).print(), expected, "{text:?}");
        }
    }

    #[test]
    fn other_values_become_numbers() {
        assert_eq!(to_int64(&Value::Float(-1.9)), -1);
        assert_eq!(to_int64(&Value::Float(1e30)), i64::MIN);
        assert_eq!(to_int64(&Value::Float(f64::NAN)), i64::MIN);
        assert_eq!(to_int64(&Value::Bool(true)), 1);
        assert_eq!(to_int64(&Value::list(vec![])), 0);
        assert_eq!(to_float64(&Value::Uint64(u64::MAX)), 18446744073709551615.0);
    }
}
