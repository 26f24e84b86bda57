//! Instants on the wire. No clock lives here: callers pass the time in.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// An instant with millisecond precision, in milliseconds since 1970-01-01T00:00:00Z.
///
/// On the wire it is RFC 3339 in UTC with exactly three decimals, `2026-11-21T18:02:11.123Z`.
///
/// ```
/// use rollcall_shared::time::Timestamp;
/// let t: Timestamp = "2026-11-21T18:02:11.123Z".parse().unwrap();
/// assert_eq!(t.millis(), 1_795_284_131_123);
/// assert_eq!(t.to_string(), "2026-11-21T18:02:11.123Z");
/// assert_eq!("2026-11-21".parse::<Timestamp>().unwrap().to_string(), "2026-11-21T00:00:00.000Z");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The text is neither an RFC 3339 instant nor a `YYYY-MM-DD` date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidTimestamp;

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an RFC 3339 time or a YYYY-MM-DD date")
    }
}

impl std::error::Error for InvalidTimestamp {}

impl Timestamp {
    /// From milliseconds since the epoch; may be negative.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, as UserSigs count.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// This instant and `millis` more, saturating.
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// The UTC calendar date, `2026-11-21`.
    pub fn date(self) -> String {
        let mut text = self.to_string();
        text.truncate(10);
        text
    }
}

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

// The calendar is spelled out here because this crate is part of the console's WASM, where a calendar library is a
// fifteenth of all that a visitor downloads. The tests compare it with one, day by day.

/// The date of a day since the epoch, in the proleptic Gregorian calendar. Years begin in March here, so that the
/// leap day is a year's last.
const fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = (era * 400 + year_of_era, if month < 10 { month + 3 } else { month - 9 });
    (if month <= 2 { year + 1 } else { year }, month, day)
}

/// The day since the epoch of a date; the inverse of [`civil`].
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + (153 * month + 2) / 5 + day - 1;
    era * 146_097 + day_of_era - 719_468
}

impl fmt::Display for Timestamp {
    /// Years outside 0000 to 9999, which no client writes, are shown as the nearest that can be.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.clamp(days(0, 1, 1) * DAY, days(10_000, 1, 1) * DAY - 1);
        let ((year, month, day), time) = (civil(millis.div_euclid(DAY)), millis.rem_euclid(DAY));
        let (hour, minute) = (time / 3_600_000, time / 60_000 % 60);
        let (second, fraction) = (time / 1000 % 60, time % 1000);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:03}Z")
    }
}

/// Takes `count` digits and what follows them, which must be `end`, off the front.
fn number(text: &mut &str, count: usize, end: &str) -> Option<i64> {
    let (digits, rest) = text.split_at_checked(count)?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    *text = rest.strip_prefix(end)?;
    digits.parse().ok()
}

fn date(text: &mut &str, end: &str) -> Option<i64> {
    let (year, month, day) = (number(text, 4, "-")?, number(text, 2, "-")?, number(text, 2, end)?);
    let found = days(year, month, day);
    // A day that the month does not have comes back as another date.
    ((1..=12).contains(&month) && civil(found) == (year, month, day)).then_some(found * DAY)
}

/// What follows the seconds: a fraction of any length, of which milliseconds are kept, and the offset from UTC.
fn fraction_and_offset(mut text: &str) -> Option<i64> {
    let mut millis = 0;
    if let Some(rest) = text.strip_prefix('.') {
        let count = rest.bytes().take_while(u8::is_ascii_digit).count();
        if count == 0 || count > 9 {
            return None;
        }
        millis = format!("{:0<3}", &rest[..count])[..3].parse().ok()?;
        text = &rest[count..];
    }
    if matches!(text, "Z" | "z") {
        return Some(millis);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => -1,
        b'-' => 1,
        _ => return None,
    };
    let mut offset = &text[1..];
    let (hours, minutes) = (number(&mut offset, 2, ":")?, number(&mut offset, 2, "")?);
    (offset.is_empty() && hours < 24 && minutes < 60)
        .then_some(millis + sign * (hours * 60 + minutes) * 60_000)
}

fn instant(mut text: &str) -> Option<i64> {
    if text.len() == 10 {
        return date(&mut text, "");
    }
    let separator = text.get(10..11)?.to_owned();
    if !["T", "t", " "].contains(&separator.as_str()) {
        return None;
    }
    let date = date(&mut text, &separator)?;
    let (hour, minute) = (number(&mut text, 2, ":")?, number(&mut text, 2, ":")?);
    let second = number(&mut text, 2, "")?;
    // A leap second is the second before it: clocks that count milliseconds know none.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let time = ((hour * 60 + minute) * 60 + second.min(59)) * 1000;
    Some(date + time + fraction_and_offset(text)?)
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        instant(text).map(Self).ok_or(InvalidTimestamp)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "openapi")]
mod openapi {
    use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type};

    impl utoipa::ToSchema for super::Timestamp {}

    impl utoipa::PartialSchema for super::Timestamp {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new()
                .schema_type(Type::String)
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
                .into()
        }
    }
}
