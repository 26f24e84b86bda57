//! Jobs as their application sees them.

use crate::{
    Result, Store,
    db::{Conn, Row, sql},
};
use rollcall_shared::{
    app::SdkAppId,
    job::{Job, JobKind, JobState, RefusedItem},
};

/// The columns that [`read`] takes.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, state, done, total, refused, created_at, started_at, finished_at, created_by, \
             error, result, import FROM jobs WHERE app_id = $1 ",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<Job> {
    Ok(Job {
        id: row.text(0)?,
        kind: row.code(1, JobKind::from_code)?,
        state: row.code(2, JobState::from_code)?,
        done: row.u64(3)?,
        total: row.u64(4)?,
        refused: row.u64(5)?,
        created_at: row.time(6)?,
        started_at: row.time_or_none(7)?,
        finished_at: row.time_or_none(8)?,
        created_by: row.text(9)?,
        error: row.json_or_none(10)?,
        result: row.json_or_none(11)?,
        import: row.json_or_none(12)?,
    })
}

/// One job of the application.
pub(super) async fn find(conn: &mut Conn, app: SdkAppId, id: &str) -> Result<Option<Job>> {
    let row = conn.fetch_optional(sql(select!("AND id = $2")).bind(app).bind(id)).await?;
    row.as_ref().map(read).transpose()
}

/// Those of the named jobs that the application has.
pub(crate) async fn find_some(conn: &mut Conn, app: SdkAppId, ids: Vec<String>) -> Result<Vec<Job>> {
    let mut some = sql(select!("AND id")).bind(app);
    some.push_in(conn.engine(), ids);
    conn.fetch_map(some, |row| read(&row)).await
}

/// What the job refused of these accounts.
pub(crate) async fn refused_among(
    conn: &mut Conn,
    app: SdkAppId,
    job: &str,
    user_ids: Vec<String>,
) -> Result<Vec<RefusedItem>> {
    let mut refused =
        sql("SELECT user_id, errors FROM job_refused WHERE app_id = $1 AND job_id = $2 AND user_id")
            .bind(app)
            .bind(job);
    refused.push_in(conn.engine(), user_ids);
    conn.fetch_map(refused, |row| Ok(RefusedItem { user_id: row.text(0)?, errors: row.json(1)? })).await
}

impl Store {
    /// The application's jobs, newest first, at most `limit`.
    ///
    /// # Errors
    /// The database failed.
    pub async fn jobs(&self, app: SdkAppId, limit: u32) -> Result<Vec<Job>> {
        let newest = sql(select!("ORDER BY created_at DESC, id DESC LIMIT $2")).bind(app).bind(limit);
        self.read().await?.fetch_map(newest, |row| read(&row)).await
    }

    /// One job of the application.
    ///
    /// # Errors
    /// The database failed.
    pub async fn job(&self, app: SdkAppId, id: &str) -> Result<Option<Job>> {
        find(&mut self.read().await?, app, id).await
    }

    /// Those of the named jobs whose file is still to be had.
    ///
    /// # Errors
    /// The database failed.
    pub async fn jobs_with_files(&self, app: SdkAppId, ids: Vec<String>) -> Result<Vec<String>> {
        let mut conn = self.read().await?;
        let mut kept = sql("SELECT id FROM jobs WHERE app_id = $1 AND file_expires_at <> 0 AND id").bind(app);
        kept.push_in(conn.engine(), ids);
        conn.fetch_map(kept, |row| row.text(0)).await
    }

    /// What the job refused of these accounts.
    ///
    /// # Errors
    /// The database failed.
    pub async fn job_refused_among(
        &self,
        app: SdkAppId,
        id: &str,
        user_ids: &[String],
    ) -> Result<Vec<RefusedItem>> {
        refused_among(&mut self.read().await?, app, id, user_ids.to_vec()).await
    }

    /// A page of what the job refused, by username; `after` is the last one seen.
    ///
    /// # Errors
    /// The database failed.
    pub async fn job_refused(
        &self,
        app: SdkAppId,
        id: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<RefusedItem>> {
        let page = sql("SELECT user_id, errors FROM job_refused \
             WHERE app_id = $1 AND job_id = $2 AND user_id > $3 ORDER BY user_id LIMIT $4");
        let page = page.bind(app).bind(id).bind(after.unwrap_or_default()).bind(limit);
        let item = |row: Row| Ok(RefusedItem { user_id: row.text(0)?, errors: row.json(1)? });
        self.read().await?.fetch_map(page, item).await
    }
}
