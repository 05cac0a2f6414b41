//! Numbers as Go reads and prints them.

use smol_str::{SmolStr, format_smolstr};

/// Reads a whole number as Go does where the base is left to the prefix: `0x`, `0o`, `0b`, `0`.
pub(super) fn parse_int(text: &str) -> Option<i64> {
    let (sign, digits) = sign(text);
    sign.apply(parse_uint(digits)?)
}

/// Reads a whole number without a sign, likewise.
pub(super) fn parse_uint(digits: &str) -> Option<u64> {
    let (base, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, digits.get(2..)?),
        [b'0', b'o' | b'O', _, ..] => (8, digits.get(2..)?),
        [b'0', b'b' | b'B', _, ..] => (2, digits.get(2..)?),
        [b'0'] => return Some(0),
        [b'0', ..] => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    parse_digits(digits, base)
}

/// Reads a number in base 2 that may have a sign of its own.
pub(super) fn parse_signed_binary(text: &str) -> Option<i64> {
    let (sign, digits) = sign(text);
    sign.apply(parse_digits(digits, 2)?)
}

/// Reads the digits of a number in base 2.
pub(super) fn parse_binary(digits: &str) -> Option<u64> {
    parse_digits(digits, 2)
}

/// Whether a number lies below zero.
#[derive(Clone, Copy)]
enum Sign {
    Plus,
    Minus,
}

impl Sign {
    fn apply(self, magnitude: u64) -> Option<i64> {
        match self {
            Self::Plus => i64::try_from(magnitude).ok(),
            Self::Minus => 0i64.checked_sub_unsigned(magnitude),
        }
    }
}

fn sign(text: &str) -> (Sign, &str) {
    match text.as_bytes().first() {
        Some(b'-') => (Sign::Minus, text.get(1..).unwrap_or_default()),
        Some(b'+') => (Sign::Plus, text.get(1..).unwrap_or_default()),
        _ => (Sign::Plus, text),
    }
}

fn parse_digits(digits: &str, base: u32) -> Option<u64> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if plain { u64::from_str_radix(digits, base).ok() } else { None }
}

/// Reads a decimal number with a point or an exponent; none where it is too large.
pub(super) fn parse_float(text: &str) -> Option<f64> {
    if !is_decimal(text) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Reads a number that starts with its point, in which `_` may stand between two digits.
pub(super) fn parse_point(text: &str) -> Option<f64> {
    if !text.contains('_') {
        return parse_float(text);
    }
    let bytes = text.as_bytes();
    let between_digits = bytes
        .windows(3)
        .filter(|part| part[1] == b'_' && part[0].is_ascii_digit() && part[2].is_ascii_digit());
    let all = bytes.iter().filter(|byte| **byte == b'_').count();
    if between_digits.count() == all { parse_float(&text.replace('_', "")) } else { None }
}

/// Tells whether a text has the form `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`.
fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (_, rest) = sign(text);
    let whole = digits(rest);
    let mut rest = rest.get(whole..).unwrap_or_default();
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = digits(fraction);
        if whole == 0 && length == 0 {
            return false;
        }
        rest = fraction.get(length..).unwrap_or_default();
    } else if whole == 0 {
        return false;
    }
    let Some(exponent) = rest.strip_prefix(['e', 'E']) else { return rest.is_empty() };
    let (_, exponent) = sign(exponent);
    !exponent.is_empty() && digits(exponent) == exponent.len()
}

/// Writes a float that is a key: as a 32-bit float in its shortest form.
pub(super) fn key(number: f64) -> SmolStr {
    let number = number as f32;
    if number.is_finite() {
        return general(&format!("{number:e}"));
    }
    SmolStr::new_static(match number {
        f32::INFINITY => ".inf",
        f32::NEG_INFINITY => "-.inf",
        _ => ".nan",
    })
}

/// Writes a float as Go's `%v` does.
pub(super) fn shown(number: f64) -> SmolStr {
    if number.is_finite() {
        return general(&format!("{number:e}"));
    }
    SmolStr::new_static(match number {
        f64::INFINITY => "+Inf",
        f64::NEG_INFINITY => "-Inf",
        _ => "NaN",
    })
}

/// Lays out a number in scientific form (`-1.5e7`) as Go's `%g` does: with an exponent below -4
/// and from 7 digits before the point on.
fn general(scientific: &str) -> SmolStr {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => ("-", mantissa),
        None => ("", mantissa),
    };
    if !(-4..6).contains(&exponent) {
        let direction = if exponent < 0 { '-' } else { '+' };
        return format_smolstr!("{sign}{mantissa}e{direction}{:02}", exponent.unsigned_abs());
    }
    let digits = mantissa.replace('.', "");
    let places = usize::try_from(exponent + 1).unwrap_or(0);
    if places == 0 {
        let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
        return format_smolstr!("{sign}0.{}{digits}", "0".repeat(zeros));
    }
    if digits.len() <= places {
        return format_smolstr!("{sign}{digits}{}", "0".repeat(places - digits.len()));
    }
    let (whole, fraction) = digits.split_at(places);
    format_smolstr!("{sign}{whole}.{fraction}")
}

#[cfg(test)]
mod tests {
    use super::{key, parse_float, parse_int, parse_point, shown};

    #[test]
    fn whole_numbers_are_read_in_the_base_of_their_prefix() {
        let cases = [
            ("0x1F", Some(31)),
            ("-010", Some(-8)),
            ("0o17", Some(15)),
            ("0B101", Some(5)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("08", None),
            ("0x", None),
            ("+-1", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_int(text), expected, "{text}");
        }
    }

    #[test]
    fn floats_need_digits_and_must_fit() {
        let cases = [("5.", Some(5.0)), ("-.5e1", Some(-5.0)), ("1e", None), ("1e999", None)];
        for (text, expected) in cases {
            assert_eq!(parse_float(text), expected, "{text}");
        }
        assert_eq!(
            [".1_5", "._1", ".1_", ".1__5"].map(parse_point),
            [Some(0.15), None, None, None]
        );
    }

    #[test]
    fn floats_are_written_as_go_writes_them() {
        let keys = [1e3, 123456789.5, 1e-5, -0.0, 1e39, 0.1].map(key);
        assert_eq!(keys, ["1000", "1.2345679e+08", "1e-05", "-0", ".inf", "0.1"]);
        assert_eq!(
            [1234567.8, 123456.7, -0.0001].map(shown),
            ["1.2345678e+06", "123456.7", "-0.0001"]
        );
    }
}
