//! A job's way from the queue to its end, as its workers and those who stop it see it.

use super::{
    ClaimedJob, Directive, JobHold, JobOutcome, NewJob, Progress,
    end::{finish, stop},
};
use crate::{
    Result, Store,
    db::{Conn, Row, json, number, sql},
};
use rollcall_shared::{
    app::SdkAppId,
    job::{JobKind, JobState, RefusedItem},
    time::Timestamp,
};

/// How many refused accounts one statement writes.
const ROWS: usize = 50;

impl Store {
    /// Keeps a job.
    ///
    /// # Errors
    /// The database failed.
    pub async fn enqueue(&self, job: &NewJob) -> Result<()> {
        self.write(job.clone(), |conn, job| Box::pin(insert(conn, job))).await
    }

    /// Claims the oldest job that waits or whose lease ran out.
    ///
    /// # Errors
    /// The database failed.
    pub async fn claim_job(&self, now: Timestamp, lease_until: Timestamp) -> Result<Option<ClaimedJob>> {
        self.write((now, lease_until), |conn, (now, until)| Box::pin(claim(conn, *now, *until))).await
    }

    /// Writes progress and prolongs the lease.
    ///
    /// # Errors
    /// The database failed; nothing was written.
    pub async fn job_progress(
        &self,
        job: &str,
        lease: i64,
        progress: &Progress,
        lease_until: Timestamp,
    ) -> Result<Directive> {
        let input = (job.to_owned(), lease, progress.clone(), lease_until);
        self.write(input, |conn, (job, lease, progress, until)| {
            Box::pin(note(conn, job, *lease, progress, *until))
        })
        .await
    }

    /// Ends a job as done, failed or cancelled; false when the lease is another's.
    ///
    /// # Errors
    /// The database failed.
    pub async fn finish_job(
        &self,
        job: &str,
        lease: i64,
        outcome: JobOutcome,
        now: Timestamp,
    ) -> Result<bool> {
        let input = (job.to_owned(), lease, outcome, now);
        self.write(input, |conn, (job, lease, outcome, now)| {
            Box::pin(finish(conn, job, *lease, outcome, *now))
        })
        .await
    }

    /// Asks a job to stop: a queued one is cancelled at once. None when there is no such job.
    ///
    /// # Errors
    /// The database failed.
    pub async fn cancel_job(
        &self,
        app: SdkAppId,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<rollcall_shared::job::Job>> {
        let input = (app, id.to_owned(), now);
        self.write(input, |conn, (app, id, now)| {
            Box::pin(async move {
                stop(conn, *app, Some(id), *now).await?;
                super::list::find(conn, *app, id).await
            })
        })
        .await
    }

    /// Exports whose file expired before `now`: their ids, so that the files can be removed; clears the result.
    ///
    /// # Errors
    /// The database failed.
    pub async fn take_expired_exports(&self, now: Timestamp) -> Result<Vec<(SdkAppId, String)>> {
        self.write(now, |conn, now| {
            Box::pin(async move {
                let take = sql("UPDATE jobs SET result = '', file_expires_at = 0 \
                     WHERE file_expires_at <> 0 AND file_expires_at < $1 RETURNING app_id, id");
                conn.fetch_map(take.bind(*now), |row| Ok((SdkAppId(row.i64(0)?), row.text(1)?))).await
            })
        })
        .await
    }

    /// Removes finished jobs older than `before`, with what they refused. One that has a file stays.
    ///
    /// # Errors
    /// The database failed.
    pub async fn prune_jobs(&self, before: Timestamp) -> Result<u64> {
        self.write(before, |conn, before| {
            Box::pin(async move {
                let refused =
                    sql("DELETE FROM job_refused WHERE (app_id, job_id) IN (SELECT app_id, id FROM jobs \
                     WHERE state >= $1 AND finished_at < $2 AND file_expires_at = 0)");
                conn.execute(refused.bind(JobState::Done.code()).bind(*before)).await?;
                let jobs =
                    sql("DELETE FROM jobs WHERE state >= $1 AND finished_at < $2 AND file_expires_at = 0");
                conn.execute(jobs.bind(JobState::Done.code()).bind(*before)).await
            })
        })
        .await
    }
}

/// Keeps a job, in the caller's transaction.
pub(crate) async fn insert(conn: &mut Conn, job: &NewJob) -> Result<()> {
    let NewJob { id, app, kind, request, total, created_by, now, import, schedule } = job;
    let insert =
        sql("INSERT INTO jobs (id, app_id, kind, state, request, checkpoint, done, total, refused, \
         created_at, created_by, import, schedule) \
         VALUES ($1, $2, $3, $4, $5, 'null', 0, $6, 0, $7, $8, $9, $10)");
    let insert = insert.bind(id.as_str()).bind(*app).bind(kind.code()).bind(JobState::Queued.code());
    let insert = insert.bind(json(request)?).bind(number(*total)).bind(*now);
    let import = import.as_ref().map_or_else(|| Ok(String::new()), json)?;
    let insert = insert.bind(created_by.to_string()).bind(import).bind(schedule.unwrap_or_default());
    conn.execute(insert).await.map(drop)
}

/// Puts a job that failed or was cancelled back into the queue, to go on where it stopped.
pub(crate) async fn resume(conn: &mut Conn, app: SdkAppId, id: &str) -> Result<()> {
    let resume = sql("UPDATE jobs SET state = $3, cancel_requested = 0, finished_at = 0, error = '' \
         WHERE app_id = $1 AND id = $2 AND state IN ($4, $5)");
    let resume = resume.bind(app).bind(id).bind(JobState::Queued.code());
    let resume = resume.bind(JobState::Failed.code()).bind(JobState::Cancelled.code());
    conn.execute(resume).await.map(drop)
}

/// Where a job stopped; null when it did nothing yet.
pub(crate) async fn checkpoint(conn: &mut Conn, app: SdkAppId, id: &str) -> Result<serde_json::Value> {
    let checkpoint = sql("SELECT checkpoint FROM jobs WHERE app_id = $1 AND id = $2").bind(app).bind(id);
    let row = conn.fetch_optional(checkpoint).await?;
    row.map_or(Ok(serde_json::Value::Null), |row| row.json(0))
}

async fn claim(conn: &mut Conn, now: Timestamp, lease_until: Timestamp) -> Result<Option<ClaimedJob>> {
    // A job that was cancelled while its worker was lost is claimed too, so that someone ends it.
    let mut oldest =
        sql("SELECT id FROM jobs WHERE state < 2 AND lease_until <= $1 ORDER BY created_at, id LIMIT 1");
    oldest = oldest.bind(now);
    oldest.push(conn.engine().skip_locked());
    let Some(id) = conn.fetch_optional(oldest).await? else { return Ok(None) };
    let take = sql("UPDATE jobs SET state = $2, lease = lease + 1, lease_until = $3, \
         started_at = CASE WHEN started_at = 0 THEN $4 ELSE started_at END WHERE id = $1 \
         RETURNING id, app_id, kind, request, checkpoint, done, refused, total, created_by, lease, import, \
         schedule, created_at");
    let take = take.bind(id.text(0)?).bind(JobState::Running.code()).bind(lease_until).bind(now);
    claimed(&conn.fetch_one(take).await?).map(Some)
}

fn claimed(row: &Row) -> Result<ClaimedJob> {
    Ok(ClaimedJob {
        id: row.text(0)?,
        app: SdkAppId(row.i64(1)?),
        kind: row.code(2, JobKind::from_code)?,
        request: row.json(3)?,
        checkpoint: row.json(4)?,
        done: row.u64(5)?,
        refused: row.u64(6)?,
        total: row.u64(7)?,
        created_by: row.str(8)?.parse()?,
        lease: row.i64(9)?,
        import: row.json_or_none(10)?,
        schedule: Some(row.i64(11)?).filter(|schedule| *schedule != 0),
        created_at: row.time(12)?,
    })
}

async fn note(
    conn: &mut Conn,
    job: &str,
    lease: i64,
    progress: &Progress,
    lease_until: Timestamp,
) -> Result<Directive> {
    let Progress { done, total, refused, checkpoint, refused_items, steps } = progress;
    // A step whose commit was not answered has counted itself, and the worker does not know.
    let update = sql("UPDATE jobs SET done = CASE WHEN $9 = 0 THEN $4 ELSE done END, \
         total = CASE WHEN $9 <> 0 AND done > $5 THEN done ELSE $5 END, \
         refused = CASE WHEN $9 = 0 THEN $6 ELSE refused END, \
         checkpoint = CASE WHEN $9 = 0 THEN $7 ELSE checkpoint END, lease_until = $8 \
         WHERE id = $1 AND lease = $2 AND state = $3 RETURNING app_id, cancel_requested");
    let update = update.bind(job).bind(lease).bind(JobState::Running.code()).bind(number(*done));
    let update = update.bind(number((*total).max(*done))).bind(number(*refused)).bind(json(checkpoint)?);
    let Some(row) = conn.fetch_optional(update.bind(lease_until).bind(i32::from(*steps))).await? else {
        return Ok(Directive::Lost);
    };
    keep_refused(conn, SdkAppId(row.i64(0)?), job, refused_items).await?;
    Ok(if row.i64(1)? == 0 { Directive::Continue } else { Directive::Cancel })
}

/// Whether the worker still has the job; nobody takes it before the end of the transaction. After the application, before accounts.
pub(crate) async fn is_held(conn: &mut Conn, hold: &JobHold) -> Result<bool> {
    let mut held = sql("SELECT id FROM jobs WHERE id = $1 AND lease = $2 AND state = $3");
    held.push(conn.engine().for_update());
    let held = held.bind(hold.id.as_str()).bind(hold.lease).bind(JobState::Running.code());
    Ok(conn.fetch_optional(held).await?.is_some())
}

/// Counts a step in the transaction of what it did, so that a job that is resumed neither counts it twice nor forgets it. `done` has the
/// refused ones too; `after` is where the next step begins.
pub(crate) async fn count_step(
    conn: &mut Conn,
    hold: &JobHold,
    done: u64,
    refused: &[RefusedItem],
    after: &str,
) -> Result<()> {
    let step = sql("UPDATE jobs SET done = done + $3, refused = refused + $4, checkpoint = $5, \
         total = CASE WHEN total < done + $3 THEN done + $3 ELSE total END \
         WHERE id = $1 AND lease = $2 RETURNING app_id");
    let checkpoint = serde_json::json!({ "after": after });
    let step = step.bind(hold.id.as_str()).bind(hold.lease).bind(number(done));
    let step = step.bind(number(refused.len() as u64)).bind(json(&checkpoint)?);
    let row = conn.fetch_one(step).await?;
    keep_refused(conn, SdkAppId(row.i64(0)?), &hold.id, refused).await
}

async fn keep_refused(
    conn: &mut Conn,
    app: SdkAppId,
    job: &str,
    refused_items: &[RefusedItem],
) -> Result<()> {
    for items in refused_items.chunks(ROWS) {
        let mut keep =
            sql("INSERT INTO job_refused (app_id, job_id, user_id, errors) VALUES ").bind(app).bind(job);
        for (place, item) in items.iter().enumerate() {
            keep.push(if place == 0 { "($1, $2, " } else { "), ($1, $2, " });
            keep.push_bind(item.user_id.as_str()).push(", ").push_bind(json(&item.errors)?);
        }
        // A resumed job may report again what its predecessor reported.
        keep.push(") ON CONFLICT (app_id, job_id, user_id) DO NOTHING");
        conn.execute(keep.once()).await?;
    }
    Ok(())
}
