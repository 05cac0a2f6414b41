//! Spans of time as Go reads and writes them.

use super::layout::quoted;

const SECOND: u64 = 1_000_000_000;

/// Writes nanoseconds as `1h1m1.5s`.
pub(super) fn show(nanoseconds: i64) -> String {
    let rest = nanoseconds.unsigned_abs();
    let sign = if nanoseconds < 0 { "-" } else { "" };
    if rest == 0 {
        return "0s".into();
    }
    if rest < SECOND {
        let (unit, size) = match rest {
            0..1_000 => ("ns", 1),
            1_000..1_000_000 => ("µs", 1_000),
            _ => ("ms", 1_000_000),
        };
        return format!("{sign}{}{unit}", fraction(rest, size));
    }
    let (hours, minutes) = (rest / SECOND / 3600, rest / SECOND / 60 % 60);
    let seconds = fraction(rest % (60 * SECOND), SECOND);
    match (hours, minutes) {
        (0, 0) => format!("{sign}{seconds}s"),
        (0, _) => format!("{sign}{minutes}m{seconds}s"),
        _ => format!("{sign}{hours}h{minutes}m{seconds}s"),
    }
}

/// Writes a number of units of some size, without zeros at the end.
fn fraction(number: u64, size: u64) -> String {
    if number.is_multiple_of(size) {
        return (number / size).to_string();
    }
    let places = size.ilog10() as usize;
    let text = format!("{}.{:0places$}", number / size, number % size);
    text.trim_end_matches('0').into()
}

fn unit(name: &str) -> Option<u64> {
    Some(match name {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => SECOND,
        "m" => 60 * SECOND,
        "h" => 3600 * SECOND,
        _ => return None,
    })
}

/// Reads `-1h30m`, `1.5h`, `0`.
///
/// # Errors
/// In Go's words.
pub(super) fn parse(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", quoted(text));
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    const LIMIT: u64 = 1 << 63;
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let whole = digits(rest);
        rest = &rest[whole.len()..];
        let decimals = rest.strip_prefix('.').map(digits);
        rest = &rest[decimals.map_or(0, |decimals| decimals.len() + 1)..];
        let decimals = decimals.unwrap_or_default();
        if whole.is_empty() && decimals.is_empty() {
            return Err(invalid());
        }
        let end = rest.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(rest.len());
        let name = &rest[..end];
        rest = &rest[end..];
        if name.is_empty() {
            return Err(format!("time: missing unit in duration {}", quoted(text)));
        }
        let size = unit(name).ok_or_else(|| {
            format!("time: unknown unit {} in duration {}", quoted(name), quoted(text))
        })?;
        let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| invalid())? };
        let part =
            whole.checked_mul(size).and_then(|part| part.checked_add(part_of(decimals, size)));
        total = part
            .and_then(|part| total.checked_add(part))
            .filter(|total| *total <= LIMIT)
            .ok_or_else(invalid)?;
    }
    match (negative, total) {
        (true, _) => Ok((total as i64).wrapping_neg()),
        (false, LIMIT) => Err(invalid()),
        (false, _) => Ok(total as i64),
    }
}

fn digits(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())]
}

/// Returns a decimal fraction of a unit, cut to nanoseconds.
fn part_of(decimals: &str, size: u64) -> u64 {
    let (mut number, mut scale): (u64, f64) = (0, 1.0);
    for digit in decimals.bytes() {
        let next = number.checked_mul(10).and_then(|n| n.checked_add(u64::from(digit - b'0')));
        // More digits than fit do not count.
        let Some(next) = next.filter(|next| *next <= 1 << 63) else { break };
        number = next;
        scale *= 10.0;
    }
    (number as f64 * (size as f64 / scale)) as u64
}

/// Rounds to a multiple, halves away from zero.
pub(super) fn round(nanoseconds: i64, multiple: i64) -> i64 {
    if multiple <= 0 {
        return nanoseconds;
    }
    let rest = nanoseconds % multiple;
    let down = nanoseconds - rest;
    if rest.unsigned_abs() * 2 < multiple.unsigned_abs() {
        down
    } else if nanoseconds < 0 {
        down.saturating_sub(multiple)
    } else {
        down.saturating_add(multiple)
    }
}
