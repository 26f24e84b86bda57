//! Calls of the server API that servers of one database take out of an application's limit, to spend them. A limit holds for all servers
//! together; asking the database for each call would cost more than most calls.

use crate::{
    Result, Store,
    db::{Conn, Engine, sql},
};
use rollcall_shared::app::SdkAppId;

/// Calls that a server asks for.
#[derive(Clone, Copy, Debug)]
pub struct CallLease {
    /// Of which application.
    pub app: SdkAppId,
    /// Of which kind; each has a limit of its own.
    pub kind: i32,
    /// In which second since 1970.
    pub second: i64,
    /// How many.
    pub wanted: u32,
    /// How many all servers together may spend in a second.
    pub limit: u32,
}

impl Store {
    /// How many of the calls the server may spend in that second; 0 when the limit is reached. None on SQLite, whose only server counts
    /// by itself. A server whose clock is behind, by seconds at most, counts into the newest second that is known.
    ///
    /// # Errors
    /// The database failed.
    pub async fn lease_calls(&self, lease: CallLease) -> Result<Option<u32>> {
        if self.engine() == Engine::Sqlite {
            return Ok(None);
        }
        self.write(lease, |conn, lease| Box::pin(take(conn, *lease))).await.map(Some)
    }
}

async fn take(conn: &mut Conn, lease: CallLease) -> Result<u32> {
    // A second that lies further ahead was counted by a clock that was wrong: it must not end the calls of all others until it comes.
    let take = sql("INSERT INTO call_windows (app_id, kind, second, taken) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (app_id, kind) DO UPDATE SET \
         taken = CASE WHEN excluded.second BETWEEN call_windows.second - 10 AND call_windows.second \
         THEN call_windows.taken + excluded.taken ELSE excluded.taken END, \
         second = CASE WHEN excluded.second BETWEEN call_windows.second - 10 AND call_windows.second \
         THEN call_windows.second ELSE excluded.second END \
         RETURNING taken");
    let take = take.bind(lease.app).bind(lease.kind).bind(lease.second).bind(lease.wanted);
    let taken = conn.fetch_one(take).await?.u64(0)?;
    // Some of what was asked for may lie beyond the limit.
    let before = taken.saturating_sub(u64::from(lease.wanted));
    let left = u64::from(lease.limit).saturating_sub(before).min(u64::from(lease.wanted));
    Ok(u32::try_from(left).unwrap_or_default())
}
