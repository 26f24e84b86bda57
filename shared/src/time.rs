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

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A stored value outside jiff's range (years -9999 to 9999) must still print as something.
        let t = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::MAX);
        write!(f, "{t:.3}")
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() == 10 {
            let date: jiff::civil::Date = text.parse().map_err(|_| InvalidTimestamp)?;
            let zoned = date.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| InvalidTimestamp)?;
            return Ok(Self(zoned.timestamp().as_millisecond()));
        }
        let t: jiff::Timestamp = text.parse().map_err(|_| InvalidTimestamp)?;
        Ok(Self(t.as_millisecond()))
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
