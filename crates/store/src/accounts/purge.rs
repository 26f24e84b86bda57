//! Removal of the accounts of an application that was deleted: without marks, counters or totals, which go too.

use crate::{
    Result,
    db::{Arg, Conn, Engine, sql},
};
use rollcall_shared::app::SdkAppId;

/// Removes up to `limit` accounts after a username: how many there were, and the last of them. They are named first: a deletion that
/// asks for them itself is planned by both engines as if it could be any of the application's, and reads them all.
pub(crate) async fn purge(
    conn: &mut Conn,
    app: SdkAppId,
    after: &str,
    limit: u32,
) -> Result<(u64, Option<String>)> {
    let engine = conn.engine();
    let mut first = sql("SELECT user_id FROM ").bind(app).bind(after);
    first.push(engine.accounts_by_name()).push(" WHERE app_id = $1 AND user_id > $2 ORDER BY user_id LIMIT ");
    first.push_bind(limit);
    let user_ids = conn.fetch_map(first, |row| row.text(0)).await?;
    let Some(last) = user_ids.last().cloned() else { return Ok((0, None)) };
    let mut some = sql("DELETE FROM ").bind(app);
    some.push(engine.accounts_by_name()).push(" WHERE app_id = $1 AND user_id").push_in(engine, user_ids);
    if engine == Engine::Postgres {
        return Ok((conn.execute(some).await?, Some(last)));
    }
    some.push(" RETURNING rid");
    let rids = conn.fetch_map(some, |row| row.i64(0)).await?;
    let removed = rids.len() as u64;
    let forget = "DELETE FROM account_grams WHERE rowid IN (SELECT value FROM json_each($1))";
    conn.execute(sql(forget).bind(Arg::Longs(rids))).await?;
    Ok((removed, Some(last)))
}
