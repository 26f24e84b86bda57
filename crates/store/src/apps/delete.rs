//! The end of an application: gone at once for everyone, its rows removed by a job in bounded chunks.

use super::{Versioned, lock_enabled};
use crate::{
    Change, Result, Store, accounts, clients,
    db::{Conn, sql},
    jobs::{self, NewJob},
};
use rollcall_shared::{
    app::SdkAppId,
    job::{JobKind, JobState},
};

/// How far the removal of an application's rows has come. It need not be kept: from the beginning nothing is missed. But what was
/// removed stays in PostgreSQL's indexes until vacuum, and is passed by again in each step that begins before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// How many rows the step removed; 0 when nothing is left.
    pub removed: u64,
    /// The last username whose account is gone.
    account: String,
    /// The last username whose mark is gone.
    mark: String,
}

/// A deletion that was asked for, owned so that it can run in the writer.
struct Deletion {
    change: Change,
    app: SdkAppId,
    name: String,
    job_id: String,
}

impl Store {
    /// Marks the application as gone at once, stops its jobs and enqueues the job that removes its rows. `name`
    /// must be its name, or the answer is [`Versioned::Changed`].
    ///
    /// # Errors
    /// The database failed.
    pub async fn delete_app(
        &self,
        change: &Change,
        app: SdkAppId,
        name: &str,
        job_id: &str,
    ) -> Result<Versioned<()>> {
        let (change, name, job_id) = (change.clone(), name.to_owned(), job_id.to_owned());
        let deletion = Deletion { change, app, name, job_id };
        self.write(deletion, |conn, deletion| Box::pin(mark(conn, deletion))).await
    }

    /// Removes up to `limit` rows that a deleted application owns. Begins with [`Purged::default`] and goes on from what the step
    /// before answered, until nothing is left. Jobs with a file stay until the file's own end.
    ///
    /// # Errors
    /// The database failed.
    pub async fn purge_app_chunk(&self, app: SdkAppId, from: &Purged, limit: u32) -> Result<Purged> {
        self.unsettle(limit as usize);
        let input = (app, from.clone(), limit);
        self.write(input, |conn, (app, from, limit)| Box::pin(purge(conn, *app, from, *limit))).await
    }
}

async fn mark(conn: &mut Conn, deletion: &Deletion) -> Result<Versioned<()>> {
    let Deletion { change, app, name, job_id } = deletion;
    let found = match lock_enabled(conn, *app).await? {
        Ok(found) if found.name == *name => found,
        Ok(_) => return Ok(Versioned::Changed(())),
        Err(refusal) => return Ok(Versioned::Refused(refusal)),
    };
    let gone =
        sql("UPDATE apps SET deleted_at = $2, updated_at = $2, updated_by = $3, version = version + 1 \
         WHERE app_id = $1");
    conn.execute(gone.bind(*app).bind(change.now).bind(change.actor.to_string())).await?;
    jobs::stop_all(conn, *app, change.now).await?;
    // Whoever takes milestones finds then that it may not write them.
    conn.execute(sql("DELETE FROM milestone_sets WHERE app_id = $1").bind(*app)).await?;
    clients::end_all_of(conn, *app).await?;
    let job = NewJob {
        id: job_id.clone(),
        app: *app,
        kind: JobKind::AppDeletion,
        request: serde_json::Value::Null,
        total: found.accounts.unsigned_abs(),
        created_by: change.actor.clone(),
        now: change.now,
        import: None,
        schedule: None,
    };
    jobs::insert(conn, &job).await?;
    Ok(Versioned::Done(()))
}

async fn purge(conn: &mut Conn, app: SdkAppId, from: &Purged, limit: u32) -> Result<Purged> {
    let mut purged = Purged { removed: 0, ..from.clone() };
    let marked = sql("SELECT app_id FROM apps WHERE app_id = $1 AND deleted_at <> 0").bind(app);
    if conn.fetch_optional(marked).await?.is_none() {
        return Ok(purged);
    }
    if let (removed, Some(last)) = accounts::purge(conn, app, &from.account, limit).await? {
        return Ok(Purged { removed, account: last, ..purged });
    }
    if let (removed, Some(last)) = purge_marks(conn, app, &from.mark, limit).await? {
        return Ok(Purged { removed, mark: last, ..purged });
    }
    purged.removed = purge_others(conn, app, limit).await?;
    Ok(purged)
}

/// Removes marks of deletions after a username, of which there may be as many as there were accounts: how many, and the last.
async fn purge_marks(
    conn: &mut Conn,
    app: SdkAppId,
    after: &str,
    limit: u32,
) -> Result<(u64, Option<String>)> {
    let first = sql("SELECT user_id FROM deleted_accounts WHERE app_id = $1 AND user_id > $2 \
         ORDER BY user_id LIMIT $3");
    let user_ids = conn.fetch_map(first.bind(app).bind(after).bind(limit), |row| row.text(0)).await?;
    let Some(last) = user_ids.last().cloned() else { return Ok((0, None)) };
    let all = sql("DELETE FROM deleted_accounts WHERE app_id = $1 AND user_id > $2 AND user_id <= $3");
    Ok((conn.execute(all.bind(app).bind(after).bind(last.as_str())).await?, Some(last)))
}

/// Removes of what else the application owns, and at last its own row.
async fn purge_others(conn: &mut Conn, app: SdkAppId, limit: u32) -> Result<u64> {
    // In the order of their keys; each is emptied before the next.
    for statement in [
        "DELETE FROM group_members WHERE app_id = $1 AND (group_id, user_id) IN \
         (SELECT group_id, user_id FROM group_members WHERE app_id = $1 ORDER BY group_id, user_id LIMIT $2)",
        "DELETE FROM chat_groups WHERE app_id = $1 AND group_id IN \
         (SELECT group_id FROM chat_groups WHERE app_id = $1 ORDER BY group_id LIMIT $2)",
        "DELETE FROM push_deliveries WHERE app_id = $1 AND (task_id, user_id) IN \
         (SELECT task_id, user_id FROM push_deliveries WHERE app_id = $1 ORDER BY task_id, user_id LIMIT $2)",
        "DELETE FROM pushes WHERE app_id = $1 AND task_id IN \
         (SELECT task_id FROM pushes WHERE app_id = $1 ORDER BY task_id LIMIT $2)",
        "DELETE FROM outbox WHERE app_id = $1 AND id IN \
         (SELECT id FROM outbox WHERE app_id = $1 ORDER BY id LIMIT $2)",
        "DELETE FROM api_calls WHERE app_id = $1 AND id IN \
         (SELECT id FROM api_calls WHERE app_id = $1 ORDER BY id LIMIT $2)",
        "DELETE FROM kicks WHERE app_id = $1 AND user_id IN \
         (SELECT user_id FROM kicks WHERE app_id = $1 ORDER BY user_id LIMIT $2)",
        "DELETE FROM erasures WHERE app_id = $1 AND id IN \
         (SELECT id FROM erasures WHERE app_id = $1 ORDER BY id LIMIT $2)",
        "DELETE FROM milestones WHERE app_id = $1 AND (field, place) IN \
         (SELECT field, place FROM milestones WHERE app_id = $1 ORDER BY field, place LIMIT $2)",
        "DELETE FROM idempotency_keys WHERE app_id = $1 AND (caller, key) IN \
         (SELECT caller, key FROM idempotency_keys WHERE app_id = $1 ORDER BY caller, key LIMIT $2)",
        "DELETE FROM api_tokens WHERE app_id = $1 AND id IN \
         (SELECT id FROM api_tokens WHERE app_id = $1 ORDER BY id LIMIT $2)",
        "DELETE FROM imports WHERE app_id = $1 AND id IN \
         (SELECT id FROM imports WHERE app_id = $1 ORDER BY id LIMIT $2)",
        "DELETE FROM export_schedule_files WHERE app_id = $1 AND (schedule_id, job_id) IN \
         (SELECT schedule_id, job_id FROM export_schedule_files WHERE app_id = $1 \
         ORDER BY schedule_id, job_id LIMIT $2)",
        "DELETE FROM job_refused WHERE app_id = $1 AND (job_id, user_id) IN \
         (SELECT job_id, user_id FROM job_refused WHERE app_id = $1 ORDER BY job_id, user_id LIMIT $2)",
    ] {
        let removed = conn.execute(sql(statement).bind(app).bind(limit)).await?;
        if removed > 0 {
            return Ok(removed);
        }
    }
    let jobs =
        sql("DELETE FROM jobs WHERE app_id = $1 AND kind <> $2 AND state >= $3 AND file_expires_at = 0");
    let jobs = jobs.bind(app).bind(JobKind::AppDeletion.code()).bind(JobState::Done.code());
    let mut removed = conn.execute(jobs).await?;
    for table in [
        "DELETE FROM app_totals WHERE app_id = $1",
        "DELETE FROM app_admins WHERE app_id = $1",
        "DELETE FROM call_limits WHERE app_id = $1",
        "DELETE FROM call_windows WHERE app_id = $1",
        "DELETE FROM webhooks WHERE app_id = $1",
        "DELETE FROM import_mappings WHERE app_id = $1",
        "DELETE FROM export_schedules WHERE app_id = $1",
        "DELETE FROM apps WHERE app_id = $1",
    ] {
        removed += conn.execute(sql(table).bind(app)).await?;
    }
    Ok(removed)
}
