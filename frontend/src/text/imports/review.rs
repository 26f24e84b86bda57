//! Sentences of Chat > Import once columns are chosen: the review, its tasks, what was done and what was taken back.

use crate::text::{counted, number};
use rollcall_shared::import::{ImportStage, Review, Undone};

/// Review.
pub const REVIEW: &str = "Review";
/// Review.
pub const NOTHING_TO_DO: &str = "Nothing to do: every account is as the file has it.";
/// Review.
pub const ONLY_REFUSED: &str = "Nothing to apply: every row is refused or changes nothing. Choose the columns otherwise, or fix the file and upload it again.";
/// Review.
pub const FOUND: &str = "What the file would do";
/// A figure, and a tab.
pub const NEW: &str = "New";
/// A figure, and a tab.
pub const CHANGED: &str = "Changed";
/// A figure.
pub const UNCHANGED: &str = "Unchanged";
/// A figure, and a tab.
pub const REFUSED: &str = "Refused";
/// A column.
pub const ROW: &str = "Row";
/// A column.
pub const VALUE: &str = "Value";
/// A column.
pub const RULE: &str = "Rule";
/// A column.
pub const FIELDS: &str = "Fields";
/// Instead of a column's name.
pub const WHOLE_ROW: &str = "Whole row";
/// Before a value that goes, for screen readers.
pub const FROM: &str = "from";
/// Before a value that comes, for screen readers.
pub const TO: &str = "to";
/// Instead of a value.
pub const NOTHING: &str = "nothing";
/// An account without any field.
pub const DEFAULTS: &str = "Everything at its default";
/// Back.
pub const BACK_TO_COLUMNS: &str = "Back to columns";
/// The refused rows as a file.
pub const DOWNLOAD_REFUSED: &str = "Download refused rows (CSV)";
/// What to do with it.
pub const FIX_AND_UPLOAD: &str =
    "The file has the reasons in a column of its own: fix the rows and upload it again.";
/// The pager's name for screen readers.
pub const PAGES: &str = "Pages";
/// The table's name for screen readers.
pub const ROWS: &str = "Rows";

/// Stops a task.
pub const STOP: &str = "Stop";
/// It was asked to stop.
pub const STOPPING: &str = "Stopping…";
/// Applied.
pub const APPLIED: &str = "Import complete";
/// Applied in part.
pub const STOPPED: &str = "The import stopped";
/// Applied in part.
pub const STOPPED_BODY: &str = "What was done stays done. Go on with the rest, or undo what was done.";
/// The accounts that were kept.
pub const KEPT_FILE: &str = "Which, and why (CSV)";
/// To the accounts.
pub const SEE_ACCOUNTS: &str = "See the accounts";
/// Takes it back.
pub const UNDO: &str = "Undo this import";
/// Before the last moment for it.
pub const UNTIL: &str = "until";
/// The question before.
pub const UNDO_TITLE: &str = "Undo this import?";
/// The question before.
pub const UNDO_BODY: [&str; 2] = [
    "What it created is removed, and what it changed is as it was before.",
    "Accounts that someone changed since are kept as they are.",
];
/// Undone.
pub const UNDONE: &str = "Import undone";
/// Undone in part.
pub const UNDO_STOPPED: &str = "The undoing stopped";
/// Undone in part.
pub const UNDO_STOPPED_BODY: &str = "What was taken back stays so. Go on with the rest when you like.";
/// The review was stopped.
pub const REVIEW_STOPPED: &str = "The review was stopped. No account was changed.";

/// A task of an import.
pub const fn task(stage: ImportStage) -> &'static str {
    match stage {
        ImportStage::Review => "Import: review",
        ImportStage::Apply => "Import: apply",
        ImportStage::Undo => "Import: undo",
    }
}

/// While a task runs.
pub const fn under_way(stage: ImportStage) -> &'static str {
    match stage {
        ImportStage::Review => "Reviewing the file",
        ImportStage::Apply => "Applying the changes",
        ImportStage::Undo => "Undoing the import",
    }
}

/// What it means to leave the page, or to stop.
pub const fn under_way_note(stage: ImportStage) -> &'static str {
    match stage {
        ImportStage::Review => "Nothing is changed yet. It goes on when you leave this page.",
        ImportStage::Apply => {
            "It goes on when you leave this page. If you stop it, what was done stays done; you can go on or undo it then."
        }
        ImportStage::Undo => {
            "It goes on when you leave this page. If you stop it, what was taken back stays so; you can go on then."
        }
    }
}

/// How far a task is.
pub fn progress(done: u64, total: u64) -> String {
    format!("{} of {}", number(done), counted(total, "row", "rows"))
}

/// What was looked at.
pub fn reviewed(review: &Review, file: &str) -> String {
    format!("{} of “{file}”. Nothing is changed yet.", counted(review.rows, "row", "rows"))
}

/// A tab.
pub fn tab(label: &str, count: u64) -> String {
    format!("{label} ({})", number(count))
}

/// The position of a page of rows.
pub fn position(offset: u64, shown: usize, total: u64) -> String {
    let to = offset + shown as u64;
    format!("{}–{} of {}", number(offset + 1), number(to), number(total))
}

/// The button that asks.
pub fn apply(changes: u64) -> String {
    format!("Apply {}", counted(changes, "change", "changes"))
}

/// The question.
pub fn apply_title(changes: u64) -> String {
    format!("{}?", apply(changes))
}

/// What the question says.
pub fn apply_body(review: &Review, until: &str) -> Vec<String> {
    let mut body = vec![format!(
        "{} created, {} changed.",
        counted(review.create, "account is", "accounts are"),
        counted(review.update, "account is", "accounts are")
    )];
    if review.refused > 0 {
        body.push(format!("{} left out.", counted(review.refused, "refused row is", "refused rows are")));
    }
    body.push(format!(
        "Accounts that someone changed since the review are kept as they are. You can undo the import until {until}."
    ));
    body
}

/// What was done.
pub fn done(accounts: u64) -> String {
    format!("{} created or changed.", counted(accounts, "account was", "accounts were"))
}

/// What had changed since the review.
pub fn kept_since_review(accounts: u64) -> String {
    format!("{} changed since the review and kept.", counted(accounts, "account was", "accounts were"))
}

/// What was refused by the review.
pub fn rows_refused(rows: u64) -> String {
    format!("{} refused.", counted(rows, "row was", "rows were"))
}

/// What was taken back.
pub fn undone(undone: &Undone) -> String {
    format!("{} as before.", counted(undone.done, "account is", "accounts are"))
}

/// What was not taken back.
pub fn kept_since_apply(accounts: u64) -> String {
    format!("{} changed by someone since and kept.", counted(accounts, "account was", "accounts were"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_in_sentences() {
        let review = Review { rows: 50_000, create: 49_788, update: 12, refused: 200, ..Review::default() };
        assert_eq!(apply_title(49_800), "Apply 49,800 changes?");
        assert_eq!(
            apply_body(&review, "2026-12-06 10:00"),
            [
                "49,788 accounts are created, 12 accounts are changed.",
                "200 refused rows are left out.",
                "Accounts that someone changed since the review are kept as they are. You can undo the import until 2026-12-06 10:00."
            ]
        );
        assert_eq!(position(50, 50, 200), "51–100 of 200");
    }
}
