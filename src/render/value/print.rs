//! What Go's `fmt` prints for a value under `%v`.

use std::fmt::Write;

use super::Value;
use crate::yaml;

/// How deep a value that holds itself is printed before it is given up, as no real value is.
const DEPTH: usize = 200;

/// How many bytes are printed of a value that holds itself several times, and so has no end.
const LENGTH: usize = 1 << 26;

/// What a part of a list or map counts as, besides what it prints, for the time that it takes.
pub(crate) const BYTES_PER_PART: usize = 8;

impl Value {
    /// Returns what `%v` prints: `<nil>`, `1e+06`, `map[a:1]`, `[x y]`.
    #[must_use]
    pub fn print(&self) -> String {
        let mut out = String::new();
        print(self, &mut out, (DEPTH, &mut { LENGTH }));
        out
    }

    /// Returns what `%v` prints, unless that takes more than `limit` bytes; each part of a list or
    /// map counts as a few more.
    #[must_use]
    pub fn print_within(&self, limit: usize) -> Option<String> {
        let (mut out, mut limit) = (String::new(), limit);
        print(self, &mut out, (DEPTH, &mut limit));
        (out.len() <= limit).then_some(out)
    }
}

/// Prints with bounds of the depth and the length; what is longer is cut somewhere after it.
fn print(value: &Value, out: &mut String, (depth, limit): (usize, &mut usize)) {
    if out.len() > *limit {
        return;
    }
    let Some(depth) = depth.checked_sub(1) else {
        return out.push_str("<cycle>");
    };
    let depth = (depth, limit);
    match value {
        Value::Nil => out.push_str("<nil>"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Int(number) | Value::Int64(number) => {
            write!(out, "{number}").expect("a String takes all");
        }
        Value::Uint8(number) => write!(out, "{number}").expect("a String takes all"),
        Value::Uint64(number) => write!(out, "{number}").expect("a String takes all"),
        Value::Float(number) => out.push_str(&float(*number)),
        Value::Complex(real, imaginary) => {
            let sign = if imaginary.is_sign_negative() { "" } else { "+" };
            write!(out, "({}{sign}{}i)", float(*real), float(*imaginary))
                .expect("a String takes all");
        }
        Value::Str(text) => out.push_str(&text.to_str()),
        Value::Bytes(bytes) => {
            let numbers: Vec<String> = bytes.iter().map(u8::to_string).collect();
            write!(out, "[{}]", numbers.join(" ")).expect("a String takes all");
        }
        Value::List(list) => print_list(list, out, depth),
        Value::Map(map) => print_map(&map.entries(), out, depth),
        Value::Native(native) => out.push_str(&native.print()),
    }
}

fn print_list(items: &[Value], out: &mut String, (depth, limit): (usize, &mut usize)) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        *limit = limit.saturating_sub(BYTES_PER_PART);
        if out.len() > *limit {
            return;
        }
        if index > 0 {
            out.push(' ');
        }
        print(item, out, (depth, limit));
    }
    out.push(']');
}

fn print_map(
    entries: &std::collections::BTreeMap<smol_str::SmolStr, Value>,
    out: &mut String,
    (depth, limit): (usize, &mut usize),
) {
    out.push_str("map[");
    for (index, (key, value)) in entries.iter().enumerate() {
        *limit = limit.saturating_sub(BYTES_PER_PART);
        if out.len() > *limit {
            return;
        }
        if index > 0 {
            out.push(' ');
        }
        out.push_str(key);
        out.push(':');
        print(value, out, (depth, limit));
    }
    out.push(']');
}

/// Returns what `%v` prints for a `float64`: the shortest digits that read back the same, in
/// exponent form below 1e-4 and from 1e6 on.
#[must_use]
pub(crate) fn float(number: f64) -> String {
    if number.is_nan() {
        return "NaN".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf".into() } else { "-Inf".into() };
    }
    let mut out = String::new();
    yaml::push_general(&mut out, number);
    out
}
