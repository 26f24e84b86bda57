//! Clients that are connected: which accounts are online, from what, and at which server. The connections themselves are the
//! servers'; here is what all servers know of them.

use crate::{
    Actor, Change, Refusal, Result, Store,
    apps::hold_enabled,
    db::{Conn, Row, sql},
    persons,
    webhooks::{StateChange, tell},
};
use rollcall_shared::{app::SdkAppId, time::Timestamp};

/// How many sessions of a lost server one statement ends.
const LOST_AT_ONCE: u32 = 500;

/// A client's connection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClientSession {
    /// The application.
    pub app: SdkAppId,
    /// The account.
    pub user_id: String,
    /// Tells the account's connections apart; hard to guess, made by the caller.
    pub session_id: String,
}

/// An account that is online, and from what: one entry for each of its connections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Online {
    /// The account.
    pub user_id: String,
    /// As the client named it.
    pub platform: String,
}

impl Store {
    /// Says that a server holds connections until then, unless it says so again. False if it did not say so in time before:
    /// others have taken its connections for lost.
    ///
    /// # Errors
    /// The database failed.
    pub async fn server_lives(&self, server: &str, now: Timestamp, until: Timestamp) -> Result<bool> {
        self.write((server.to_owned(), now, until), |conn, (server, now, until)| {
            Box::pin(async move {
                let still =
                    sql("UPDATE servers SET seen_until = $3 WHERE server_id = $1 AND seen_until > $2");
                if conn.execute(still.bind(server.as_str()).bind(*now).bind(*until)).await? == 1 {
                    return Ok(true);
                }
                set_lifetime(conn, server, *until).await.map(|()| false)
            })
        })
        .await
    }

    /// A client connects, whose UserSig was found good at `now`. Refused where there is no such account, or it was kicked
    /// since then.
    ///
    /// # Errors
    /// The database failed.
    pub async fn client_connects(
        &self,
        session: &ClientSession,
        server: &str,
        platform: &str,
        now: Timestamp,
    ) -> Result<Result<(), Refusal>> {
        let input = (session.clone(), server.to_owned(), platform.to_owned(), now);
        self.write(input, |conn, (session, server, platform, now)| {
            Box::pin(connect(conn, session, server, platform, *now))
        })
        .await
    }

    /// A connection has ended.
    ///
    /// # Errors
    /// The database failed.
    pub async fn client_leaves(
        &self,
        session: &ClientSession,
        change: StateChange,
        now: Timestamp,
    ) -> Result<()> {
        let input = (vec![session.clone()], change, now);
        self.write(input, |conn, (sessions, change, now)| Box::pin(leave(conn, sessions, *change, *now)))
            .await
    }

    /// The sessions at a server that it has to end. At most 1,000.
    ///
    /// # Errors
    /// The database failed.
    pub async fn clients_to_end(&self, server: &str) -> Result<Vec<ClientSession>> {
        let ended = sql("SELECT app_id, user_id, session_id FROM client_sessions \
             WHERE server_id = $1 AND ended = 1 LIMIT 1000");
        self.read().await?.fetch_map(ended.bind(server), |row| session(&row)).await
    }

    /// Which of these accounts are online now.
    ///
    /// # Errors
    /// The database failed.
    pub async fn online(&self, app: SdkAppId, user_ids: Vec<String>, now: Timestamp) -> Result<Vec<Online>> {
        let mut conn = self.read().await?;
        let mut online = sql("SELECT s.user_id, s.platform FROM client_sessions s \
             JOIN servers v ON v.server_id = s.server_id \
             WHERE s.app_id = $1 AND s.ended = 0 AND v.seen_until > $2 AND s.user_id")
        .bind(app)
        .bind(now);
        online.push_in(conn.engine(), user_ids).push(" ORDER BY s.user_id, s.since, s.session_id");
        conn.fetch_map(online, |row| Ok(Online { user_id: row.text(0)?, platform: row.text(1)? })).await
    }

    /// Ends the sessions of a server that was lost before `before`, some at a time; false when there is no such server.
    ///
    /// # Errors
    /// The database failed.
    pub async fn forget_lost_servers(&self, before: Timestamp, now: Timestamp) -> Result<bool> {
        self.write((before, now), |conn, (before, now)| Box::pin(forget(conn, *before, *now))).await
    }

    /// A server ends in good order, and its connections with it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn server_ends(&self, server: &str) -> Result<()> {
        // As if it had been lost long ago: whoever looks next tells of the ends, a few at a time.
        self.write(server.to_owned(), |conn, server| {
            Box::pin(set_lifetime(conn, server, Timestamp::from_millis(0)))
        })
        .await
    }
}

async fn set_lifetime(conn: &mut Conn, server: &str, until: Timestamp) -> Result<()> {
    let set = sql("INSERT INTO servers (server_id, seen_until) VALUES ($1, $2) \
         ON CONFLICT (server_id) DO UPDATE SET seen_until = excluded.seen_until");
    conn.execute(set.bind(server).bind(until)).await.map(drop)
}

fn session(row: &Row) -> Result<ClientSession> {
    Ok(ClientSession { app: SdkAppId(row.i64(0)?), user_id: row.text(1)?, session_id: row.text(2)? })
}

async fn connect(
    conn: &mut Conn,
    session: &ClientSession,
    server: &str,
    platform: &str,
    now: Timestamp,
) -> Result<Result<(), Refusal>> {
    let ClientSession { app, user_id, session_id } = session;
    let held = match hold_enabled(conn, *app).await? {
        Ok(held) => held,
        Err(refusal) => return Ok(Err(refusal)),
    };
    // Held: a deletion or a kick comes before, and refuses, or after, and ends what is written here.
    let mut account = sql("SELECT user_id FROM accounts WHERE app_id = $1 AND user_id = $2");
    account.push(conn.engine().for_share());
    let account = conn.fetch_optional(account.bind(*app).bind(user_id.as_str())).await?;
    // An account that was deleted meanwhile and created again is not the one whose UserSig it was.
    let kicked = sql("SELECT kicked_at FROM kicks WHERE app_id = $1 AND user_id = $2 AND kicked_at >= $3 \
         UNION ALL SELECT deleted_at FROM deleted_accounts \
         WHERE app_id = $1 AND user_id = $2 AND deleted_at >= $3");
    let kicked = conn.fetch_optional(kicked.bind(*app).bind(user_id.as_str()).bind(now)).await?;
    if account.is_none() || kicked.is_some() {
        return Ok(Err(Refusal::NotFound));
    }
    let insert =
        sql("INSERT INTO client_sessions (app_id, user_id, session_id, server_id, platform, since, ended) \
         VALUES ($1, $2, $3, $4, $5, $6, 0)");
    let insert = insert.bind(*app).bind(user_id.as_str()).bind(session_id.as_str()).bind(server);
    conn.execute(insert.bind(platform).bind(now)).await?;
    let change = Change { actor: Actor::System, now };
    tell(conn, &change, *app, &held, Some(StateChange::Login.of(user_id))).await?;
    Ok(Ok(()))
}

async fn leave(
    conn: &mut Conn,
    sessions: &[ClientSession],
    state: StateChange,
    now: Timestamp,
) -> Result<()> {
    let change = Change { actor: Actor::System, now };
    for ClientSession { app, user_id, session_id } in sessions {
        let end = sql("DELETE FROM client_sessions WHERE app_id = $1 AND user_id = $2 AND session_id = $3 \
             RETURNING ended, since");
        let end = end.bind(*app).bind(user_id.as_str()).bind(session_id.as_str());
        let Some(row) = conn.fetch_optional(end).await? else { continue };
        // The end of a connection must not bring back the name of an account that was erased while it was there.
        if row.i64(0)? != 0 && persons::was_erased(conn, *app, user_id, row.time(1)?).await? {
            continue;
        }
        if let Ok(held) = hold_enabled(conn, *app).await? {
            tell(conn, &change, *app, &held, Some(state.of(user_id))).await?;
        }
    }
    Ok(())
}

async fn forget(conn: &mut Conn, before: Timestamp, now: Timestamp) -> Result<bool> {
    let lost =
        sql("SELECT server_id FROM servers WHERE seen_until < $1 ORDER BY server_id LIMIT 1").bind(before);
    let Some(server) = conn.fetch_optional(lost).await? else { return Ok(false) };
    let server = server.text(0)?;
    let mut sessions = sql("SELECT app_id, user_id, session_id FROM client_sessions WHERE server_id = $1");
    sessions.push(&format!(" LIMIT {LOST_AT_ONCE}"));
    let sessions = conn.fetch_map(sessions.bind(server.as_str()), |row| session(&row)).await?;
    leave(conn, &sessions, StateChange::Lost, now).await?;
    if sessions.is_empty() {
        // Unless it came back meanwhile.
        let gone = sql("DELETE FROM servers WHERE server_id = $1 AND seen_until < $2");
        conn.execute(gone.bind(server).bind(before)).await?;
    }
    Ok(true)
}

/// The same for all accounts of an application.
pub(crate) async fn end_all_of(conn: &mut Conn, app: SdkAppId) -> Result<()> {
    let end = sql("UPDATE client_sessions SET ended = 1 WHERE app_id = $1");
    conn.execute(end.bind(app)).await.map(drop)
}

/// Makes the servers of these accounts' connections end them: the accounts were kicked or deleted, in the caller's
/// transaction.
pub(crate) async fn end_all(conn: &mut Conn, app: SdkAppId, user_ids: Vec<String>) -> Result<()> {
    let mut end = sql("UPDATE client_sessions SET ended = 1 WHERE app_id = $1 AND user_id").bind(app);
    end.push_in(conn.engine(), user_ids);
    conn.execute(end).await.map(drop)
}
