//! Removal of the accounts of an application that was deleted: without marks, counters or totals, which go too.

use crate::{
    Result,
    db::{Arg, Conn, Engine, sql},
};
use rollcall_shared::app::SdkAppId;

/// Removes up to `limit` accounts; how many there were.
pub(crate) async fn purge(conn: &mut Conn, app: SdkAppId, limit: u32) -> Result<u64> {
    const SOME: &str = "DELETE FROM accounts WHERE app_id = $1 AND user_id IN \
         (SELECT user_id FROM accounts WHERE app_id = $1 ORDER BY user_id LIMIT $2)";
    if conn.engine() == Engine::Postgres {
        return conn.execute(sql(SOME).bind(app).bind(limit)).await;
    }
    let mut some = sql(SOME).bind(app).bind(limit);
    some.push(" RETURNING rid");
    let rids = conn.fetch_map(some, |row| row.i64(0)).await?;
    let removed = rids.len() as u64;
    let forget = "DELETE FROM account_grams WHERE rowid IN (SELECT value FROM json_each($1))";
    conn.execute(sql(forget).bind(Arg::Longs(rids))).await?;
    Ok(removed)
}
