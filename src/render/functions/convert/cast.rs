//! What cast and strconv make of values: 0 where there is no number.

use crate::render::value::Value;

/// Returns cast's `ToInt64`; what does not fit is the least integer, as on amd64.
pub(in super::super) fn to_int(value: &Value) -> i64 {
    match value {
        Value::Bool(truth) => i64::from(*truth),
        Value::Int(number) | Value::Int64(number) => *number,
        Value::Uint8(number) => i64::from(*number),
        Value::Uint64(number) => i64::from_ne_bytes(number.to_ne_bytes()),
        Value::Float(number) => truncate(*number),
        Value::Str(text) => {
            text.as_utf8().and_then(|text| parse_int(trim_zeros(text))).unwrap_or(0)
        }
        _ => 0,
    }
}

/// Returns cast's `ToFloat64`.
pub(in super::super) fn to_float(value: &Value) -> f64 {
    match value {
        Value::Bool(truth) => f64::from(u8::from(*truth)),
        Value::Int(number) | Value::Int64(number) => *number as f64,
        Value::Uint8(number) => f64::from(*number),
        Value::Uint64(number) => *number as f64,
        Value::Float(number) => *number,
        Value::Str(text) => text.as_utf8().and_then(parse_float).unwrap_or(0.0),
        _ => 0.0,
    }
}

fn truncate(number: f64) -> i64 {
    let bound = 9_223_372_036_854_775_808.0;
    if (-bound..bound).contains(&number) { number as i64 } else { i64::MIN }
}

/// Cuts a fraction that is all zeros: `5.00`, but not `5.`.
fn trim_zeros(text: &str) -> &str {
    match text.rsplit_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => {
            whole
        }
        _ => text,
    }
}

/// The sign of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Plus,
    Minus,
}

/// Parts a text into its sign and the rest.
fn signed(text: &str) -> (Sign, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (Sign::Minus, rest),
        None => (Sign::Plus, text.strip_prefix('+').unwrap_or(text)),
    }
}

fn with_sign(sign: Sign, magnitude: u64) -> Option<i64> {
    let number = i128::from(magnitude);
    i64::try_from(if sign == Sign::Minus { -number } else { number }).ok()
}

/// Reads a decimal integer as `strconv.Atoi` does; also out of range there is none.
pub(super) fn parse_decimal(text: &str) -> Option<i64> {
    let (sign, digits) = signed(text);
    with_sign(sign, parse_digits(digits, 10)?)
}

/// Reads an octal integer.
pub(super) fn parse_octal(text: &str) -> Option<i64> {
    let (sign, digits) = signed(text);
    with_sign(sign, parse_digits(digits, 8)?)
}

fn parse_digits(digits: &str, base: u32) -> Option<u64> {
    // The standard library would take a sign.
    digits.chars().all(|digit| digit.is_digit(base)).then_some(())?;
    u64::from_str_radix(digits, base).ok()
}

/// Reads an integer with Go's base prefixes and underscores.
fn parse_int(text: &str) -> Option<i64> {
    let (sign, rest) = signed(text);
    let lower = rest.to_ascii_lowercase();
    let (base, digits) = match lower.get(..2) {
        Some("0x") => (16, &lower[2..]),
        Some("0b") => (2, &lower[2..]),
        Some("0o") => (8, &lower[2..]),
        Some(prefix) if prefix.starts_with('0') => (8, &lower[1..]),
        _ => (10, lower.as_str()),
    };
    // After a prefix an underscore may stand first.
    let digits = if base == 10 { digits } else { digits.strip_prefix('_').unwrap_or(digits) };
    let digits = without_underscores(digits)?;
    with_sign(sign, parse_digits(&digits, base)?)
}

/// Removes underscores, each of which must stand between digits.
fn without_underscores(digits: &str) -> Option<String> {
    let misplaced = digits.starts_with('_') || digits.ends_with('_') || digits.contains("__");
    (!misplaced).then(|| digits.replace('_', ""))
}

/// Reads a float as `strconv.ParseFloat` does; also out of range there is none.
fn parse_float(text: &str) -> Option<f64> {
    let (sign, rest) = signed(text);
    let lower = rest.to_ascii_lowercase();
    let magnitude = match lower.as_str() {
        "inf" | "infinity" => f64::INFINITY,
        "nan" if rest.len() == text.len() => f64::NAN,
        other if other.starts_with("0x") => hexadecimal(&other[2..])?,
        other => decimal(other)?,
    };
    Some(if sign == Sign::Minus { -magnitude } else { magnitude })
}

fn decimal(text: &str) -> Option<f64> {
    if !text.bytes().all(|byte| byte.is_ascii_digit() || b".e+-_".contains(&byte)) {
        return None;
    }
    if text.contains('_') {
        // An underscore needs a digit on both sides.
        let bytes = text.as_bytes();
        let digit_at =
            |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        let mut underscores = text.match_indices('_');
        if !underscores.all(|(at, _)| digit_at(at.checked_sub(1)) && digit_at(Some(at + 1))) {
            return None;
        }
    }
    let number: f64 = text.replace('_', "").parse().ok()?;
    number.is_finite().then_some(number)
}

/// Reads what follows `0x`: digits with a point, and an exponent of two, which must be there.
fn hexadecimal(text: &str) -> Option<f64> {
    let (digits, exponent) = text.split_once('p')?;
    let (sign, power) = signed(exponent);
    let power = i32::try_from(with_sign(sign, parse_digits(power, 10)?)?).ok()?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = without_underscores(whole.strip_prefix('_').unwrap_or(whole))?;
    let all = format!("{whole}{}", without_underscores(fraction)?);
    if all.is_empty() {
        return None;
    }
    let mut number = 0.0;
    for digit in all.chars() {
        number = number * 16.0 + f64::from(digit.to_digit(16)?);
    }
    let places = i32::try_from(all.len() - whole.len()).ok()?;
    let number = number * 2_f64.powi(power.checked_sub(places.checked_mul(4)?)?);
    number.is_finite().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_integers() {
        let texts = [
            ("12", 12),
            ("1.9", 0),
            ("x", 0),
            ("0x1F", 31),
            ("010", 8),
            ("08", 0),
            ("007", 7),
            ("", 0),
            (" 5", 0),
            ("1e3", 0),
            ("12.0", 12),
            ("5.", 0),
            ("1_000", 1000),
            ("_1", 0),
            ("0_7", 7),
            ("-5", -5),
            ("0b11", 3),
            ("0o17", 15),
            ("9223372036854775807", i64::MAX),
            ("9223372036854775808", 0),
        ];
        for (text, want) in texts {
            assert_eq!(to_int(&text.into()), want, "{text:?}");
        }
        assert_eq!(to_int(&Value::Float(-1.9)), -1);
        assert_eq!(to_int(&Value::Float(1e21)), i64::MIN);
        assert_eq!(to_int(&Value::Bool(true)), 1);
        assert_eq!(to_int(&Value::Nil), 0);
    }

    #[test]
    fn values_become_floats() {
        let texts = [
            ("1.5", 1.5),
            ("x", 0.0),
            ("1e3", 1000.0),
            ("0x10", 0.0),
            ("0x10p0", 16.0),
            ("0x1.8p1", 3.0),
            ("inf", f64::INFINITY),
            ("-Infinity", f64::NEG_INFINITY),
            ("+nan", 0.0),
            ("1_000", 1000.0),
            ("1__0", 0.0),
            ("1e400", 0.0),
            ("", 0.0),
        ];
        for (text, want) in texts {
            assert_eq!(to_float(&text.into()).to_bits(), want.to_bits(), "{text:?}");
        }
    }
}
