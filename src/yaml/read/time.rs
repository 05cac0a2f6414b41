//! Which texts go-yaml takes for timestamps.

/// Tells whether a text is a date, or a date and time, of the forms that go-yaml reads.
pub(super) fn is_timestamp(text: &str) -> bool {
    let Some(rest) = date(text) else { return false };
    if rest.is_empty() {
        return true;
    }
    let (zoned, time) = match rest.split_at_checked(1) {
        Some(("T" | "t", time)) => (true, time),
        Some((" ", time)) => (false, time.trim_start_matches(' ')),
        _ => return false,
    };
    match clock(time) {
        Some(zone) if zoned => is_zone(zone),
        Some(zone) => zone.is_empty(),
        None => false,
    }
}

/// Reads `2006-1-2` and returns what follows.
fn date(text: &str) -> Option<&str> {
    let (year, rest) = text.split_at_checked(4)?;
    let year: u32 = number(year)?;
    let (month, rest) = one_or_two(rest.strip_prefix('-')?, 12)?;
    let (day, rest) = one_or_two(rest.strip_prefix('-')?, 31)?;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (month >= 1 && (1..=days).contains(&day)).then_some(rest)
}

/// Reads `15:4:5` with an optional fraction and returns what follows.
fn clock(text: &str) -> Option<&str> {
    let (_, rest) = one_or_two(text, 23)?;
    let (_, rest) = one_or_two(rest.strip_prefix(':')?, 59)?;
    let (_, rest) = one_or_two(rest.strip_prefix(':')?, 59)?;
    let Some(fraction) = rest.strip_prefix(['.', ',']) else { return Some(rest) };
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 { Some(rest) } else { fraction.get(digits..) }
}

/// Tells whether a text is `Z` or `+07:00`.
fn is_zone(text: &str) -> bool {
    let Some(offset) = text.strip_prefix(['+', '-']) else { return text == "Z" };
    let Some((hours, minutes)) = offset.split_once(':') else { return false };
    let within = |text: &str, most| text.len() == 2 && number(text).is_some_and(|n| n <= most);
    within(hours, 24) && within(minutes, 60)
}

fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// Reads a number of one or two digits, at most `most`, and returns what follows.
fn one_or_two(text: &str, most: u32) -> Option<(u32, &str)> {
    let length = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(length)?;
    let number = number(digits)?;
    (length > 0 && number <= most).then_some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::is_timestamp;

    #[test]
    fn the_forms_of_go_yaml_are_timestamps() {
        let timestamps = [
            "2020-01-01",
            "2020-1-2",
            "2020-02-29",
            "2020-1-2 3:4:5",
            "2020-01-01  10:00:00",
            "2020-01-01 23:59:59,5",
            "2020-01-01t1:2:3Z",
            "2020-01-01T10:00:00+24:00",
            "2020-01-01T10:00:00.1234567891Z",
        ];
        let others = [
            "2019-02-29",
            "2020-13-01",
            "20200-01-01",
            "2020-01-01 10:00:00Z",
            "2020-01-01T10:00:00",
            "2020-01-01 23:59:60",
            "2020-01-01T10:00:00+25:00",
            "2001-12-14 21:59:43.10 -5",
        ];
        assert_eq!(timestamps.map(is_timestamp), [true; 9]);
        assert_eq!(others.map(is_timestamp), [false; 8]);
    }
}
