//! The way of pushes to accounts. Each account gets a push over one of its connections, which claims it; until the client has
//! said that it has it, another connection may claim it once the first is gone.

use super::{SELECT, read};
use crate::{
    Result, Store,
    clients::ClientSession,
    db::{Conn, sql},
};
use rollcall_shared::{
    app::SdkAppId,
    push::{PUSH_LIFETIME_MAX, Push},
    time::Timestamp,
};

/// How long deliveries are kept after the end of their push, in milliseconds: clients may still say that they have it.
const SETTLED: i64 = 60 * 60 * 1_000;

/// Whether the connection that claimed the delivery `d` is still there; `$1` is its application, `$2` is now.
const CLAIMED: &str = "EXISTS (SELECT 1 FROM client_sessions s JOIN servers v ON v.server_id = s.server_id \
    WHERE s.app_id = $1 AND s.user_id = d.user_id AND s.session_id = d.session_id \
    AND s.ended = 0 AND v.seen_until > $2)";

impl Store {
    /// The pushes of an application that were made since then, oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn pushes_since(&self, app: SdkAppId, since: Timestamp) -> Result<Vec<Push>> {
        let mut new = sql(SELECT).bind(app);
        new.push(" AND created_at >= ").push_bind(since).push(" ORDER BY created_at, task_id");
        self.read().await?.fetch_map(new, |row| read(&row)).await
    }

    /// The pushes that wait for the account of a connection, oldest first. Those that it claims wait no more.
    ///
    /// # Errors
    /// The database failed.
    pub async fn pushes_pending(
        &self,
        session: &ClientSession,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<Push>> {
        let oldest = now.plus_millis(-i64::from(PUSH_LIFETIME_MAX) * 1_000);
        let mut pending = sql(SELECT).bind(session.app).bind(now).bind(oldest);
        pending.push(" AND expires_at > $2 AND created_at >= $3 AND created_at >= (SELECT a.created_at FROM accounts a WHERE a.app_id = $1 AND a.user_id = ");
        pending.push_bind(session.user_id.as_str());
        pending.push(
            ") AND NOT EXISTS (SELECT 1 FROM push_deliveries d WHERE d.app_id = $1 \
             AND d.task_id = pushes.task_id AND d.user_id = ",
        );
        pending.push_bind(session.user_id.as_str());
        pending.push(" AND (d.received_at <> 0 OR ").push(CLAIMED).push("))");
        pending.push(" ORDER BY created_at, task_id LIMIT ").push_bind(limit);
        self.read().await?.fetch_map(pending, |row| read(&row)).await
    }

    /// Claims a push for these connections, each of another account: the usernames of those that get it. A connection must live,
    /// and must have been there when the push was made if it is over since.
    ///
    /// # Errors
    /// The database failed.
    pub async fn claim_push(
        &self,
        app: SdkAppId,
        task_id: &str,
        sessions: Vec<(String, String)>,
        now: Timestamp,
    ) -> Result<Vec<String>> {
        let claim = Claim { app, task_id: task_id.to_owned(), sessions, now };
        self.write(claim, |conn, claim| Box::pin(run(conn, claim))).await
    }

    /// Notes that clients have pushes.
    ///
    /// # Errors
    /// The database failed.
    pub async fn pushes_received(
        &self,
        app: SdkAppId,
        task_id: &str,
        user_ids: Vec<String>,
        now: Timestamp,
    ) -> Result<()> {
        let input = (app, task_id.to_owned(), user_ids, now);
        self.write(input, |conn, (app, task, users, now)| {
            Box::pin(receive(conn, *app, task, users.clone(), *now))
        })
        .await
    }

    /// Forgets up to `limit` deliveries of pushes that are over; false when there are none.
    ///
    /// # Errors
    /// The database failed.
    pub async fn forget_deliveries(&self, now: Timestamp, limit: u32) -> Result<bool> {
        let before = now.plus_millis(-SETTLED);
        self.write((before, limit), |conn, (before, limit)| Box::pin(forget(conn, *before, *limit))).await
    }
}

/// Connections that ask for a push, by username and session.
struct Claim {
    app: SdkAppId,
    task_id: String,
    sessions: Vec<(String, String)>,
    now: Timestamp,
}

/// Holds a push against every other claim and receipt: a claim must see the connections of all claims before it.
async fn hold(conn: &mut Conn, app: SdkAppId, task_id: &str) -> Result<()> {
    let mut push =
        sql("SELECT task_id FROM pushes WHERE app_id = $1 AND task_id = $2").bind(app).bind(task_id);
    push.push(conn.engine().for_update());
    conn.fetch_optional(push).await.map(drop)
}

async fn run(conn: &mut Conn, Claim { app, task_id, sessions, now }: &Claim) -> Result<Vec<String>> {
    if sessions.is_empty() {
        return Ok(Vec::new());
    }
    hold(conn, *app, task_id).await?;
    let mut claim = sql("WITH asked (user_id, session_id) AS (VALUES ").bind(*app).bind(*now);
    for (n, (user_id, session_id)) in sessions.iter().enumerate() {
        claim.push(if n == 0 { "(" } else { ", (" }).push_bind(user_id.as_str()).push(", ");
        claim.push_bind(session_id.as_str()).push(")");
    }
    claim.push(
        ") INSERT INTO push_deliveries AS d (app_id, task_id, user_id, session_id, claims, received_at) \
         SELECT p.app_id, p.task_id, s.user_id, s.session_id, 1, 0 FROM asked \
         JOIN client_sessions s ON s.app_id = $1 AND s.user_id = asked.user_id \
         AND s.session_id = asked.session_id AND s.ended = 0 \
         JOIN accounts a ON a.app_id = $1 AND a.user_id = asked.user_id \
         JOIN pushes p ON p.app_id = $1 AND p.created_at >= a.created_at \
         AND (p.expires_at > $2 OR s.since <= p.created_at) AND p.task_id = ",
    );
    claim.push_bind(task_id.as_str());
    claim.push(
        " WHERE true ON CONFLICT (app_id, task_id, user_id) DO UPDATE SET session_id = excluded.session_id, \
         claims = d.claims + 1 WHERE d.received_at = 0 AND EXISTS (SELECT 1 FROM pushes q \
         WHERE q.app_id = $1 AND q.task_id = d.task_id AND q.expires_at > $2) AND NOT ",
    );
    claim.push(CLAIMED).push(" RETURNING user_id, claims");
    let claimed = conn.fetch_map(claim.once(), |row| Ok((row.text(0)?, row.i64(1)?))).await?;
    let first = claimed.iter().filter(|(_, claims)| *claims == 1).count();
    if first > 0 {
        let add = sql("UPDATE pushes SET sent = sent + $3 WHERE app_id = $1 AND task_id = $2");
        conn.execute(add.bind(*app).bind(task_id.as_str()).bind(first as i64)).await?;
    }
    Ok(claimed.into_iter().map(|(user_id, _)| user_id).collect())
}

async fn receive(
    conn: &mut Conn,
    app: SdkAppId,
    task: &str,
    users: Vec<String>,
    now: Timestamp,
) -> Result<()> {
    hold(conn, app, task).await?;
    let mut received = sql("UPDATE push_deliveries SET received_at = $3 \
         WHERE app_id = $1 AND task_id = $2 AND received_at = 0 AND user_id");
    received = received.bind(app).bind(task).bind(now);
    received.push_in(conn.engine(), users);
    let count = conn.execute(received).await?;
    if count > 0 {
        let add = sql("UPDATE pushes SET received = received + $3 WHERE app_id = $1 AND task_id = $2");
        conn.execute(add.bind(app).bind(task).bind(count.cast_signed())).await?;
    }
    Ok(())
}

async fn forget(conn: &mut Conn, before: Timestamp, limit: u32) -> Result<bool> {
    let over = sql("SELECT app_id, task_id FROM pushes WHERE has_deliveries = 1 AND expires_at < $1 \
         ORDER BY expires_at LIMIT 1");
    let Some(row) = conn.fetch_optional(over.bind(before)).await? else { return Ok(false) };
    let (app, task) = (SdkAppId(row.i64(0)?), row.text(1)?);
    hold(conn, app, &task).await?;
    let some = sql("DELETE FROM push_deliveries WHERE app_id = $1 AND task_id = $2 AND user_id IN \
         (SELECT user_id FROM push_deliveries WHERE app_id = $1 AND task_id = $2 ORDER BY user_id LIMIT $3)");
    if conn.execute(some.bind(app).bind(task.as_str()).bind(limit)).await? == 0 {
        let none =
            sql("UPDATE pushes SET has_deliveries = 0 WHERE app_id = $1 AND task_id = $2 AND NOT EXISTS \
             (SELECT 1 FROM push_deliveries d WHERE d.app_id = $1 AND d.task_id = $2)");
        conn.execute(none.bind(app).bind(task)).await?;
    }
    Ok(true)
}
