//! What is done to many accounts: the deletion restriction, deletion, export.

use super::list::{BATCH_DELETE, BATCH_EDIT};
use crate::text::{counted, number};
use rollcall_shared::{job::JobKind, profile::ADMINISTRATOR};

/// The notice while deletion is not permitted, before its link.
pub const NOT_PERMITTED_BEFORE: &str = "Account deletion is not permitted in this application. ";
/// The notice's link.
pub const CLICK_HERE: &str = "Click here";
/// The notice while deletion is not permitted, after its link.
pub const NOT_PERMITTED_AFTER: &str = " to remove the restriction.";
/// The notice while deletion is permitted.
pub const PERMITTED: &str =
    "Account deletion is permitted in this application. Deleted accounts cannot be recovered.";
/// Its link.
pub const PUT_BACK: &str = "Put the restriction back";
/// The dialog that lifts it.
pub const LIFT_TITLE: &str = "Remove the deletion restriction?";
/// The risks.
pub const LIFT_RISKS: [&str; 3] = [
    "Operators of this application will be able to delete accounts, also many at once.",
    "A deleted account's data cannot be recovered: its profile, and what clients and servers keep under its username, lose their owner.",
    "You can put the restriction back at any time. That also stops deletions that are running.",
];
/// Lifted.
pub const LIFTED: &str = "Account deletion is permitted now.";
/// Put back.
pub const RESTRICTED: &str = "The deletion restriction is back.";

/// The confirmation.
pub const CANNOT_BE_UNDONE: &str = "A deleted account's data cannot be recovered. This cannot be undone.";
/// What an edit of many does.
pub const OVERWRITES: &str =
    "What these accounts have in these fields now is overwritten. This cannot be undone.";
/// What an edit of many is.
pub const BATCH_EDIT_SUB: &str =
    "Fields that you do not choose stay as they are in each account. Nothing is changed before you confirm.";
/// Which.
pub const FIELDS_TO_CHANGE: &str = "Fields to change";
/// None is chosen.
pub const CHOOSE_FIELDS: &str = "Choose at least one field.";
/// To the question.
pub const GO_ON: &str = "Continue";
/// A field that is emptied.
pub const EMPTY_VALUE: &str = "nothing";
/// Asks a job to stop.
pub const STOP: &str = "Stop";
/// Where long work is listed.
pub const SEE_TASKS: &str = "It goes on when you close this; see Tasks.";
/// The reason column.
pub const REASON: &str = "Reason";

/// The export's dialog.
pub const EXPORT_TITLE: &str = "Export accounts";
/// File format.
pub const FORMAT: &str = "Format";
/// CSV.
pub const CSV: &str = "CSV";
/// XLSX.
pub const XLSX: &str = "XLSX";
/// Which columns.
pub const ALL_COLUMNS: &str = "All";
/// Which columns.
pub const SHOWN_COLUMNS: &str = "As shown in the list";
/// While it runs.
pub const EXPORTING: &str = "Exporting accounts";
/// Done.
pub const EXPORT_SUCCESSFUL: &str = "Export successful";
/// Not done.
pub const EXPORT_FAILED: &str = "Export failed";
/// Not done.
pub const EXPORT_CANCELLED: &str = "The export was stopped. No file was made.";
/// Fetches the file.
pub const DOWNLOAD: &str = "Download";
/// Fact.
pub const FILE: &str = "File";
/// Fact.
pub const SIZE: &str = "Size";
/// Fact.
pub const SHA256: &str = "SHA-256";
/// Fact.
pub const KEPT_UNTIL: &str = "Kept until";

/// The question before a deletion.
pub fn delete_title(count: Option<u64>) -> String {
    match count {
        Some(count) => format!("Delete {}?", counted(count, "account", "accounts")),
        None => "Delete all accounts that match?".to_owned(),
    }
}

/// Which admins are among them.
pub fn admins_among(admins: &[String]) -> String {
    match admins {
        [] => "No admin is among them.".to_owned(),
        [one] => format!("One admin is among them: {one}."),
        many => format!("{} admins are among them: {}.", many.len(), many.join(", ")),
    }
}

/// The account that stays.
pub fn administrator_stays() -> String {
    format!("{ADMINISTRATOR} cannot be deleted and stays.")
}

/// Typed confirmation.
pub fn type_number(count: &str) -> String {
    format!("Type {count} to confirm")
}

/// While a job deals with many.
pub const fn under_way(deed: JobKind) -> &'static str {
    if matches!(deed, JobKind::Edit) { "Editing accounts" } else { "Deleting accounts" }
}

/// What is done to many.
pub const fn batch(deed: JobKind) -> &'static str {
    if matches!(deed, JobKind::Edit) { BATCH_EDIT } else { BATCH_DELETE }
}

/// It ended early.
pub const fn stopped(deed: JobKind) -> &'static str {
    if matches!(deed, JobKind::Edit) { "The edit stopped" } else { "The deletion stopped" }
}

/// The past participle of what is done.
const fn past(deed: JobKind) -> &'static str {
    if matches!(deed, JobKind::Edit) { "edited" } else { "deleted" }
}

/// Done.
pub fn done(deed: JobKind, count: u64) -> String {
    format!("{} {}.", counted(count, "account", "accounts"), past(deed))
}

/// Refused.
pub fn refused(deed: JobKind, count: u64) -> String {
    format!("{} not {}:", counted(count, "account was", "accounts were"), past(deed))
}

/// Refused, in one sentence.
pub fn not_done(deed: JobKind, count: u64) -> String {
    format!("{} not {}.", counted(count, "account was", "accounts were"), past(deed))
}

/// Refused by a job.
pub fn refused_by_job(deed: JobKind, count: u64) -> String {
    let accounts = counted(count, "account was", "accounts were");
    format!("{accounts} not {}; the reasons are under Tasks.", past(deed))
}

/// The form of an edit of many.
pub fn batch_edit_title(count: Option<u64>) -> String {
    match count {
        Some(count) => format!("Edit {}", counted(count, "account", "accounts")),
        None => "Edit all accounts that match".to_owned(),
    }
}

/// The question before it.
pub fn edit_title(count: Option<u64>) -> String {
    format!("{}?", batch_edit_title(count))
}

/// How many fields are chosen.
pub fn will_change(fields: usize) -> String {
    format!("{} will change", counted(fields as u64, "field", "fields"))
}

/// A field and its new value.
pub fn will_have(field: &str, value: &str) -> String {
    format!("{field}: {value}")
}

/// Progress.
pub fn progress(done: u64, total: u64) -> String {
    format!("{} of {}", number(done), number(total))
}

/// What an export will hold.
pub fn will_export(count: Option<u64>) -> String {
    match count {
        Some(count) => format!("{} will be exported.", counted(count, "account", "accounts")),
        None => "Every account that matches will be exported.".to_owned(),
    }
}

/// Exported.
pub fn complete(rows: u64) -> String {
    format!("{}, complete", number(rows))
}
