//! Sessions by the hash of their cookie.

use super::{ActiveSession, NewSession, operator};
use crate::{
    Result, Store,
    db::{Conn, Row, sql},
};
use rollcall_shared::{session::SessionInfo, time::Timestamp};

/// How exactly the last use is noted, and the end moved.
const USE_NOTED: i64 = 60 * 1000;
/// The most bytes of a browser's description of itself.
const USER_AGENT_MAX: usize = 200;
/// The most sessions that a list shows.
const LISTED: i64 = 200;

impl Store {
    /// Begins a session. Removes expired ones.
    ///
    /// # Errors
    /// The database failed.
    pub async fn begin_session(&self, session: &NewSession) -> Result<ActiveSession> {
        self.write(session.clone(), |conn, session| Box::pin(begin(conn, session))).await
    }

    /// The session of a cookie if it is valid; extends it to `expires_at` and notes its use, at most once a minute.
    ///
    /// # Errors
    /// The database failed.
    pub async fn session(
        &self,
        hash: &[u8; 32],
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Option<ActiveSession>> {
        let find = sql("SELECT o.id, o.email, o.name, s.id, s.expires_at, s.last_seen_at FROM sessions s \
             JOIN operators o ON o.id = s.operator_id WHERE s.hash = $1 AND s.expires_at > $2");
        let Some(row) = self.read().await?.fetch_optional(find.bind(hash).bind(now)).await? else {
            return Ok(None);
        };
        let mut session =
            ActiveSession { id: row.i64(3)?, operator: operator(&row)?, expires_at: row.time(4)? };
        if row.time(5)? > now.plus_millis(-USE_NOTED) {
            return Ok(Some(session));
        }
        session.expires_at = session.expires_at.max(expires_at);
        let input = (session.id, now, session.expires_at);
        let kept = self.write(input, |conn, (id, now, expires_at)| {
            Box::pin(async move {
                let note = sql("UPDATE sessions SET last_seen_at = $2, expires_at = $3 WHERE id = $1");
                conn.execute(note.bind(*id).bind(*now).bind(*expires_at)).await
            })
        });
        // None when the session was ended meanwhile.
        Ok((kept.await? == 1).then_some(session))
    }

    /// The operator's valid sessions, newest first, at most 200. `current` marks one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn sessions(&self, operator: i64, current: i64, now: Timestamp) -> Result<Vec<SessionInfo>> {
        let valid =
            sql("SELECT id, user_agent, address, created_at, last_seen_at, expires_at FROM sessions \
             WHERE operator_id = $1 AND expires_at > $2 ORDER BY created_at DESC, id DESC LIMIT $3");
        let info = |row: Row| {
            let id = row.i64(0)?;
            Ok(SessionInfo {
                id,
                user_agent: row.text(1)?,
                address: row.text(2)?,
                created_at: row.time(3)?,
                last_seen_at: row.time(4)?,
                expires_at: row.time(5)?,
                current: id == current,
            })
        };
        self.read().await?.fetch_map(valid.bind(operator).bind(now).bind(LISTED), info).await
    }

    /// Ends a session of this operator; false when there is none.
    ///
    /// # Errors
    /// The database failed.
    pub async fn end_session(&self, operator: i64, id: i64) -> Result<bool> {
        self.write((operator, id), |conn, (operator, id)| {
            Box::pin(async move {
                let end = sql("DELETE FROM sessions WHERE operator_id = $1 AND id = $2");
                Ok(conn.execute(end.bind(*operator).bind(*id)).await? == 1)
            })
        })
        .await
    }
}

async fn begin(conn: &mut Conn, session: &NewSession) -> Result<ActiveSession> {
    let NewSession { operator: whose, hash, user_agent, address, now, expires_at } = session;
    conn.execute(sql("DELETE FROM sessions WHERE expires_at <= $1").bind(*now)).await?;
    let insert =
        sql("INSERT INTO sessions (hash, operator_id, user_agent, address, created_at, last_seen_at, \
         expires_at) VALUES ($1, $2, $3, $4, $5, $5, $6) RETURNING id");
    let user_agent = &user_agent[..user_agent.floor_char_boundary(USER_AGENT_MAX)];
    let insert = insert.bind(hash).bind(*whose).bind(user_agent).bind(address.as_str());
    let id = conn.fetch_one(insert.bind(*now).bind(*expires_at)).await?.i64(0)?;
    let find = sql("SELECT id, email, name FROM operators WHERE id = $1").bind(*whose);
    Ok(ActiveSession { id, operator: operator(&conn.fetch_one(find).await?)?, expires_at: *expires_at })
}

/// Ends the operator's sessions but one.
pub(super) async fn end_others(conn: &mut Conn, operator: i64, keep: i64) -> Result<()> {
    let end = sql("DELETE FROM sessions WHERE operator_id = $1 AND id <> $2");
    conn.execute(end.bind(operator).bind(keep)).await.map(drop)
}
