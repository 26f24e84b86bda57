//! Sentences of scheduled exports.

use super::counted;
use rollcall_shared::{
    job::ExportFormat,
    schedule::{Calendar, DestinationKind, ExportDestination, RunState, Weekday},
};

/// The panel.
pub const TITLE: &str = "Scheduled exports";
/// The panel.
pub const INTRO: &str =
    "Files of accounts that are made by themselves, every day, every week or as a cron expression says.";
/// No schedule yet.
pub const NONE: &str = "Nothing is scheduled. Add a schedule, and its files are made while nobody is here.";
/// Opens the form.
pub const ADD: &str = "Add schedule";
/// A column.
pub const COLUMN_WHEN: &str = "When";
/// A column.
pub const COLUMN_NEXT: &str = "Next run";
/// A column.
pub const COLUMN_LAST: &str = "Last result";
/// It does not run.
pub const PAUSED: &str = "Paused";
/// A run is under way.
pub const RUNNING: &str = "Running…";
/// No run yet.
pub const NEVER: &str = "Not run yet";
/// Pauses.
pub const PAUSE: &str = "Pause";
/// Resumes.
pub const RESUME: &str = "Resume";
/// Runs now.
pub const RUN: &str = "Run now";
/// Opens the form.
pub const EDIT: &str = "Edit";
/// Deletes.
pub const DELETE: &str = "Delete";
/// It was saved.
pub const SAVED: &str = "Schedule saved.";
/// It was paused.
pub const NOW_PAUSED: &str = "Schedule paused.";
/// It was resumed.
pub const NOW_RESUMED: &str = "Schedule resumed.";
/// It was begun.
pub const BEGUN: &str = "The export has begun.";
/// It was deleted.
pub const DELETED: &str = "Schedule deleted.";
/// Before it is deleted.
pub const DELETE_BODY: &str = "No more files are made, and a run that is under way is stopped. Files that are at a destination stay there; those of this server can be downloaded for another seven days.";
/// Someone else was quicker.
pub const CHANGED: &str = "Someone else changed this schedule meanwhile. Close the form and open it again to see how it is; nothing was overwritten.";
/// The form.
pub const NEW_TITLE: &str = "Add schedule";
/// The form.
pub const EDIT_TITLE: &str = "Edit schedule";
/// A field.
pub const NAME: &str = "Name";
/// A field.
pub const NAME_HINT: &str = "The files are called after it.";
/// A field.
pub const KIND: &str = "Runs";
/// A field.
pub const TIME: &str = "Time";
/// A field.
pub const DAYS: &str = "Days";
/// A field.
pub const EXPRESSION: &str = "Cron expression";
/// A field.
pub const EXPRESSION_HINT: &str = "Minute, hour, day of month, month, day of week: 30 9 * * mon-fri";
/// A field.
pub const ZONE: &str = "By the clocks of";
/// A field.
pub const COMING: &str = "Next runs:";
/// A field.
pub const SEARCH: &str = "Only accounts that this search finds";
/// A field.
pub const SEARCH_HINT: &str = "A part of username or nickname. Leave empty for all accounts.";
/// A field.
pub const CREATED_FROM: &str = "Created from";
/// A field.
pub const CREATED_TO: &str = "Created until the end of";
/// A field.
pub const FORMAT: &str = "Format";
/// A field.
pub const COLUMNS: &str = "Columns";
/// A choice.
pub const ALL_COLUMNS: &str = "All";
/// A choice.
pub const OWN_COLUMNS: &str = "Chosen ones";
/// A field.
pub const DESTINATION: &str = "Where to";
/// A choice.
pub const SERVER: &str = "This server, for download";
/// A field.
pub const DESTINATION_HINT: &str = "Other folders and buckets are named by the administrator of the server.";
/// A field.
pub const KEEP_LAST: &str = "Keep the last files";
/// A field.
pub const KEEP_DAYS: &str = "Keep files for days";
/// A field.
pub const KEEP_HINT: &str = "Enter one or both. What neither keeps is removed.";
/// A number is none.
pub const NO_NUMBER: &str = "Enter a whole number.";
/// Saves.
pub const SAVE: &str = "Save";
/// A link.
pub const DOWNLOAD: &str = "Download";

/// How a calendar is chosen.
pub const KINDS: [(&str, &str); 3] =
    [("daily", "Every day"), ("weekly", "On days of the week"), ("cron", "As a cron expression says")];

/// A day of the week.
pub const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Sunday => "Sun",
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
    }
}

/// A format.
pub const fn format(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Csv => "CSV",
        ExportFormat::Xlsx => "XLSX",
        ExportFormat::Ndjson => "NDJSON",
    }
}

/// When a schedule runs.
pub fn when(calendar: &Calendar, zone: &str) -> String {
    match calendar {
        Calendar::Daily { time } => format!("Every day at {time}, {zone}"),
        Calendar::Weekly { days, time } => {
            let days: Vec<&str> = days.iter().map(|day| weekday(*day)).collect();
            format!("{} at {time}, {zone}", days.join(", "))
        }
        Calendar::Cron { expression } => format!("{expression}, {zone}"),
    }
}

/// A destination.
pub fn destination(destination: &ExportDestination) -> String {
    match destination.kind {
        DestinationKind::Folder => format!("Folder {}", destination.name),
        DestinationKind::Bucket => format!("Bucket {}", destination.name),
    }
}

/// A destination that this server does not have any more.
pub fn gone(name: &str) -> String {
    format!("{name}, which this server does not have")
}

/// What came of a run.
pub fn outcome(state: RunState, rows: Option<u64>) -> String {
    match (state, rows) {
        (RunState::Done, Some(rows)) => format!("Done, {}", counted(rows, "account", "accounts")),
        (RunState::Done, None) => "Done".to_owned(),
        (RunState::Failed, _) => "Failed".to_owned(),
        (RunState::Cancelled, _) => "Stopped".to_owned(),
        (RunState::Skipped, _) => "Left out".to_owned(),
    }
}

/// What a button does, with the name of the schedule.
pub fn of(action: &str, name: &str) -> String {
    format!("{action}: {name}")
}
