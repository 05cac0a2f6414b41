//! How strconv and fmt write floating-point numbers.

use super::printer::Flags;
use crate::render::value::print;

/// No `float64` has more digits than this, before or after the point.
const DIGITS: usize = 1_100;

/// Returns the number under a verb, with its sign always in front; none for a verb that floats
/// do not have.
pub(super) fn format(number: f64, flags: &Flags, verb: char) -> Option<String> {
    let (verb, default) = match verb {
        'v' => ('g', None),
        'b' | 'g' | 'G' | 'x' | 'X' => (verb, None),
        'F' | 'f' => ('f', Some(6)),
        'e' | 'E' => (verb, Some(6)),
        _ => return None,
    };
    let precision = flags.precision.or(default);
    let mut text = strconv(number, verb, precision);
    if !text.starts_with(['-', '+']) {
        text.insert(0, if flags.space && !flags.plus { ' ' } else { '+' });
    }
    if flags.sharp && verb != 'b' && number.is_finite() {
        text = with_point(&text, verb, precision);
    }
    Some(text)
}

/// Returns strconv's `FormatFloat`; without a precision the shortest digits.
fn strconv(number: f64, verb: char, precision: Option<usize>) -> String {
    if !number.is_finite() {
        return print::float(number);
    }
    match (verb, precision) {
        ('b', _) => binary(number),
        ('x' | 'X', _) => hexadecimal(number, verb, precision),
        ('f', Some(precision)) => padded(&format!("{number:.*}", precision.min(DIGITS)), precision),
        ('e' | 'E', Some(precision)) => exponential(number, verb, precision),
        ('G', None) => print::float(number).to_uppercase(),
        (_, None) => print::float(number),
        (_, Some(precision)) => general(number, verb, precision),
    }
}

/// Adds the zeros of a precision that is beyond all digits.
fn padded(text: &str, precision: usize) -> String {
    format!("{text}{}", "0".repeat(precision.saturating_sub(DIGITS)))
}

fn exponential(number: f64, verb: char, precision: usize) -> String {
    let (mantissa, exponent) = decimal(number, precision.min(DIGITS));
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}{verb}{sign}{:02}", padded(&mantissa, precision), exponent.abs())
}

/// Returns the number rounded to `precision` digits after the first, and its exponent.
fn decimal(number: f64, precision: usize) -> (String, i32) {
    let text = format!("{number:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').expect("{:e} writes an exponent");
    (mantissa.into(), exponent.parse().expect("{:e} writes a decimal exponent"))
}

/// Writes `%g` with a precision: significant digits, trailing zeros cut.
fn general(number: f64, verb: char, precision: usize) -> String {
    let significant = precision.clamp(1, DIGITS);
    let (mantissa, exponent) = decimal(number, significant - 1);
    let digits = mantissa.trim_start_matches('-').replace('.', "");
    let count = i32::try_from(digits.trim_end_matches('0').len().max(1)).unwrap_or(i32::MAX);
    let mut limit = i32::try_from(significant).unwrap_or(i32::MAX);
    if limit > count && count > exponent {
        limit = count;
    }
    if exponent < -4 || exponent >= limit {
        let verb = if verb == 'G' { 'E' } else { 'e' };
        return exponential(number, verb, usize::try_from(count - 1).unwrap_or(0));
    }
    let fraction = usize::try_from(count - 1 - exponent).unwrap_or(0);
    if fraction > 0 {
        return format!("{number:.fraction$}");
    }
    // The digits before the point are rounded too.
    let sign = if number.is_sign_negative() { "-" } else { "" };
    let whole = usize::try_from(exponent + 1).unwrap_or(0);
    if whole == 0 {
        return format!("{sign}0");
    }
    let kept: String = digits.chars().chain(std::iter::repeat('0')).take(whole).collect();
    format!("{sign}{kept}")
}

/// Splits a finite number into its mantissa of 53 bits and its exponent.
fn parts(number: f64) -> (u64, i32) {
    let bits = number.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let exponent = i32::try_from((bits >> 52) & 0x7ff).expect("11 bits fit");
    if exponent == 0 { (fraction, -1022) } else { (fraction | 1 << 52, exponent - 1023) }
}

fn binary(number: f64) -> String {
    let (mantissa, exponent) = parts(number);
    let sign = if number.is_sign_negative() { "-" } else { "" };
    format!("{sign}{mantissa}p{:+}", exponent - 52)
}

fn hexadecimal(number: f64, verb: char, precision: Option<usize>) -> String {
    let (mut mantissa, mut exponent) = parts(number);
    mantissa <<= 8;
    if mantissa == 0 {
        exponent = 0;
    }
    while mantissa != 0 && mantissa & (1 << 60) == 0 {
        mantissa <<= 1;
        exponent -= 1;
    }
    if let Some(precision @ 0..15) = precision {
        let shift = precision * 4;
        let extra = (mantissa << shift) & ((1 << 60) - 1);
        mantissa >>= 60 - shift;
        if extra | (mantissa & 1) > 1 << 59 {
            mantissa += 1;
        }
        mantissa <<= 60 - shift;
        if mantissa & (1 << 61) != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let whole = mantissa >> 60 & 1;
    let fraction = format!("{:015x}", mantissa & ((1 << 60) - 1));
    let fraction = match precision {
        None => fraction.trim_end_matches('0').to_owned(),
        Some(precision) => {
            let kept = &fraction[..precision.min(fraction.len())];
            format!("{kept}{}", "0".repeat(precision - kept.len()))
        }
    };
    let point = if fraction.is_empty() { "" } else { "." };
    let (sign, power) = (if number.is_sign_negative() { "-" } else { "" }, exponent.abs());
    let direction = if exponent < 0 { '-' } else { '+' };
    let text = format!("{sign}0x{whole}{point}{fraction}p{direction}{power:02}");
    if verb == 'X' { text.to_uppercase() } else { text }
}

/// Forces a decimal point, and under `%g` the zeros behind it, as the flag `#` asks for.
fn with_point(text: &str, verb: char, precision: Option<usize>) -> String {
    let mut digits = match verb {
        'g' | 'G' | 'x' => i64::try_from(precision.unwrap_or(6)).unwrap_or(i64::MAX),
        _ => 0,
    };
    let marks: &[char] =
        if matches!(verb, 'x' | 'X') { &['p', 'P'] } else { &['p', 'P', 'e', 'E'] };
    let (number, tail) = text.split_at(text.find(marks).unwrap_or(text.len()));
    let mut out = number.to_owned();
    let mut significant = false;
    for character in number.chars().skip(1).filter(|character| *character != '.') {
        significant |= character != '0';
        digits -= i64::from(significant);
    }
    if !number.contains('.') {
        digits -= i64::from(number.len() == 2 && number.ends_with('0'));
        out.push('.');
    }
    out.push_str(&"0".repeat(usize::try_from(digits).unwrap_or(0)));
    out.push_str(tail);
    out
}
