//! Times of lock files, which Helm reads by RFC 3339, and refuses the file where it cannot.

use std::ops::RangeInclusive;

const LAYOUT: &str = "2006-01-02T15:04:05Z07:00";

/// Checks a time.
///
/// # Errors
/// In the words of Go's package time.
pub(super) fn check(text: &str) -> Result<(), String> {
    let mut reader = Reader { whole: text, rest: text };
    let year = reader.number("2006", 4..=4)?;
    reader.literal("-")?;
    let month = reader.number("01", 2..=2)?;
    reader.within("month", (month, 1..=12))?;
    reader.literal("-")?;
    let day = reader.number("02", 2..=2)?;
    reader.literal("T")?;
    let hour = reader.number("15", 1..=2)?;
    reader.within("hour", (hour, 0..=23))?;
    reader.literal(":")?;
    let minute = reader.number("04", 2..=2)?;
    reader.within("minute", (minute, 0..=59))?;
    reader.literal(":")?;
    let second = reader.number("05", 2..=2)?;
    reader.within("second", (second, 0..=59))?;
    reader.fraction();
    reader.zone()?;
    if !reader.rest.is_empty() {
        return Err(reader.refusal(&format!("extra text: {}", quoted(reader.rest))));
    }
    reader.within("day", (day, 1..=days(year, month)))
}

fn days(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

struct Reader<'a> {
    whole: &'a str,
    rest: &'a str,
}

impl Reader<'_> {
    fn number(&mut self, element: &str, lengths: RangeInclusive<usize>) -> Result<u32, String> {
        let digits = self.rest.bytes().take(*lengths.end()).take_while(u8::is_ascii_digit).count();
        let found = self.rest.split_at_checked(digits).filter(|_| lengths.contains(&digits));
        let (number, rest) = found.ok_or_else(|| self.mismatch(element))?;
        self.rest = rest;
        Ok(number.parse().unwrap_or(0))
    }

    fn literal(&mut self, literal: &str) -> Result<(), String> {
        self.rest = self.rest.strip_prefix(literal).ok_or_else(|| self.mismatch(literal))?;
        Ok(())
    }

    fn fraction(&mut self) {
        let digits = self.rest.strip_prefix(['.', ',']);
        if let Some(digits) = digits.filter(|it| it.starts_with(|c: char| c.is_ascii_digit())) {
            self.rest = digits.trim_start_matches(|c: char| c.is_ascii_digit());
        }
    }

    fn zone(&mut self) -> Result<(), String> {
        if let Some(rest) = self.rest.strip_prefix('Z') {
            self.rest = rest;
            return Ok(());
        }
        let (zone, rest) = self.rest.split_at_checked(6).ok_or_else(|| self.mismatch("Z07:00"))?;
        let number = |digits: &str| {
            digits.bytes().all(|it| it.is_ascii_digit()).then(|| digits.parse::<u32>().ok())?
        };
        let read = || {
            let (hours, minutes) = zone.strip_prefix(['+', '-'])?.split_once(':')?;
            let is_full = hours.len() == 2;
            Some((number(hours)?, number(minutes)?)).filter(|_| is_full)
        };
        let (hours, minutes) = read().ok_or_else(|| self.mismatch("Z07:00"))?;
        self.within("time zone offset hour", (hours, 0..=24))?;
        self.within("time zone offset minute", (minutes, 0..=60))?;
        self.rest = rest;
        Ok(())
    }

    fn within(
        &self,
        part: &str,
        (number, range): (u32, RangeInclusive<u32>),
    ) -> Result<(), String> {
        if range.contains(&number) {
            return Ok(());
        }
        Err(self.refusal(&format!("{part} out of range")))
    }

    fn mismatch(&self, element: &str) -> String {
        let (whole, rest) = (quoted(self.whole), quoted(self.rest));
        format!("parsing time {whole} as \"{LAYOUT}\": cannot parse {rest} as \"{element}\"")
    }

    fn refusal(&self, what: &str) -> String {
        format!("parsing time {}: {what}", quoted(self.whole))
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_go_reads_them() {
        for text in ["2024-02-29T5:00:00Z", "2024-01-01T00:00:00,5Z", "2024-01-01T00:00:00.5+02:00"]
        {
            assert_eq!(check(text), Ok(()), "{text}");
        }
        let table = [
            ("2024T1", "cannot parse \"T1\" as \"-\""),
            ("2024-1-01T00:00:00Z", "cannot parse \"1-01T00:00:00Z\" as \"01\""),
            ("2024-01-01", "cannot parse \"\" as \"T\""),
            ("2024-01-01T00:00:00", "cannot parse \"\" as \"Z07:00\""),
            ("2024-01-01T00:00:00+02", "cannot parse \"+02\" as \"Z07:00\""),
            ("2024-01-01T00:00:00.Z", "cannot parse \".Z\" as \"Z07:00\""),
            ("", "cannot parse \"\" as \"2006\""),
            ("2024-13-01T00:00:00Z", "month out of range"),
            ("2024-02-30T00:00:00Z", "day out of range"),
            ("2024-01-01T25:00:00Z", "hour out of range"),
            ("2024-01-01T00:60:00Z", "minute out of range"),
            ("2024-01-01T00:00:00+25:00", "time zone offset hour out of range"),
            ("2024-01-01T00:00:00.5+02:00x", "extra text: \"x\""),
        ];
        for (text, expected) in table {
            let error = check(text).expect_err(text);
            assert!(error.starts_with(&format!("parsing time \"{text}\"")), "{error}");
            assert!(error.ends_with(&format!(": {expected}")), "{error}");
        }
    }
}
