//! When a schedule runs, by the clocks of its time zone.

use super::{Cron, CronError, utc};
use crate::{
    error::{FieldError, codes},
    profile::{UnknownValue, closed_set},
    time::Timestamp,
    validate,
};
use serde::{Deserialize, Serialize};

/// The longest cron expression, in bytes.
pub const CRON_MAX: usize = 200;
/// How many coming runs are told.
pub const COMING: usize = 3;

closed_set! {
    /// A day of the week. Its code is what cron calls it.
    Weekday {
        /// Sunday.
        Sunday = 0 => "sunday",
        /// Monday.
        #[default]
        Monday = 1 => "monday",
        /// Tuesday.
        Tuesday = 2 => "tuesday",
        /// Wednesday.
        Wednesday = 3 => "wednesday",
        /// Thursday.
        Thursday = 4 => "thursday",
        /// Friday.
        Friday = 5 => "friday",
        /// Saturday.
        Saturday = 6 => "saturday",
    }
}

/// When a schedule runs, by the clocks of its time zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Calendar {
    /// Every day.
    Daily {
        /// At this time, `HH:MM`.
        time: String,
    },
    /// On days of the week.
    Weekly {
        /// On these days; at least one.
        days: Vec<Weekday>,
        /// At this time, `HH:MM`.
        time: String,
    },
    /// As a cron expression says.
    Cron {
        /// Five fields: minute, hour, day of month, month, day of week.
        expression: String,
    },
}

impl Default for Calendar {
    fn default() -> Self {
        Self::Daily { time: "03:00".to_owned() }
    }
}

impl Calendar {
    /// What it means, or what is wrong with which field of it.
    ///
    /// # Errors
    /// It means nothing.
    pub fn cron(&self) -> Result<Cron, FieldError> {
        match self {
            Self::Daily { time } => Ok(Cron::at(time_of_day(time)?, &[])),
            Self::Weekly { days, .. } if days.is_empty() => {
                Err(FieldError::new("calendar.days", codes::REQUIRED, "Choose at least one day."))
            }
            Self::Weekly { days, time } => Ok(Cron::at(time_of_day(time)?, days)),
            Self::Cron { expression } => {
                if let Some(error) = validate::text("calendar.expression", expression, CRON_MAX) {
                    return Err(error);
                }
                let wrong = |error: CronError| {
                    FieldError::new("calendar.expression", codes::INVALID, error.to_string())
                };
                expression.parse().map_err(wrong)
            }
        }
    }
}

/// Hour and minute of a text like `03:00`.
fn time_of_day(text: &str) -> Result<(u8, u8), FieldError> {
    let is_number = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let digits = |text: &str| is_number(text).then(|| text.parse::<u8>().ok()).flatten();
    let parts = text.split_once(':').and_then(|(hour, minute)| Some((digits(hour)?, digits(minute)?)));
    let wrong = || FieldError::new("calendar.time", codes::INVALID, "Enter a time from 00:00 to 23:59.");
    parts.filter(|(hour, minute)| *hour < 24 && *minute < 60).ok_or_else(wrong)
}

/// A calendar whose coming runs are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CalendarCheck {
    /// When.
    pub calendar: Calendar,
    /// By the clocks of which time zone.
    #[serde(default = "utc")]
    pub time_zone: String,
}

/// When a calendar's coming runs are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComingRuns {
    /// The next three.
    pub next: Vec<Timestamp>,
}
