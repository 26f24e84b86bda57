//! Imports: the files that were brought, what a review found in them, and the tasks that apply it or take it back. What is
//! done to accounts lives with the accounts (`accounts/import.rs`); the files themselves are the server's.

mod begin;
mod plan;
mod read;

pub use begin::{Begin, Begun};
pub use plan::{Planned, PlannedChange};
pub use read::ImportRecord;

use crate::{
    Change, Refusal, Result, Store,
    apps::hold_enabled,
    db::{Conn, json, number, sql},
    jobs::JobHold,
};
use rollcall_shared::{
    app::SdkAppId,
    error::Problem,
    import::{IMPORTS_MAX, Import, NewImport, Preview, Reading, Review},
    job::AnyColumn,
    time::Timestamp,
};
use std::collections::BTreeMap;

/// How long a file is kept, from its beginning or from when it was applied: 7 days.
pub const KEPT_MILLIS: i64 = 7 * 24 * 60 * 60 * 1000;
/// How many imports a sweep takes at once.
const SWEPT: u32 = 100;

/// What became of a file that was announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Announced {
    /// It can be uploaded.
    Kept,
    /// There are [`IMPORTS_MAX`] already.
    TooMany,
    /// The application is gone or disabled.
    Refused(Refusal),
}

/// What is in a file, or why it cannot be read.
#[derive(Clone, Debug)]
pub struct Looked {
    /// How it was read.
    pub reading: Reading,
    /// What is in it.
    pub found: Result<Preview, Problem>,
}

impl Store {
    /// Keeps an import whose file will come in parts.
    ///
    /// # Errors
    /// The database failed.
    pub async fn announce_import(
        &self,
        change: &Change,
        app: SdkAppId,
        id: &str,
        new: &NewImport,
    ) -> Result<Announced> {
        let input = (change.clone(), app, id.to_owned(), new.clone());
        self.write(input, |conn, (change, app, id, new)| Box::pin(announce(conn, change, *app, id, new)))
            .await
    }

    /// The application's imports, newest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn imports(&self, app: SdkAppId) -> Result<Vec<Import>> {
        read::all(&mut self.read().await?, app).await
    }

    /// One import.
    ///
    /// # Errors
    /// The database failed.
    pub async fn import(&self, app: SdkAppId, id: &str) -> Result<Option<Import>> {
        read::one(&mut self.read().await?, app, id).await
    }

    /// What a worker needs of an import.
    ///
    /// # Errors
    /// The database failed.
    pub async fn import_record(&self, app: SdkAppId, id: &str) -> Result<Option<ImportRecord>> {
        read::record(&mut self.read().await?, app, id).await
    }

    /// Counts a part that is there, if it goes on where the last one ended; whether it does.
    ///
    /// # Errors
    /// The database failed.
    pub async fn import_received(&self, app: SdkAppId, id: &str, from: u64, bytes: u64) -> Result<bool> {
        let input = (app, id.to_owned(), number(from), number(bytes));
        self.write(input, |conn, (app, id, from, bytes)| {
            Box::pin(async move {
                let add = sql("UPDATE imports SET received = received + $4 \
                     WHERE app_id = $1 AND id = $2 AND received = $3 AND received + $4 <= bytes");
                Ok(conn.execute(add.bind(*app).bind(id.as_str()).bind(*from).bind(*bytes)).await? == 1)
            })
        })
        .await
    }

    /// Keeps what is in the file, unless tasks have begun to work with what was known before.
    ///
    /// # Errors
    /// The database failed.
    pub async fn keep_look(&self, app: SdkAppId, id: &str, looked: &Looked) -> Result<()> {
        let (preview, problem) = match &looked.found {
            Ok(preview) => (json(preview)?, String::new()),
            Err(problem) => (String::new(), json(problem)?),
        };
        let input = (app, id.to_owned(), json(&looked.reading)?, preview, problem);
        self.write(input, |conn, (app, id, reading, preview, problem)| {
            Box::pin(async move {
                // A statement of its own: one that waited for a beginning would see the import as it is, and not the task.
                if begin::lock(conn, *app, id).await?.is_none() {
                    return Ok(());
                }
                let keep = sql("UPDATE imports SET reading = $3, preview = $4, problem = $5, review = '', findings = '', \
                     review_job = '' WHERE app_id = $1 AND id = $2 AND apply_job = '' AND NOT EXISTS \
                     (SELECT 1 FROM jobs WHERE jobs.app_id = $1 AND jobs.id = imports.review_job AND jobs.state < 2)");
                let keep = keep.bind(*app).bind(id.as_str()).bind(reading.as_str()).bind(preview.as_str());
                conn.execute(keep.bind(problem.as_str())).await.map(drop)
            })
        })
        .await
    }

    /// What the columns of the application's earlier imports meant, by their names.
    ///
    /// # Errors
    /// The database failed.
    pub async fn import_columns(&self, app: SdkAppId) -> Result<BTreeMap<String, Option<AnyColumn>>> {
        begin::remembered(&mut self.read().await?, app).await
    }

    /// Keeps what a review found, if its worker still has the task; whether it has.
    ///
    /// # Errors
    /// The database failed.
    pub async fn keep_review(
        &self,
        app: SdkAppId,
        id: &str,
        hold: &JobHold,
        findings: &str,
        review: &Review,
    ) -> Result<bool> {
        let input = (app, id.to_owned(), hold.clone(), findings.to_owned(), json(review)?);
        self.write(input, |conn, (app, id, hold, findings, review)| {
            Box::pin(async move {
                if !crate::jobs::is_held(conn, hold).await? {
                    return Ok(false);
                }
                let keep = sql("UPDATE imports SET review = $4, findings = $5 \
                     WHERE app_id = $1 AND id = $2 AND review_job = $3");
                let keep = keep.bind(*app).bind(id.as_str()).bind(hold.id.as_str()).bind(review.as_str());
                Ok(conn.execute(keep.bind(findings.as_str())).await? == 1)
            })
        })
        .await
    }

    /// Forgets an import that no task works for; whether there is none any more. Its files are the caller's.
    ///
    /// # Errors
    /// The database failed.
    pub async fn discard_import(&self, app: SdkAppId, id: &str) -> Result<bool> {
        let input = (app, id.to_owned());
        self.write(input, |conn, (app, id)| Box::pin(discard(conn, *app, id))).await
    }

    /// Forgets imports that ended before `now` and for which no task works, at most 100: their ids, so that the files can be
    /// removed.
    ///
    /// # Errors
    /// The database failed.
    pub async fn take_expired_imports(&self, now: Timestamp) -> Result<Vec<(SdkAppId, String)>> {
        self.write(now, |conn, now| {
            Box::pin(async move {
                let ended =
                    sql("SELECT app_id, id FROM imports WHERE expires_at < $1 ORDER BY expires_at LIMIT $2");
                let read = |row: crate::db::Row| Ok((SdkAppId(row.i64(0)?), row.text(1)?));
                let ended: Vec<_> = conn.fetch_map(ended.bind(*now).bind(SWEPT), read).await?;
                let mut taken = Vec::new();
                for (app, id) in ended {
                    if discard(conn, app, &id).await? {
                        taken.push((app, id));
                    }
                }
                Ok(taken)
            })
        })
        .await
    }
}

async fn announce(
    conn: &mut Conn,
    change: &Change,
    app: SdkAppId,
    id: &str,
    new: &NewImport,
) -> Result<Announced> {
    if let Err(refusal) = hold_enabled(conn, app).await? {
        return Ok(Announced::Refused(refusal));
    }
    let count = sql("SELECT count(*) FROM imports WHERE app_id = $1").bind(app);
    if conn.fetch_one(count).await?.u64(0)? >= u64::from(IMPORTS_MAX) {
        return Ok(Announced::TooMany);
    }
    let keep = sql(
        "INSERT INTO imports (app_id, id, file_name, bytes, received, reading, preview, problem, settings, review, \
         findings, review_job, apply_job, undo_job, applied_at, created_at, created_by, expires_at) \
         VALUES ($1, $2, $3, $4, 0, '{}', '', '', '', '', '', '', '', '', 0, $5, $6, $7)",
    );
    let keep = keep.bind(app).bind(id).bind(new.file_name.as_str()).bind(number(new.bytes)).bind(change.now);
    let keep = keep.bind(change.actor.to_string()).bind(change.now.plus_millis(KEPT_MILLIS));
    conn.execute(keep).await?;
    Ok(Announced::Kept)
}

async fn discard(conn: &mut Conn, app: SdkAppId, id: &str) -> Result<bool> {
    let Some(record) = begin::lock(conn, app, id).await? else { return Ok(true) };
    let import = read::compose(conn, app, vec![record]).await?.pop();
    if import.is_some_and(|import| import.job.is_some_and(|job| !job.state.is_final())) {
        return Ok(false);
    }
    let forget = sql("DELETE FROM imports WHERE app_id = $1 AND id = $2").bind(app).bind(id);
    conn.execute(forget).await?;
    Ok(true)
}
