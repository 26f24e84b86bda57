//! The review of a brought file. It is read row by row, and its rows are sorted by username on disk: rows about the same account then
//! stand beside each other, and the accounts are looked up in the order in which they are stored. What is found goes to files: what
//! would be created, what would be changed, and the rows that are refused. Memory does not grow with the file.

use super::{
    super::{Stop, Work},
    cells::Cells,
    decide::{Candidate, Decided, Rules},
};
use crate::{
    error::ApiError,
    imports::{self, Findings, Kept, RecordWriter, Sorted, Sorter, Upload},
};
use rollcall_shared::{
    error::{FieldError, codes},
    import::{CellError, EmptyCells, Mapping, RefusedRow, Review},
};
use rollcall_store::imports::ImportRecord;
use sha2::{Digest as _, Sha256};
use std::{io, sync::Arc};
use tabular::read::{Row, RowError};
use tokio::{runtime::Handle, task::JoinHandle};

/// How many accounts are looked up at once.
const CHUNK: usize = 1000;
/// After how many rows it is asked whether to go on.
const ROWS: u64 = 1000;

pub(super) async fn run(work: &Arc<Work>, record: ImportRecord) -> Result<(), Stop> {
    let settings = record.settings.clone().unwrap_or_default();
    let mapping =
        Mapping::new(settings.mapping.clone()).map_err(|errors| Stop::failed(&ApiError::invalid(errors)))?;
    let (store, app) = (&work.state.store, work.job.app);
    let app = work.retry(|| store.app(app)).await?.ok_or_else(|| Stop::failed(&ApiError::not_found()))?;
    work.advance(|progress| (progress.done, progress.refused) = (0, 0));
    // By another name each time, so that a worker that lost the task cannot write into what is shown.
    let name = format!("{}-{}", work.job.id, work.job.lease);
    let now = work.state.clock.now();
    let rules = Rules::new(&app, &settings, now);
    let upload = Upload::new(&work.state, app.sdkappid, &record.id, record.bytes);
    let (kept_by, id) = (name.clone(), record.id.clone());
    let reviewer =
        Reviewer { work: Arc::clone(work), record, mapping, empty: settings.empty_cells, rules, name };
    let review = tokio::task::spawn_blocking(move || reviewer.run(upload)).await;
    let review = review.map_err(|panic| Stop::failed(&ApiError::internal(&panic)))??;
    let review = Review { reviewed_at: now, ..review };
    let hold = work.job.hold();
    let kept = work.retry(|| store.keep_review(app.sdkappid, &id, &hold, &kept_by, &review)).await?;
    if kept { Ok(()) } else { Err(Stop::Lost) }
}

/// What is filled anew for each row.
#[derive(Default)]
struct Buffers {
    key: Vec<u8>,
    record: Vec<u8>,
}

struct Reviewer {
    work: Arc<Work>,
    record: ImportRecord,
    mapping: Mapping,
    empty: EmptyCells,
    rules: Rules,
    name: String,
}

impl Reviewer {
    /// Runs on a thread that may block.
    fn run(mut self, upload: Upload) -> Result<Review, Stop> {
        std::fs::create_dir_all(&self.work.state.scratch).map_err(disk)?;
        let mut refused = Sorter::new(&self.work.state.scratch);
        let (rows, sorted) = self.gather(upload, &mut refused)?;
        let mut creates = self.writer(Findings::Creates);
        let mut updates = self.writer(Findings::Updates);
        let unchanged = self.compare(sorted, rows, &mut creates, &mut updates, &mut refused)?;
        let (creates, updates) = (creates.finish().map_err(disk)?, updates.finish().map_err(disk)?);
        let refused = self.keep_refused(refused.finish().map_err(disk)?)?;
        Ok(Review {
            rows,
            create: creates.records,
            update: updates.records,
            unchanged,
            refused: refused.records,
            digest: digest(&creates, &updates),
            ..Review::default()
        })
    }

    fn writer(&self, findings: Findings) -> RecordWriter {
        let (state, app) = (&self.work.state, self.work.job.app);
        RecordWriter::new(&state.files, imports::findings(app, &self.record.id, &self.name, findings))
    }

    /// Reads every row; those that can be used come back by username.
    fn gather(&self, upload: Upload, refused: &mut Sorter) -> Result<(u64, Sorted), Stop> {
        let mut opened = imports::open(upload, &self.record).map_err(Stop::Failed)?;
        let mut sorter = Sorter::new(&self.work.state.scratch);
        let (mut rows, mut buffers) = (0, Buffers::default());
        loop {
            match opened.rows.next_row().map_err(|error| Stop::Failed(imports::unreadable(&error)))? {
                None => break,
                Some(Ok(row)) => self.take(&row, &mut sorter, refused, &mut buffers).map_err(disk)?,
                Some(Err(error)) => refuse(refused, &unusable(&error)).map_err(disk)?,
            }
            rows += 1;
            if rows % ROWS == 0 {
                self.work.go_on()?;
                self.show(rows, opened.rows.bytes_read());
            }
        }
        Ok((rows, sorter.finish().map_err(disk)?))
    }

    /// Shows how far the reading is; how many rows there are is reckoned by the bytes.
    fn show(&self, rows: u64, read: u64) {
        let all = u128::from(rows) * u128::from(self.record.bytes) / u128::from(read.max(1));
        let all = u64::try_from(all).unwrap_or(u64::MAX).max(rows);
        self.work.advance(|progress| (progress.done, progress.total) = (rows / 2, all));
    }

    fn take(
        &self,
        row: &Row<'_>,
        sorter: &mut Sorter,
        refused: &mut Sorter,
        Buffers { key, record }: &mut Buffers,
    ) -> io::Result<()> {
        let cells: Vec<&str> = row.cells().map(|cell| cell.text).collect();
        let columns = row.columns();
        let errors = match self.mapping.read(&cells, self.empty) {
            Ok(read) => {
                let beyond = self.beyond(columns, &cells);
                if beyond.is_empty() {
                    key.clear();
                    key.extend(read.user_id.as_bytes());
                    key.push(0);
                    key.extend(row.number().to_be_bytes());
                    record.clear();
                    Cells::write(record, &cells)?;
                    return sorter.push(key, record);
                }
                beyond
            }
            Err(errors) => errors.into_iter().map(|error| self.cell_error(columns, &cells, error)).collect(),
        };
        let cells = cells.into_iter().map(str::to_owned).collect();
        refuse(refused, &RefusedRow { row: row.number(), cells, errors })
    }

    /// Values in columns that the file's first rows do not have, so that nobody said what they mean. Only NDJSON can have them.
    fn beyond(&self, columns: &[String], cells: &[&str]) -> Vec<CellError> {
        let known = self.mapping.columns().len();
        let unknown = columns.iter().zip(cells).skip(known).filter(|(_, cell)| !cell.is_empty());
        unknown
            .map(|(column, cell)| CellError {
                column: column.clone(),
                value: (*cell).to_owned(),
                error: FieldError::new(
                    "",
                    codes::UNKNOWN_FIELD,
                    "The first rows of the file do not have this column. Move a row that has it to the top, or leave it out.",
                ),
            })
            .collect()
    }

    /// An error of a field, at the column that the field comes from.
    fn cell_error(&self, columns: &[String], cells: &[&str], error: FieldError) -> CellError {
        let place = self.mapping.place_of(&error.field);
        let column = place.and_then(|place| columns.get(place)).cloned().unwrap_or_default();
        let value = place.and_then(|place| cells.get(place)).copied().unwrap_or_default().to_owned();
        CellError { column, value, error }
    }

    /// Compares the rows with the accounts; how many are the same.
    fn compare(
        &mut self,
        mut sorted: Sorted,
        rows: u64,
        creates: &mut RecordWriter,
        updates: &mut RecordWriter,
        refused: &mut Sorter,
    ) -> Result<u64, Stop> {
        let runtime = Handle::current();
        let (mut unchanged, mut done, mut last) = (0, 0, None);
        let mut next = self.chunk(&mut sorted, &mut last, refused)?;
        let mut looked = self.look_up(&runtime, &next);
        while !next.is_empty() {
            let chunk = std::mem::take(&mut next);
            done += chunk.len() as u64;
            let accounts =
                runtime.block_on(looked).map_err(|panic| Stop::failed(&ApiError::internal(&panic)))??;
            // The next ones are looked up while these are compared.
            next = self.chunk(&mut sorted, &mut last, refused)?;
            looked = self.look_up(&runtime, &next);
            for (candidate, cells) in chunk {
                let row = candidate.row;
                match self.rules.decide(candidate, &accounts) {
                    Decided::Create(change) => creates.push(&change).map_err(disk)?,
                    Decided::Update(change) => updates.push(&change).map_err(disk)?,
                    Decided::Unchanged => unchanged += 1,
                    Decided::Refused(error) => self.refuse_row(refused, row, &cells, error).map_err(disk)?,
                }
            }
            self.work.go_on()?;
            self.work.advance(|progress| (progress.done, progress.total) = ((rows + done) / 2, rows));
        }
        Ok(unchanged)
    }

    fn look_up(
        &self,
        runtime: &Handle,
        chunk: &[(Candidate, Cells)],
    ) -> JoinHandle<Result<rollcall_store::accounts::Looked, Stop>> {
        let ids: Vec<String> = chunk.iter().map(|(candidate, _)| candidate.asks.user_id.clone()).collect();
        let (work, since) = (Arc::clone(&self.work), self.rules.held_back_since());
        runtime.spawn(async move {
            let (store, app) = (&work.state.store, work.job.app);
            work.retry(|| store.look_up_for_import(app, &ids, since)).await
        })
    }

    /// The next rows, each about another account; a row about one that an earlier row names is refused.
    fn chunk(
        &self,
        sorted: &mut Sorted,
        last: &mut Option<(String, u64)>,
        refused: &mut Sorter,
    ) -> Result<Vec<(Candidate, Cells)>, Stop> {
        let mut chunk = Vec::with_capacity(CHUNK);
        while chunk.len() < CHUNK
            && let Some((key, record)) = sorted.take().map_err(disk)?
        {
            let row = key.last_chunk().map_or(0, |number| u64::from_be_bytes(*number));
            let cells = Cells::new(record);
            // It was read once without an error.
            let Ok(asks) = self.mapping.read(&cells.texts(), self.empty) else { continue };
            match last {
                Some((user_id, first)) if *user_id == asks.user_id => {
                    let message = format!("Row {first} is about the same account. Keep one of the two.");
                    let error = FieldError::new("user_id", codes::TAKEN, message).with("row", &first);
                    self.refuse_row(refused, row, &cells, error).map_err(disk)?;
                }
                _ => {
                    *last = Some((asks.user_id.clone(), row));
                    chunk.push((Candidate { row, asks }, cells));
                }
            }
        }
        Ok(chunk)
    }

    fn refuse_row(&self, refused: &mut Sorter, row: u64, cells: &Cells, error: FieldError) -> io::Result<()> {
        let columns = self.record.preview.as_ref().map(|preview| preview.columns.as_slice());
        let texts = cells.texts();
        let errors = vec![self.cell_error(columns.unwrap_or_default(), &texts, error)];
        let cells = texts.into_iter().map(str::to_owned).collect();
        refuse(refused, &RefusedRow { row, cells, errors })
    }

    /// Writes the refused rows in the order of the file.
    fn keep_refused(&self, mut sorted: Sorted) -> Result<Kept, Stop> {
        let mut writer = self.writer(Findings::Refused);
        while let Some((_, record)) = sorted.take().map_err(disk)? {
            let row: RefusedRow = serde_json::from_slice(&record).map_err(|error| disk(error.into()))?;
            writer.push(&row).map_err(disk)?;
        }
        writer.finish().map_err(disk)
    }
}

fn refuse(refused: &mut Sorter, row: &RefusedRow) -> io::Result<()> {
    refused.push(&row.row.to_be_bytes(), &serde_json::to_vec(row)?)
}

/// A row that the reader could not make sense of.
fn unusable(error: &RowError) -> RefusedRow {
    let row = match &error.place {
        tabular::read::Place::Line(line) => *line,
        tabular::read::Place::Row { row, .. } => *row,
    };
    let error = FieldError::new("", codes::MALFORMED, error.to_string());
    RefusedRow { row, cells: Vec::new(), errors: vec![CellError { error, ..CellError::default() }] }
}

/// Names all that would be done.
pub(super) fn digest(creates: &Kept, updates: &Kept) -> String {
    let all = format!("creates {}\nupdates {}\n", creates.sha256, updates.sha256);
    crate::secrets::hex(&Sha256::digest(all))
}

/// The disk, or the store of files, failed.
fn disk(error: io::Error) -> Stop {
    let mut problem = ApiError::internal(&error).into_problem();
    problem.detail =
        "What was found could not be written, and no account was changed. Is the disk full? Start again."
            .to_owned();
    Stop::Failed(Box::new(problem))
}
