//! How a run begins and ends. Of several servers one begins it: its start moves the time of the next run, if that is still what
//! it was.

use super::read;
use crate::{
    Actor, Result, Store,
    db::{Conn, json, sql},
    jobs::{self, JobOutcome, NewJob},
};
use rollcall_shared::{
    app::SdkAppId,
    job::{Job, JobKind, JobState},
    schedule::{Calendar, ExportSchedule, LastRun, RunState},
    time::Timestamp,
};

/// What is said of a run that did not begin.
const SKIPPED: &str = "The run before had not ended, so this one was left out.";

/// A schedule whose time has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueSchedule {
    /// Its application.
    pub app: SdkAppId,
    /// Its number.
    pub id: i64,
    /// Since when.
    pub due_at: Timestamp,
    /// When it runs.
    pub calendar: Calendar,
    /// By the clocks of which time zone.
    pub time_zone: String,
}

/// A run that is to begin.
#[derive(Clone, Debug)]
pub struct Start {
    /// Of an application.
    pub app: SdkAppId,
    /// Which schedule.
    pub id: i64,
    /// Because it is due since then, and when it runs next; none if someone asked for it.
    pub due: Option<(Timestamp, Timestamp)>,
    /// The id of its job.
    pub job_id: String,
    /// Who asks.
    pub actor: Actor,
    /// When.
    pub now: Timestamp,
}

/// What became of a run that was to begin.
#[derive(Clone, Debug, PartialEq)]
pub enum Started {
    /// It is in the queue.
    Job(Box<Job>),
    /// The run before has not ended.
    Busy,
    /// Another server began it, or there is no such schedule.
    Gone,
}

impl Store {
    /// Schedules that are due, the earliest first, at most `limit`. Nothing is changed.
    ///
    /// # Errors
    /// The database failed.
    pub async fn due_schedules(&self, now: Timestamp, limit: u32) -> Result<Vec<DueSchedule>> {
        let due = sql("SELECT s.app_id, s.id, s.next_at, s.calendar, s.time_zone FROM export_schedules s \
             JOIN apps a ON a.app_id = s.app_id WHERE s.next_at > 0 AND s.next_at <= $1 AND a.deleted_at = 0 \
             ORDER BY s.next_at, s.app_id, s.id LIMIT $2");
        let read = |row: crate::db::Row| {
            Ok(DueSchedule {
                app: SdkAppId(row.i64(0)?),
                id: row.i64(1)?,
                due_at: row.time(2)?,
                calendar: row.json(3)?,
                time_zone: row.text(4)?,
            })
        };
        self.read().await?.fetch_map(due.bind(now).bind(limit), read).await
    }

    /// Begins a run: at most one server does, and only if the run before has ended. A due run that is left out for that is
    /// noted as such.
    ///
    /// # Errors
    /// The database failed.
    pub async fn start_schedule(&self, start: &Start) -> Result<Started> {
        self.write(start.clone(), |conn, start| Box::pin(begin(conn, start))).await
    }
}

async fn begin(conn: &mut Conn, start: &Start) -> Result<Started> {
    let Start { app, id, due, job_id, actor, now } = start;
    let Some(schedule) = claim(conn, start).await? else { return Ok(Started::Gone) };
    if let Some(running) = &schedule.job
        && let Some(job) = jobs::find_some(conn, *app, vec![running.clone()]).await?.pop()
        && !job.state.is_final()
    {
        if due.is_some() {
            let error = Some(SKIPPED.to_owned());
            let run = LastRun { state: RunState::Skipped, at: *now, error, ..LastRun::default() };
            let note = sql("UPDATE export_schedules SET last_run = $3 WHERE app_id = $1 AND id = $2");
            conn.execute(note.bind(*app).bind(*id).bind(json(&run)?)).await?;
        }
        return Ok(Started::Busy);
    }
    let request = serde_json::to_value(schedule.settings.export.request(*now))
        .map_err(|error| crate::StoreError::Corrupt(error.to_string()))?;
    let job = NewJob {
        id: job_id.clone(),
        app: *app,
        kind: JobKind::Export,
        request,
        total: 0,
        created_by: actor.clone(),
        now: *now,
        import: None,
        schedule: Some(*id),
    };
    jobs::insert(conn, &job).await?;
    let set = sql("UPDATE export_schedules SET job = $3 WHERE app_id = $1 AND id = $2");
    conn.execute(set.bind(*app).bind(*id).bind(job_id.as_str())).await?;
    let job = jobs::find_some(conn, *app, vec![job_id.clone()]).await?.pop();
    Ok(job.map_or(Started::Gone, |job| Started::Job(Box::new(job))))
}

/// Takes the run, and holds the schedule's row until the end of the transaction.
async fn claim(conn: &mut Conn, start: &Start) -> Result<Option<ExportSchedule>> {
    const COLUMNS: &str = " RETURNING id, name, calendar, time_zone, export, destination, keep_last, keep_days, \
         paused, next_at, job, last_run, created_at, created_by, version";
    let mut take = match start.due {
        Some((due_at, next_at)) => {
            let take = sql("UPDATE export_schedules SET next_at = $4 \
                 WHERE app_id = $1 AND id = $2 AND next_at = $3 AND EXISTS \
                 (SELECT 1 FROM apps WHERE apps.app_id = $1 AND apps.deleted_at = 0)");
            take.bind(start.app).bind(start.id).bind(due_at).bind(next_at)
        }
        None => {
            let hold = sql("UPDATE export_schedules SET job = job WHERE app_id = $1 AND id = $2 AND EXISTS \
                 (SELECT 1 FROM apps WHERE apps.app_id = $1 AND apps.deleted_at = 0)");
            hold.bind(start.app).bind(start.id)
        }
    };
    take.push(COLUMNS);
    conn.fetch_optional(take).await?.as_ref().map(read).transpose()
}

/// Notes in the transaction that ends a job what came of the run of its schedule.
pub(crate) async fn note_end(
    conn: &mut Conn,
    (app, schedule): (SdkAppId, i64),
    job: &str,
    outcome: &JobOutcome,
    now: Timestamp,
) -> Result<()> {
    let mut run = LastRun { at: now, job: Some(job.to_owned()), ..LastRun::default() };
    match outcome {
        JobOutcome::Done(result) => {
            let file = result.file.as_ref();
            (run.rows, run.file) = (file.map(|file| file.rows), file.map(|file| file.name.clone()));
        }
        JobOutcome::Failed(problem) => {
            (run.state, run.error) = (RunState::Failed, Some(problem.detail.clone()));
        }
        JobOutcome::Cancelled => run.state = RunState::Cancelled,
    }
    let note =
        sql("UPDATE export_schedules SET job = '', last_run = $4 WHERE app_id = $1 AND id = $2 AND job = $3");
    conn.execute(note.bind(app).bind(schedule).bind(job).bind(json(&run)?)).await.map(drop)
}

/// Notes runs whose job was cancelled before a worker had it, in the transaction that did so.
pub(crate) async fn note_cancelled(conn: &mut Conn, app: SdkAppId, now: Timestamp) -> Result<()> {
    let waiting =
        sql("SELECT s.id, s.job FROM export_schedules s JOIN jobs j ON j.app_id = $1 AND j.id = s.job \
         WHERE s.app_id = $1 AND s.job <> '' AND j.state = $2");
    let waiting = waiting.bind(app).bind(JobState::Cancelled.code());
    for (id, job) in conn.fetch_map(waiting, |row| Ok((row.i64(0)?, row.text(1)?))).await? {
        note_end(conn, (app, id), &job, &JobOutcome::Cancelled, now).await?;
    }
    Ok(())
}
