//! A look at a brought file: what it is, its columns and first rows, or the sentence that says why it cannot be read.

use super::Upload;
use crate::{
    error::{ApiError, ApiResult},
    state::AppState,
};
use rollcall_shared::{
    app::{App, SdkAppId},
    custom_field::CustomField,
    error::{FieldError, Problem, codes},
    import::{Preview, Reading, SAMPLE_ROWS, guess},
    job::AnyColumn,
};
use rollcall_store::imports::{ImportRecord, Looked};
use std::collections::{BTreeMap, BTreeSet};
use tabular::{
    Guard,
    read::{self, Delimiter, Encoding, Format, Limits, Opened, Options},
};

/// How many lines of NDJSON are read for the names of columns.
const LINES: usize = 100_000;
/// How many characters of a cell are shown.
const SHOWN: usize = 120;

/// Bounds for files of accounts: an account with every field at its longest has about 25 KiB.
fn limits() -> Limits {
    Limits {
        row_bytes: 128 << 10,
        columns: 200,
        unpacked_bytes: 4 << 30,
        shared_bytes: 48 << 20,
        ..Limits::default()
    }
}

/// How the file is read.
///
/// # Errors
/// The fields of `reading` that mean nothing.
pub fn options(file_name: &str, reading: &Reading) -> Result<Options, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut unknown = |field: &str, values: &str| {
        errors.push(
            FieldError::new(field, codes::UNKNOWN_VALUE, format!("Use {values}.")).with("values", values),
        );
    };
    let delimiter = reading
        .delimiter
        .as_deref()
        .map(|text| Delimiter::ALL.into_iter().find(|delimiter| text.as_bytes() == [delimiter.byte()]));
    if delimiter == Some(None) {
        unknown("delimiter", "a comma, semicolon, tab or |");
    }
    let encoding = reading.encoding.as_deref().map(|text| match text.to_ascii_lowercase().as_str() {
        "utf-8" => Some(Encoding::Utf8),
        "utf-16le" => Some(Encoding::Utf16Le),
        "utf-16be" => Some(Encoding::Utf16Be),
        "gb18030" => Some(Encoding::Gb18030),
        _ => None,
    });
    if encoding == Some(None) {
        unknown("encoding", "utf-8, utf-16le, utf-16be or gb18030");
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Options {
        file_name: Some(file_name.to_owned()),
        encoding: encoding.flatten(),
        delimiter: delimiter.flatten(),
        header: !reading.no_header,
        guard: if reading.exact { Guard::Exact } else { Guard::Formulas },
        sheet: reading.sheet.clone(),
        flatten: true,
        limits: limits(),
    })
}

/// Opens the file of an import, on a thread that may block.
///
/// # Errors
/// It cannot be read; the problem is for whoever brought it.
pub fn open(upload: Upload, record: &ImportRecord) -> Result<Opened, Box<Problem>> {
    let options = options(&record.file_name, &record.reading)
        .map_err(|errors| Box::new(ApiError::invalid(errors).into_problem()))?;
    read::open(upload, &options).map_err(|error| unreadable(&error))
}

/// What is told of a file that cannot be read.
pub fn unreadable(error: &read::Error) -> Box<Problem> {
    let detail = error.to_string();
    Box::new(match error {
        read::Error::Io(cause) => {
            let mut problem = ApiError::internal(cause).into_problem();
            problem.detail =
                "The file could not be read from where the server keeps it. Try again.".to_owned();
            problem
        }
        _ => ApiError::new(axum::http::StatusCode::UNPROCESSABLE_ENTITY, codes::MALFORMED, detail)
            .into_problem(),
    })
}

/// Looks at the file and keeps what is in it.
///
/// # Errors
/// The store failed. A file that cannot be read is no error: that is kept.
pub async fn look(state: &AppState, app: &App, record: ImportRecord) -> ApiResult<()> {
    let id = app.sdkappid;
    let known = state.store.import_columns(id).await?;
    let custom = app.custom_fields.clone();
    let (name, reading) = (record.id.clone(), record.reading.clone());
    let upload = Upload::new(state, id, &record.id, record.bytes);
    let looked = tokio::task::spawn_blocking(move || preview(upload, &record, &known, &custom));
    let found = looked.await.map_err(|panic| ApiError::internal(&panic))?.map_err(|problem| *problem);
    keep(state, id, &name, Looked { reading, found }).await
}

async fn keep(state: &AppState, app: SdkAppId, id: &str, looked: Looked) -> ApiResult<()> {
    Ok(state.store.keep_look(app, id, &looked).await?)
}

fn preview(
    upload: Upload,
    record: &ImportRecord,
    known: &BTreeMap<String, Option<AnyColumn>>,
    custom: &[CustomField],
) -> Result<Preview, Box<Problem>> {
    let mut opened = open(upload, record)?;
    let rows = if opened.format == Format::Ndjson { LINES } else { SAMPLE_ROWS };
    let mut sample: Vec<Vec<String>> = Vec::new();
    for _ in 0..rows {
        match opened.rows.next_row().map_err(|error| unreadable(&error))? {
            None => break,
            Some(Ok(row)) if sample.len() < SAMPLE_ROWS => {
                sample.push(row.cells().map(|cell| cell.text.chars().take(SHOWN).collect()).collect());
            }
            Some(_) => {}
        }
    }
    let columns = opened.rows.columns().to_vec();
    Ok(Preview {
        format: opened.format.to_string(),
        delimiter: opened.delimiter.map(|delimiter| char::from(delimiter.byte()).to_string()),
        encoding: opened.rows.encoding().map(|encoding| encoding.to_string()),
        sheets: opened
            .sheets
            .iter()
            .filter(|sheet| sheet.is_visible)
            .map(|sheet| sheet.name.clone())
            .collect(),
        mapping: mapping(&columns, known, custom),
        columns,
        sample,
        notice: opened.mismatch.map(|mismatch| mismatch.to_string()).unwrap_or_default(),
    })
}

/// What the columns mean: as they did before, else by their names; each field once.
fn mapping(
    columns: &[String],
    known: &BTreeMap<String, Option<AnyColumn>>,
    custom: &[CustomField],
) -> Vec<Option<AnyColumn>> {
    let fields: Vec<_> = custom.iter().filter_map(CustomField::field_name).collect();
    let defined = |column: &AnyColumn| match column {
        AnyColumn::Own(_) => true,
        AnyColumn::Custom(field) => fields.contains(field),
    };
    let before: Vec<Option<Option<AnyColumn>>> =
        columns.iter().map(|name| known.get(name).map(|meaning| meaning.filter(|c| defined(c)))).collect();
    let mut taken: BTreeSet<AnyColumn> = BTreeSet::new();
    let mut mapping: Vec<Option<AnyColumn>> =
        before.iter().map(|before| before.flatten().filter(|column| taken.insert(*column))).collect();
    for (place, guessed) in guess(columns, &fields).into_iter().enumerate() {
        if before[place].is_none()
            && let Some(column) = guessed
            && taken.insert(column)
        {
            mapping[place] = Some(column);
        }
    }
    mapping
}
