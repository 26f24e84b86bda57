//! The beginning of a task for an import: whether it may begin now is decided in the transaction that keeps it.

use super::{KEPT_MILLIS, read};
use crate::{
    Change, Refusal, Result, Store,
    apps::hold_enabled,
    db::{Conn, json, sql},
    imports::ImportRecord,
    jobs::{self, NewJob},
};
use rollcall_shared::{
    app::SdkAppId,
    import::{Import, ImportStage, ImportState, ImportTask, ReviewRequest},
    job::{AnyColumn, Job, JobKind},
};
use std::collections::BTreeMap;

/// The most names of columns whose meaning is remembered.
const REMEMBERED: usize = 1000;

/// What is to begin.
#[derive(Clone, Debug)]
pub enum Begin {
    /// A review. The caller has checked the mapping.
    Review(ReviewRequest),
    /// The application of the review with this digest, or the rest of it.
    Apply(String),
    /// Taking back what was applied, or the rest of it.
    Undo,
}

impl Begin {
    const fn stage(&self) -> ImportStage {
        match self {
            Self::Review(_) => ImportStage::Review,
            Self::Apply(_) => ImportStage::Apply,
            Self::Undo => ImportStage::Undo,
        }
    }
}

/// Whether it began.
#[derive(Clone, Debug, PartialEq)]
pub enum Begun {
    /// The task.
    Job(Box<Job>),
    /// There is no such import.
    Missing,
    /// Not where the import stands.
    NotNow(ImportState),
    /// There is another review than the one that was named.
    OtherReview,
    /// The application is gone or disabled.
    Refused(Refusal),
}

/// A beginning, owned so that it can run in the writer.
struct Beginning {
    change: Change,
    app: SdkAppId,
    id: String,
    begin: Begin,
    job_id: String,
}

impl Store {
    /// Begins a task for the import, or lets the last one go on that was stopped.
    ///
    /// # Errors
    /// The database failed.
    pub async fn begin_import(
        &self,
        change: &Change,
        app: SdkAppId,
        id: &str,
        begin: Begin,
        job_id: &str,
    ) -> Result<Begun> {
        let (change, id, job_id) = (change.clone(), id.to_owned(), job_id.to_owned());
        let beginning = Beginning { change, app, id, begin, job_id };
        self.write(beginning, |conn, beginning| Box::pin(run(conn, beginning))).await
    }
}

/// The import, held until the end of the transaction.
pub(super) async fn lock(conn: &mut Conn, app: SdkAppId, id: &str) -> Result<Option<ImportRecord>> {
    let hold = conn.engine().for_update();
    read::find(conn, app, id, hold).await
}

async fn run(conn: &mut Conn, beginning: &Beginning) -> Result<Begun> {
    let Beginning { app, id, begin, .. } = beginning;
    if let Err(refusal) = hold_enabled(conn, *app).await? {
        return Ok(Begun::Refused(refusal));
    }
    let Some(record) = lock(conn, *app, id).await? else { return Ok(Begun::Missing) };
    let Some(import) = read::compose(conn, *app, vec![record.clone()]).await?.pop() else {
        return Ok(Begun::Missing);
    };
    match begin {
        Begin::Review(_) if import.preview.is_none() => return Ok(Begun::NotNow(import.state)),
        Begin::Apply(digest) if import.review.as_ref().is_some_and(|review| review.digest != *digest) => {
            return Ok(Begun::OtherReview);
        }
        _ => {}
    }
    let job = match (begin, import.state) {
        (Begin::Review(settings), ImportState::Uploaded | ImportState::Reviewed) => {
            review(conn, beginning, &import, settings).await?
        }
        (Begin::Apply(_), ImportState::Reviewed) => apply(conn, beginning, &import).await?,
        (Begin::Apply(_), ImportState::Applied)
            if record.undo_job.is_empty()
                && !import.applied.as_ref().is_some_and(|applied| applied.complete) =>
        {
            again(conn, *app, record.apply_job).await?
        }
        (Begin::Undo, ImportState::Applied) if import.expires_at <= beginning.change.now => {
            return Ok(Begun::Missing);
        }
        (Begin::Undo, ImportState::Applied) if record.undo_job.is_empty() => {
            undo(conn, beginning, &record, &import).await?
        }
        (Begin::Undo, ImportState::Applied) => again(conn, *app, record.undo_job).await?,
        (_, state) => return Ok(Begun::NotNow(state)),
    };
    let found = jobs::find_some(conn, *app, vec![job]).await?.pop();
    Ok(found.map_or(Begun::Missing, |job| Begun::Job(Box::new(job))))
}

async fn review(
    conn: &mut Conn,
    beginning: &Beginning,
    import: &Import,
    settings: &ReviewRequest,
) -> Result<String> {
    remember(conn, beginning.app, import, settings).await?;
    let keep = sql("UPDATE imports SET settings = $3, review = '', findings = '', review_job = $4 \
         WHERE app_id = $1 AND id = $2");
    let keep = keep.bind(beginning.app).bind(beginning.id.as_str()).bind(json(settings)?);
    conn.execute(keep.bind(beginning.job_id.as_str())).await?;
    enqueue(conn, beginning, 0, serde_json::Value::Null).await
}

async fn apply(conn: &mut Conn, beginning: &Beginning, import: &Import) -> Result<String> {
    let now = beginning.change.now;
    let keep = sql(
        "UPDATE imports SET apply_job = $3, applied_at = $4, expires_at = $5 WHERE app_id = $1 AND id = $2",
    );
    let keep = keep.bind(beginning.app).bind(beginning.id.as_str()).bind(beginning.job_id.as_str());
    conn.execute(keep.bind(now).bind(now.plus_millis(KEPT_MILLIS))).await?;
    let total = import.review.as_ref().map_or(0, |review| review.create + review.update);
    enqueue(conn, beginning, total, serde_json::Value::Null).await
}

/// Only what was applied is taken back: of a task that was stopped, up to where it stopped.
async fn undo(
    conn: &mut Conn,
    beginning: &Beginning,
    record: &ImportRecord,
    import: &Import,
) -> Result<String> {
    let keep = sql("UPDATE imports SET undo_job = $3 WHERE app_id = $1 AND id = $2");
    let keep = keep.bind(beginning.app).bind(beginning.id.as_str()).bind(beginning.job_id.as_str());
    conn.execute(keep).await?;
    let complete = import.applied.as_ref().is_some_and(|applied| applied.complete);
    let stopped = jobs::checkpoint(conn, beginning.app, &record.apply_job).await?;
    let until = if complete { serde_json::Value::Null } else { stopped["after"].clone() };
    let total = import.applied.as_ref().map_or(0, |applied| applied.done);
    enqueue(conn, beginning, total, serde_json::json!({ "complete": complete, "until": until })).await
}

async fn again(conn: &mut Conn, app: SdkAppId, job: String) -> Result<String> {
    jobs::resume(conn, app, &job).await?;
    Ok(job)
}

async fn enqueue(
    conn: &mut Conn,
    beginning: &Beginning,
    total: u64,
    request: serde_json::Value,
) -> Result<String> {
    let job = NewJob {
        id: beginning.job_id.clone(),
        app: beginning.app,
        kind: JobKind::Import,
        request,
        total,
        created_by: beginning.change.actor.clone(),
        now: beginning.change.now,
        import: Some(ImportTask { id: beginning.id.clone(), stage: beginning.begin.stage() }),
        schedule: None,
    };
    jobs::insert(conn, &job).await?;
    Ok(job.id)
}

/// What the columns of earlier imports meant.
pub(super) async fn remembered(
    conn: &mut Conn,
    app: SdkAppId,
) -> Result<BTreeMap<String, Option<AnyColumn>>> {
    let columns = sql("SELECT columns FROM import_mappings WHERE app_id = $1").bind(app);
    let row = conn.fetch_optional(columns).await?;
    Ok(row.map_or(Ok(None), |row| row.json_or_none(0))?.unwrap_or_default())
}

/// Keeps what the columns of this one mean, beside or in place of what is known.
async fn remember(conn: &mut Conn, app: SdkAppId, import: &Import, settings: &ReviewRequest) -> Result<()> {
    let names = import.preview.iter().flat_map(|preview| &preview.columns).cloned();
    let new: BTreeMap<String, Option<AnyColumn>> = names.zip(settings.mapping.iter().copied()).collect();
    let mut columns = remembered(conn, app).await?;
    if columns.len() + new.len() > REMEMBERED {
        columns.clear();
    }
    columns.extend(new);
    let keep = sql("INSERT INTO import_mappings (app_id, columns) VALUES ($1, $2) \
         ON CONFLICT (app_id) DO UPDATE SET columns = excluded.columns");
    conn.execute(keep.bind(app).bind(json(&columns)?)).await.map(drop)
}
