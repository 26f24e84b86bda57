//! How a file of accounts is written, what is wrong with such a wish, and what is proven of a file that was made. Which
//! accounts it holds is [`crate::selection`]'s; the request that carries it all is [`crate::job::ExportRequest`].

use crate::{
    custom_field::{self, CustomField},
    error::{FieldError, codes},
    job::{AnyColumn, Column, ExportFormat, ExportRequest},
    profile::{UnknownValue, closed_set},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The most accounts of a file that is answered at once, without a job.
pub const STREAM_MAX: u64 = 10_000;
/// The time zone of a file that does not name one.
pub const UTC: &str = "UTC";

closed_set! {
    /// How the bytes of a file are packed. A workbook is packed already.
    Compression {
        /// As they are.
        #[default]
        None = 0 => "none",
        /// RFC 1952.
        Gzip = 1 => "gzip",
        /// RFC 8878.
        Zstd = 2 => "zstd",
    }
}

closed_set! {
    /// What a CSV file does with text that a spreadsheet would run. The other formats say that text is text, so they
    /// always hold it exactly.
    Cells {
        /// Puts an apostrophe before it, which reading the file back takes away.
        #[default]
        Safe = 0 => "safe",
        /// Leaves it as it is, for programs.
        Exact = 1 => "exact",
    }
}

closed_set! {
    /// What the header of a table calls its columns.
    Header {
        /// The names of the API's fields.
        #[default]
        Names = 0 => "names",
        /// In English, as the console shows them.
        En = 1 => "en",
        /// In Chinese.
        Zh = 2 => "zh",
    }
}

closed_set! {
    /// At what time the accounts of a file stood as it says.
    Consistency {
        /// All of them at one time.
        #[default]
        Snapshot = 0 => "snapshot",
        /// Each when its page was read: every account once, but a later page may show what came after an earlier one.
        Paged = 1 => "paged",
    }
}

impl Header {
    /// What a column is called. Custom fields keep their names in every language, so that none is taken for a field of
    /// every account.
    ///
    /// ```
    /// use rollcall_shared::{export::Header, job::Column};
    /// assert_eq!(Header::Names.label(Column::BirthDate.into()), "birth_date");
    /// assert_eq!(Header::Zh.label(Column::BirthDate.into()), "生日");
    /// ```
    pub fn label(self, column: AnyColumn) -> Cow<'static, str> {
        match (self, column) {
            (Self::En, AnyColumn::Own(column)) => english(column).into(),
            (Self::Zh, AnyColumn::Own(column)) => chinese(column).into(),
            _ => column.to_string().into(),
        }
    }
}

const fn english(column: Column) -> &'static str {
    match column {
        Column::UserId => "Username",
        Column::Nickname => "Nickname",
        Column::Type => "Type",
        Column::PhotoUrl => "Profile Photo",
        Column::Gender => "Gender",
        Column::BirthDate => "Birth Date",
        Column::Location => "Location",
        Column::WhatsUp => "What's Up",
        Column::FriendVerification => "Friend Request Verification",
        Column::Language => "Language",
        Column::MessageSettings => "Message settings",
        Column::Friending => "Friending",
        Column::Level => "Level",
        Column::Role => "Role",
        Column::CreatedAt => "Creation time",
        Column::UpdatedAt => "Last change",
    }
}

const fn chinese(column: Column) -> &'static str {
    match column {
        Column::UserId => "用户名",
        Column::Nickname => "昵称",
        Column::Type => "账号类型",
        Column::PhotoUrl => "头像",
        Column::Gender => "性别",
        Column::BirthDate => "生日",
        Column::Location => "所在地",
        Column::WhatsUp => "个性签名",
        Column::FriendVerification => "加好友验证方式",
        Column::Language => "语言",
        Column::MessageSettings => "消息设置",
        Column::Friending => "加好友权限",
        Column::Level => "等级",
        Column::Role => "角色",
        Column::CreatedAt => "创建时间",
        Column::UpdatedAt => "最近修改时间",
    }
}

impl ExportRequest {
    /// Everything that is wrong with how the file is to be written, given the application's custom fields. Whether the
    /// time zone exists is not known here.
    pub fn form_errors(&self, custom: &[CustomField]) -> Vec<FieldError> {
        let mut errors: Vec<FieldError> =
            self.columns.as_deref().and_then(|chosen| wrong_column(chosen, custom)).into_iter().collect();
        if self.format == ExportFormat::Xlsx && self.compression != Compression::None {
            let message = "A workbook is packed already. Leave the compression out, or choose csv or ndjson.";
            errors.push(FieldError::new("compression", codes::INVALID, message));
        }
        if self.format == ExportFormat::Ndjson && self.header != Header::Names {
            let message = "The keys of NDJSON are the names of the fields. Leave the header out, or choose csv or xlsx.";
            errors.push(FieldError::new("header", codes::INVALID, message));
        }
        let whole = self.format == ExportFormat::Ndjson && self.columns.is_none();
        if whole && self.time_zone.as_deref().is_some_and(|zone| zone != UTC) {
            let message = "Whole accounts are written as the API shows them, in UTC. Leave the time zone out, or choose columns.";
            errors.push(FieldError::new("time_zone", codes::INVALID, message));
        }
        errors
    }
}

/// What is wrong with a choice of columns.
fn wrong_column(columns: &[AnyColumn], custom: &[CustomField]) -> Option<FieldError> {
    if columns.is_empty() {
        return Some(FieldError::new("columns", codes::REQUIRED, "Choose at least one column."));
    }
    for (at, column) in columns.iter().enumerate() {
        if let AnyColumn::Custom(name) = column
            && !custom.iter().any(|field| field.name == name.as_str())
        {
            let error = custom_field::undefined(name.as_str());
            return Some(FieldError { field: format!("columns[{at}]"), ..error });
        }
    }
    let repeated = columns.iter().enumerate().find(|(at, column)| columns[..*at].contains(column));
    repeated.map(|(at, _)| {
        FieldError::new(&format!("columns[{at}]"), codes::INVALID, "Each column can be chosen once.")
    })
}

/// What is proven of a file of accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportManifest {
    /// The file's name.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// The SHA-256 of its bytes, in lower-case hex.
    pub sha256: String,
    /// How many accounts it holds; the header is not one.
    pub rows: u64,
    /// What it is once it is unpacked; the same as the file if it is not compressed.
    pub content: ContentDigest,
    /// The format.
    pub format: ExportFormat,
    /// How it is packed.
    pub compression: Compression,
    /// Whether texts are marked so that spreadsheets do not run them; always `exact` where the format has no marks.
    pub cells: Cells,
    /// What the header calls the columns.
    pub header: Header,
    /// The IANA name of the time zone that times are written in.
    pub time_zone: String,
    /// The columns in their order; `null` for whole accounts exactly as the API shows them.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<String>>))]
    pub columns: Option<Vec<AnyColumn>>,
    /// When the accounts began to be read: what was acknowledged before is in the file.
    pub snapshot_at: Timestamp,
    /// Whether they all stood so at one time.
    pub consistency: Consistency,
}

/// Bytes by their number and hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContentDigest {
    /// How many.
    pub bytes: u64,
    /// Their SHA-256, in lower-case hex.
    pub sha256: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(request: &str) -> Vec<String> {
        let custom = [CustomField { name: "Hobby".to_owned(), ..CustomField::default() }];
        let request: ExportRequest = serde_json::from_str(request).unwrap();
        request.form_errors(&custom).into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn a_request_of_old_asks_for_what_it_always_did() {
        let request: ExportRequest = serde_json::from_str(r#"{"format":"csv"}"#).unwrap();
        assert_eq!((request.compression, request.cells), (Compression::None, Cells::Safe));
        assert_eq!((request.header, request.time_zone.as_ref()), (Header::Names, None));
        // Servers of the release before take what they know.
        let text = serde_json::to_string(&request).unwrap();
        assert_eq!(text, r#"{"selection":null,"format":"csv","columns":null}"#);
    }

    #[test]
    fn what_a_format_cannot_be_is_refused_by_its_field() {
        assert_eq!(fields(r#"{"format":"xlsx","compression":"gzip"}"#), ["compression"]);
        assert_eq!(fields(r#"{"format":"ndjson","header":"zh"}"#), ["header"]);
        assert_eq!(fields(r#"{"format":"ndjson","time_zone":"Asia/Shanghai"}"#), ["time_zone"]);
        assert_eq!(
            fields(r#"{"format":"ndjson","time_zone":"Asia/Shanghai","columns":["created_at"]}"#),
            [""; 0]
        );
        assert_eq!(fields(r#"{"format":"ndjson","time_zone":"UTC","compression":"zstd"}"#), [""; 0]);
        assert_eq!(fields(r#"{"format":"csv","columns":["custom.Hobby","custom.Other"]}"#), ["columns[1]"]);
        assert_eq!(fields(r#"{"format":"csv","columns":["level","role","level"]}"#), ["columns[2]"]);
    }

    #[test]
    fn no_two_columns_have_one_label() {
        for header in Header::ALL {
            let mut labels: Vec<_> =
                Column::ALL.iter().map(|column| header.label((*column).into())).collect();
            labels.sort();
            labels.dedup();
            assert_eq!(labels.len(), Column::ALL.len(), "{header}");
        }
    }
}
