//! Number and character literals, kept as all the types that they fit.

use smol_str::SmolStr;

use super::quote::{Unit, unit};
use crate::render::go::ir::{Number, NumberForm};
use crate::render::go::lex::Kind;
use crate::render::go::quoted;

/// Reads a literal; fails with Go's message.
pub(super) fn number(written: &str, kind: Kind) -> Result<Number, String> {
    match kind {
        Kind::CharConstant => character(written),
        Kind::Complex => Ok(complex(written, scan_complex(written)?)),
        _ => match written.strip_suffix('i').map(parse_float) {
            Some(Ok(imaginary)) => Ok(complex(written, (0.0, imaginary))),
            _ => real(written),
        },
    }
}

fn character(written: &str) -> Result<Number, String> {
    let inner = written.get(1..).unwrap_or_default();
    let (unit, tail) = unit(inner, '\'').ok_or("invalid syntax")?;
    if tail != "'" {
        return Err(format!("malformed character constant: {written}"));
    }
    let code = match unit {
        Unit::Char(character) => u32::from(character),
        Unit::Byte(byte) => u32::from(byte),
    };
    Ok(Number {
        int: Some(i64::from(code)),
        uint: Some(u64::from(code)),
        float: Some(f64::from(code)),
        imaginary: None,
        form: NumberForm::Int,
        written: SmolStr::new(written),
    })
}

fn complex(written: &str, (real, imaginary): (f64, f64)) -> Number {
    let simple = imaginary == 0.0;
    Number {
        int: float_to_int(real).filter(|_| simple),
        uint: float_to_uint(real).filter(|_| simple),
        float: Some(real),
        imaginary: Some(imaginary),
        form: NumberForm::Complex,
        written: SmolStr::new(written),
    }
}

fn real(written: &str) -> Result<Number, String> {
    let mut uint = parse_uint(written);
    let mut int = parse_int(written);
    if int == Some(0) {
        uint = Some(0);
    }
    #[expect(clippy::cast_precision_loss, reason = "Go rounds here too")]
    let mut float = int.map(|int| int as f64).or(uint.map(|uint| uint as f64));
    if float.is_none() {
        let parsed = parse_float(written)
            .map_err(|_| format!("illegal number syntax: {}", quoted(written)))?;
        if !looks_like_float(written) {
            return Err(format!("integer overflow: {}", quoted(written)));
        }
        float = Some(parsed);
        int = float_to_int(parsed);
        uint = float_to_uint(parsed);
    }
    let form = match looks_like_float(written) && !is_hex_int(written) {
        true => NumberForm::Float,
        false => NumberForm::Int,
    };
    Ok(Number { int, uint, float, imaginary: None, form, written: SmolStr::new(written) })
}

fn looks_like_float(written: &str) -> bool {
    written.contains(['.', 'e', 'E', 'p', 'P'])
}

/// Go overlooks the sign: `-0x1e` is a float for it.
fn is_hex_int(written: &str) -> bool {
    written.len() > 2
        && written.starts_with(['0'])
        && is_hex(written)
        && !written.contains(['p', 'P'])
}

fn is_hex(unsigned: &str) -> bool {
    unsigned.starts_with("0x") || unsigned.starts_with("0X")
}

#[expect(clippy::cast_possible_truncation, reason = "the range is tested")]
fn float_to_int(float: f64) -> Option<i64> {
    const BOUND: f64 = 9_223_372_036_854_775_808.0;
    let fits = float.trunc() == float && (-BOUND..BOUND).contains(&float);
    fits.then_some(float as i64)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is tested")]
fn float_to_uint(float: f64) -> Option<u64> {
    const BOUND: f64 = 18_446_744_073_709_551_616.0;
    let fits = float.trunc() == float && (0.0..BOUND).contains(&float);
    fits.then_some(float as u64)
}

/// Reads an unsigned integer in the base of its prefix.
fn parse_uint(text: &str) -> Option<u64> {
    let prefix = text.get(..2).filter(|_| text.len() > 2).unwrap_or_default();
    let (radix, digits) = match prefix {
        "0b" | "0B" => (2, text.get(2..)?),
        "0o" | "0O" => (8, text.get(2..)?),
        "0x" | "0X" => (16, text.get(2..)?),
        _ if text.len() > 1 && text.starts_with('0') => (8, text.get(1..)?),
        _ => (10, text),
    };
    if digits.is_empty() || !underscores_are_fine(text) {
        return None;
    }
    let mut value: u64 = 0;
    for digit in digits.chars().filter(|digit| *digit != '_') {
        let digit = u64::from(digit.to_digit(radix)?);
        value = value.checked_mul(u64::from(radix))?.checked_add(digit)?;
    }
    Some(value)
}

fn parse_int(text: &str) -> Option<i64> {
    let (negative, unsigned) = sign(text);
    let magnitude = i128::from(parse_uint(unsigned)?);
    i64::try_from(if negative { -magnitude } else { magnitude }).ok()
}

fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Tells whether each `_` stands between digits, or between a base prefix and a digit.
fn underscores_are_fine(text: &str) -> bool {
    let (_, mut rest) = sign(text);
    let hex = is_hex(rest);
    let mut last = '^';
    if rest.get(..2).is_some_and(|two| matches!(two, "0b" | "0B" | "0o" | "0O" | "0x" | "0X")) {
        rest = rest.get(2..).unwrap_or_default();
        last = '0';
    }
    for character in rest.chars() {
        let digit = character.is_ascii_digit() || hex && character.is_ascii_hexdigit();
        last = match character {
            _ if digit => '0',
            '_' if last == '0' => '_',
            '_' => return false,
            _ if last == '_' => return false,
            _ => '!',
        };
    }
    last != '_'
}

const SYNTAX: &str = "invalid syntax";
const RANGE: &str = "value out of range";

/// Reads a float as Go's `strconv.ParseFloat` does.
fn parse_float(text: &str) -> Result<f64, &'static str> {
    if text.contains('_') && !underscores_are_fine(text) {
        return Err(SYNTAX);
    }
    let plain = text.replace('_', "");
    let (negative, unsigned) = sign(&plain);
    let float = match unsigned.get(2..).filter(|_| is_hex(unsigned)) {
        Some(digits) => parse_hex_float(digits).ok_or(SYNTAX)?,
        None if unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.') => {
            unsigned.parse::<f64>().map_err(|_| SYNTAX)?
        }
        None => return Err(SYNTAX),
    };
    if float.is_infinite() {
        return Err(RANGE);
    }
    Ok(if negative { -float } else { float })
}

fn parse_hex_float(text: &str) -> Option<f64> {
    let at = text.find(['p', 'P'])?;
    let (mantissa, exponent) = (text.get(..at)?, text.get(at + 1..)?);
    let (negative, exponent) = sign(exponent);
    if exponent.is_empty() || !exponent.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // As in Go, more would not change the result.
    let exponent = exponent.parse::<i64>().unwrap_or(10_000).min(10_000);
    let mut exponent = if negative { -exponent } else { exponent };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut bits: u64 = 0;
    for (place, digit) in whole.chars().chain(fraction.chars()).enumerate() {
        let digit = u64::from(digit.to_digit(16)?);
        let shift = if place < whole.len() { 0 } else { -4 };
        if bits >> 60 == 0 {
            bits = bits << 4 | digit;
            exponent += shift;
        } else {
            // What no longer fits only matters for rounding.
            bits |= u64::from(digit != 0);
            exponent += shift + 4;
        }
    }
    Some(scale(bits, exponent))
}

#[expect(clippy::cast_precision_loss, reason = "rounds to even as Go does")]
fn scale(bits: u64, exponent: i64) -> f64 {
    let mut float = bits as f64;
    let mut left = exponent.clamp(-2_200, 2_200);
    while left != 0 && float != 0.0 && float.is_finite() {
        let step = left.clamp(-1_000, 1_000);
        float *= 2f64.powi(i32::try_from(step).unwrap_or_default());
        left -= step;
    }
    float
}

/// Reads `1+2i` as Go's `fmt.Sscan` does.
fn scan_complex(text: &str) -> Result<(f64, f64), String> {
    const MESSAGE: &str = "syntax error scanning complex number";
    let (real, rest) = float_token(text);
    if !rest.starts_with(['+', '-']) {
        return Err(MESSAGE.into());
    }
    let (imaginary, rest) = float_token(rest);
    if !rest.starts_with('i') {
        return Err(MESSAGE.into());
    }
    let convert = |token: &str| {
        parse_float(token)
            .map_err(|why| format!("strconv.ParseFloat: parsing {}: {why}", quoted(token)))
    };
    Ok((convert(real)?, convert(imaginary)?))
}

/// Splits off what Go's scanner takes for one float.
fn float_token(text: &str) -> (&str, &str) {
    let unsigned = sign(text).1;
    let hex = is_hex(unsigned);
    let mut rest = unsigned.get(2..).filter(|_| hex).unwrap_or(unsigned);
    let digit =
        |byte: char| byte == '_' || byte.is_ascii_digit() || hex && byte.is_ascii_hexdigit();
    // An `i` here is taken for the start of `inf`.
    rest = rest.strip_prefix('i').unwrap_or(rest).trim_start_matches(digit);
    if let Some(fraction) = rest.strip_prefix('.') {
        rest = fraction.trim_start_matches(digit);
    }
    let exponent: &[char] = if hex { &['p', 'P'] } else { &['e', 'E', 'p', 'P'] };
    if let Some(after) = rest.strip_prefix(exponent) {
        rest = sign(after).1.trim_start_matches(|byte: char| byte == '_' || byte.is_ascii_digit());
    }
    text.split_at(text.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_fit_the_types_that_go_gives_them() {
        // written, int, uint, float, form
        let cases = [
            ("1", Some(1), Some(1), 1.0, NumberForm::Int),
            ("-1", Some(-1), None, -1.0, NumberForm::Int),
            ("-0", Some(0), Some(0), 0.0, NumberForm::Int),
            ("0x1F", Some(31), Some(31), 31.0, NumberForm::Int),
            ("0x1e", Some(30), Some(30), 30.0, NumberForm::Int),
            ("-0x1e", Some(-30), None, -30.0, NumberForm::Float),
            ("0b101", Some(5), Some(5), 5.0, NumberForm::Int),
            ("0o17", Some(15), Some(15), 15.0, NumberForm::Int),
            ("017", Some(15), Some(15), 15.0, NumberForm::Int),
            ("1_000", Some(1000), Some(1000), 1000.0, NumberForm::Int),
            ("1_000.5", None, None, 1000.5, NumberForm::Float),
            ("1e3", Some(1000), Some(1000), 1000.0, NumberForm::Float),
            (".5", None, None, 0.5, NumberForm::Float),
            ("0x1p4", Some(16), Some(16), 16.0, NumberForm::Float),
            ("0x1.8p-1", None, None, 0.75, NumberForm::Float),
            (
                "18446744073709551615",
                None,
                Some(u64::MAX),
                18_446_744_073_709_551_616.0,
                NumberForm::Int,
            ),
            (
                "9223372036854775808.0",
                None,
                Some(1 << 63),
                9_223_372_036_854_775_808.0,
                NumberForm::Float,
            ),
            ("1e20", None, None, 1e20, NumberForm::Float),
        ];
        for (written, int, uint, float, form) in cases {
            let number = number(written, Kind::Number).expect(written);
            assert_eq!((number.int, number.uint), (int, uint), "{written}");
            assert_eq!((number.float, number.form), (Some(float), form), "{written}");
        }
    }

    #[test]
    fn characters_and_complex_numbers() {
        for (written, code) in
            [("'a'", 97), (r"'\n'", 10), (r"'\xff'", 255), (r"'\''", 39), ("'é'", 233)]
        {
            assert_eq!(number(written, Kind::CharConstant).expect(written).int, Some(code));
        }
        let one = number("1i", Kind::Number).expect("an imaginary number");
        assert_eq!((one.float, one.imaginary, one.int), (Some(0.0), Some(1.0), None));
        let both = number("1-2.5i", Kind::Complex).expect("a complex number");
        assert_eq!((both.float, both.imaginary), (Some(1.0), Some(-2.5)));
    }

    #[test]
    fn errors_are_gos() {
        let cases = [
            ("08", Kind::Number, "integer overflow: \"08\""),
            ("99999999999999999999", Kind::Number, "integer overflow: \"99999999999999999999\""),
            ("1e400", Kind::Number, "illegal number syntax: \"1e400\""),
            ("0x1.8", Kind::Number, "illegal number syntax: \"0x1.8\""),
            ("1__0", Kind::Number, "illegal number syntax: \"1__0\""),
            ("-", Kind::Number, "illegal number syntax: \"-\""),
            ("+i", Kind::Number, "illegal number syntax: \"+i\""),
            (".", Kind::Number, "illegal number syntax: \".\""),
            ("1+i", Kind::Complex, "syntax error scanning complex number"),
            ("1i+2i", Kind::Complex, "syntax error scanning complex number"),
            ("'ab'", Kind::CharConstant, "malformed character constant: 'ab'"),
            ("''", Kind::CharConstant, "invalid syntax"),
        ];
        for (written, kind, message) in cases {
            assert_eq!(number(written, kind).map(|_| ()), Err(message.to_owned()), "{written}");
        }
    }
}
