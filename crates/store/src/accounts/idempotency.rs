//! The memory of creations that carried an Idempotency-Key: kept in the creating transaction, for 24 hours, so
//! that a repetition gets the first one's answer. A twin that comes meanwhile waits for the first one's commit.

use super::{IdempotencyKey, Replayable};
use crate::{
    Result, StoreError,
    db::{Conn, sql},
};
use rollcall_shared::{app::SdkAppId, time::Timestamp};
use serde::{Serialize, de::DeserializeOwned};

/// How long an answer is kept.
const KEPT: i64 = 24 * 60 * 60 * 1000;
/// How many outdated keys each new one sweeps out.
const SWEEP: i64 = 16;

/// Reserves the key; the earlier answer, if there is one.
pub(super) async fn begin<T: DeserializeOwned>(
    conn: &mut Conn,
    now: Timestamp,
    app: SdkAppId,
    key: Option<&IdempotencyKey>,
) -> Result<Option<Replayable<T>>> {
    let Some(key) = key else { return Ok(None) };
    let outdated = now.plus_millis(-KEPT);
    let reserve = sql("INSERT INTO idempotency_keys (app_id, caller, key, body_hash, answer, created_at) \
         VALUES ($1, $2, $3, $4, '', $5) ON CONFLICT (app_id, caller, key) \
         DO UPDATE SET body_hash = excluded.body_hash, answer = '', created_at = excluded.created_at \
         WHERE idempotency_keys.created_at <= $6");
    let reserve = reserve.bind(app).bind(key.caller.as_str()).bind(key.key.as_str());
    if conn.execute(reserve.bind(&key.body_hash).bind(now).bind(outdated)).await? == 1 {
        let sweep = sql("DELETE FROM idempotency_keys WHERE app_id = $1 AND (caller, key) IN \
             (SELECT caller, key FROM idempotency_keys WHERE app_id = $1 AND created_at <= $2 LIMIT $3)");
        conn.execute(sweep.bind(app).bind(outdated).bind(SWEEP)).await?;
        return Ok(None);
    }
    let find =
        sql("SELECT body_hash, answer FROM idempotency_keys WHERE app_id = $1 AND caller = $2 AND key = $3");
    let row = conn.fetch_one(find.bind(app).bind(key.caller.as_str()).bind(key.key.as_str())).await?;
    if row.bytes(0)? != key.body_hash {
        return Ok(Some(Replayable::Mismatch));
    }
    Ok(Some(Replayable::Replayed(row.json(1)?)))
}

/// Keeps the answer under the key.
pub(super) async fn keep<T: Serialize>(
    conn: &mut Conn,
    app: SdkAppId,
    key: Option<&IdempotencyKey>,
    answer: &T,
) -> Result<()> {
    let Some(key) = key else { return Ok(()) };
    let answer = serde_json::to_string(answer).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let keep = sql("UPDATE idempotency_keys SET answer = $4 WHERE app_id = $1 AND caller = $2 AND key = $3");
    let keep = keep.bind(app).bind(key.caller.as_str()).bind(key.key.as_str()).bind(answer);
    conn.execute(keep).await.map(drop)
}
