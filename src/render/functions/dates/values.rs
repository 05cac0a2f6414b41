//! Times and what their methods give, as values.

use std::any::Any;
use std::rc::Rc;

use super::super::args::Answer;
use super::duration;
use super::instant::{Instant, Zone};
use super::layout::{self, MONTHS, WEEKDAYS};
use crate::render::functions::FunctionError;
use crate::render::functions::Param;
use crate::render::functions::args::{int, text};
use crate::render::value::{Kind, Native, Value};
use crate::yaml::Data;

const TEXT_FORM: &str = "2006-01-02T15:04:05.999999999Z07:00";

/// The named integers of package time, and its locations.
#[derive(Debug)]
enum Part {
    Month(usize),
    Weekday(usize),
    Duration(i64),
    Location(Zone),
}

/// Makes a value of an instant.
pub(super) fn time(instant: Instant) -> Value {
    Value::Native(Rc::new(instant))
}

fn part(part: Part) -> Answer {
    Ok(Value::Native(Rc::new(part)))
}

/// Returns the instant of a time value.
pub(super) fn instant(value: &Value) -> Option<&Instant> {
    match value {
        Value::Native(native) => native.as_any().downcast_ref(),
        _ => None,
    }
}

/// Returns the number of a month or a weekday, which conversions to numbers know.
pub(in crate::render::functions) fn ordinal(native: &dyn Native) -> Option<i64> {
    match native.as_any().downcast_ref::<Part>()? {
        Part::Month(number) | Part::Weekday(number) => i64::try_from(*number).ok(),
        Part::Duration(_) | Part::Location(_) => None,
    }
}

/// Returns the number that a value of a named integer type is, as comparisons see it.
pub(in crate::render::functions) fn number(native: &dyn Native) -> Option<i64> {
    match native.as_any().downcast_ref::<Part>()? {
        Part::Duration(nanoseconds) => Some(*nanoseconds),
        _ => ordinal(native),
    }
}

/// Returns the time that a `Param::Time` checks.
fn other_time(args: &[Value]) -> Instant {
    args.first().and_then(instant).cloned().unwrap_or_else(Instant::zero)
}

/// Returns the duration that a `Param::Duration` checks; a literal comes as its number.
fn nanoseconds(args: &[Value]) -> i64 {
    match args.first() {
        Some(Value::Int64(number)) => *number,
        Some(Value::Native(native)) => match native.as_any().downcast_ref() {
            Some(Part::Duration(number)) => *number,
            _ => 0,
        },
        _ => 0,
    }
}

impl Instant {
    fn shown(&self, method: &str) -> Option<Answer> {
        let civil = self.civil();
        let number = match method {
            "Year" => civil.year,
            "Day" => civil.day,
            "YearDay" => civil.year_day,
            "Hour" => civil.hour,
            "Minute" => civil.minute,
            "Second" => civil.second,
            "Nanosecond" => i64::from(self.nanoseconds),
            "Month" => return Some(part(Part::Month(civil.month))),
            "Weekday" => return Some(part(Part::Weekday(civil.weekday))),
            "Location" => return Some(part(Part::Location(self.zone.clone()))),
            _ => return None,
        };
        Some(Ok(Value::Int(number)))
    }

    fn counted(&self, method: &str) -> Option<Answer> {
        let nanoseconds = i64::from(self.nanoseconds);
        let number = match method {
            "Unix" => self.seconds,
            "UnixMilli" => self.seconds.wrapping_mul(1_000).wrapping_add(nanoseconds / 1_000_000),
            "UnixMicro" => self.seconds.wrapping_mul(1_000_000).wrapping_add(nanoseconds / 1_000),
            "UnixNano" => self.seconds.wrapping_mul(1_000_000_000).wrapping_add(nanoseconds),
            _ => return None,
        };
        Some(Ok(Value::Int64(number)))
    }

    fn compared(&self, method: &str, args: &[Value]) -> Option<Answer> {
        let order = || self.absolute().cmp(&other_time(args).absolute());
        Some(Ok(match method {
            "After" => order().is_gt().into(),
            "Before" => order().is_lt().into(),
            "Equal" => order().is_eq().into(),
            "Compare" => Value::Int(order() as i64),
            "IsZero" => (self.absolute() == Self::zero().absolute()).into(),
            _ => return None,
        }))
    }

    fn moved(&self, method: &str, args: &[Value]) -> Option<Answer> {
        Some(match method {
            "UTC" => Ok(time(self.within(Zone::Utc))),
            "Local" => Ok(time(self.within(Zone::Local))),
            "In" => self.at_place(args),
            "Add" => Ok(time(self.plus(nanoseconds(args)))),
            "AddDate" => Ok(self.add_date(args)),
            "Sub" => part(Part::Duration(self.since(&other_time(args)))),
            "Round" => Ok(time(self.rounded(nanoseconds(args)))),
            "Truncate" => Ok(time(self.truncated(nanoseconds(args)))),
            _ => return None,
        })
    }

    fn at_place(&self, args: &[Value]) -> Answer {
        let zone = match args.first() {
            Some(Value::Native(native)) => match native.as_any().downcast_ref() {
                Some(Part::Location(zone)) => Some(zone.clone()),
                _ => None,
            },
            _ => None,
        };
        let missing = || FunctionError::new("time: missing Location in call to Time.In");
        zone.map(|zone| time(self.within(zone))).ok_or_else(missing)
    }

    fn add_date(&self, args: &[Value]) -> Value {
        let [years, months, days] = [int(args, 0), int(args, 1), int(args, 2)];
        let mut civil = self.civil();
        let months = (civil.month as i64 - 1).saturating_add(months);
        civil.year = civil.year.saturating_add(years).saturating_add(months.div_euclid(12));
        civil.month = usize::try_from(months.rem_euclid(12) + 1).unwrap_or(1);
        civil.day = civil.day.saturating_add(days);
        time(Self::at_civil(&civil, self.nanoseconds, self.zone.clone()))
    }

    /// Goes back to a multiple of a duration since Go's zero time.
    fn truncated(&self, multiple: i64) -> Self {
        let absolute = self.absolute() - self.beyond(multiple);
        Self::from_absolute(absolute, self.zone.clone())
    }

    /// Goes to the nearest multiple of a duration since Go's zero time.
    fn rounded(&self, multiple: i64) -> Self {
        let beyond = self.beyond(multiple);
        let up = multiple > 0 && beyond * 2 >= i128::from(multiple);
        let step = if up { i128::from(multiple) } else { 0 };
        Self::from_absolute(self.absolute() - beyond + step, self.zone.clone())
    }

    /// Returns how far it is beyond a multiple of a duration.
    fn beyond(&self, multiple: i64) -> i128 {
        let since = self.absolute() - Self::zero().absolute();
        if multiple > 0 { since.rem_euclid(i128::from(multiple)) } else { 0 }
    }

    fn text(&self) -> String {
        layout::format(self, "2006-01-02 15:04:05.999999999 -0700 MST")
    }

    fn written(&self, method: &str, args: &[Value]) -> Option<Answer> {
        let bytes = |text: String| Ok(Value::Bytes(text.into_bytes().into()));
        Some(match method {
            "String" => Ok(self.text().into()),
            "Format" => Ok(layout::format(self, &text(args, 0).to_str()).into()),
            "MarshalText" => bytes(layout::format(self, TEXT_FORM)),
            "MarshalJSON" => bytes(format!("\"{}\"", layout::format(self, TEXT_FORM))),
            _ => return None,
        })
    }
}

impl Native for Instant {
    fn type_name(&self) -> &str {
        "time.Time"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn field(&self, _name: &str) -> Option<Value> {
        None
    }

    fn method(&self, name: &str) -> Option<&'static [Param]> {
        const DATE: &[Param] = &[Param::Int, Param::Int, Param::Int];
        Some(match name {
            "After" | "Before" | "Equal" | "Compare" | "Sub" => &[Param::Time],
            "Add" | "Round" | "Truncate" => &[Param::Duration],
            "In" => &[Param::Location],
            "AddDate" => DATE,
            "Format" => &[Param::String],
            "UTC" | "Local" | "IsZero" | "String" | "MarshalText" | "MarshalJSON" => &[],
            _ if self.shown(name).or_else(|| self.counted(name)).is_some() => &[],
            _ => return None,
        })
    }

    fn call(&self, method: &str, args: &[Value]) -> Option<Answer> {
        self.shown(method)
            .or_else(|| self.counted(method))
            .or_else(|| self.compared(method, args))
            .or_else(|| self.moved(method, args))
            .or_else(|| self.written(method, args))
    }

    fn print(&self) -> String {
        self.text()
    }

    /// Go writes no year but those of four digits.
    fn to_data(&self) -> Option<Data> {
        let year = self.civil().year;
        (0..=9999).contains(&year).then(|| Data::Str(layout::format(self, TEXT_FORM).into()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Part {
    fn of_duration(nanoseconds: i64, method: &str, args: &[Value]) -> Option<Answer> {
        let whole = |unit: i64| Ok(Value::Int64(nanoseconds / unit));
        // As Go: the whole part and the rest, so that no digit is lost.
        let float = |unit: i64| {
            let rest = (nanoseconds % unit) as f64 / unit as f64;
            Ok(Value::Float((nanoseconds / unit) as f64 + rest))
        };
        Some(match method {
            "Hours" => float(3_600_000_000_000),
            "Minutes" => float(60_000_000_000),
            "Seconds" => float(1_000_000_000),
            "Milliseconds" => whole(1_000_000),
            "Microseconds" => whole(1_000),
            "Nanoseconds" => whole(1),
            "Abs" => part(Self::Duration(nanoseconds.saturating_abs())),
            "Round" => part(Self::Duration(duration::round(nanoseconds, self::nanoseconds(args)))),
            "Truncate" => {
                let multiple = self::nanoseconds(args);
                let rest = if multiple > 0 { nanoseconds % multiple } else { 0 };
                part(Self::Duration(nanoseconds - rest))
            }
            _ => return None,
        })
    }
}

impl Native for Part {
    fn type_name(&self) -> &str {
        match self {
            Self::Month(_) => "time.Month",
            Self::Weekday(_) => "time.Weekday",
            Self::Duration(_) => "time.Duration",
            Self::Location(_) => "*time.Location",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Month(_) | Self::Weekday(_) => Kind::Int,
            Self::Duration(_) => Kind::Int64,
            Self::Location(_) => Kind::Ptr,
        }
    }

    fn field(&self, _name: &str) -> Option<Value> {
        None
    }

    fn method(&self, name: &str) -> Option<&'static [Param]> {
        match (self, name) {
            (_, "String") => Some(&[]),
            (Self::Duration(_), "Round" | "Truncate") => Some(&[Param::Duration]),
            (Self::Duration(nanoseconds), _) => {
                Self::of_duration(*nanoseconds, name, &[]).map(|_| [].as_slice())
            }
            _ => None,
        }
    }

    fn call(&self, method: &str, args: &[Value]) -> Option<Answer> {
        match self {
            _ if method == "String" => Some(Ok(self.print().into())),
            Self::Duration(nanoseconds) => Self::of_duration(*nanoseconds, method, args),
            _ => None,
        }
    }

    fn print(&self) -> String {
        match self {
            Self::Month(number) => MONTHS.get(number.wrapping_sub(1)).copied().unwrap_or("").into(),
            Self::Weekday(number) => WEEKDAYS.get(*number).copied().unwrap_or("").into(),
            Self::Duration(nanoseconds) => duration::show(*nanoseconds),
            Self::Location(zone) => zone.name().into(),
        }
    }

    fn to_data(&self) -> Option<Data> {
        match self {
            Self::Month(number) | Self::Weekday(number) => {
                i64::try_from(*number).ok().map(Data::Int)
            }
            Self::Duration(nanoseconds) => Some(Data::Int(*nanoseconds)),
            Self::Location(_) => Some(Data::Map(std::iter::empty().collect())),
        }
    }

    fn truth(&self) -> bool {
        match self {
            Self::Month(number) | Self::Weekday(number) => *number != 0,
            Self::Duration(nanoseconds) => *nanoseconds != 0,
            Self::Location(_) => true,
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
