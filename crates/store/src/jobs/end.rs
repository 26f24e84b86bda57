//! How jobs end: by their worker, on request, or with their application. The run of a schedule ends with its job.

use super::JobOutcome;
use crate::{
    Result,
    db::{Conn, json, sql},
    schedules,
};
use rollcall_shared::{app::SdkAppId, job::JobState, time::Timestamp};

/// Ends a job whose lease is still this one; whether it is.
pub(super) async fn finish(
    conn: &mut Conn,
    job: &str,
    lease: i64,
    outcome: &JobOutcome,
    now: Timestamp,
) -> Result<bool> {
    let (state, error, result, expires) = match outcome {
        JobOutcome::Done(result) => {
            let expires = result.file.as_ref().map_or(0, |file| file.expires_at.millis());
            (JobState::Done, String::new(), json(result)?, expires)
        }
        JobOutcome::Failed(problem) => (JobState::Failed, json(problem)?, String::new(), 0),
        JobOutcome::Cancelled => (JobState::Cancelled, String::new(), String::new(), 0),
    };
    let end =
        sql("UPDATE jobs SET state = $4, error = $5, result = $6, file_expires_at = $7, finished_at = $8, \
         lease_until = 0 WHERE id = $1 AND lease = $2 AND state = $3 RETURNING app_id, schedule");
    let end = end.bind(job).bind(lease).bind(JobState::Running.code()).bind(state.code());
    let ended = conn.fetch_optional(end.bind(error).bind(result).bind(expires).bind(now)).await?;
    let Some(row) = ended else { return Ok(false) };
    let (app, schedule) = (SdkAppId(row.i64(0)?), row.i64(1)?);
    if schedule != 0 {
        schedules::note_end(conn, (app, schedule), job, outcome, now).await?;
    }
    Ok(true)
}

/// Stops every job of an application, and lets its files end now.
pub(crate) async fn stop_all(conn: &mut Conn, app: SdkAppId, now: Timestamp) -> Result<()> {
    stop(conn, app, None, now).await?;
    let files = sql("UPDATE jobs SET file_expires_at = $2 WHERE app_id = $1 AND file_expires_at > $2");
    conn.execute(files.bind(app).bind(now)).await.map(drop)
}

/// Cancels what waits and asks what runs to stop: one job, or all of the application.
pub(crate) async fn stop(conn: &mut Conn, app: SdkAppId, id: Option<&str>, now: Timestamp) -> Result<()> {
    let mut statement = sql("UPDATE jobs SET cancel_requested = 1, \
         state = CASE WHEN state = $2 THEN $3 ELSE state END, \
         finished_at = CASE WHEN state = $2 THEN $4 ELSE finished_at END \
         WHERE app_id = $1 AND state IN ($2, $5)")
    .bind(app)
    .bind(JobState::Queued.code())
    .bind(JobState::Cancelled.code())
    .bind(now)
    .bind(JobState::Running.code());
    if let Some(id) = id {
        statement.push(" AND id = ").push_bind(id);
    }
    conn.execute(statement).await?;
    schedules::note_cancelled(conn, app, now).await
}

/// Lets the files of a schedule's jobs end by then at the latest.
pub(crate) async fn end_files_of(
    conn: &mut Conn,
    app: SdkAppId,
    schedule: i64,
    latest: Timestamp,
) -> Result<()> {
    let end = sql("UPDATE jobs SET file_expires_at = $3 \
         WHERE app_id = $1 AND schedule = $2 AND file_expires_at > $3");
    conn.execute(end.bind(app).bind(schedule).bind(latest)).await.map(drop)
}
