//! Reading times by Go's layouts.

use super::instant::{Civil, Instant, Zone, days_in, is_leap};
use super::layout::{self, Element, MONTHS, OffsetForm, Pad, WEEKDAYS, quoted};

/// Why an element could not be read.
enum Trouble {
    /// The text does not look like it.
    Bad,
    /// A number lies outside of its range; this one.
    Range(&'static str),
}

type Read<'v, T> = Result<(T, &'v str), Trouble>;

/// What has been read so far.
#[derive(Default)]
struct Fields {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    year_day: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanoseconds: u32,
    upper_half: Option<bool>,
    is_utc: bool,
    offset: Option<i64>,
    zone_name: String,
}

/// Reads a time whose zone is UTC unless it says otherwise.
///
/// # Errors
/// In Go's words.
pub(super) fn parse(whole_layout: &str, whole: &str) -> Result<Instant, String> {
    let mut fields = Fields::default();
    let (mut rest_layout, mut rest) = (whole_layout, whole);
    let failure = |element: &str, at: &str| {
        format!(
            "parsing time {} as {}: cannot parse {} as {}",
            quoted(whole),
            quoted(whole_layout),
            quoted(at),
            quoted(element)
        )
    };
    let refusal = |what: &str| format!("parsing time {}: {what}", quoted(whole));
    loop {
        let (before, element, after) = layout::next(rest_layout);
        rest = skip(rest, before).map_err(|at| failure(before, at))?;
        let Some(element) = element else {
            break;
        };
        let word = &rest_layout[before.len()..rest_layout.len() - after.len()];
        rest_layout = after;
        rest = fields.read(element, rest, after).map_err(|trouble| match trouble {
            Trouble::Bad => failure(word, rest),
            Trouble::Range(what) => refusal(&format!("{what} out of range")),
        })?;
    }
    if !rest.is_empty() {
        return Err(refusal(&format!("extra text: {}", quoted(rest))));
    }
    fields.instant().map_err(refusal)
}

/// Skips what a layout has between elements; the error holds where it differs.
fn skip<'v>(value: &'v str, prefix: &str) -> Result<&'v str, &'v str> {
    let (mut value, mut prefix) = (value, prefix);
    while let Some(expected) = prefix.chars().next() {
        if expected == ' ' {
            if !value.is_empty() && !value.starts_with(' ') {
                return Err(value);
            }
            prefix = prefix.trim_start_matches(' ');
            value = value.trim_start_matches(' ');
        } else {
            value = value.strip_prefix(expected).ok_or(value)?;
            prefix = &prefix[expected.len_utf8()..];
        }
    }
    Ok(value)
}

impl Fields {
    fn read<'v>(
        &mut self,
        element: Element,
        text: &'v str,
        after: &str,
    ) -> Result<&'v str, Trouble> {
        let rest;
        match element {
            Element::ShortYear => {
                let (year, after) = signed(text, 2)?;
                self.year = if year >= 69 { year + 1900 } else { year + 2000 };
                rest = after;
            }
            Element::LongYear if !text.starts_with(|c: char| c.is_ascii_digit()) => {
                return Err(Trouble::Bad);
            }
            Element::LongYear => (self.year, rest) = signed(text, 4)?,
            Element::LongMonth => {
                let (index, after) = name(&MONTHS, text, usize::MAX)?;
                (self.month, rest) = (Some(index + 1), after);
            }
            Element::ShortMonth => {
                let (index, after) = name(&MONTHS, text, 3)?;
                (self.month, rest) = (Some(index + 1), after);
            }
            Element::Month(pad) => {
                let (month, after) = in_range(two_digits(text, pad)?, 1..=12, "month")?;
                (self.month, rest) = (Some(month), after);
            }
            Element::LongWeekday => (_, rest) = name(&WEEKDAYS, text, usize::MAX)?,
            Element::ShortWeekday => (_, rest) = name(&WEEKDAYS, text, 3)?,
            Element::Day(pad) => {
                let (day, after) = two_digits(unpadded(text, pad, 1), pad)?;
                (self.day, rest) = (Some(day), after);
            }
            Element::YearDay(pad) => {
                let (day, after) = three_digits(unpadded(text, pad, 2), pad)?;
                (self.year_day, rest) = (Some(day), after);
            }
            Element::Hour => {
                (self.hour, rest) = in_range(two_digits(text, Pad::None)?, 0..=23, "hour")?;
            }
            Element::Hour12(pad) => {
                (self.hour, rest) = in_range(two_digits(text, pad)?, 0..=12, "hour")?;
            }
            Element::Minute(pad) => {
                (self.minute, rest) = in_range(two_digits(text, pad)?, 0..=59, "minute")?;
            }
            Element::Second(pad) => rest = self.read_second(text, pad, after)?,
            Element::UpperHalf => rest = self.read_half(text, ["AM", "PM"])?,
            Element::LowerHalf => rest = self.read_half(text, ["am", "pm"])?,
            Element::Abbreviation => rest = self.read_abbreviation(text)?,
            Element::Offset(form) => rest = self.read_offset(text, form)?,
            Element::Fraction(count) => {
                (self.nanoseconds, rest) = nanoseconds(text, count)?;
            }
            Element::TrimmedFraction(_) => match fraction_digits(text) {
                0 => rest = text,
                count => (self.nanoseconds, rest) = nanoseconds(text, count)?,
            },
        }
        Ok(rest)
    }

    /// A fraction may follow the seconds even if the layout has none.
    fn read_second<'v>(
        &mut self,
        text: &'v str,
        pad: Pad,
        after: &str,
    ) -> Result<&'v str, Trouble> {
        let (second, rest) = in_range(two_digits(text, pad)?, 0..=59, "second")?;
        self.second = second;
        let next = layout::next(after).1;
        let is_fraction = matches!(next, Some(Element::Fraction(_) | Element::TrimmedFraction(_)));
        match fraction_digits(rest) {
            count if count > 0 && !is_fraction => {
                let (nanoseconds, rest) = nanoseconds(rest, count)?;
                self.nanoseconds = nanoseconds;
                Ok(rest)
            }
            _ => Ok(rest),
        }
    }

    fn read_half<'v>(
        &mut self,
        text: &'v str,
        [first, second]: [&str; 2],
    ) -> Result<&'v str, Trouble> {
        let (upper, rest) = match (text.strip_prefix(first), text.strip_prefix(second)) {
            (Some(rest), _) => (false, rest),
            (_, Some(rest)) => (true, rest),
            _ => return Err(Trouble::Bad),
        };
        // Once set, PM outweighs AM.
        self.upper_half = Some(upper || self.upper_half == Some(true));
        Ok(rest)
    }

    fn read_abbreviation<'v>(&mut self, text: &'v str) -> Result<&'v str, Trouble> {
        if let Some(rest) = text.strip_prefix("UTC") {
            self.is_utc = true;
            return Ok(rest);
        }
        let length = abbreviation(text).ok_or(Trouble::Bad)?;
        self.zone_name = text[..length].into();
        Ok(&text[length..])
    }

    fn read_offset<'v>(&mut self, text: &'v str, form: OffsetForm) -> Result<&'v str, Trouble> {
        if let Some(rest) = text.strip_prefix('Z').filter(|_| form.zulu) {
            self.is_utc = true;
            return Ok(rest);
        }
        let mut rest = text.get(1..).ok_or(Trouble::Bad)?;
        let mut texts = ["00"; 3];
        for (index, part) in texts.iter_mut().enumerate().take(form.parts) {
            if index > 0 && form.colons {
                rest = rest.strip_prefix(':').ok_or(Trouble::Bad)?;
            }
            (*part, rest) = rest.split_at_checked(2).ok_or(Trouble::Bad)?;
        }
        // As Go: a number beyond its range outweighs what is no number, even a wrong sign.
        let number = |text: &str| two_digits(text, Pad::Zero).map(|(number, _)| number).ok();
        let parts = texts.map(number);
        let is_number = parts.iter().all(Option::is_some);
        let [hours, minutes, seconds] = parts.map(Option::unwrap_or_default);
        if seconds > 60 {
            return Err(Trouble::Range("time zone offset second"));
        }
        if minutes > 60 {
            return Err(Trouble::Range("time zone offset minute"));
        }
        if hours > 24 {
            return Err(Trouble::Range("time zone offset hour"));
        }
        if !is_number || !text.starts_with(['+', '-']) {
            return Err(Trouble::Bad);
        }
        let offset = (hours * 60 + minutes) * 60 + seconds;
        self.offset = Some(if text.starts_with('-') { -offset } else { offset });
        Ok(rest)
    }

    /// Puts the fields together.
    fn instant(self) -> Result<Instant, &'static str> {
        let hour = match self.upper_half {
            Some(true) if self.hour < 12 => self.hour + 12,
            Some(false) if self.hour == 12 => 0,
            _ => self.hour,
        };
        let (month, day) = match self.year_day {
            Some(year_day) => self.date_of(year_day)?,
            None => (self.month.unwrap_or(1), self.day.unwrap_or(1)),
        };
        let month = usize::try_from(month).unwrap_or(1);
        if day < 1 || day > days_in(self.year, month) {
            return Err("day out of range");
        }
        let civil = Civil {
            year: self.year,
            month,
            day,
            year_day: 0,
            weekday: 0,
            hour,
            minute: self.minute,
            second: self.second,
            offset: 0,
            abbreviation: String::new(),
        };
        let shown = Instant::at_civil(&civil, self.nanoseconds, Zone::Utc);
        Ok(self.placed(shown))
    }

    /// Turns what clocks show into an instant, by the zone that was read.
    fn placed(self, shown: Instant) -> Instant {
        if self.is_utc {
            return shown;
        }
        if let Some(offset) = self.offset {
            let moved = Instant { seconds: shown.seconds.saturating_sub(offset), ..shown };
            let is_local = offset == 0 && self.zone_name.is_empty();
            let fixed = Zone::Fixed { name: self.zone_name, offset };
            return moved.within(if is_local { Zone::Local } else { fixed });
        }
        if self.zone_name.is_empty() {
            return shown.within(Zone::Local);
        }
        // An abbreviation alone gives no offset, but `GMT+3` does; the shown time stays as it is.
        let offset = self.zone_name.strip_prefix("GMT").and_then(|hours| hours.parse().ok());
        let offset = offset.unwrap_or(0_i64) * 3600;
        shown.within(Zone::Fixed { name: self.zone_name, offset })
    }

    fn date_of(&self, year_day: i64) -> Result<(i64, i64), &'static str> {
        let length = if is_leap(self.year) { 366 } else { 365 };
        if !(1..=length).contains(&year_day) {
            return Err("day-of-year out of range");
        }
        let (mut month, mut day) = (1, year_day);
        while day > days_in(self.year, month) {
            day -= days_in(self.year, month);
            month += 1;
        }
        let month = month as i64;
        if self.month.is_some_and(|known| known != month) {
            return Err("day-of-year does not match month");
        }
        if self.day.is_some_and(|known| known != day) {
            return Err("day-of-year does not match day");
        }
        Ok((month, day))
    }
}

fn in_range<'v>(
    (number, rest): (i64, &'v str),
    range: std::ops::RangeInclusive<i64>,
    what: &'static str,
) -> Read<'v, i64> {
    if range.contains(&number) { Ok((number, rest)) } else { Err(Trouble::Range(what)) }
}

/// Reads a number of exactly `width` bytes, which may have a sign.
fn signed(text: &str, width: usize) -> Read<'_, i64> {
    let (digits, rest) = text.split_at_checked(width).ok_or(Trouble::Bad)?;
    Ok((digits.parse().map_err(|_| Trouble::Bad)?, rest))
}

fn leading_digits(text: &str, most: usize) -> &str {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    &text[..count]
}

/// Reads one or two digits; two if they are filled up with zeros.
fn two_digits(text: &str, pad: Pad) -> Read<'_, i64> {
    fixed_digits(text, pad, 2)
}

fn three_digits(text: &str, pad: Pad) -> Read<'_, i64> {
    fixed_digits(text, pad, 3)
}

fn fixed_digits(text: &str, pad: Pad, width: usize) -> Read<'_, i64> {
    let digits = leading_digits(text, width);
    if digits.is_empty() || pad == Pad::Zero && digits.len() != width {
        return Err(Trouble::Bad);
    }
    Ok((digits.parse().map_err(|_| Trouble::Bad)?, &text[digits.len()..]))
}

/// Drops the blanks that fill a number up.
fn unpadded(text: &str, pad: Pad, most: usize) -> &str {
    let mut text = text;
    for _ in 0..if pad == Pad::Blank { most } else { 0 } {
        text = text.strip_prefix(' ').unwrap_or(text);
    }
    text
}

/// Reads a name, or so many of its first letters; the case of letters does not count.
fn name<'v>(names: &[&str], text: &'v str, letters: usize) -> Read<'v, i64> {
    for (index, name) in names.iter().enumerate() {
        let name = &name[..name.len().min(letters)];
        let found = text.split_at_checked(name.len());
        if let Some((_, rest)) = found.filter(|(found, _)| found.eq_ignore_ascii_case(name)) {
            return Ok((index as i64, rest));
        }
    }
    Err(Trouble::Bad)
}

/// Tells how many digits follow a dot or a comma.
fn fraction_digits(text: &str) -> usize {
    match text.strip_prefix(['.', ',']) {
        Some(digits) => leading_digits(digits, usize::MAX).len(),
        None => 0,
    }
}

/// Reads a fraction of so many digits; those after the ninth do not count.
fn nanoseconds(text: &str, count: usize) -> Read<'_, u32> {
    let (fraction, rest) = text.split_at_checked(count + 1).ok_or(Trouble::Bad)?;
    let digits = fraction.strip_prefix(['.', ',']).ok_or(Trouble::Bad)?;
    let digits = digits.get(..count.min(9)).ok_or(Trouble::Bad)?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Trouble::Bad);
    }
    let number = format!("{digits:0<9}").parse().map_err(|_| Trouble::Bad)?;
    Ok((number, rest))
}

/// Tells how long the abbreviation of a zone is that a text begins with.
fn abbreviation(text: &str) -> Option<usize> {
    if text.starts_with("ChST") || text.starts_with("MeST") {
        return Some(4);
    }
    if let Some(rest) = text.strip_prefix("GMT") {
        return Some(3 + signed_offset(rest));
    }
    if text.starts_with(['+', '-']) {
        return Some(signed_offset(text)).filter(|length| *length > 0 && text.len() >= 3);
    }
    let letters = text.bytes().take(6).take_while(u8::is_ascii_uppercase).count();
    match letters {
        3 => Some(3),
        4 if text.as_bytes()[3] == b'T' || text.starts_with("WITA") => Some(4),
        5 if text.as_bytes()[4] == b'T' => Some(5),
        _ => None,
    }
}

/// Tells how long `+3` is; 0 where there is no such offset.
fn signed_offset(text: &str) -> usize {
    let Some(rest) = text.strip_prefix(['+', '-']) else {
        return 0;
    };
    let digits = leading_digits(rest, usize::MAX);
    match digits.parse::<u64>() {
        Ok(hours) if hours <= 23 => digits.len() + 1,
        _ => 0,
    }
}
