//! The rewriting of rows that are stored and held: one or many, with their search index.

use super::{index, of_new, rid, rows_at_once, with_new, written};
use crate::{
    Change, Result,
    accounts::grams::SearchKeys,
    db::{Arg, Conn, Engine, Sql, sql},
};
use rollcall_shared::{account::Account, app::SdkAppId};
use std::collections::HashMap;

/// An account as it is stored, and as it shall be.
pub(in crate::accounts) struct Rewritten {
    pub old: Account,
    pub new: Account,
}

/// Rewrites accounts, of which the caller knows that they are stored and holds them. None comes twice.
pub(in crate::accounts) async fn update(
    conn: &mut Conn,
    change: &Change,
    app: SdkAppId,
    accounts: &[Rewritten],
) -> Result<()> {
    for some in accounts.chunks(rows_at_once(conn.engine())) {
        update_some(conn, change, app, some).await?;
    }
    Ok(())
}

async fn update_some(conn: &mut Conn, change: &Change, app: SdkAppId, some: &[Rewritten]) -> Result<()> {
    let engine = conn.engine();
    let keys: Vec<SearchKeys> = some.iter().map(|account| SearchKeys::of(app, &account.new)).collect();
    let statement = statement(engine, change, app, some, &keys)?;
    if engine == Engine::Postgres {
        return conn.execute(statement).await.map(drop);
    }
    let rids = conn.fetch_map(statement, |row| Ok((row.text(0)?, row.i64(1)?))).await?;
    let rids: HashMap<String, i64> = rids.into_iter().collect();
    let moved: Vec<(i64, String)> = some
        .iter()
        .zip(&keys)
        .filter(|(account, keys)| **keys != SearchKeys::of(app, &account.old))
        .filter_map(|(account, keys)| Some((*rids.get(&account.new.user_id)?, keys.index_text(engine))))
        .collect();
    if moved.is_empty() {
        return Ok(());
    }
    let forget = sql("DELETE FROM account_grams WHERE rowid IN (SELECT value FROM json_each($1))");
    conn.execute(forget.bind(Arg::Longs(moved.iter().map(|(rid, _)| *rid).collect()))).await?;
    index(conn, moved).await
}

fn statement(
    engine: Engine,
    change: &Change,
    app: SdkAppId,
    some: &[Rewritten],
    keys: &[SearchKeys],
) -> Result<Sql> {
    let mut statement =
        with_new(engine, change, app, keys.iter().zip(some.iter().map(|account| &account.new)))?;
    statement.push("UPDATE accounts SET updated_by = $2");
    for column in written(engine).into_iter().filter(|column| *column != "user_id") {
        statement.push(", ").push(column).push(" = ").push(&of_new(column));
    }
    statement.push(" FROM new WHERE accounts.app_id = $1 AND accounts.user_id = new.user_id");
    if engine == Engine::Sqlite {
        statement.push(" RETURNING user_id, ").push(rid(engine));
    }
    Ok(statement)
}
