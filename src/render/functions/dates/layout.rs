//! Go's layouts: a time is written the way a layout writes Monday, January 2, 15:04:05 2006.

use std::fmt::Write;

use super::instant::Instant;

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
pub(super) const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// How a number is filled up to its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pad {
    None,
    Zero,
    Blank,
}

/// How an offset is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OffsetForm {
    /// Whether UTC is written `Z`.
    pub(super) zulu: bool,
    /// Whether colons stand between the numbers.
    pub(super) colons: bool,
    /// How many numbers there are: hours, minutes, seconds.
    pub(super) parts: usize,
}

/// What a part of a layout stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    LongMonth,
    ShortMonth,
    Month(Pad),
    LongWeekday,
    ShortWeekday,
    Day(Pad),
    YearDay(Pad),
    Hour,
    Hour12(Pad),
    Minute(Pad),
    Second(Pad),
    LongYear,
    ShortYear,
    UpperHalf,
    LowerHalf,
    Abbreviation,
    Offset(OffsetForm),
    /// `.000`: so many digits.
    Fraction(usize),
    /// `.999`: so many digits at most.
    TrimmedFraction(usize),
}

/// The parts that stand for something whatever follows them, longer ones first.
const PLAIN: &[(&str, Element)] = &[
    ("January", Element::LongMonth),
    ("Monday", Element::LongWeekday),
    ("MST", Element::Abbreviation),
    ("01", Element::Month(Pad::Zero)),
    ("02", Element::Day(Pad::Zero)),
    ("03", Element::Hour12(Pad::Zero)),
    ("04", Element::Minute(Pad::Zero)),
    ("05", Element::Second(Pad::Zero)),
    ("06", Element::ShortYear),
    ("002", Element::YearDay(Pad::Zero)),
    ("15", Element::Hour),
    ("1", Element::Month(Pad::None)),
    ("2006", Element::LongYear),
    ("2", Element::Day(Pad::None)),
    ("_2", Element::Day(Pad::Blank)),
    ("__2", Element::YearDay(Pad::Blank)),
    ("3", Element::Hour12(Pad::None)),
    ("4", Element::Minute(Pad::None)),
    ("5", Element::Second(Pad::None)),
    ("PM", Element::UpperHalf),
    ("pm", Element::LowerHalf),
];

const OFFSETS: &[(&str, bool, usize)] = &[
    ("070000", false, 3),
    ("07:00:00", true, 3),
    ("0700", false, 2),
    ("07:00", true, 2),
    ("07", false, 1),
];

/// Splits a layout at its first element: what stands before, the element, what stands behind.
pub(super) fn next(layout: &str) -> (&str, Option<Element>, &str) {
    for (at, _) in layout.char_indices() {
        // `_2006` is a `_` and a year.
        let (at, length, element) = match element(&layout[at..]) {
            Some(_) if layout[at..].starts_with("_2006") => (at + 1, 4, Element::LongYear),
            Some((length, element)) => (at, length, element),
            None => continue,
        };
        return (&layout[..at], Some(element), &layout[at + length..]);
    }
    (layout, None, "")
}

/// Reads an element at the start of a text, and tells its length.
fn element(text: &str) -> Option<(usize, Element)> {
    let plain = PLAIN.iter().find(|(word, _)| text.starts_with(word));
    if let Some((word, element)) = plain {
        return Some((word.len(), *element));
    }
    let short = [("Jan", Element::ShortMonth), ("Mon", Element::ShortWeekday)];
    for (word, element) in short {
        let rest = text.strip_prefix(word);
        if rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_lowercase())) {
            return Some((word.len(), element));
        }
    }
    if let Some(rest) = text.strip_prefix(['-', 'Z']) {
        let (form, colons, parts) = OFFSETS.iter().find(|(form, ..)| rest.starts_with(form))?;
        let zulu = text.starts_with('Z');
        let form_of = OffsetForm { zulu, colons: *colons, parts: *parts };
        return Some((form.len() + 1, Element::Offset(form_of)));
    }
    fraction(text)
}

/// Reads `.000`; other digits must not follow.
fn fraction(text: &str) -> Option<(usize, Element)> {
    let digits = text.strip_prefix(['.', ','])?;
    let digit = digits.chars().next().filter(|digit| matches!(digit, '0' | '9'))?;
    let count = digits.len() - digits.trim_start_matches(digit).len();
    if digits[count..].starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let element = if digit == '0' { Element::Fraction } else { Element::TrimmedFraction };
    Some((count + 1, element(count)))
}

/// Writes a time by a layout.
pub(super) fn format(instant: &Instant, layout: &str) -> String {
    let civil = instant.civil();
    let mut out = String::with_capacity(layout.len());
    let mut rest = layout;
    loop {
        let (before, element, after) = next(rest);
        out.push_str(before);
        let Some(element) = element else { return out };
        let hour12 = if civil.hour % 12 == 0 { 12 } else { civil.hour % 12 };
        match element {
            Element::LongMonth => out.push_str(MONTHS[civil.month - 1]),
            Element::ShortMonth => out.push_str(&MONTHS[civil.month - 1][..3]),
            Element::Month(pad) => number(&mut out, civil.month as i64, (2, pad)),
            Element::LongWeekday => out.push_str(WEEKDAYS[civil.weekday]),
            Element::ShortWeekday => out.push_str(&WEEKDAYS[civil.weekday][..3]),
            Element::Day(pad) => number(&mut out, civil.day, (2, pad)),
            Element::YearDay(pad) => number(&mut out, civil.year_day, (3, pad)),
            Element::Hour => number(&mut out, civil.hour, (2, Pad::Zero)),
            Element::Hour12(pad) => number(&mut out, hour12, (2, pad)),
            Element::Minute(pad) => number(&mut out, civil.minute, (2, pad)),
            Element::Second(pad) => number(&mut out, civil.second, (2, pad)),
            Element::LongYear => number(&mut out, civil.year, (4, Pad::Zero)),
            Element::ShortYear => number(&mut out, civil.year.abs() % 100, (2, Pad::Zero)),
            Element::UpperHalf => out.push_str(if civil.hour >= 12 { "PM" } else { "AM" }),
            Element::LowerHalf => out.push_str(if civil.hour >= 12 { "pm" } else { "am" }),
            Element::Abbreviation if civil.abbreviation.is_empty() => {
                offset(&mut out, civil.offset, OffsetForm { zulu: false, colons: false, parts: 2 });
            }
            Element::Abbreviation => out.push_str(&civil.abbreviation),
            Element::Offset(form) => offset(&mut out, civil.offset, form),
            Element::Fraction(_) | Element::TrimmedFraction(_) => {
                let separator = rest.as_bytes().get(before.len()).copied().map_or('.', char::from);
                push_fraction(&mut out, instant.nanoseconds, (separator, element));
            }
        }
        rest = after;
    }
}

fn number(out: &mut String, number: i64, (width, pad): (usize, Pad)) {
    let (sign, digits) = (if number < 0 { "-" } else { "" }, number.unsigned_abs());
    match pad {
        Pad::None => write!(out, "{sign}{digits}"),
        Pad::Zero => write!(out, "{sign}{digits:0width$}"),
        Pad::Blank => write!(out, "{digits:width$}"),
    }
    .expect("a String takes all");
}

fn offset(out: &mut String, seconds: i64, form: OffsetForm) {
    if form.zulu && seconds == 0 {
        return out.push('Z');
    }
    // Go cuts to minutes before it looks at the sign.
    out.push(if seconds / 60 < 0 { '-' } else { '+' });
    let all = seconds.abs();
    for (index, part) in [all / 3600, all / 60 % 60, all % 60].into_iter().enumerate() {
        if index < form.parts {
            if form.colons && index > 0 {
                out.push(':');
            }
            number(out, part, (2, Pad::Zero));
        }
    }
}

fn push_fraction(out: &mut String, nanoseconds: u32, (separator, element): (char, Element)) {
    let digits = format!("{nanoseconds:09}");
    match element {
        Element::Fraction(count) => {
            out.push(separator);
            out.push_str(&digits[..count.min(9)]);
        }
        Element::TrimmedFraction(count) => {
            let kept = digits[..count.min(9)].trim_end_matches('0');
            if !kept.is_empty() {
                out.push(separator);
                out.push_str(kept);
            }
        }
        _ => {}
    }
}

/// Quotes as the errors of Go's `time` do.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            ' '..='\x7f' => out.push(character),
            other => {
                for byte in other.encode_utf8(&mut [0; 4]).bytes() {
                    write!(out, "\\x{byte:02x}").expect("a String takes all");
                }
            }
        }
    }
    out.push('"');
    out
}
