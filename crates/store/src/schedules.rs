//! Exports that are made again and again: what was set, and what came of the last run. How a run begins and ends is in the
//! submodule `run`, which files stay in `files`. When the next run is, and the files themselves, are the server's.

mod files;
mod run;

pub use files::ScheduleFile;
pub use run::{DueSchedule, Start, Started};
pub(crate) use run::{note_cancelled, note_end};

use crate::{
    Change, Refusal, Result, Store,
    apps::{Versioned, lock_enabled},
    db::{Conn, Row, json, sql},
    jobs,
};
use rollcall_shared::{
    app::SdkAppId,
    job::{Job, JobState},
    schedule::{ExportSchedule, Retention, SCHEDULES_MAX, ScheduleSettings},
    time::Timestamp,
};
use std::collections::HashMap;

/// The columns that [`read`] takes. `$3` is the code of jobs that are done, above which all have ended: a run whose job ended without
/// a word is none (a server of the release before did that). The same statement says so that reads what came of the last run, or
/// between two of them a run could end that neither knows of.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, calendar, time_zone, export, destination, keep_last, keep_days, paused, next_at, \
             CASE WHEN EXISTS (SELECT 1 FROM jobs WHERE jobs.app_id = $1 AND jobs.id = export_schedules.job \
             AND jobs.state < $3) THEN job ELSE '' END, \
             last_run, created_at, created_by, version FROM export_schedules WHERE app_id = $1 ",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<ExportSchedule> {
    let some = |number: u32| (number > 0).then_some(number);
    let settings = ScheduleSettings {
        name: row.text(1)?,
        calendar: row.json(2)?,
        time_zone: row.text(3)?,
        export: row.json(4)?,
        destination: Some(row.text(5)?).filter(|name| !name.is_empty()),
        retention: Retention { last: some(row.u32(6)?), days: some(row.u32(7)?) },
        paused: row.i64(8)? != 0,
    };
    Ok(ExportSchedule {
        id: row.i64(0)?,
        settings,
        next_at: row.time_or_none(9)?,
        job: Some(row.text(10)?).filter(|job| !job.is_empty()),
        last: if row.str(11)?.is_empty() { None } else { Some(row.json(11)?) },
        created_at: row.time(12)?,
        created_by: row.text(13)?,
        version: row.i64(14)?,
    })
}

impl Store {
    /// The application's schedules by their numbers. `now` says which files can still be fetched.
    ///
    /// # Errors
    /// The database failed.
    pub async fn schedules(&self, app: SdkAppId, now: Timestamp) -> Result<Vec<ExportSchedule>> {
        let mut conn = self.read().await?;
        let all = sql(select!("ORDER BY id LIMIT $2")).bind(app).bind(SCHEDULES_MAX);
        let mut all = conn.fetch_map(all.bind(JobState::Done.code()), |row| read(&row)).await?;
        join_files(&mut conn, app, &mut all, now).await?;
        Ok(all)
    }

    /// One of them.
    ///
    /// # Errors
    /// The database failed.
    pub async fn schedule(&self, app: SdkAppId, id: i64, now: Timestamp) -> Result<Option<ExportSchedule>> {
        found(&mut self.read().await?, app, id, now).await
    }

    /// Keeps a schedule that runs first at `next_at`. At most 20 of an application, else [`Refusal::Taken`].
    ///
    /// # Errors
    /// The database failed.
    pub async fn create_schedule(
        &self,
        change: &Change,
        app: SdkAppId,
        settings: &ScheduleSettings,
        next_at: Timestamp,
    ) -> Result<Result<ExportSchedule, Refusal>> {
        let input = (change.clone(), app, settings.clone(), next_at);
        self.write(input, |conn, (change, app, settings, next_at)| {
            Box::pin(create(conn, change, *app, settings, *next_at))
        })
        .await
    }

    /// Changes a schedule that is still the version `expected`. It runs next at `next_at` if its calendar is another one or it
    /// was paused, else as it would have.
    ///
    /// # Errors
    /// The database failed.
    pub async fn update_schedule(
        &self,
        change: &Change,
        app: SdkAppId,
        id: i64,
        expected: (Timestamp, i64),
        settings: &ScheduleSettings,
        next_at: Timestamp,
    ) -> Result<Versioned<ExportSchedule>> {
        let input = (change.clone(), app, id, expected, settings.clone(), next_at);
        self.write(input, |conn, (change, app, id, expected, settings, next_at)| {
            Box::pin(update(conn, change, *app, (*id, *expected), settings, *next_at))
        })
        .await
    }

    /// Forgets a schedule that is still the version `expected`, and stops the run that is under way. Files stay where they
    /// are; those among the server's own go within `keep` milliseconds.
    ///
    /// # Errors
    /// The database failed.
    pub async fn delete_schedule(
        &self,
        change: &Change,
        app: SdkAppId,
        id: i64,
        expected: (Timestamp, i64),
        keep: i64,
    ) -> Result<Versioned<ExportSchedule>> {
        let input = (change.clone(), app, id, expected, keep);
        self.write(input, |conn, (change, app, id, expected, keep)| {
            Box::pin(delete(conn, change, *app, (*id, *expected), *keep))
        })
        .await
    }
}

async fn found(conn: &mut Conn, app: SdkAppId, id: i64, now: Timestamp) -> Result<Option<ExportSchedule>> {
    let row = sql(select!("AND id = $2")).bind(app).bind(id).bind(JobState::Done.code());
    let row = conn.fetch_optional(row).await?;
    let mut one: Vec<_> = row.as_ref().map(read).transpose()?.into_iter().collect();
    join_files(conn, app, &mut one, now).await?;
    Ok(one.pop())
}

/// Says where the files of last runs can be fetched.
async fn join_files(
    conn: &mut Conn,
    app: SdkAppId,
    schedules: &mut [ExportSchedule],
    now: Timestamp,
) -> Result<()> {
    let ids: Vec<String> =
        schedules.iter().filter_map(|schedule| schedule.last.as_ref()?.job.clone()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let jobs = jobs::find_some(conn, app, ids).await?;
    let jobs: HashMap<String, Job> = jobs.into_iter().map(|job| (job.id.clone(), job)).collect();
    for last in schedules.iter_mut().filter_map(|schedule| schedule.last.as_mut()) {
        let file = last.job.as_ref().and_then(|id| jobs.get(id)?.result.as_ref()?.file.as_ref());
        last.url = file.filter(|file| file.expires_at > now).map(|file| file.url.clone());
    }
    Ok(())
}

async fn create(
    conn: &mut Conn,
    change: &Change,
    app: SdkAppId,
    settings: &ScheduleSettings,
    next_at: Timestamp,
) -> Result<Result<ExportSchedule, Refusal>> {
    if let Err(refusal) = lock_enabled(conn, app).await? {
        return Ok(Err(refusal));
    }
    let held = sql("SELECT count(*) FROM export_schedules WHERE app_id = $1").bind(app);
    if conn.fetch_one(held).await?.u64(0)? >= u64::from(SCHEDULES_MAX) {
        return Ok(Err(Refusal::Taken));
    }
    let next =
        sql("UPDATE apps SET last_schedule = last_schedule + 1 WHERE app_id = $1 RETURNING last_schedule");
    let id = conn.fetch_one(next.bind(app)).await?.i64(0)?;
    let insert =
        sql("INSERT INTO export_schedules (app_id, id, name, calendar, time_zone, export, destination, \
         keep_last, keep_days, paused, next_at, job, last_run, version, created_at, created_by, updated_at, \
         updated_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', '', 1, $12, $13, $12, $13)");
    let insert = bind(insert.bind(app).bind(id), settings)?;
    let next_at = if settings.paused { Timestamp::default() } else { next_at };
    conn.execute(insert.bind(next_at).bind(change.now).bind(change.actor.to_string())).await?;
    Ok(found(conn, app, id, change.now).await?.ok_or(Refusal::NotFound))
}

/// The values of the settings, from the name to whether it is paused.
fn bind(statement: crate::db::Sql, settings: &ScheduleSettings) -> Result<crate::db::Sql> {
    let ScheduleSettings { name, paused, calendar, time_zone, export, destination, retention } = settings;
    let statement = statement.bind(name.as_str()).bind(json(calendar)?).bind(time_zone.as_str());
    let statement = statement.bind(json(export)?).bind(destination.as_deref().unwrap_or_default());
    let (last, days) = (retention.last.unwrap_or_default(), retention.days.unwrap_or_default());
    Ok(statement.bind(last).bind(days).bind(i32::from(*paused)))
}

/// The schedule, if it is the version that is meant. It is held by its application's row.
async fn meant(
    conn: &mut Conn,
    app: SdkAppId,
    (id, expected): (i64, (Timestamp, i64)),
    now: Timestamp,
) -> Result<Result<ExportSchedule, Versioned<ExportSchedule>>> {
    if let Err(refusal) = lock_enabled(conn, app).await? {
        return Ok(Err(Versioned::Refused(refusal)));
    }
    Ok(match found(conn, app, id, now).await? {
        None => Err(Versioned::Refused(Refusal::NotFound)),
        Some(found) if (found.created_at, found.version) != expected => Err(Versioned::Changed(found)),
        Some(found) => Ok(found),
    })
}

async fn update(
    conn: &mut Conn,
    change: &Change,
    app: SdkAppId,
    (id, expected): (i64, (Timestamp, i64)),
    settings: &ScheduleSettings,
    next_at: Timestamp,
) -> Result<Versioned<ExportSchedule>> {
    let before = match meant(conn, app, (id, expected), change.now).await? {
        Ok(before) => before,
        Err(otherwise) => return Ok(otherwise),
    };
    let set = sql("UPDATE export_schedules SET name = $3, calendar = $4, time_zone = $5, export = $6, \
         destination = $7, keep_last = $8, keep_days = $9, paused = $10, updated_at = $11, updated_by = $12, \
         version = version + 1 WHERE app_id = $1 AND id = $2");
    let set = bind(set.bind(app).bind(id), settings)?;
    conn.execute(set.bind(change.now).bind(change.actor.to_string())).await?;
    let of = |settings: &ScheduleSettings| (settings.calendar.clone(), settings.time_zone.clone());
    let goes_on = !settings.paused && !before.settings.paused && of(settings) == of(&before.settings);
    if !goes_on {
        let next_at = if settings.paused { Timestamp::default() } else { next_at };
        let set = sql("UPDATE export_schedules SET next_at = $3 WHERE app_id = $1 AND id = $2");
        conn.execute(set.bind(app).bind(id).bind(next_at)).await?;
    }
    files::set_end(conn, app, id, settings.retention).await?;
    let found = found(conn, app, id, change.now).await?;
    Ok(found.map_or(Versioned::Refused(Refusal::NotFound), Versioned::Done))
}

async fn delete(
    conn: &mut Conn,
    change: &Change,
    app: SdkAppId,
    (id, expected): (i64, (Timestamp, i64)),
    keep: i64,
) -> Result<Versioned<ExportSchedule>> {
    let gone = match meant(conn, app, (id, expected), change.now).await? {
        Ok(gone) => gone,
        Err(otherwise) => return Ok(otherwise),
    };
    if let Some(job) = &gone.job {
        jobs::stop(conn, app, Some(job.as_str()), change.now).await?;
    }
    jobs::end_files_of(conn, app, id, change.now.plus_millis(keep)).await?;
    for statement in [
        "DELETE FROM export_schedule_files WHERE app_id = $1 AND schedule_id = $2",
        "DELETE FROM export_schedules WHERE app_id = $1 AND id = $2",
    ] {
        conn.execute(sql(statement).bind(app).bind(id)).await?;
    }
    Ok(Versioned::Done(gone))
}
