//! Rows that an import refused as CSV with the columns of the file and a column that says why, ready to be mended and brought again.

use super::{Findings, RecordReader, findings as findings_at};
use crate::state::AppState;
use futures::{Stream, stream};
use object_store::ObjectStore;
use rollcall_shared::{
    app::SdkAppId,
    import::{CellError, RefusedRow, RowChange},
    job::{AnyColumn, Column, RefusedItem},
};
use rollcall_store::{
    Store,
    imports::{ImportRecord, PlannedChange},
};
use std::{collections::HashMap, io, sync::Arc};
use tabular::{Cell, Csv, Guard, Table};

/// How many rows are read at once.
const CHUNK: usize = 1_000;
/// The column that says why a row was refused.
const REASON: &str = "reason";

/// What goes into the file.
pub struct Refusals {
    files: Arc<dyn ObjectStore>,
    store: Store,
    app: SdkAppId,
    record: ImportRecord,
    columns: Vec<String>,
    readers: Vec<(Findings, RecordReader)>,
    is_first: bool,
}

impl Refusals {
    /// Those of an import that was reviewed.
    ///
    /// # Errors
    /// The store of files failed.
    pub async fn new(state: &AppState, app: SdkAppId, record: ImportRecord) -> object_store::Result<Self> {
        let names = record.preview.as_ref().map(|preview| preview.columns.clone()).unwrap_or_default();
        let columns = names.into_iter().chain([REASON.to_owned()]).collect();
        let store = state.store.clone();
        let files = Arc::clone(&state.files);
        let mut all = Self { files, store, app, record, columns, readers: Vec::new(), is_first: true };
        // The last one is read first.
        let changed = [Findings::Updates, Findings::Creates];
        let changed = changed.into_iter().filter(|_| !all.record.apply_job.is_empty());
        for findings in changed.chain([Findings::Refused]).collect::<Vec<_>>() {
            let reader = all.reader(findings).await?;
            all.readers.push((findings, reader));
        }
        Ok(all)
    }

    async fn reader(&self, findings: Findings) -> object_store::Result<RecordReader> {
        let location = findings_at(self.app, &self.record.id, &self.record.findings, findings);
        RecordReader::open(&self.files, location, 0).await
    }

    /// The parts of the file. A fault breaks it off.
    pub fn parts(self) -> impl Stream<Item = io::Result<Vec<u8>>> {
        stream::try_unfold(self, async |mut all| {
            let Some(rows) = all.rows().await? else {
                let empty =
                    all.is_first.then(|| table(&all.columns, &[])).transpose().map_err(io::Error::other)?;
                all.is_first = false;
                return Ok(empty.map(|bytes| (bytes, all)));
            };
            let bytes = table(&all.columns, &rows).map_err(io::Error::other)?;
            let header =
                if all.is_first { 0 } else { table(&all.columns, &[]).map_err(io::Error::other)?.len() };
            all.is_first = false;
            Ok(Some((bytes.get(header..).unwrap_or_default().to_vec(), all)))
        })
    }

    /// The next rows; none at the end.
    async fn rows(&mut self) -> io::Result<Option<Vec<Vec<String>>>> {
        let Some((findings, reader)) = self.readers.last_mut() else { return Ok(None) };
        let findings = *findings;
        let rows = match findings {
            Findings::Refused => some::<RefusedRow>(reader).await?.map(|rows| self.of_review(rows)),
            Findings::Creates | Findings::Updates => match some::<PlannedChange>(reader).await? {
                Some(changes) => Some(self.of_application(changes).await?),
                None => None,
            },
        };
        if rows.is_none() {
            self.readers.pop();
            return Box::pin(self.rows()).await;
        }
        Ok(rows)
    }

    fn of_review(&self, rows: Vec<RefusedRow>) -> Vec<Vec<String>> {
        let width = self.columns.len() - 1;
        let row = |row: RefusedRow| {
            let mut cells = row.cells;
            cells.resize(width, String::new());
            cells.push(row.errors.iter().map(reason).collect::<Vec<_>>().join(" "));
            cells
        };
        rows.into_iter().map(row).collect()
    }

    /// Those of the changes that were refused when they were applied, as cells.
    async fn of_application(&self, changes: Vec<PlannedChange>) -> io::Result<Vec<Vec<String>>> {
        let ids: Vec<String> = changes.iter().map(|change| change.user_id().to_owned()).collect();
        let refused = self.store.job_refused_among(self.app, &self.record.apply_job, &ids).await;
        let refused: HashMap<String, RefusedItem> =
            refused.map_err(io::Error::other)?.into_iter().map(|item| (item.user_id.clone(), item)).collect();
        let row = |change: &PlannedChange| {
            let item = refused.get(change.user_id())?;
            let mut cells = self.cells(&change.show());
            cells.push(item.errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join(" "));
            Some(cells)
        };
        Ok(changes.iter().filter_map(row).collect())
    }

    /// What the file said of the account, as far as it would have changed something.
    fn cells(&self, change: &RowChange) -> Vec<String> {
        let mapping =
            self.record.settings.as_ref().map(|settings| settings.mapping.as_slice()).unwrap_or_default();
        let cell = |column: &Option<AnyColumn>| {
            let name = column.map(|column| column.to_string()).unwrap_or_default();
            if name == Column::UserId.as_str() {
                return change.user_id.clone();
            }
            let field = change.fields.iter().find(|field| field.field == name);
            field.map(|field| field.after.clone()).unwrap_or_default()
        };
        mapping.iter().map(cell).collect()
    }
}

async fn some<T: serde::de::DeserializeOwned>(reader: &mut RecordReader) -> io::Result<Option<Vec<T>>> {
    let mut records = Vec::new();
    while records.len() < CHUNK
        && let Some(record) = reader.next().await.map_err(io::Error::other)?
    {
        records.push(record);
    }
    Ok((!records.is_empty()).then_some(records))
}

fn reason(error: &CellError) -> String {
    if error.column.is_empty() {
        return error.error.message.clone();
    }
    format!("{}: {}", error.column, error.error.message)
}

/// A CSV file with these rows. Cells that a spreadsheet would run are made harmless.
///
/// # Errors
/// None that a file in memory could meet.
pub fn table(columns: &[String], rows: &[Vec<String>]) -> tabular::Result<Vec<u8>> {
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut bytes = Vec::new();
    let mut table = Box::new(Csv::new(&mut bytes, &names, Guard::Formulas)?);
    for row in rows {
        row.iter().try_for_each(|cell| table.cell(Cell::Text(cell)))?;
        table.end_row()?;
    }
    table.finish()?;
    Ok(bytes)
}
