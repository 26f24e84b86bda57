//! The walk over all accounts that match, by username and in bounded steps: exports, the deletion of all that
//! match, and the admins among them. A step looks at a bounded number of rows, however few of them match.

use super::{
    ExportChunk, WalkChunk,
    counters::count,
    row::{account, accounts_of_json, columns},
    search::Search,
    write,
};
use crate::{
    Change, Refusal, Result, Store,
    apps::hold_deletable,
    db::{Conn, Row, Sql, sql},
    jobs::{self, JobHold},
    webhooks::{Happened, tell},
};
use rollcall_shared::{
    account::Account,
    app::SdkAppId,
    job::RefusedItem,
    profile::{ADMINISTRATOR, ADMINS_MAX, AccountType},
    selection::Matching,
};
use std::collections::HashSet;

/// How many rows one query looks at, and how many queries one step makes.
const WINDOW: u32 = 4000;
const WINDOWS: u32 = 16;

impl Store {
    /// The next rows of an export of all that match (None: all accounts), by username bytes from `after`. A walk
    /// that must look past many rows that do not match may answer few or no rows with `after` set.
    ///
    /// # Errors
    /// The database failed.
    pub async fn export_chunk(
        &self,
        app: SdkAppId,
        matching: Option<&Matching>,
        after: Option<&str>,
        limit: u32,
    ) -> Result<ExportChunk> {
        chunk(&mut self.read().await?, app, matching, after, limit).await
    }

    /// Deletes the next chunk of all that match, in one transaction that checks the restriction. Walks by username
    /// from `after`; at most `limit` rows. What it did is counted for the job that is held, if one is.
    ///
    /// # Errors
    /// The database failed; nothing of this chunk was deleted.
    pub async fn delete_chunk(
        &self,
        change: &Change,
        app: SdkAppId,
        matching: &Matching,
        after: Option<&str>,
        limit: u32,
        job: Option<&JobHold>,
    ) -> Result<WalkChunk> {
        let (found, next) = self.find(app, matching, after, limit, job).await?;
        let chunk = self
            .write((change.clone(), found), |conn, (change, found)| Box::pin(delete(conn, change, found)));
        Ok(WalkChunk { after: next, ..chunk.await? })
    }

    /// The next chunk of all that match, and where the one after it begins. The walk keeps off the writer; what it found is
    /// tested again where it is changed, with [`Found::lock`].
    pub(super) async fn find(
        &self,
        app: SdkAppId,
        matching: &Matching,
        after: Option<&str>,
        limit: u32,
        job: Option<&JobHold>,
    ) -> Result<(Found, Option<String>)> {
        let walk = Walk { app, matching, columns: "user_id" };
        let mut conn = self.read().await?;
        let (ids, next) = walk.step(&mut conn, after, limit, |row| row.text(0), |id| id).await?;
        drop(conn);
        self.unsettle(ids.len());
        // What is left out was left out by the walk.
        let matching = Matching { except: Vec::new(), ..matching.clone() };
        let step = Step::of(job, after, &ids, next.as_deref());
        Ok((Found { app, matching, ids, step }, next))
    }

    /// The admins among the selection's accounts, at most 10.
    ///
    /// # Errors
    /// The database failed.
    pub async fn admins_matching(&self, app: SdkAppId, matching: &Matching) -> Result<Vec<String>> {
        let mut conn = self.read().await?;
        let mut statement =
            sql("SELECT user_id FROM accounts WHERE app_id = $1 AND account_type = ").bind(app);
        // In the text, because only then is the index of admins known to fit.
        statement.push(&AccountType::Admin.code().to_string());
        push_matching(&mut statement, &conn, app, matching);
        statement.push(" ORDER BY user_id");
        let except: HashSet<&str> = matching.except.iter().map(String::as_str).collect();
        let mut admins = conn.fetch_map(statement, |row| row.text(0)).await?;
        admins.retain(|id| !except.contains(id.as_str()));
        admins.truncate(ADMINS_MAX as usize);
        Ok(admins)
    }
}

/// Adds what the rows must match.
pub(super) fn push_matching(statement: &mut Sql, conn: &Conn, app: SdkAppId, matching: &Matching) {
    statement.push(" AND created_at <= ").push_bind(matching.as_of);
    Search::new(app, &matching.filter).push_filter(statement, conn.engine());
}

/// The next rows of an export: see [`Store::export_chunk`].
pub(super) async fn chunk(
    conn: &mut Conn,
    app: SdkAppId,
    matching: Option<&Matching>,
    after: Option<&str>,
    limit: u32,
) -> Result<ExportChunk> {
    let (accounts, after) = match matching {
        Some(matching) => {
            let walk = Walk { app, matching, columns: columns!() };
            walk.step(conn, after, limit, |row| account(&row), |account| &account.user_id).await?
        }
        None => every(conn, app, after, limit).await?,
    };
    Ok(ExportChunk { accounts, after })
}

/// The next of all accounts.
async fn every(
    conn: &mut Conn,
    app: SdkAppId,
    after: Option<&str>,
    limit: u32,
) -> Result<(Vec<Account>, Option<String>)> {
    let (rows, row) = conn.engine().json_arrays();
    let mut statement = sql("SELECT coalesce(CAST(");
    statement.push(rows).push("(").push(row).push(concat!(
        "(",
        columns!(),
        ")) AS TEXT), '[]') FROM (SELECT "
    ));
    statement
        .push(concat!(columns!(), " FROM accounts WHERE app_id = "))
        .push_bind(app)
        .push(" AND user_id > ");
    statement.push_bind(after.unwrap_or_default()).push(" ORDER BY user_id");
    statement.push(&format!(" LIMIT {limit}) AS next"));
    let mut accounts = accounts_of_json(conn.fetch_one(statement).await?.str(0)?)?;
    // An aggregate may take its rows in any order, though both engines keep the one that they come in.
    accounts.sort_unstable_by(|a, b| a.user_id.cmp(&b.user_id));
    let last = accounts.last().filter(|_| accounts.len() == limit as usize);
    let after = last.map(|account| account.user_id.clone());
    Ok((accounts, after))
}

/// A walk over all that match.
pub(super) struct Walk<'a> {
    pub app: SdkAppId,
    pub matching: &'a Matching,
    /// What is read of each row.
    pub columns: &'static str,
}

impl Walk<'_> {
    /// Up to `limit` rows after `after`, and where to go on: None at the end.
    pub async fn step<T>(
        &self,
        conn: &mut Conn,
        after: Option<&str>,
        limit: u32,
        read: fn(Row) -> Result<T>,
        id: fn(&T) -> &String,
    ) -> Result<(Vec<T>, Option<String>)> {
        let except: HashSet<&str> = self.matching.except.iter().map(String::as_str).collect();
        let mut found = Vec::new();
        let mut after = after.unwrap_or_default().to_owned();
        for _ in 0..WINDOWS {
            let end = self.window_end(conn, &after).await?;
            let room = limit as usize - found.len();
            let rows = self.window(conn, &after, end.as_deref(), room, read).await?;
            let full = rows.len() == room;
            let last = rows.last().map(|row| id(row).clone());
            found.extend(rows.into_iter().filter(|row| !except.contains(id(row).as_str())));
            match (full, last, end) {
                (true, Some(last), _) => after = last,
                (_, _, Some(end)) => after = end,
                (_, _, None) => return Ok((found, None)),
            }
            if found.len() >= limit as usize {
                break;
            }
        }
        Ok((found, Some(after)))
    }

    /// The username that ends the window after `after`; None when fewer rows are left.
    async fn window_end(&self, conn: &mut Conn, after: &str) -> Result<Option<String>> {
        let end = sql("SELECT user_id FROM accounts WHERE app_id = $1 AND user_id > $2 \
             ORDER BY user_id LIMIT 1 OFFSET $3");
        let end = conn.fetch_optional(end.bind(self.app).bind(after).bind(WINDOW - 1)).await?;
        end.map(|row| row.text(0)).transpose()
    }

    async fn window<T>(
        &self,
        conn: &mut Conn,
        after: &str,
        end: Option<&str>,
        limit: usize,
        read: fn(Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = sql("SELECT ");
        // The same hint keeps SQLite from collecting rows by another index and sorting them.
        let accounts = conn.engine().accounts_by_name();
        statement.push(self.columns).push(" FROM ").push(accounts);
        statement.push(" WHERE app_id = ").push_bind(self.app);
        statement.push(" AND user_id > ").push_bind(after);
        if let Some(end) = end {
            statement.push(" AND user_id <= ").push_bind(end);
        }
        push_matching(&mut statement, conn, self.app, self.matching);
        statement.push(" ORDER BY user_id LIMIT ").push_bind(count(limit));
        conn.fetch_map(statement.once(), read).await
    }
}

/// What a walk found, owned so that it can be changed in the writer.
pub(super) struct Found {
    pub app: SdkAppId,
    matching: Matching,
    ids: Vec<String>,
    pub step: Option<Step>,
}

impl Found {
    /// Those that still match, locked.
    pub(super) async fn lock(&self, conn: &mut Conn) -> Result<Vec<String>> {
        let mut statement = sql("SELECT user_id FROM ").bind(self.app);
        statement.push(conn.engine().accounts_by_name()).push(" WHERE app_id = $1 AND user_id");
        statement.push_in(conn.engine(), self.ids.clone());
        push_matching(&mut statement, conn, self.app, &self.matching);
        statement.push(" ORDER BY user_id").push(conn.engine().for_update());
        conn.fetch_map(statement.once(), |row| row.text(0)).await
    }
}

async fn delete(conn: &mut Conn, change: &Change, found: &Found) -> Result<WalkChunk> {
    let (app, step) = (found.app, found.step.as_ref());
    let held = match hold_deletable(conn, app).await? {
        Ok(held) => held,
        Err(refusal) => return Ok(WalkChunk { stopped: Some(refusal), ..WalkChunk::default() }),
    };
    if Step::is_lost(conn, step).await? {
        return Ok(WalkChunk { lost: true, ..WalkChunk::default() });
    }
    let mut ids = found.lock(conn).await?;
    let all = ids.len();
    ids.retain(|id| id != ADMINISTRATOR);
    let protected = (ids.len() < all).then(|| (ADMINISTRATOR.to_owned(), Refusal::ProtectedAccount));
    let removed = write::remove(conn, change, app, ids).await?;
    let (done, refused) = (removed.len() as u64, protected.into_iter().collect());
    tell(conn, change, app, &held, Happened::deleted(removed)).await?;
    let chunk = WalkChunk { done, refused, ..WalkChunk::default() };
    Step::count(conn, step, &chunk).await?;
    Ok(chunk)
}

/// A step of a job, owned so that it can run in the writer.
pub(super) struct Step {
    hold: JobHold,
    /// Where the next begins; never before this one, also at the end.
    next: String,
}

impl Step {
    /// The step that deals with these usernames, if a job is held.
    pub fn of(
        job: Option<&JobHold>,
        after: Option<&str>,
        ids: &[String],
        next: Option<&str>,
    ) -> Option<Self> {
        let last = next.or_else(|| ids.last().map(String::as_str)).or(after).unwrap_or_default();
        job.map(|hold| Self { hold: hold.clone(), next: last.to_owned() })
    }

    /// Whether another worker has the job.
    pub async fn is_lost(conn: &mut Conn, step: Option<&Self>) -> Result<bool> {
        match step {
            Some(step) => Ok(!jobs::is_held(conn, &step.hold).await?),
            None => Ok(false),
        }
    }

    /// Counts what was done.
    pub async fn count(conn: &mut Conn, step: Option<&Self>, chunk: &WalkChunk) -> Result<()> {
        let Some(step) = step else { return Ok(()) };
        let item = |(user_id, refusal): &(String, Refusal)| RefusedItem {
            user_id: user_id.clone(),
            errors: refusal.field_errors(),
        };
        let refused: Vec<RefusedItem> = chunk.refused.iter().map(item).collect();
        let done = chunk.done + refused.len() as u64;
        jobs::count_step(conn, &step.hold, done, &refused, &step.next).await
    }
}
