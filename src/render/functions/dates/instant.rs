//! Points in time, and what a calendar and a clock show at them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Seconds from the year 1 to 1970: Go's zero time is the former.
pub(super) const UNIX_TO_INTERNAL: i64 = 62_135_596_800;

const DAY: i64 = 86_400;

/// The Unix time that Go's calendar begins with, in March of the year -292277022400; it has 2^64
/// seconds, and goes round.
const FIRST_SECOND: i128 = -(292_277_022_400 / 400 * 146_097 + 719_468) * 86_400;

/// A place whose clocks an instant is shown by.
#[derive(Debug, Clone)]
pub(super) enum Zone {
    /// UTC.
    Utc,
    /// The zone of the process, which is UTC here.
    Local,
    /// A fixed offset; the name may be empty.
    Fixed {
        /// The abbreviation.
        name: String,
        /// Seconds east of UTC.
        offset: i64,
    },
    /// A zone of the tz database.
    Named(TimeZone),
}

impl Zone {
    /// Finds a zone by name, as Go's `LoadLocation` does: letter case counts.
    pub(super) fn load(name: &str) -> Option<Self> {
        match name {
            "" | "UTC" => Some(Self::Utc),
            "Local" => Some(Self::Local),
            _ => {
                let zone = TimeZone::get(name).ok()?;
                (zone.iana_name() == Some(name)).then_some(Self::Named(zone))
            }
        }
    }

    /// Returns the offset and the abbreviation that hold at a Unix time.
    pub(super) fn at(&self, seconds: i64) -> (i64, String) {
        match self {
            Self::Utc | Self::Local => (0, "UTC".into()),
            Self::Fixed { name, offset } => (*offset, name.clone()),
            Self::Named(zone) => match Timestamp::from_second(seconds) {
                Ok(timestamp) => {
                    let info = zone.to_offset_info(timestamp);
                    (i64::from(info.offset().seconds()), info.abbreviation().into())
                }
                Err(_) => (0, "UTC".into()),
            },
        }
    }

    /// Returns the name of the place.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Utc => "UTC",
            Self::Local => "Local",
            Self::Fixed { name, .. } => name,
            Self::Named(zone) => zone.iana_name().unwrap_or("UTC"),
        }
    }
}

/// A `time.Time`.
#[derive(Debug, Clone)]
pub(super) struct Instant {
    /// Unix seconds.
    pub(super) seconds: i64,
    /// Nanoseconds into the second.
    pub(super) nanoseconds: u32,
    /// Where it is shown.
    pub(super) zone: Zone,
}

/// What a calendar and a clock show.
#[derive(Debug, Clone)]
pub(super) struct Civil {
    pub(super) year: i64,
    /// From 1.
    pub(super) month: usize,
    /// From 1.
    pub(super) day: i64,
    /// From 1.
    pub(super) year_day: i64,
    /// From 0, Sunday.
    pub(super) weekday: usize,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    /// Seconds east of UTC.
    pub(super) offset: i64,
    /// The abbreviation of the zone.
    pub(super) abbreviation: String,
}

impl Instant {
    /// Builds an instant out of Unix seconds.
    pub(super) fn unix(seconds: i64, zone: Zone) -> Self {
        Self { seconds, nanoseconds: 0, zone }
    }

    /// Returns Go's zero time.
    pub(super) fn zero() -> Self {
        Self::unix(-UNIX_TO_INTERNAL, Zone::Utc)
    }

    /// Returns the same instant, shown elsewhere.
    pub(super) fn within(&self, zone: Zone) -> Self {
        Self { zone, ..self.clone() }
    }

    /// Returns the calendar and the clock. Seconds that do not fit wrap, as Go's do.
    pub(super) fn civil(&self) -> Civil {
        let (offset, abbreviation) = self.zone.at(self.seconds);
        let seconds = i128::from(self.seconds) + i128::from(offset);
        let seconds = (seconds - FIRST_SECOND).rem_euclid(1 << 64) + FIRST_SECOND;
        let days = seconds.div_euclid(i128::from(DAY));
        let days = i64::try_from(days).expect("a day has more than one second");
        let clock = i64::try_from(seconds.rem_euclid(i128::from(DAY))).expect("it is below a day");
        let (year, month, day) = date_of(days);
        Civil {
            year,
            month,
            day,
            year_day: days - days_before(year, 1) + 1,
            weekday: usize::try_from((days + 4).rem_euclid(7)).expect("it is below 7"),
            hour: clock / 3600,
            minute: clock / 60 % 60,
            second: clock % 60,
            offset,
            abbreviation,
        }
    }

    /// Moves by nanoseconds.
    pub(super) fn plus(&self, nanoseconds: i64) -> Self {
        let sum = i64::from(self.nanoseconds) + nanoseconds.rem_euclid(1_000_000_000);
        let seconds = nanoseconds.div_euclid(1_000_000_000) + sum / 1_000_000_000;
        Self {
            seconds: self.seconds.wrapping_add(seconds),
            nanoseconds: u32::try_from(sum % 1_000_000_000).expect("it is below a second"),
            zone: self.zone.clone(),
        }
    }

    /// Returns the nanoseconds since another instant, at most as many as a duration holds.
    pub(super) fn since(&self, other: &Self) -> i64 {
        let difference = self.absolute() - other.absolute();
        let nearest = difference.clamp(i128::from(i64::MIN), i128::from(i64::MAX));
        i64::try_from(nearest).expect("it was clamped")
    }

    /// Returns the nanoseconds since 1970.
    pub(super) fn absolute(&self) -> i128 {
        i128::from(self.seconds) * 1_000_000_000 + i128::from(self.nanoseconds)
    }

    /// Builds an instant from nanoseconds since 1970, which must be near another one's.
    pub(super) fn from_absolute(nanoseconds: i128, zone: Zone) -> Self {
        let seconds = nanoseconds.div_euclid(1_000_000_000);
        let rest = nanoseconds.rem_euclid(1_000_000_000);
        Self {
            seconds: i64::try_from(seconds).unwrap_or_default(),
            nanoseconds: u32::try_from(rest).expect("it is below a second"),
            zone,
        }
    }

    /// Finds the instant at which clocks of a zone show a date and a time.
    pub(super) fn at_civil(civil: &Civil, nanoseconds: u32, zone: Zone) -> Self {
        let days = days_before(civil.year, civil.month).saturating_add(civil.day - 1);
        let clock = civil.hour * 3600 + civil.minute * 60 + civil.second;
        let shown = days.saturating_mul(DAY).saturating_add(clock);
        // As Go: guess by the offset that holds at the shown time, then by the one at the guess.
        let guess = shown.saturating_sub(zone.at(shown).0);
        let seconds = shown.saturating_sub(zone.at(guess).0);
        Self { seconds, nanoseconds, zone }
    }
}

/// Tells whether a year has 366 days.
pub(super) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Returns how many days a month has.
pub(super) fn days_in(year: i64, month: usize) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Returns the days from 1970 to the first of a month.
fn days_before(year: i64, month: usize) -> i64 {
    // Years begin in March here, so that the leap day is the last.
    let year = year.saturating_sub(i64::from(month <= 2));
    let era = year.div_euclid(400);
    let (year_of_era, month) = (year.rem_euclid(400), month as i64);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era.saturating_mul(146_097).saturating_add(day_of_era - 719_468)
}

fn date_of(days: i64) -> (i64, usize, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let leap_days = day_of_era / 1_460 - day_of_era / 36_524 + day_of_era / 146_096;
    let year_of_era = (day_of_era - leap_days) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, usize::try_from(month).expect("it is below 13"), day)
}
