//! The files of schedules: which are there, and which go because newer ones came or their days are over.

use crate::{
    Result, Store,
    db::{Conn, Row, sql},
};
use rollcall_shared::{app::SdkAppId, schedule::Retention, time::Timestamp};

const DAY: i64 = 24 * 60 * 60 * 1000;
/// How many files are told at once.
const TOLD: u32 = 200;

/// A file of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleFile {
    /// Of which application.
    pub app: SdkAppId,
    /// Of which schedule.
    pub schedule: i64,
    /// Which job made it.
    pub job: String,
    /// The name of the destination where it lies; empty for the server's own files.
    pub destination: String,
    /// Where it lies there; empty for the server's own files.
    pub location: String,
    /// When it was put there.
    pub created_at: Timestamp,
}

/// When a file goes because of days; never is 0.
fn end(created_at: Timestamp, retention: Retention) -> Timestamp {
    retention.days.map_or(Timestamp::default(), |days| created_at.plus_millis(i64::from(days) * DAY))
}

impl Store {
    /// Notes that a file of a schedule lies where it should; whether there still is such a schedule.
    ///
    /// # Errors
    /// The database failed.
    pub async fn keep_schedule_file(&self, file: &ScheduleFile, retention: Retention) -> Result<bool> {
        self.write((file.clone(), retention), |conn, (file, retention)| {
            Box::pin(async move {
                let keep = sql("INSERT INTO export_schedule_files (app_id, schedule_id, job_id, destination, location, \
                     created_at, expires_at) SELECT app_id, id, $3, $4, $5, $6, $7 FROM export_schedules \
                     WHERE app_id = $1 AND id = $2 \
                     ON CONFLICT (app_id, schedule_id, job_id) DO UPDATE SET destination = excluded.destination, \
                     location = excluded.location, created_at = excluded.created_at, expires_at = excluded.expires_at");
                let keep = keep.bind(file.app).bind(file.schedule).bind(file.job.as_str());
                let keep = keep.bind(file.destination.as_str()).bind(file.location.as_str());
                let keep = keep.bind(file.created_at).bind(end(file.created_at, *retention));
                Ok(conn.execute(keep).await? == 1)
            })
        })
        .await
    }

    /// The files of a schedule that its retention does not keep, the oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn surplus_schedule_files(
        &self,
        app: SdkAppId,
        schedule: i64,
        retention: Retention,
        now: Timestamp,
    ) -> Result<Vec<ScheduleFile>> {
        let all = sql(
            "SELECT app_id, schedule_id, job_id, destination, location, created_at FROM export_schedule_files \
             WHERE app_id = $1 AND schedule_id = $2 ORDER BY created_at DESC, job_id DESC",
        );
        let mut conn = self.read().await?;
        let all = conn.fetch_map(all.bind(app).bind(schedule), |row| read(&row)).await?;
        let last = retention.last.map_or(usize::MAX, |last| last as usize);
        let is_over = |file: &ScheduleFile| {
            let end = end(file.created_at, retention);
            end != Timestamp::default() && end <= now
        };
        let surplus = all.into_iter().enumerate().filter(|(place, file)| *place >= last || is_over(file));
        let mut surplus: Vec<_> = surplus.map(|(_, file)| file).collect();
        surplus.reverse();
        Ok(surplus)
    }

    /// Files of schedules whose days are over, at most 200.
    ///
    /// # Errors
    /// The database failed.
    pub async fn old_schedule_files(&self, now: Timestamp) -> Result<Vec<ScheduleFile>> {
        let old = sql(
            "SELECT app_id, schedule_id, job_id, destination, location, created_at FROM export_schedule_files \
             WHERE expires_at > 0 AND expires_at <= $1 ORDER BY expires_at LIMIT $2",
        );
        self.read().await?.fetch_map(old.bind(now).bind(TOLD), |row| read(&row)).await
    }

    /// Forgets a file that is gone; one of the server's own cannot be fetched any more either.
    ///
    /// # Errors
    /// The database failed.
    pub async fn forget_schedule_file(&self, file: &ScheduleFile) -> Result<()> {
        self.write(file.clone(), |conn, file| {
            Box::pin(async move {
                let forget = sql("DELETE FROM export_schedule_files \
                     WHERE app_id = $1 AND schedule_id = $2 AND job_id = $3");
                conn.execute(forget.bind(file.app).bind(file.schedule).bind(file.job.as_str())).await?;
                if file.destination.is_empty() {
                    let clear = sql("UPDATE jobs SET result = '', file_expires_at = 0 \
                         WHERE app_id = $1 AND id = $2 AND file_expires_at <> 0");
                    conn.execute(clear.bind(file.app).bind(file.job.as_str())).await?;
                }
                Ok(())
            })
        })
        .await
    }
}

fn read(row: &Row) -> Result<ScheduleFile> {
    Ok(ScheduleFile {
        app: SdkAppId(row.i64(0)?),
        schedule: row.i64(1)?,
        job: row.text(2)?,
        destination: row.text(3)?,
        location: row.text(4)?,
        created_at: row.time(5)?,
    })
}

/// Lets the days of another retention count for the files that are there.
pub(super) async fn set_end(conn: &mut Conn, app: SdkAppId, id: i64, retention: Retention) -> Result<()> {
    let set = sql("UPDATE export_schedule_files SET \
         expires_at = CASE WHEN $3 = 0 THEN 0 ELSE created_at + $3 END WHERE app_id = $1 AND schedule_id = $2");
    let days = i64::from(retention.days.unwrap_or_default()) * DAY;
    conn.execute(set.bind(app).bind(id).bind(days)).await.map(drop)
}
