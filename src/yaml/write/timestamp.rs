//! Texts that go-yaml takes for timestamps.

/// Tells whether Go's `time.Parse` takes a text by one of go-yaml's layouts: a date, alone or
/// with a time of day, which stands after `T` with a zone or after a blank without.
pub(super) fn is_timestamp(text: &str) -> bool {
    let Some(rest) = date(text) else { return false };
    if rest.is_empty() {
        return true;
    }
    if let Some(rest) = rest.strip_prefix(['T', 't']) {
        return time_of_day(rest).is_some_and(is_zone);
    }
    rest.starts_with(' ') && time_of_day(rest.trim_start_matches(' ')).is_some_and(str::is_empty)
}

/// Takes a valid date off the front: a year of four digits, month and day of one or two.
fn date(text: &str) -> Option<&str> {
    let (year, rest) = text.split_at_checked(4)?;
    let year = digits(year)?;
    let (month, rest) = number(rest.strip_prefix('-')?)?;
    let (day, rest) = number(rest.strip_prefix('-')?)?;
    let last = match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=last).contains(&day).then_some(rest)
}

/// Takes a time of day off the front, with any fraction of a second.
fn time_of_day(text: &str) -> Option<&str> {
    let (hour, rest) = number(text)?;
    let (minute, rest) = number(rest.strip_prefix(':')?)?;
    let (second, rest) = number(rest.strip_prefix(':')?)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let Some(fraction) = rest.strip_prefix(['.', ',']) else { return Some(rest) };
    let after = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
    Some(if after.len() < fraction.len() { after } else { rest })
}

/// Tells whether a text is `Z` or an offset such as `+01:30`.
fn is_zone(text: &str) -> bool {
    if text == "Z" {
        return true;
    }
    let Some(offset) = text.strip_prefix(['+', '-']) else { return false };
    match offset.split_once(':') {
        Some((hours, minutes)) if hours.len() == 2 && minutes.len() == 2 => {
            digits(hours).is_some_and(|hours| hours <= 24)
                && digits(minutes).is_some_and(|minutes| minutes <= 60)
        }
        _ => false,
    }
}

/// Takes a number of one or two digits off the front.
fn number(text: &str) -> Option<(u32, &str)> {
    let length = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(length)?;
    Some((digits(number)?, rest))
}

/// Returns the number that consists of digits only.
fn digits(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|digit| digit.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}
