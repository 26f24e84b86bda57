//! An import as the REST API shows it: the file that was brought, what it would do, and what it did.

use super::{EmptyCells, ImportPolicy};
use crate::{
    error::{FieldError, Problem},
    job::{AnyColumn, Job},
    profile::{UnknownValue, closed_set},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// The largest file, in bytes: 2 GiB.
pub const FILE_BYTES_MAX: u64 = 2 << 30;
/// Every part of an upload but the last has so many bytes: 8 MiB.
pub const PART_BYTES: u64 = 8 << 20;
/// The longest name of a file, in bytes.
pub const FILE_NAME_MAX: usize = 255;
/// How many rows of the file a preview shows.
pub const SAMPLE_ROWS: usize = 5;
/// How many imports an application can have under way or to be undone.
pub const IMPORTS_MAX: u32 = 50;

closed_set! {
    /// Where an import stands.
    ImportState {
        /// Parts of the file are missing.
        #[default]
        Uploading = 0 => "uploading",
        /// The file is there; the columns are to be chosen.
        Uploaded = 1 => "uploaded",
        /// A task finds out what the file would do.
        Reviewing = 2 => "reviewing",
        /// What it would do can be looked at, and applied.
        Reviewed = 3 => "reviewed",
        /// A task applies it.
        Applying = 4 => "applying",
        /// It was applied, or a part of it before its task was stopped.
        Applied = 5 => "applied",
        /// A task takes it back.
        Undoing = 6 => "undoing",
        /// It was taken back.
        Undone = 7 => "undone",
    }
}

closed_set! {
    /// What a task does for an import.
    ImportStage {
        /// Finds out what the file would do; changes nothing.
        #[default]
        Review = 0 => "review",
        /// Does what was reviewed.
        Apply = 1 => "apply",
        /// Takes back what was done.
        Undo = 2 => "undo",
    }
}

/// Which import a task works for, and what it does for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportTask {
    /// The import.
    pub id: String,
    /// What is done.
    pub stage: ImportStage,
}

/// A file that is about to be uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewImport {
    /// Its name, 1 to [`FILE_NAME_MAX`] bytes.
    pub file_name: String,
    /// Its size in bytes, 1 to [`FILE_BYTES_MAX`].
    pub bytes: u64,
}

/// An import.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Import {
    /// Its id: opaque, and hard to guess.
    pub id: String,
    /// Where it stands.
    pub state: ImportState,
    /// The name of the file.
    pub file_name: String,
    /// The size of the file.
    pub bytes: u64,
    /// How many bytes have come; the next part begins there.
    pub received: u64,
    /// The size of every part but the last.
    pub part_bytes: u64,
    /// When it began.
    pub created_at: Timestamp,
    /// Who brought the file.
    pub created_by: String,
    /// When the file and what is known of it are removed; until then it can be undone.
    pub expires_at: Timestamp,
    /// How the file is read.
    pub reading: Reading,
    /// What is in the file, once it is there and can be read.
    pub preview: Option<Preview>,
    /// Why it cannot be read. Choose otherwise how it is read, or bring another file.
    pub problem: Option<Problem>,
    /// What the last review was asked for.
    pub settings: Option<ReviewRequest>,
    /// What the file would do.
    pub review: Option<Review>,
    /// What was done.
    pub applied: Option<Applied>,
    /// What was taken back.
    pub undone: Option<Undone>,
    /// The task that works for it, or the last one that did.
    pub job: Option<Job>,
}

/// How a file is read; what is absent is told by the content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Reading {
    /// What separates the cells of CSV: `,` `;` `|` or a tab.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    /// `utf-8`, `utf-16le`, `utf-16be` or `gb18030`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The sheet of a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Whether the first row has no names of columns, but an account.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_header: bool,
    /// Whether texts of CSV are taken as they stand: a `'` in front of a formula then belongs to the text.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub exact: bool,
}

/// What is in a file, by its first rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// `CSV`, `XLSX` or `NDJSON`.
    pub format: String,
    /// What separates the cells of CSV.
    pub delimiter: Option<String>,
    /// How characters are spelled, if something showed it.
    pub encoding: Option<String>,
    /// The visible sheets of a workbook.
    pub sheets: Vec<String>,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The first rows, at most [`SAMPLE_ROWS`]; long cells are cut.
    pub sample: Vec<Vec<String>>,
    /// What each column probably means: as the application's last import had it, else by its name.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Option<String>>))]
    pub mapping: Vec<Option<AnyColumn>>,
    /// A sentence about the file that its owner should read, or nothing.
    pub notice: String,
}

/// What a review is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReviewRequest {
    /// What each column of the preview means; `null` for one that is left out.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Option<String>>))]
    pub mapping: Vec<Option<AnyColumn>>,
    /// Which accounts may be touched.
    #[serde(default)]
    pub policy: ImportPolicy,
    /// What an empty cell says of an account that is there.
    #[serde(default)]
    pub empty_cells: EmptyCells,
}

/// What a file would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Review {
    /// Rows of the file.
    pub rows: u64,
    /// Accounts that would be created.
    pub create: u64,
    /// Accounts that would be changed.
    pub update: u64,
    /// Accounts that are as the file has them.
    pub unchanged: u64,
    /// Rows that are refused.
    pub refused: u64,
    /// The SHA-256 of all that would be done, in hex: whoever applies it names it, so that nothing else is applied.
    pub digest: String,
    /// When the accounts were looked at.
    pub reviewed_at: Timestamp,
}

/// Asks to do what was reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ApplyRequest {
    /// See [`Review::digest`].
    pub digest: String,
}

/// What an import did so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Applied {
    /// Accounts that were created or changed.
    pub done: u64,
    /// Accounts that had changed since the review, and were kept as they are.
    pub refused: u64,
    /// Whether everything was dealt with; if not, its task was stopped and can go on.
    pub complete: bool,
    /// When it began: created accounts have this time.
    pub applied_at: Timestamp,
}

/// What of an import was taken back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Undone {
    /// Accounts that are as they were before: removed, or restored.
    pub done: u64,
    /// Accounts that someone changed since, and that were kept.
    pub kept: u64,
    /// Whether everything was dealt with.
    pub complete: bool,
}

/// A row that is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefusedRow {
    /// The row or line in the file, from 1.
    pub row: u64,
    /// Its cells as they were read; none where it could not be.
    pub cells: Vec<String>,
    /// What is wrong with it.
    pub errors: Vec<CellError>,
}

/// What is wrong with a row, or a cell of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CellError {
    /// The name of the column in the file; empty where it is the row as a whole.
    pub column: String,
    /// The value that is refused.
    pub value: String,
    /// The rule, by the field of accounts that it is about.
    #[serde(flatten)]
    pub error: FieldError,
}

closed_set! {
    /// What would be done to an account.
    ChangeKind {
        /// It would be created.
        #[default]
        Create = 0 => "create",
        /// It would be changed.
        Update = 1 => "update",
    }
}

/// What would be done to an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RowChange {
    /// The row or line in the file, from 1.
    pub row: u64,
    /// Whose account.
    pub user_id: String,
    /// What would be done.
    pub kind: ChangeKind,
    /// Field by field; of a new account those that are not at their default.
    pub fields: Vec<FieldChange>,
}

/// A field that would change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldChange {
    /// Its name, a custom field's with `custom.` in front.
    pub field: String,
    /// What it is.
    pub before: String,
    /// What it would be.
    pub after: String,
}

/// A page of what a review found, by position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewPage<T> {
    /// The rows of the page.
    pub items: Vec<T>,
    /// The position of the first one, from 0.
    pub offset: u64,
    /// How many there are in all.
    pub total: u64,
}
