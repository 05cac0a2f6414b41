//! Numbers as Go formats them: the shortest digits that read back the same, an even last digit
//! where two are as near, which the standard library does not keep to.

use std::fmt::Write;

/// The first whole number that a float cannot tell from its neighbour.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Appends a whole number.
pub(in crate::yaml) fn push_int(out: &mut String, number: i64) {
    write!(out, "{number}").expect("a String takes all");
}

/// Appends a finite float in Go's format `g`: in exponent form below 1e-4 and from 1e6 on.
pub(crate) fn push_general(out: &mut String, number: f64) {
    if number.fract() == 0.0 && number.abs() < 1e6 && number != 0.0 {
        return push_int(out, number as i64);
    }
    let decimal = Decimal::new(number);
    if (-4..6).contains(&decimal.exponent) {
        decimal.push_plain(out);
    } else {
        decimal.push_exponent(out, 2);
    }
}

/// Appends a finite float as Go's JSON encoder does: plain from 1e-6 up to 1e21.
pub(in crate::yaml) fn push_json(out: &mut String, number: f64) {
    if number.fract() == 0.0 && number.abs() < EXACT && number != 0.0 {
        return push_int(out, number as i64);
    }
    let decimal = Decimal::new(number);
    if (-6..21).contains(&decimal.exponent) {
        decimal.push_plain(out);
    } else {
        decimal.push_exponent(out, 1);
    }
}

/// Appends a finite float as it comes out of JSON that is read as YAML and written again: whole
/// numbers of 64 bits as such.
pub(in crate::yaml) fn push_reread(out: &mut String, number: f64) {
    if number.fract() != 0.0 {
        return push_general(out, number);
    }
    if number.abs() < EXACT {
        return push_int(out, number as i64);
    }
    let mut text = String::new();
    Decimal::new(number).push_plain(&mut text);
    if text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok() {
        out.push_str(&text);
    } else {
        push_general(out, number);
    }
}

/// The shortest digits of a number.
struct Decimal {
    negative: bool,
    /// The digits without zeros at either end, `0` for zero.
    digits: String,
    /// The power of ten of the first digit.
    exponent: i32,
}

impl Decimal {
    fn new(number: f64) -> Self {
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format_finite(number.abs());
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = [whole, fraction].concat();
        let digits = all.trim_start_matches('0');
        let places = |length: usize| i32::try_from(length).unwrap_or(i32::MAX);
        let shift = places(whole.len()) - places(all.len() - digits.len()) - 1;
        let exponent = exponent.parse::<i32>().unwrap_or(0) + shift;
        let negative = number.is_sign_negative();
        match digits.trim_end_matches('0') {
            "" => Self { negative, digits: "0".into(), exponent: 0 },
            digits => Self { negative, digits: digits.into(), exponent },
        }
    }

    fn push_plain(&self, out: &mut String) {
        out.push_str(if self.negative { "-" } else { "" });
        let Ok(exponent) = usize::try_from(self.exponent) else {
            let zeros = usize::try_from(-self.exponent - 1).unwrap_or(0);
            out.push_str("0.");
            out.extend(std::iter::repeat_n('0', zeros));
            return out.push_str(&self.digits);
        };
        match self.digits.split_at_checked(exponent + 1) {
            Some((whole, "")) => out.push_str(whole),
            Some((whole, fraction)) => {
                out.push_str(whole);
                out.push('.');
                out.push_str(fraction);
            }
            None => {
                out.push_str(&self.digits);
                out.extend(std::iter::repeat_n('0', exponent + 1 - self.digits.len()));
            }
        }
    }

    /// Appends the exponent form, the exponent with `width` digits at least.
    fn push_exponent(&self, out: &mut String, width: usize) {
        out.push_str(if self.negative { "-" } else { "" });
        let (first, rest) = self.digits.split_at(1);
        out.push_str(first);
        if !rest.is_empty() {
            out.push('.');
            out.push_str(rest);
        }
        let (sign, exponent) =
            if self.exponent < 0 { ('-', -self.exponent) } else { ('+', self.exponent) };
        write!(out, "e{sign}{exponent:0width$}").expect("a String takes all");
    }
}
