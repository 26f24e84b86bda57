//! Writes a file of accounts. Rows are read in chunks and written by a thread of its own, with a short queue
//! between them, so memory does not grow with the file. A file appears complete or not at all: an export that
//! fails, is cancelled or taken over leaves nothing, and one that is taken up again begins anew.

use super::{
    Stop, Work,
    columns::{column_names, write_row},
    files,
};
use crate::error::ApiError;
use object_store::buffered::BufWriter;
use rollcall_shared::{
    account::Account,
    app::{App, SdkAppId},
    custom_field::{CustomField, FieldName},
    error::{FieldError, codes},
    job::{AnyColumn, ExportFile, ExportFormat, ExportRequest, JobResult, RefusedItem},
    list::{AccountFilter, CountMode},
    paths,
    selection::{Matching, Selection},
};
use std::{collections::HashSet, io, path::PathBuf, sync::Arc};
use tabular::{Csv, Guard, Ndjson, Table, Written, Xlsx};
use tokio::{runtime::Handle, sync::mpsc};
use tokio_util::io::SyncIoBridge;

/// How many rows are read at once: large enough for speed, small enough for memory.
const CHUNK: u32 = 1000;
/// How many chunks may wait for the writer.
const QUEUE: usize = 2;
/// The size of the parts that go to the file, of which two may be under way.
const PART: usize = 5 * 1024 * 1024;

/// What the reader sends to the writer. A queue that ends without `End` was abandoned.
enum Rows {
    More(Vec<Account>),
    End,
}

pub(super) async fn run(work: &Work) -> Result<JobResult, Stop> {
    let request: ExportRequest = work.request()?;
    let (state, id) = (&work.state, work.job.app);
    let app = work.retry(|| state.store.app(id)).await?;
    let app = app.ok_or_else(|| Stop::failed(&ApiError::not_found()))?;
    work.advance(|progress| (progress.done, progress.refused) = (0, 0));
    let total = total(work, &app, request.selection.as_ref()).await?;
    work.advance(|progress| progress.total = total);

    let out = BufWriter::with_capacity(Arc::clone(&state.files), files::location(id, &work.job.id), PART)
        .with_max_concurrency(2);
    let custom = app.custom_fields.iter().filter_map(CustomField::field_name).collect();
    let plan =
        Plan { format: request.format, columns: request.columns, custom, scratch: state.scratch.clone() };
    let (sender, inbox) = mpsc::channel(QUEUE);
    let writer = tokio::task::spawn_blocking(move || write(out, &plan, inbox));
    let fed = feed(work, request.selection.as_ref(), &sender).await;
    drop(sender);
    let written = writer.await.map_err(|panic| Stop::failed(&ApiError::internal(&panic)))?;
    // A reader that stopped is the reason why the writer did; a writer that failed, why the reader could not go on.
    if let Err(Fed::Stopped(stop)) = fed {
        return Err(stop);
    }
    let (rows, written) = written.map_err(|error| cannot_write(&error))?;
    work.advance(|progress| {
        (progress.total, progress.done) = (rows + progress.refused, rows + progress.refused)
    });
    Ok(JobResult { file: Some(describe(work, &app, request.format, rows, written)) })
}

/// How many accounts the file will hold, as exactly as can be had cheaply.
async fn total(work: &Work, app: &App, selection: Option<&Selection>) -> Result<u64, Stop> {
    match selection {
        None => Ok(app.accounts.unsigned_abs()),
        Some(Selection::UserIds { user_ids }) => Ok(user_ids.len() as u64),
        Some(Selection::Matching(matching)) => {
            let (filter, store) = (as_filter(matching), &work.state.store);
            let count = work.retry(|| store.count_accounts(work.job.app, &filter, CountMode::Exact)).await?;
            let excepted = matching.except.len() as u64;
            Ok(count
                .map_or_else(|| matching.expected.unwrap_or(0), |count| count.value.saturating_sub(excepted)))
        }
    }
}

/// The filter of a selection with its `as_of`, for counting. What is excepted still counts.
pub(super) fn as_filter(matching: &Matching) -> AccountFilter {
    let end = matching.as_of.plus_millis(1);
    let end = matching.filter.created_before.map_or(end, |before| before.min(end));
    AccountFilter { created_before: Some(end), ..matching.filter.clone() }
}

/// Why the reader ended early.
enum Fed {
    Stopped(Stop),
    WriterGone,
}

impl From<Stop> for Fed {
    fn from(stop: Stop) -> Self {
        Self::Stopped(stop)
    }
}

/// Reads the rows and sends them to the writer.
async fn feed(work: &Work, selection: Option<&Selection>, sender: &mpsc::Sender<Rows>) -> Result<(), Fed> {
    let send = async |rows| sender.send(rows).await.map_err(|_| Fed::WriterGone);
    let matching = match selection {
        Some(Selection::UserIds { user_ids }) => {
            send(Rows::More(named(work, user_ids).await?)).await?;
            return send(Rows::End).await;
        }
        Some(Selection::Matching(matching)) => Some(matching),
        None => None,
    };
    let (store, app) = (&work.state.store, work.job.app);
    let mut after: Option<String> = None;
    loop {
        work.go_on()?;
        let chunk = work.retry(|| store.export_chunk(app, matching, after.as_deref(), CHUNK)).await?;
        work.advance(|progress| {
            progress.done += chunk.accounts.len() as u64;
            progress.total = progress.total.max(progress.done);
        });
        send(Rows::More(chunk.accounts)).await?;
        if chunk.after.is_none() {
            return send(Rows::End).await;
        }
        after = chunk.after;
    }
}

/// The named accounts, each once; those that do not exist are noted as refused.
async fn named(work: &Work, user_ids: &[String]) -> Result<Vec<Account>, Stop> {
    let mut seen = HashSet::new();
    let distinct: Vec<String> = user_ids.iter().filter(|id| seen.insert(id.as_str())).cloned().collect();
    let (store, app) = (&work.state.store, work.job.app);
    let accounts = work.retry(|| store.accounts_by_id(app, &distinct)).await?;
    let found: HashSet<&str> = accounts.iter().map(|account| account.user_id.as_str()).collect();
    let missing: Vec<RefusedItem> =
        distinct.iter().filter(|id| !found.contains(id.as_str())).map(|id| not_there(id)).collect();
    work.advance(|progress| {
        progress.total = distinct.len() as u64;
        progress.done = distinct.len() as u64;
        progress.refused = missing.len() as u64;
        progress.refused_items = missing;
    });
    Ok(accounts)
}

fn not_there(user_id: &str) -> RefusedItem {
    let error = FieldError::new("user_id", codes::NOT_FOUND, "There is no such account.");
    RefusedItem { user_id: user_id.to_owned(), errors: vec![error] }
}

/// What the file looks like.
struct Plan {
    format: ExportFormat,
    columns: Option<Vec<AnyColumn>>,
    /// The application's custom fields.
    custom: Vec<FieldName>,
    scratch: PathBuf,
}

/// Writes the file, on a thread that may block. On any failure nothing is left of it.
fn write(out: BufWriter, plan: &Plan, inbox: mpsc::Receiver<Rows>) -> tabular::Result<(u64, Written)> {
    let mut out = SyncIoBridge::new(out);
    let complete = write_rows(&mut out, plan, inbox).and_then(|written| {
        out.shutdown()?;
        Ok(written)
    });
    if complete.is_err()
        && let Err(error) = Handle::current().block_on(out.into_inner().abort())
    {
        tracing::warn!(%error, "an incomplete export could not be removed");
    }
    complete
}

fn write_rows(
    out: &mut SyncIoBridge<BufWriter>,
    plan: &Plan,
    mut inbox: mpsc::Receiver<Rows>,
) -> tabular::Result<(u64, Written)> {
    let mut sheet = Sheet::begin(out, plan)?;
    let mut rows = 0;
    loop {
        match inbox.blocking_recv() {
            Some(Rows::More(accounts)) => {
                rows += accounts.len() as u64;
                accounts.iter().try_for_each(|account| sheet.row(account))?;
            }
            Some(Rows::End) => return Ok((rows, sheet.finish()?)),
            None => return Err(io::Error::other("the export was abandoned").into()),
        }
    }
}

/// The file in its format.
enum Sheet<'a> {
    /// Chosen columns.
    Table { table: Box<dyn Table + 'a>, columns: Vec<AnyColumn>, scratch: String },
    /// Whole accounts, exactly as the API shows them.
    Lines(Ndjson<&'a mut SyncIoBridge<BufWriter>>),
}

impl<'a> Sheet<'a> {
    fn begin(out: &'a mut SyncIoBridge<BufWriter>, plan: &Plan) -> tabular::Result<Self> {
        let columns = plan.columns.clone().unwrap_or_else(|| AnyColumn::all(plan.custom.iter().copied()));
        let names = column_names(&columns);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let table: Box<dyn Table + 'a> = match plan.format {
            ExportFormat::Csv => Box::new(Csv::new(out, &names, Guard::Formulas)?),
            ExportFormat::Xlsx => {
                std::fs::create_dir_all(&plan.scratch)?;
                Box::new(Xlsx::new(out, &names, "Users", &plan.scratch)?)
            }
            ExportFormat::Ndjson if plan.columns.is_some() => Box::new(Ndjson::new(out, &names)?),
            ExportFormat::Ndjson => return Ok(Self::Lines(Ndjson::new(out, &[])?)),
        };
        Ok(Self::Table { table, columns, scratch: String::new() })
    }

    fn row(&mut self, account: &Account) -> tabular::Result<()> {
        match self {
            Self::Table { table, columns, scratch } => write_row(table.as_mut(), account, columns, scratch),
            Self::Lines(lines) => lines.value(account),
        }
    }

    fn finish(self) -> tabular::Result<Written> {
        match self {
            Self::Table { table, .. } => table.finish(),
            Self::Lines(lines) => Box::new(lines).finish(),
        }
    }
}

fn describe(work: &Work, app: &App, format: ExportFormat, rows: u64, written: Written) -> ExportFile {
    let now = work.state.clock.now();
    ExportFile {
        name: files::name(&app.name, now, format),
        bytes: written.bytes,
        rows,
        sha256: written.sha256,
        expires_at: now.plus_millis(files::KEEP_MILLIS),
        url: url(work.job.app, &work.job.id),
    }
}

fn url(app: SdkAppId, job: &str) -> String {
    paths::export_file(app, job)
}

fn cannot_write(error: &tabular::Error) -> Stop {
    tracing::error!(%error, "an export could not be written");
    let mut problem = ApiError::internal(error).into_problem();
    problem.detail =
        "The file could not be written, so there is none. Is the disk full? Start again.".to_owned();
    Stop::Failed(Box::new(problem))
}
