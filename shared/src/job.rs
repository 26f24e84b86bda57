//! Long work: exports, deletions of all that match, the deletion of an application.

use crate::{
    account::AccountPatch,
    custom_field::{self, FieldName},
    error::Problem,
    export::{Cells, Compression, Header},
    import::ImportTask,
    profile::{UnknownValue, closed_set},
    selection::{Matching, Selection},
    time::Timestamp,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

closed_set! {
    /// What a job does.
    JobKind {
        /// Writes a file of accounts.
        #[default]
        Export = 0 => "export",
        /// Deletes all that match.
        Deletion = 1 => "deletion",
        /// Edits all that match.
        Edit = 2 => "edit",
        /// Brings accounts in.
        Import = 3 => "import",
        /// Deletes an application with everything it owns.
        AppDeletion = 4 => "app_deletion",
    }
}

closed_set! {
    /// Where a job stands. The last three are final.
    JobState {
        /// Waits for a worker.
        #[default]
        Queued = 0 => "queued",
        /// Is being done.
        Running = 1 => "running",
        /// Is complete.
        Done = 2 => "done",
        /// Ended by an error; `error` says which and what was kept.
        Failed = 3 => "failed",
        /// Ended on request; what was done stays done.
        Cancelled = 4 => "cancelled",
    }
}

impl JobState {
    /// Whether nothing more will happen.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// A piece of long work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Job {
    /// Its id: opaque, and hard to guess.
    pub id: String,
    /// What it does.
    pub kind: JobKind,
    /// Where it stands.
    pub state: JobState,
    /// How many accounts are dealt with, refused ones included.
    pub done: u64,
    /// How many there are to deal with; grows to `done` when more were found.
    pub total: u64,
    /// How many were refused.
    pub refused: u64,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When a worker first took it.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Who asked for it.
    pub created_by: String,
    /// Why it failed.
    pub error: Option<Problem>,
    /// What it made.
    pub result: Option<JobResult>,
    /// Which import it works for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<ImportTask>,
}

/// What a job made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobResult {
    /// The file of an export.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<ExportFile>,
}

/// A complete file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportFile {
    /// Its name for the download.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// How many accounts it holds; the header is not one.
    pub rows: u64,
    /// The SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// When it is removed.
    pub expires_at: Timestamp,
    /// Where to get it: a path that never names another file.
    pub url: String,
}

closed_set! {
    /// The format of a file of accounts.
    ExportFormat {
        /// RFC 4180 in UTF-8 with BOM; cells that a spreadsheet would run are made harmless unless asked otherwise.
        #[default]
        Csv = 0 => "csv",
        /// A workbook; every text is written as text.
        Xlsx = 1 => "xlsx",
        /// One JSON account a line, exactly as the API shows it.
        Ndjson = 2 => "ndjson",
    }
}

closed_set! {
    /// A column of a file of accounts, and of the console's list.
    Column {
        /// Username.
        #[default]
        UserId = 0 => "user_id",
        /// Nickname.
        Nickname = 1 => "nickname",
        /// Account type.
        Type = 2 => "type",
        /// Profile photo.
        PhotoUrl = 3 => "photo_url",
        /// Gender.
        Gender = 4 => "gender",
        /// Birth date.
        BirthDate = 5 => "birth_date",
        /// Location.
        Location = 6 => "location",
        /// What's up.
        WhatsUp = 7 => "whats_up",
        /// Friend request verification.
        FriendVerification = 8 => "friend_verification",
        /// Language.
        Language = 9 => "language",
        /// Message settings.
        MessageSettings = 10 => "message_settings",
        /// Friending.
        Friending = 11 => "friending",
        /// Level.
        Level = 12 => "level",
        /// Role.
        Role = 13 => "role",
        /// Creation time.
        CreatedAt = 14 => "created_at",
        /// Time of the last change.
        UpdatedAt = 15 => "updated_at",
    }
}

/// A column of a file of accounts, or of a list: what every account has, or a custom field of the application. On the wire
/// a field's name, a custom one's with `custom.` in front.
///
/// ```
/// use rollcall_shared::job::{AnyColumn, Column};
/// assert_eq!("level".parse(), Ok(AnyColumn::Own(Column::Level)));
/// let hobby: AnyColumn = "custom.Hobby".parse().unwrap();
/// assert_eq!(hobby.to_string(), "custom.Hobby");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnyColumn {
    /// A column of every account.
    Own(Column),
    /// A custom field.
    Custom(FieldName),
}

impl AnyColumn {
    /// Every column of an application with these custom fields.
    pub fn all(custom: impl IntoIterator<Item = FieldName>) -> Vec<Self> {
        Column::ALL.iter().copied().map(Self::Own).chain(custom.into_iter().map(Self::Custom)).collect()
    }
}

impl From<Column> for AnyColumn {
    fn from(column: Column) -> Self {
        Self::Own(column)
    }
}

impl fmt::Display for AnyColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(column) => f.write_str(column.as_str()),
            Self::Custom(name) => write!(f, "{}{name}", custom_field::PREFIX),
        }
    }
}

impl FromStr for AnyColumn {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text.strip_prefix(custom_field::PREFIX) {
            Some(name) => name.parse().map(Self::Custom).map_err(|_| UnknownValue),
            None => text.parse().map(Self::Own),
        }
    }
}

impl Serialize for AnyColumn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AnyColumn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| de::Error::custom(format_args!("{text:?} is no column")))
    }
}

/// A request for a file of accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ExportRequest {
    /// Which accounts; `null` means all.
    #[serde(default)]
    pub selection: Option<Selection>,
    /// The format.
    pub format: ExportFormat,
    /// Which columns in which order; `null` means all.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<String>>))]
    pub columns: Option<Vec<AnyColumn>>,
    /// How the bytes are packed. Not for a workbook, which is packed already.
    #[serde(default, skip_serializing_if = "is_default")]
    pub compression: Compression,
    /// What a CSV file does with text that a spreadsheet would run.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cells: Cells,
    /// What the header calls the columns. Not for NDJSON, whose keys are the names of fields.
    #[serde(default, skip_serializing_if = "is_default")]
    pub header: Header,
    /// The IANA name of the time zone that times are written in, with its offset; UTC when absent. Whole accounts as
    /// NDJSON are always in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

/// What was not chosen is not said, so that servers of the release before take the request.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What a job that edits all that match is asked to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditJob {
    /// Which accounts.
    pub matching: Matching,
    /// What is written over each.
    pub patch: AccountPatch,
}

/// An account that a job refused, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefusedItem {
    /// The username.
    pub user_id: String,
    /// The reasons.
    pub errors: Vec<crate::error::FieldError>,
}
