//! The walk over all accounts that match, by username and in bounded steps: exports, and the admins among them. A step looks at a
//! bounded number of rows, however few of them match. Jobs that change what they meet walk otherwise: `sweep.rs`.

use super::{
    ExportChunk,
    counters::count,
    row::{account, accounts_of_json, columns},
    search::Search,
};
use crate::{
    Result, Store,
    db::{Conn, Sql, sql},
};
use rollcall_shared::{
    account::Account,
    app::SdkAppId,
    profile::{ADMINS_MAX, AccountType},
    selection::Matching,
};
use std::collections::HashSet;

/// How many rows one query looks at, and how many queries one step makes.
pub(super) const WINDOW: u32 = 4000;
pub(super) const WINDOWS: u32 = 16;

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
        Some(matching) => Walk { app, matching }.step(conn, after, limit).await?,
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
struct Walk<'a> {
    app: SdkAppId,
    matching: &'a Matching,
}

impl Walk<'_> {
    /// Up to `limit` accounts after `after`, and where to go on: None at the end.
    async fn step(
        &self,
        conn: &mut Conn,
        after: Option<&str>,
        limit: u32,
    ) -> Result<(Vec<Account>, Option<String>)> {
        let except: HashSet<&str> = self.matching.except.iter().map(String::as_str).collect();
        let mut found = Vec::new();
        let mut after = after.unwrap_or_default().to_owned();
        for _ in 0..WINDOWS {
            let end = self.window_end(conn, &after).await?;
            let room = limit as usize - found.len();
            let some = self.window(conn, &after, end.as_deref(), room).await?;
            let last = some.last().filter(|_| some.len() == room).map(|account| account.user_id.clone());
            found.extend(some.into_iter().filter(|account| !except.contains(account.user_id.as_str())));
            let Some(next) = last.or(end) else { return Ok((found, None)) };
            after = next;
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

    async fn window(
        &self,
        conn: &mut Conn,
        after: &str,
        end: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Account>> {
        let mut statement = sql("SELECT ");
        // The same hint keeps SQLite from collecting rows by another index and sorting them.
        let accounts = conn.engine().accounts_by_name();
        statement.push(columns!()).push(" FROM ").push(accounts);
        statement.push(" WHERE app_id = ").push_bind(self.app);
        statement.push(" AND user_id > ").push_bind(after);
        if let Some(end) = end {
            statement.push(" AND user_id <= ").push_bind(end);
        }
        push_matching(&mut statement, conn, self.app, self.matching);
        statement.push(" ORDER BY user_id LIMIT ").push_bind(count(limit));
        conn.fetch_map(statement.once(), |row| account(&row)).await
    }
}
