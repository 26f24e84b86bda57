//! Sentences of Chat > Import.

mod review;

pub use review::*;

use super::{bytes, counted};
use rollcall_shared::import::{EmptyCells, FILE_BYTES_MAX, ImportPolicy, ImportState};

/// The page.
pub const TITLE: &str = "Import accounts";
/// The page.
pub const INTRO: &str = "Accounts from a table: you see what it would do before anything changes, and can take it back afterwards.";
/// Drops a file, or opens the browser's dialog.
pub const DROP: &str = "Drop a file here, or choose one";
/// The same, for the rest of a file.
pub const DROP_AGAIN: &str = "Drop the same file here, or choose it, to go on";
/// What is taken.
pub const ACCEPTED: &str = "CSV, XLSX or NDJSON (one JSON account a line), up to 2 GB, also packed as .gz or .zst. The first row names the columns.";
/// An empty table with every column.
pub const TEMPLATE: &str = "Download a template (CSV)";
/// Too many at once.
pub const ONE_FILE: &str = "One file at a time, please. Nothing was uploaded.";
/// Nothing in it.
pub const EMPTY_FILE: &str = "This file is empty. Nothing was uploaded.";
/// Of a disabled application.
pub const DISABLED: &str = "This application is disabled. Enable it in Settings to import accounts.";

/// The list.
pub const LIST: &str = "Imports";
/// There are none.
pub const NONE: &str =
    "No imports yet. Bring a file with the field above; if you have none, begin with the template.";
/// Back to the list.
pub const ALL: &str = "All imports";
/// One that is not there.
pub const NOT_FOUND: &str = "Import not found";
/// A column.
pub const FILE: &str = "File";
/// A column.
pub const STATE: &str = "State";
/// A column.
pub const SIZE: &str = "Size";
/// A column.
pub const BY: &str = "By";
/// A column.
pub const AT: &str = "Uploaded";
/// A column.
pub const KEPT_UNTIL: &str = "Kept until";

/// The steps, for screen readers.
pub const STEPS: &str = "Steps";
/// The steps.
pub const STEP_NAMES: [&str; 4] = ["Upload", "Columns", "Review", "Apply"];
/// Removes the import before anything was done.
pub const DISCARD: &str = "Discard";
/// The question before.
pub const DISCARD_TITLE: &str = "Discard this import?";
/// The question before.
pub const DISCARD_BODY: &str = "The file and what you chose are removed. No account was changed.";
/// It was done.
pub const DISCARDED: &str = "The import was discarded. No account was changed.";
/// Removes the import afterwards.
pub const REMOVE: &str = "Remove from the list";
/// The question before.
pub const REMOVE_TITLE: &str = "Remove this import from the list?";
/// The question before.
pub const REMOVE_BODY: &str = "The file and the record of what it did are removed. The accounts stay as they are; the import can then no longer be undone.";
/// It was done.
pub const REMOVED: &str = "The import was removed from the list. The accounts stay as they are.";

/// Upload.
pub const UPLOAD: &str = "Upload";
/// Upload.
pub const UPLOAD_STAYS: &str = "The upload pauses when you leave this page.";
/// Upload.
pub const PAUSE: &str = "Pause";
/// Goes on with what was paused or stopped.
pub const GO_ON: &str = "Go on";
/// Upload.
pub const PAUSED: &str = "The upload is paused. What has arrived is kept.";
/// Upload.
pub const NO_ANSWER: &str = "The server cannot be reached; trying again by itself. What has arrived is kept.";
/// Upload.
pub const GAVE_UP: &str = "The server could not be reached, or the file could not be read. What has arrived is kept: check both, then go on.";
/// Upload, after the page was loaded anew.
pub const CHOOSE_AGAIN: &str = "The upload is not complete. Browsers do not let a page open a file again by itself, so choose it once more; what has arrived is kept.";

/// Columns.
pub const COLUMNS: &str = "Columns";
/// Columns.
pub const COLUMNS_INTRO: &str = "Say what each column means. Guesses are made from the names and from your last import; columns that are left out change nothing.";
/// Columns.
pub const COLUMN: &str = "Column";
/// Columns.
pub const SAMPLE: &str = "First rows";
/// Columns.
pub const MEANING: &str = "Meaning";
/// Columns.
pub const LEAVE_OUT: &str = "Leave out";
/// Columns.
pub const CANNOT_BE_READ: &str = "This file cannot be read";
/// Columns.
pub const WHAT_TO_DO: &str =
    "Choose below how it is read, or discard it and bring another file. No account was changed.";
/// Which accounts.
pub const POLICY: &str = "Which accounts";
/// What an empty cell says.
pub const EMPTY_CELLS: &str = "An empty cell";
/// Finds out what would be done.
pub const REVIEW_CHANGES: &str = "Review changes";
/// What that does.
pub const REVIEW_NOTE: &str = "Nothing is changed yet.";
/// To the review that is there.
pub const BACK_TO_REVIEW: &str = "Back to the review";

/// How it is read.
pub const READING: &str = "How the file is read";
/// How it is read.
pub const AUTOMATIC: &str = "Tell by the content";
/// How it is read.
pub const DELIMITER: &str = "Cells of CSV are separated by";
/// How it is read: values and what they mean.
pub const DELIMITERS: [(&str, &str); 4] =
    [(",", "Comma"), (";", "Semicolon"), ("|", "Vertical bar"), ("\t", "Tab")];
/// How it is read.
pub const ENCODING: &str = "Encoding of CSV";
/// How it is read: values and what they mean.
pub const ENCODINGS: [(&str, &str); 4] = [
    ("utf-8", "UTF-8"),
    ("utf-16le", "UTF-16, little endian"),
    ("utf-16be", "UTF-16, big endian"),
    ("gb18030", "GB 18030 (GBK, GB 2312)"),
];
/// How it is read.
pub const SHEET: &str = "Sheet of the workbook";
/// How it is read.
pub const FIRST_SHEET: &str = "The first one";
/// How it is read.
pub const NO_HEADER: &str = "The first row is an account already";
/// How it is read.
pub const EXACT: &str = "Take texts of CSV exactly as they stand, also a ' in front of a formula";
/// How it is read.
pub const READ_AGAIN: &str = "Read again";

/// A file that is too large.
pub fn too_large(size: u64) -> String {
    format!("This file has {}; the limit is {}. Nothing was uploaded.", bytes(size), bytes(FILE_BYTES_MAX))
}

/// Another file than the one that was begun.
pub fn another_file(name: &str, size: u64) -> String {
    format!(
        "That is another file. This import is of “{name}” with {}; for another file begin a new import.",
        counted(size, "byte", "bytes")
    )
}

/// A state.
pub const fn state(state: ImportState) -> &'static str {
    match state {
        ImportState::Uploading => "Upload not complete",
        ImportState::Uploaded => "Columns to be chosen",
        ImportState::Reviewing => "Being reviewed",
        ImportState::Reviewed => "To be applied",
        ImportState::Applying => "Being applied",
        ImportState::Applied => "Applied",
        ImportState::Undoing => "Being undone",
        ImportState::Undone => "Undone",
    }
}

/// The state of one whose undoing was stopped.
pub const HALF_UNDONE: &str = "Undone in part";

/// A policy.
pub const fn policy(policy: ImportPolicy) -> &'static str {
    match policy {
        ImportPolicy::Both => "Create new ones and update those that are there",
        ImportPolicy::Create => "Create new ones only; rows of those that are there are refused",
        ImportPolicy::Update => "Update those that are there only; rows of others are refused",
    }
}

/// What an empty cell says.
pub const fn empty_cells(empty: EmptyCells) -> &'static str {
    match empty {
        EmptyCells::Keep => "Keeps what the account has",
        EmptyCells::Clear => "Clears the field",
    }
}

/// A column without a name.
pub fn column(name: &str, place: usize) -> String {
    if name.trim().is_empty() { format!("Column {}", place + 1) } else { name.to_owned() }
}

/// The label of a column's choice.
pub fn meaning_of(column: &str) -> String {
    format!("{MEANING} of {column}")
}

/// What kind of file it is.
pub fn facts(format: &str, size: u64, columns: usize) -> String {
    format!("{format}, {}, {}", bytes(size), counted(columns as u64, "column", "columns"))
}

/// How much of the file has arrived.
pub fn uploaded(received: u64, total: u64) -> String {
    let percent = received.saturating_mul(100) / total.max(1);
    format!("{} of {}, {percent}%", bytes(received), bytes(total))
}

/// How long it may take still.
pub fn time_left(seconds: u64) -> String {
    match seconds {
        0..60 => "less than a minute left".to_owned(),
        _ => format!("about {} left", counted(seconds.div_ceil(60), "minute", "minutes")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_says_how_far_it_is() {
        assert_eq!(uploaded(8 << 20, 16 << 20), "8.4 MB of 17 MB, 50%");
        assert_eq!(time_left(59), "less than a minute left");
        assert_eq!(time_left(61), "about 2 minutes left");
    }

    #[test]
    fn a_column_without_a_name_has_its_number() {
        assert_eq!(column(" ", 2), "Column 3");
        assert_eq!(column("Team", 2), "Team");
    }
}
