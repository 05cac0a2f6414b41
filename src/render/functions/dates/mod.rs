//! Dates and times; the zone of the process counts as UTC.

mod duration;
mod instant;
mod layout;
mod parse;
mod values;

use std::borrow::Cow;

use super::args::{Answer, fixed};
use super::{Context, Function, FunctionError, Param};
use crate::render::value::{Str, Value};
use instant::{Instant, Zone};

pub(super) use values::{number, ordinal};

const DATED: &[Param] = &[Param::String, Param::Any];
const ZONED: &[Param] = &[Param::String, Param::Any, Param::String];
const MODIFIED: &[Param] = &[Param::String, Param::Time];
const PARSED: &[Param] = &[Param::String, Param::String];
const HTML: &str = "2006-01-02";

pub(super) static TABLE: &[Function] = &[
    fixed("ago", &[Param::Any], ago),
    fixed("date", DATED, date),
    fixed("dateInZone", ZONED, date_in_zone),
    fixed("dateModify", MODIFIED, modify),
    fixed("date_in_zone", ZONED, date_in_zone),
    fixed("date_modify", MODIFIED, modify),
    fixed("duration", &[Param::Any], duration),
    fixed("durationRound", &[Param::Any], duration_round),
    fixed("htmlDate", &[Param::Any], |context, args| {
        let date = moment(context, args.first());
        formatted(context, HTML, &date.within(Zone::Local))
    }),
    fixed("htmlDateInZone", &[Param::Any, Param::String], |context, args| {
        let date = moment(context, args.first());
        formatted(context, HTML, &date.within(zone(args, 1)))
    }),
    fixed("mustDateModify", MODIFIED, must_modify),
    fixed("mustToDate", PARSED, |_, args| {
        let parsed = parse::parse(&text(args, 0), &text(args, 1));
        parsed.map(values::time).map_err(FunctionError::new)
    }),
    fixed("must_date_modify", MODIFIED, must_modify),
    fixed("now", &[], |context, _| Ok(values::time(now(context)))),
    fixed("toDate", PARSED, |_, args| {
        let parsed = parse::parse(&text(args, 0), &text(args, 1));
        Ok(values::time(parsed.unwrap_or_else(|_| Instant::zero())))
    }),
    fixed("unixEpoch", &[Param::Time], |context, args| {
        Ok(time(context, args, 0).seconds.to_string().into())
    }),
];

fn text(args: &[Value], index: usize) -> Cow<'_, str> {
    args.get(index).and_then(Value::as_text).map(Str::to_str).unwrap_or_default()
}

/// Writes a Unix time in UTC by a layout.
pub(super) fn utc(seconds: i64, form: &str) -> String {
    layout::format(&Instant::unix(seconds, Zone::Utc), form)
}

fn now(context: &Context<'_>) -> Instant {
    Instant::unix(context.now, Zone::Local)
}

/// Returns the date that an argument names; what is neither a time nor a whole number is now.
fn moment(context: &Context<'_>, value: Option<&Value>) -> Instant {
    match value {
        Some(Value::Int(seconds) | Value::Int64(seconds)) => Instant::unix(*seconds, Zone::Local),
        Some(value) => values::instant(value).cloned().unwrap_or_else(|| now(context)),
        None => now(context),
    }
}

fn time(context: &Context<'_>, args: &[Value], index: usize) -> Instant {
    args.get(index).and_then(values::instant).cloned().unwrap_or_else(|| now(context))
}

/// Returns the zone of a name; UTC where there is none of it.
fn zone(args: &[Value], index: usize) -> Zone {
    Zone::load(&text(args, index)).unwrap_or(Zone::Utc)
}

fn formatted(context: &mut Context<'_>, form: &str, date: &Instant) -> Answer {
    // No element is written much longer than it stands in the layout.
    context.budget.take_bytes(form.len().saturating_mul(9))?;
    Ok(layout::format(date, form).into())
}

fn date(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let date = moment(context, args.get(1));
    formatted(context, &text(args, 0), &date.within(Zone::Local))
}

fn date_in_zone(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let date = moment(context, args.get(1));
    formatted(context, &text(args, 0), &date.within(zone(args, 2)))
}

fn must_modify(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let by = duration::parse(&text(args, 0)).map_err(FunctionError::new)?;
    Ok(values::time(time(context, args, 1).plus(by)))
}

fn modify(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let date = time(context, args, 1);
    let by = duration::parse(&text(args, 0)).unwrap_or_default();
    Ok(values::time(date.plus(by)))
}

fn ago(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let since = now(context).since(&moment(context, args.first()));
    Ok(duration::show(duration::round(since, 1_000_000_000)).into())
}

fn duration(_: &mut Context<'_>, args: &[Value]) -> Answer {
    let seconds = match args.first() {
        Some(Value::Int64(seconds)) => *seconds,
        Some(Value::Str(text)) => decimal(&text.to_str()),
        _ => 0,
    };
    Ok(duration::show(seconds.wrapping_mul(1_000_000_000)).into())
}

/// Reads a whole number as Go's `ParseInt(text, 10, 64)`, which gives the nearest one that fits.
fn decimal(text: &str) -> i64 {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    let limit = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    text.parse().unwrap_or(limit)
}

fn duration_round(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let span = match args.first() {
        Some(Value::Str(text)) => duration::parse(&text.to_str()).unwrap_or_default(),
        Some(Value::Int64(nanoseconds)) => *nanoseconds,
        Some(value) => values::instant(value).map_or(0, |instant| now(context).since(instant)),
        None => 0,
    };
    const SECOND: u64 = 1_000_000_000;
    let units = [
        (365 * 24 * 3600, "y"),
        (30 * 24 * 3600, "mo"),
        (24 * 3600, "d"),
        (3600, "h"),
        (60, "m"),
        (1, "s"),
    ];
    let span = span.unsigned_abs();
    let fitting = units.iter().find(|(seconds, _)| span > seconds * SECOND);
    let (size, name) = fitting.unwrap_or(&(1, "s"));
    let count = if fitting.is_some() { span / (size * SECOND) } else { 0 };
    Ok(format!("{count}{name}").into())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, from_str};

    use super::super::args::tests::call;
    use super::*;

    fn method(value: &Value, method: &str, args: &[Value]) -> Answer {
        let Value::Native(native) = value else { panic!("{} is native", value.type_name()) };
        native.call(method, args).unwrap_or_else(|| panic!("there is no {method}"))
    }

    /// The answers were recorded from the real Helm.
    #[test]
    fn times_are_written_and_read_as_in_helm() {
        const FULL: &str = "2006-01-02T15:04:05.999999999 -07:00:00 MST";
        let answers: Json = from_str(include_str!("answers.json")).unwrap();
        let mut wrong = Vec::new();
        for answer in answers.as_array().unwrap() {
            let text = |index: usize| Value::from(answer[0][index].as_str().unwrap());
            let seconds = || Value::Int64(answer[0][2].as_i64().unwrap());
            let given = match answer[0][0].as_str().unwrap() {
                "date" => call("date", &[text(1), seconds()]),
                "dateInZone" => call("dateInZone", &[text(1), seconds(), text(3)]),
                "parse" => call("mustToDate", &[text(1), text(2)])
                    .and_then(|time| method(&time, "Format", &[FULL.into()])),
                _ => call("toDate", &["2006".into(), "2020".into()])
                    .and_then(|time| call("mustDateModify", &[text(1), time]))
                    .and_then(|time| method(&time, "Format", &[FULL.into()])),
            };
            let given = given.map_or_else(|error| error.message, |value| value.print());
            if given != answer[1] {
                wrong.push(format!("{}:\n  {given}\n  {}", answer[0], answer[1]));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn durations_are_rounded_as_in_helm() {
        for (name, arg, expected) in [
            ("duration", Value::Int(95), "0s"),
            ("duration", "95".into(), "1m35s"),
            ("duration", Value::Int64(3661), "1h1m1s"),
            ("duration", "-90".into(), "-1m30s"),
            ("duration", "99999999999999999999".into(), "-1s"),
            ("duration", "+5".into(), "5s"),
            ("durationRound", "2h10m5s".into(), "2h"),
            ("durationRound", "2400h".into(), "3mo"),
            ("durationRound", Value::Int64(90_000_000_000), "1m"),
            ("durationRound", "1h".into(), "60m"),
            ("durationRound", "-3h".into(), "3h"),
            ("durationRound", "8761h".into(), "1y"),
            ("durationRound", "x".into(), "0s"),
            ("durationRound", Value::Int(5), "0s"),
            ("ago", Value::Int(1_699_999_000), "16m40s"),
            ("ago", "x".into(), "0s"),
            ("htmlDate", Value::Int(86_400), "1970-01-02"),
            ("htmlDate", Value::Float(86_400.0), "2023-11-14"),
        ] {
            assert_eq!(
                call(name, std::slice::from_ref(&arg)).unwrap().print(),
                expected,
                "{name} {arg:?}"
            );
        }
        let new_york = [Value::Int(0), "America/New_York".into()];
        assert_eq!(call("htmlDateInZone", &new_york).unwrap().print(), "1969-12-31");
        assert_eq!(call("now", &[]).unwrap().print(), "2023-11-14 22:13:20 +0000 UTC");
        let zero = call("toDate", &["2006".into(), "x".into()]).unwrap();
        assert_eq!(zero.print(), "0001-01-01 00:00:00 +0000 UTC");
        assert_eq!(call("dateModify", &["zz".into(), zero.clone()]).unwrap().print(), zero.print());
    }

    #[test]
    fn times_have_the_methods_that_helm_shows() {
        let form = "2006-01-02T15:04:05Z07:00";
        let time = "2023-03-31T13:14:15.123456789+02:00";
        let time = call("mustToDate", &[form.into(), time.into()]).unwrap();
        let other = call("toDate", &["2006".into(), "2020".into()]).unwrap();
        let ints = |numbers: &[i64]| numbers.iter().copied().map(Value::Int).collect::<Vec<_>>();
        for (name, args, expected) in [
            ("String", vec![], "2023-03-31 13:14:15.123456789 +0200 +0200"),
            ("Year", vec![], "2023"),
            ("Month", vec![], "March"),
            ("YearDay", vec![], "90"),
            ("Weekday", vec![], "Friday"),
            ("Location", vec![], ""),
            ("UnixMicro", vec![], "1680261255123456"),
            ("UnixNano", vec![], "1680261255123456789"),
            ("UTC", vec![], "2023-03-31 11:14:15.123456789 +0000 UTC"),
            (
                "Add",
                vec![Value::Int64(90_000_000_000)],
                "2023-03-31 13:15:45.123456789 +0200 +0200",
            ),
            ("AddDate", ints(&[0, -1, 0]), "2023-03-03 13:14:15.123456789 +0200 +0200"),
            ("AddDate", ints(&[1, 14, -40]), "2025-04-21 13:14:15.123456789 +0200 +0200"),
            ("Sub", vec![other.clone()], "28451h14m15.123456789s"),
            ("Round", vec![Value::Int64(3_600_000_000_000)], "2023-03-31 13:00:00 +0200 +0200"),
            ("After", vec![other.clone()], "true"),
            ("Compare", vec![other.clone()], "1"),
            ("IsZero", vec![], "false"),
        ] {
            assert_eq!(method(&time, name, &args).unwrap().print(), expected, "{name}");
        }
        let span = method(&time, "Sub", &[other]).unwrap();
        for (name, args, expected) in [
            ("Hours", vec![], "28451.237534293552"),
            ("Minutes", vec![], "1.707074252057613e+06"),
            ("Milliseconds", vec![], "102424455123"),
            ("Round", vec![Value::Int64(60_000_000_000)], "28451h14m0s"),
        ] {
            assert_eq!(method(&span, name, &args).unwrap().print(), expected, "{name}");
        }
    }

    #[test]
    fn no_time_is_too_far() {
        for seconds in [i64::MIN, i64::MAX, -8_334_601_228_800, 253_402_300_800] {
            for zone in ["Europe/Berlin", "UTC"] {
                let time = call("toDate", &["2006".into(), "x".into()]).unwrap();
                let far = [Value::Int(i64::MAX), Value::Int(i64::MIN), Value::Int(seconds)];
                assert!(method(&time, "AddDate", &far).is_ok());
                let args = ["Mon Jan 2 15:04:05 2006".into(), Value::Int64(seconds), zone.into()];
                assert!(call("dateInZone", &args).is_ok());
            }
        }
    }
}
