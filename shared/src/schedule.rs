//! Exports that are made again and again: what is exported, where the files go and how long they stay. When they are made is
//! in the submodule `calendar`, what came of it in `shown`. At which instants a calendar's runs are depends on the rules of a
//! time zone, which are the server's.

mod calendar;
mod cron;
mod shown;

pub use calendar::{COMING, CRON_MAX, Calendar, CalendarCheck, ComingRuns, Weekday};
pub use cron::{Cron, CronError};
pub use shown::{DestinationKind, ExportDestination, ExportSchedule, ExportSchedules, LastRun, RunState};

use crate::{
    custom_field::CustomField,
    error::{FieldError, codes},
    export::{Cells, Compression, Header, UTC},
    job::{AnyColumn, ExportFormat, ExportRequest},
    list::AccountFilter,
    selection::{Matching, Selection},
    time::Timestamp,
    validate,
};
use serde::{Deserialize, Serialize};

/// The most schedules of an application.
pub const SCHEDULES_MAX: u32 = 20;
/// The most files that are kept of a schedule.
pub const KEEP_LAST_MAX: u32 = 1000;
/// The most days for which files are kept.
pub const KEEP_DAYS_MAX: u32 = 3660;

/// What is exported each time, and how it is written: the fields of an export, with a filter in place of a selection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ScheduledExport {
    /// Which accounts, as they are when the export is made; an empty filter means all.
    #[serde(default, skip_serializing_if = "AccountFilter::is_empty")]
    pub filter: AccountFilter,
    /// The format.
    pub format: ExportFormat,
    /// Which columns in which order; `null` means all.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<String>>))]
    pub columns: Option<Vec<AnyColumn>>,
    /// How the bytes are packed. Not for a workbook, which is packed already.
    #[serde(default)]
    pub compression: Compression,
    /// What a CSV file does with text that a spreadsheet would run.
    #[serde(default)]
    pub cells: Cells,
    /// What the header calls the columns. Not for NDJSON.
    #[serde(default)]
    pub header: Header,
    /// The IANA name of the time zone that times are written in; UTC when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

impl ScheduledExport {
    /// The export that is asked for at this time.
    pub fn request(&self, now: Timestamp) -> ExportRequest {
        let Self { filter, format, columns, compression, cells, header, time_zone } = self.clone();
        let matching =
            |filter| Selection::Matching(Matching { filter, except: Vec::new(), as_of: now, expected: None });
        let selection = (!filter.is_empty()).then(|| matching(filter));
        ExportRequest { selection, format, columns, compression, cells, header, time_zone }
    }

    /// Everything that is wrong with it. Whether the time zone exists is not known here.
    fn errors(&self, custom: &[CustomField]) -> Vec<FieldError> {
        let mut errors = self.filter.check();
        errors.iter_mut().for_each(|error| error.field.insert_str(0, "filter."));
        errors.extend(self.request(Timestamp::default()).form_errors(custom));
        errors.iter_mut().for_each(|error| error.field.insert_str(0, "export."));
        errors
    }
}

/// Which files of a schedule stay: those that every given rule keeps. At least one rule is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// The newest so many.
    #[serde(default)]
    pub last: Option<u32>,
    /// Those of the last so many days.
    #[serde(default)]
    pub days: Option<u32>,
}

impl Retention {
    fn errors(self) -> Vec<FieldError> {
        let out = |field: &str, value: Option<u32>, max: u32| {
            value.filter(|value| !(1..=max).contains(value)).map(|_| {
                let error = FieldError::new(field, codes::OUT_OF_RANGE, format!("From 1 to {max}."));
                error.with("min", 1).with("max", max)
            })
        };
        let none = self == Self::default();
        let message = "Say how many files are kept, or for how many days.";
        let missing = none.then(|| FieldError::new("retention.last", codes::REQUIRED, message));
        let last = out("retention.last", self.last, KEEP_LAST_MAX);
        [missing, last, out("retention.days", self.days, KEEP_DAYS_MAX)].into_iter().flatten().collect()
    }
}

/// A schedule as it is made and changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ScheduleSettings {
    /// Its name; the files are called after it.
    pub name: String,
    /// Whether it waits until it is resumed.
    #[serde(default)]
    pub paused: bool,
    /// When it runs.
    pub calendar: Calendar,
    /// The IANA name of the time zone whose clocks the calendar means.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// What is exported.
    pub export: ScheduledExport,
    /// Where the files go: the name of a destination of this server; `null` for the server's own files.
    #[serde(default)]
    pub destination: Option<String>,
    /// Which files stay.
    pub retention: Retention,
}

fn utc() -> String {
    UTC.to_owned()
}

impl ScheduleSettings {
    /// Everything that is wrong with them, given the application's custom fields. Which time zones and destinations there
    /// are is not known here.
    pub fn errors(&self, custom: &[CustomField]) -> Vec<FieldError> {
        let mut errors: Vec<FieldError> = validate::name("name", &self.name).into_iter().collect();
        errors.extend(self.calendar.cron().err());
        errors.extend(self.export.errors(custom));
        errors.extend(self.retention.errors());
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(change: impl FnOnce(&mut ScheduleSettings)) -> Vec<String> {
        let retention = Retention { last: Some(7), days: None };
        let mut settings = ScheduleSettings {
            name: "Nightly".to_owned(),
            time_zone: UTC.to_owned(),
            retention,
            ..ScheduleSettings::default()
        };
        change(&mut settings);
        settings.errors(&[]).into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn what_is_wrong_is_told_by_its_field() {
        assert_eq!(fields(|_| ()), [""; 0]);
        assert_eq!(fields(|s| s.name.clear()), ["name"]);
        for time in ["", "3:00", "24:00", "12:60", "12.30", "+1:00", "12:3"] {
            let calendar = Calendar::Daily { time: time.to_owned() };
            assert_eq!(fields(|s| s.calendar = calendar), ["calendar.time"], "{time}");
        }
        let calendar = Calendar::Weekly { days: Vec::new(), time: "03:00".to_owned() };
        assert_eq!(fields(|s| s.calendar = calendar), ["calendar.days"]);
        let calendar = Calendar::Cron { expression: "* * *".to_owned() };
        assert_eq!(fields(|s| s.calendar = calendar), ["calendar.expression"]);
        assert_eq!(fields(|s| s.retention = Retention::default()), ["retention.last"]);
        let retention = Retention { last: Some(0), days: Some(KEEP_DAYS_MAX + 1) };
        assert_eq!(fields(|s| s.retention = retention), ["retention.last", "retention.days"]);
        assert_eq!(fields(|s| s.export.columns = Some(Vec::new())), ["export.columns"]);
        assert_eq!(fields(|s| s.export.filter.q = "x".repeat(201)), ["export.filter.q"]);
    }

    #[test]
    fn a_calendar_is_known_by_its_kind() {
        let calendar: Calendar =
            serde_json::from_str(r#"{"kind":"weekly","days":["monday","friday"],"time":"18:30"}"#).unwrap();
        assert_eq!(
            calendar,
            Calendar::Weekly { days: vec![Weekday::Monday, Weekday::Friday], time: "18:30".to_owned() }
        );
        assert!(serde_json::from_str::<Calendar>(r#"{"kind":"daily","time":"18:30","days":[]}"#).is_err());
    }

    #[test]
    fn without_a_filter_all_accounts_are_exported() {
        let now = Timestamp::from_millis(5);
        let mut export = ScheduledExport::default();
        assert_eq!(export.request(now).selection, None);
        export.filter.q = "ming".to_owned();
        let Some(Selection::Matching(matching)) = export.request(now).selection else { panic!("a filter") };
        assert_eq!((matching.as_of, matching.filter.q.as_str()), (now, "ming"));
    }
}
