//! Imports as they are stored, and as their application sees them: where one stands follows from its tasks.

use crate::{
    Result,
    db::{Conn, Row, Sql, sql},
    jobs,
};
use rollcall_shared::{
    app::SdkAppId,
    error::Problem,
    import::{
        Applied, IMPORTS_MAX, Import, ImportState, PART_BYTES, Preview, Reading, Review, ReviewRequest,
        Undone,
    },
    job::{Job, JobState},
    time::Timestamp,
};
use std::collections::HashMap;

/// An import as it is stored.
#[derive(Clone, Debug)]
pub struct ImportRecord {
    /// Its id.
    pub id: String,
    /// The name of the file.
    pub file_name: String,
    /// The size of the file.
    pub bytes: u64,
    /// How much of it is there.
    pub received: u64,
    /// How it is read.
    pub reading: Reading,
    /// What is in it.
    pub preview: Option<Preview>,
    /// Why it cannot be read.
    pub problem: Option<Problem>,
    /// What the last review was asked for.
    pub settings: Option<ReviewRequest>,
    /// What it found.
    pub review: Option<Review>,
    /// By what name it kept what it found.
    pub findings: String,
    /// The last task that reviewed it; empty for none.
    pub review_job: String,
    /// The task that applies it.
    pub apply_job: String,
    /// The task that takes it back.
    pub undo_job: String,
    /// When it began to be applied.
    pub applied_at: Option<Timestamp>,
    created_at: Timestamp,
    created_by: String,
    /// When it is forgotten.
    pub expires_at: Timestamp,
}

impl ImportRecord {
    /// The task that works for it, or the last one that did.
    fn job(&self) -> &str {
        [&self.undo_job, &self.apply_job, &self.review_job]
            .into_iter()
            .find(|job| !job.is_empty())
            .map_or("", |job| job)
    }

    /// Where it stands, given its last task.
    fn state(&self, job: Option<&Job>) -> ImportState {
        let job = job.map_or(JobState::Done, |job| job.state);
        if !self.undo_job.is_empty() {
            return match job {
                JobState::Done => ImportState::Undone,
                job if job.is_final() => ImportState::Applied,
                _ => ImportState::Undoing,
            };
        }
        if !self.apply_job.is_empty() {
            return if job.is_final() { ImportState::Applied } else { ImportState::Applying };
        }
        if !self.review_job.is_empty() && !job.is_final() {
            return ImportState::Reviewing;
        }
        match (self.review.is_some(), self.received < self.bytes) {
            (true, _) => ImportState::Reviewed,
            (false, true) => ImportState::Uploading,
            (false, false) => ImportState::Uploaded,
        }
    }
}

fn select() -> Sql {
    sql(
        "SELECT id, file_name, bytes, received, reading, preview, problem, settings, review, findings, review_job, apply_job, \
         undo_job, applied_at, created_at, created_by, expires_at FROM imports WHERE app_id = $1",
    )
}

fn read(row: &Row) -> Result<ImportRecord> {
    Ok(ImportRecord {
        id: row.text(0)?,
        file_name: row.text(1)?,
        bytes: row.u64(2)?,
        received: row.u64(3)?,
        reading: row.json(4)?,
        preview: row.json_or_none(5)?,
        problem: row.json_or_none(6)?,
        settings: row.json_or_none(7)?,
        review: row.json_or_none(8)?,
        findings: row.text(9)?,
        review_job: row.text(10)?,
        apply_job: row.text(11)?,
        undo_job: row.text(12)?,
        applied_at: row.time_or_none(13)?,
        created_at: row.time(14)?,
        created_by: row.text(15)?,
        expires_at: row.time(16)?,
    })
}

/// One import as it is stored.
pub(super) async fn record(conn: &mut Conn, app: SdkAppId, id: &str) -> Result<Option<ImportRecord>> {
    find(conn, app, id, "").await
}

/// The same, with something after the statement that holds the row.
pub(super) async fn find(
    conn: &mut Conn,
    app: SdkAppId,
    id: &str,
    hold: &'static str,
) -> Result<Option<ImportRecord>> {
    let mut one = select().bind(app);
    one.push(" AND id = ").push_bind(id).push(hold);
    conn.fetch_optional(one).await?.as_ref().map(read).transpose()
}

/// One import.
pub(super) async fn one(conn: &mut Conn, app: SdkAppId, id: &str) -> Result<Option<Import>> {
    let records = record(conn, app, id).await?.into_iter().collect();
    Ok(compose(conn, app, records).await?.pop())
}

/// All of the application's, newest first.
pub(super) async fn all(conn: &mut Conn, app: SdkAppId) -> Result<Vec<Import>> {
    let mut all = select().bind(app);
    all.push(" ORDER BY created_at DESC, id DESC LIMIT ").push_bind(IMPORTS_MAX);
    let records = conn.fetch_map(all, |row| read(&row)).await?;
    compose(conn, app, records).await
}

/// Puts their tasks beside them.
pub(super) async fn compose(
    conn: &mut Conn,
    app: SdkAppId,
    records: Vec<ImportRecord>,
) -> Result<Vec<Import>> {
    let ids: Vec<String> = records
        .iter()
        .flat_map(|record| [&record.review_job, &record.apply_job, &record.undo_job])
        .filter(|id| !id.is_empty())
        .cloned()
        .collect();
    let found = if ids.is_empty() { Vec::new() } else { jobs::find_some(conn, app, ids).await? };
    let jobs: HashMap<String, Job> = found.into_iter().map(|job| (job.id.clone(), job)).collect();
    Ok(records.into_iter().map(|record| with_jobs(record, &jobs)).collect())
}

fn with_jobs(record: ImportRecord, jobs: &HashMap<String, Job>) -> Import {
    let job = jobs.get(record.job());
    let applied = record.applied_at.zip(jobs.get(&record.apply_job)).map(|(applied_at, job)| Applied {
        done: job.done.saturating_sub(job.refused),
        refused: job.refused,
        complete: job.state == JobState::Done,
        applied_at,
    });
    let undone = jobs.get(&record.undo_job).map(|job| Undone {
        done: job.done.saturating_sub(job.refused),
        kept: job.refused,
        complete: job.state == JobState::Done,
    });
    Import {
        state: record.state(job),
        id: record.id,
        file_name: record.file_name,
        bytes: record.bytes,
        received: record.received,
        part_bytes: PART_BYTES,
        created_at: record.created_at,
        created_by: record.created_by,
        expires_at: record.expires_at,
        reading: record.reading,
        preview: record.preview,
        problem: record.problem,
        settings: record.settings,
        review: record.review,
        applied,
        undone,
        job: job.cloned(),
    }
}
