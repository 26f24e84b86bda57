//! The only place that writes rows of `accounts`: rows, search index and deletion marks change together, in the
//! caller's transaction. Whether a change is allowed is decided by the caller.
//!
//! Locks are taken in one order (application, places for admins, accounts by username, memberships and groups, sessions, totals), so
//! that transactions of PostgreSQL wait for each other. Only a deletion learns after its rows whether admins were among
//! them, and which groups they were in; the deadlock that this can end in is tried again.

mod update;

pub(super) use update::{Rewritten, update};

use super::{
    counters::{add_to_total, count, free_admin_places},
    grams::SearchKeys,
    row::{columns, custom_text},
};
use crate::{
    Change, Result, clients,
    db::{Arg, Conn, Engine, Row, Sql, sql},
    groups,
};
use rollcall_shared::{account::Account, app::SdkAppId, profile::AccountType, time::Timestamp};
use std::collections::HashSet;

/// How many rows one statement writes. SQLite looks a numbered value up by walking the list of all of them, so that
/// the cost grows with the square: 100 rows took twenty times as long each as 16. PostgreSQL takes arrays, and any number.
pub(crate) const fn rows_at_once(engine: Engine) -> usize {
    match engine {
        Engine::Sqlite => 16,
        Engine::Postgres => 500,
    }
}

/// What is found beside a written row: on SQLite its rowid, for the search index.
const fn rid(engine: Engine) -> &'static str {
    engine.pick("rid", "0")
}

/// What an insertion did. An account that is in neither exists already.
#[derive(Default)]
pub(super) struct Inserted {
    /// The accounts that were inserted, as they are stored.
    pub accounts: Vec<Account>,
    /// The marks because of which others were not.
    pub blocked: Vec<Mark>,
}

/// Inserts accounts whose username is free, and indexes them. An incarnation always begins after the one before
/// it. Usernames deleted after `blocked_since` are left out. `accounts` are ascending by username, without repeats.
pub(super) async fn insert(
    conn: &mut Conn,
    change: &Change,
    app: SdkAppId,
    mut accounts: Vec<Account>,
    blocked_since: Option<Timestamp>,
) -> Result<Inserted> {
    let mut inserted = Inserted::default();
    while !accounts.is_empty() {
        let rest = accounts.split_off(accounts.len().min(rows_at_once(conn.engine())));
        insert_some(conn, change, app, accounts, blocked_since, &mut inserted).await?;
        accounts = rest;
    }
    Ok(inserted)
}

async fn insert_some(
    conn: &mut Conn,
    change: &Change,
    app: SdkAppId,
    accounts: Vec<Account>,
    blocked_since: Option<Timestamp>,
    inserted: &mut Inserted,
) -> Result<()> {
    let keyed: Vec<_> =
        accounts.into_iter().map(|account| (SearchKeys::of(app, &account), account)).collect();
    let statement = insert_statement(conn.engine(), change, app, &keyed)?;
    let mut rows = conn.fetch_map(statement, |row| Ok((row.text(0)?, row.i64(1)?))).await?;
    if rows.is_empty() {
        return Ok(());
    }
    rows.sort_unstable();
    let find = |rows: &[(String, i64)], id: &str| rows.binary_search_by(|row| row.0.as_str().cmp(id)).ok();
    let mut keyed: Vec<_> = keyed
        .into_iter()
        .filter_map(|(keys, account)| Some((rows[find(&rows, &account.user_id)?].1, keys, account)))
        .collect();
    // Read after the insertion: a deletion that was committed meanwhile has left its mark by now.
    for mark in marks(conn, app, rows.into_iter().map(|row| row.0).collect()).await? {
        let Some(place) = keyed.iter().position(|(_, _, account)| account.user_id == mark.user_id) else {
            continue;
        };
        if blocked_since.is_some_and(|since| mark.deleted_at > since) {
            let (.., account) = keyed.remove(place);
            let undo = sql("DELETE FROM accounts WHERE app_id = $1 AND user_id = $2");
            conn.execute(undo.bind(app).bind(account.user_id)).await?;
            inserted.blocked.push(mark);
        } else if keyed[place].2.created_at <= mark.created_at {
            begin_later(conn, app, &mut keyed[place].2, mark.created_at.plus_millis(1)).await?;
        }
    }
    index(conn, keyed.iter().map(|(rid, keys, _)| (*rid, keys.index_text(Engine::Sqlite))).collect()).await?;
    inserted.accounts.extend(keyed.into_iter().map(|(_, _, account)| account));
    Ok(())
}

fn insert_statement(
    engine: Engine,
    change: &Change,
    app: SdkAppId,
    keyed: &[(SearchKeys, Account)],
) -> Result<Sql> {
    let mut statement = with_new(engine, change, app, keyed.iter().map(|(keys, account)| (keys, account)))?;
    statement.push("INSERT INTO accounts (app_id, created_by, updated_by");
    let columns = written(engine);
    columns.iter().for_each(|column| _ = statement.push(", ").push(column));
    // What all rows share is bound once.
    statement.push(") SELECT $1, $2, $2");
    columns.iter().for_each(|column| _ = statement.push(", ").push(&of_new(column)));
    // SQLite takes ON CONFLICT for a join's condition where a query has no other.
    statement.push(" FROM new WHERE true ON CONFLICT (app_id, user_id) DO NOTHING RETURNING user_id, ");
    statement.push(rid(engine));
    Ok(statement)
}

/// The columns that a row is written with, besides the application and who wrote it: in the order of [`values`].
fn written(engine: Engine) -> Vec<&'static str> {
    let keys = ["sort_nickname", "search_user_id", "search_nickname", "fold_version"];
    let grams = (engine == Engine::Postgres).then_some("grams");
    columns!().split(", ").chain(keys).chain(grams).collect()
}

/// A written column, of what [`with_new`] names.
fn of_new(column: &str) -> String {
    match column {
        "grams" => "CAST(new.grams AS INT[])".to_owned(),
        column => format!("new.{column}"),
    }
}

/// `WITH new (…) AS (…)`: rows for the statement that follows and writes them. `$1` is the application, `$2` who writes.
fn with_new<'a>(
    engine: Engine,
    change: &Change,
    app: SdkAppId,
    keyed: impl Iterator<Item = (&'a SearchKeys, &'a Account)>,
) -> Result<Sql> {
    let rows: Vec<Vec<Arg>> = keyed
        .map(|(keys, account)| {
            let grams = (engine == Engine::Postgres).then(|| keys.index_text(engine).into());
            Ok(values(keys, account)?.into_iter().chain(grams).collect())
        })
        .collect::<Result<_>>()?;
    let whole = rows.len() == 1 || rows.len() == rows_at_once(engine) || engine == Engine::Postgres;
    let mut statement = sql("WITH new (").bind(app).bind(change.actor.to_string());
    statement.push(&written(engine).join(", ")).push(") AS (").push_rows(engine, rows)?.push(") ");
    Ok(if whole { statement } else { statement.once() })
}

/// The values of [`columns!`] and of the search keys, in their order.
fn values(keys: &SearchKeys, account: &Account) -> Result<[Arg; 22]> {
    // Destructured, so that a new field cannot be forgotten.
    let Account {
        user_id,
        account_type,
        nickname,
        photo_url,
        gender,
        birth_date,
        location,
        whats_up,
        friend_verification,
        language,
        message_settings,
        friending,
        level,
        role,
        custom,
        created_at,
        updated_at,
        version,
    } = account;
    Ok([
        user_id.as_str().into(),
        account_type.code().into(),
        nickname.as_str().into(),
        photo_url.as_str().into(),
        gender.code().into(),
        (*birth_date).into(),
        location.as_str().into(),
        whats_up.as_str().into(),
        friend_verification.code().into(),
        (*language).into(),
        (*message_settings).into(),
        friending.code().into(),
        (*level).into(),
        (*role).into(),
        custom_text(custom)?.into(),
        (*created_at).into(),
        (*updated_at).into(),
        (*version).into(),
        keys.sort_nickname.as_str().into(),
        keys.search_user_id.as_str().into(),
        keys.search_nickname.as_str().into(),
        textkey::FOLD_VERSION.into(),
    ])
}

/// What a deletion left.
pub(super) struct Mark {
    pub user_id: String,
    pub created_at: Timestamp,
    pub deleted_at: Timestamp,
}

/// The marks that earlier incarnations left.
pub(super) async fn marks(conn: &mut Conn, app: SdkAppId, user_ids: Vec<String>) -> Result<Vec<Mark>> {
    let mut statement =
        sql("SELECT user_id, created_at, deleted_at FROM deleted_accounts WHERE app_id = $1 AND user_id")
            .bind(app);
    statement.push_in(conn.engine(), user_ids);
    let mark =
        |row: Row| Ok(Mark { user_id: row.text(0)?, created_at: row.time(1)?, deleted_at: row.time(2)? });
    conn.fetch_map(statement, mark).await
}

async fn begin_later(conn: &mut Conn, app: SdkAppId, account: &mut Account, at: Timestamp) -> Result<()> {
    account.created_at = at;
    account.updated_at = account.updated_at.max(at);
    let later =
        sql("UPDATE accounts SET created_at = $3, updated_at = $4 WHERE app_id = $1 AND user_id = $2");
    let later = later.bind(app).bind(account.user_id.as_str()).bind(at).bind(account.updated_at);
    conn.execute(later).await.map(drop)
}

/// Adds rows to SQLite's search index; PostgreSQL keeps it in the account's row.
pub(crate) async fn index(conn: &mut Conn, rows: Vec<(i64, String)>) -> Result<()> {
    if conn.engine() == Engine::Postgres || rows.is_empty() {
        return Ok(());
    }
    let whole = rows.len() == 1 || rows.len() == rows_at_once(Engine::Sqlite);
    let mut statement = sql("INSERT INTO account_grams (rowid, tokens) VALUES ");
    for (place, (rid, tokens)) in rows.into_iter().enumerate() {
        statement.push(if place == 0 { "(" } else { "), (" }).push_bind(rid).push(", ").push_bind(tokens);
    }
    statement.push(")");
    conn.execute(if whole { statement } else { statement.once() }).await.map(drop)
}

/// Deletes accounts with everything that hangs on them, leaves their marks and settles counter and total; the
/// usernames that were there.
pub(super) async fn remove(
    conn: &mut Conn,
    change: &Change,
    app: SdkAppId,
    mut user_ids: Vec<String>,
) -> Result<HashSet<String>> {
    user_ids.sort_unstable();
    let Some(first) = user_ids.first().cloned() else { return Ok(HashSet::new()) };
    let engine = conn.engine();
    let mut mark = sql("INSERT INTO deleted_accounts (app_id, user_id, created_at, deleted_at) \
         SELECT app_id, user_id, created_at, $2 FROM ")
    .bind(app)
    .bind(change.now);
    mark.push(engine.accounts_by_name()).push(" WHERE app_id = $1 AND user_id");
    mark.push_in(engine, user_ids.clone()).push(
        " ON CONFLICT (app_id, user_id) DO UPDATE \
         SET created_at = excluded.created_at, deleted_at = excluded.deleted_at",
    );
    conn.execute(mark).await?;
    let mut statement = sql("DELETE FROM ").bind(app);
    statement.push(engine.accounts_by_name()).push(" WHERE app_id = $1 AND user_id");
    statement.push_in(engine, user_ids).push(" RETURNING user_id, account_type, ").push(rid(engine));
    let (mut removed, mut admins, mut rids) = (HashSet::new(), 0, Vec::new());
    for row in conn.fetch_all(statement).await? {
        removed.insert(row.text(0)?);
        admins += usize::from(row.code(1, AccountType::from_code)? == AccountType::Admin);
        rids.push(row.i64(2)?);
    }
    if removed.is_empty() {
        return Ok(removed);
    }
    if engine == Engine::Sqlite {
        let forget = "DELETE FROM account_grams WHERE rowid IN (SELECT value FROM json_each($1))";
        conn.execute(sql(forget).bind(Arg::Longs(rids))).await?;
    }
    groups::leave_all(conn, app, removed.iter().cloned().collect()).await?;
    clients::end_all(conn, app, removed.iter().cloned().collect()).await?;
    free_admin_places(conn, app, admins).await?;
    add_to_total(conn, app, &first, -count(removed.len())).await?;
    Ok(removed)
}
