//! What an application counts in the transaction that changes it: its places for admins, and its total.

use crate::{
    Result,
    db::{Conn, sql},
};
use rollcall_shared::{app::SdkAppId, profile::ADMINS_MAX};

/// Among how many rows an application's total is spread.
const SHARDS: u64 = 16;

/// Takes one of the application's places for admins; false when there is none.
pub(super) async fn take_admin_place(conn: &mut Conn, app: SdkAppId) -> Result<bool> {
    let take = sql("UPDATE app_admins SET admins = admins + 1 WHERE app_id = $1 AND admins < $2");
    Ok(conn.execute(take.bind(app).bind(ADMINS_MAX)).await? == 1)
}

/// Holds the application's places until the end of the transaction.
pub(super) async fn hold_admin_places(conn: &mut Conn, app: SdkAppId) -> Result<()> {
    let hold = sql("UPDATE app_admins SET admins = admins WHERE app_id = $1").bind(app);
    conn.execute(hold).await.map(drop)
}

/// Gives places back.
pub(super) async fn free_admin_places(conn: &mut Conn, app: SdkAppId, places: usize) -> Result<()> {
    if places > 0 {
        let free = sql("UPDATE app_admins SET admins = admins - $2 WHERE app_id = $1");
        conn.execute(free.bind(app).bind(count(places))).await?;
    }
    Ok(())
}

/// Adds to the application's total; the last thing a transaction does. `who` spreads the load.
pub(super) async fn add_to_total(conn: &mut Conn, app: SdkAppId, who: &str, change: i64) -> Result<()> {
    if change != 0 {
        let shard = who.bytes().fold(0_u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into()));
        let add = sql("INSERT INTO app_totals (app_id, shard, accounts) VALUES ($1, $2, $3) \
             ON CONFLICT (app_id, shard) DO UPDATE SET accounts = app_totals.accounts + excluded.accounts");
        conn.execute(add.bind(app).bind((shard % SHARDS).cast_signed()).bind(change)).await?;
    }
    Ok(())
}

/// A number of rows as a value.
pub(super) fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
