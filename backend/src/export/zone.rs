//! The time zone that a file's times are written in.

use jiff::tz::TimeZone;
use rollcall_shared::{
    error::{FieldError, codes},
    export::UTC,
    time::Timestamp,
};
use std::fmt::Write as _;

/// The longest name that is looked up; the longest there is has 32 bytes.
const NAME_MAX: usize = 64;

/// A time zone.
#[derive(Clone, Debug)]
pub struct Zone {
    name: String,
    /// `None` for UTC, which is written with a `Z`.
    rules: Option<TimeZone>,
}

/// There is no time zone of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Name a time zone of the IANA database, such as Asia/Shanghai or UTC.")]
pub struct UnknownZone;

impl From<UnknownZone> for FieldError {
    fn from(unknown: UnknownZone) -> Self {
        Self::new("time_zone", codes::UNKNOWN_VALUE, unknown.to_string())
    }
}

impl Zone {
    /// The zone of an IANA name, in letters of any case; UTC if none is named.
    ///
    /// # Errors
    /// There is none.
    pub fn named(name: Option<&str>) -> Result<Self, UnknownZone> {
        let Some(name) = name.filter(|name| *name != UTC) else {
            return Ok(Self { name: UTC.to_owned(), rules: None });
        };
        let known = (name.len() <= NAME_MAX).then(|| TimeZone::get(name).ok()).flatten();
        let rules = known.ok_or(UnknownZone)?;
        let name = rules.iana_name().ok_or(UnknownZone)?.to_owned();
        Ok(Self { rules: (name != UTC).then_some(rules), name })
    }

    /// Its name in the IANA database.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its rules.
    pub fn rules(&self) -> TimeZone {
        self.rules.clone().unwrap_or(TimeZone::UTC)
    }

    /// Writes an instant as ISO 8601 with the zone's offset at that instant: `2026-11-22T02:02:11.123+08:00`.
    pub(super) fn write(&self, at: Timestamp, text: &mut String) {
        let minutes = self.rules.as_ref().map(|rules| offset(rules, at));
        let local = at.plus_millis(minutes.unwrap_or_default() * 60_000);
        // Writing to a String cannot fail.
        let _ = write!(text, "{local}");
        if let Some(minutes) = minutes {
            text.truncate(text.len() - 1);
            let (sign, minutes) = (if minutes < 0 { '-' } else { '+' }, minutes.abs());
            let _ = write!(text, "{sign}{:02}:{:02}", minutes / 60, minutes % 60);
        }
    }
}

/// In whole minutes, as ISO 8601 has it: what is left of an offset before time zones were invented changes the text, never
/// the instant.
fn offset(rules: &TimeZone, at: Timestamp) -> i64 {
    let at = jiff::Timestamp::from_millisecond(at.millis()).unwrap_or_default();
    i64::from(rules.to_offset(at).seconds()) / 60
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(zone: &str, at: &str) -> String {
        let mut text = String::new();
        Zone::named(Some(zone)).unwrap().write(at.parse().unwrap(), &mut text);
        text
    }

    #[test]
    fn an_instant_is_written_with_the_offset_of_its_day() {
        let at = "2026-11-21T18:02:11.123Z";
        assert_eq!(written("Asia/Shanghai", at), "2026-11-22T02:02:11.123+08:00");
        assert_eq!(written("America/New_York", at), "2026-11-21T13:02:11.123-05:00");
        assert_eq!(written("America/New_York", "2026-07-01T00:00:00Z"), "2026-06-30T20:00:00.000-04:00");
        assert_eq!(written("Asia/Kathmandu", at), "2026-11-21T23:47:11.123+05:45");
        assert_eq!(written("America/St_Johns", at), "2026-11-21T14:32:11.123-03:30");
        assert_eq!(written("UTC", at), at);
    }

    #[test]
    fn the_instant_stays_the_same() {
        for zone in ["Asia/Shanghai", "Europe/Amsterdam", "America/St_Johns", "Pacific/Apia"] {
            for at in ["1890-01-01T00:00:00Z", "1935-06-01T12:34:56.789Z", "2026-03-29T01:00:00Z"] {
                let at: Timestamp = at.parse().unwrap();
                let mut text = String::new();
                Zone::named(Some(zone)).unwrap().write(at, &mut text);
                assert_eq!(text.parse(), Ok(at), "{text}");
            }
        }
    }

    #[test]
    fn a_name_is_found_in_any_case_and_nothing_else_is() {
        assert_eq!(Zone::named(Some("asia/shanghai")).unwrap().name(), "Asia/Shanghai");
        assert_eq!(Zone::named(None).unwrap().name(), "UTC");
        let long = "x".repeat(1000);
        for name in ["", "Mars/Olympus", "+08:00", "../etc/passwd", "CST6CDT7", long.as_str()] {
            assert_eq!(Zone::named(Some(name)).err(), Some(UnknownZone), "{name}");
        }
    }
}
