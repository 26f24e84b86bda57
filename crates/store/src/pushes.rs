//! Pushes to all members: stored once, and claimed for one connection of each account. Which connections there are is the
//! servers' business; how a push reaches them is in `pushes/delivery.rs`.

mod delivery;

use crate::{
    Change, Refusal, Result, Store,
    apps::lock_enabled,
    db::{Conn, Row, sql},
};
use rollcall_shared::{
    app::SdkAppId,
    push::{NewPush, PUSH_GAP, PUSH_RANDOM_KEPT, Push},
    time::Timestamp,
};

/// The most pushes that are listed.
const LISTED: i64 = 100;
/// How long pushes are kept, in milliseconds: 30 days.
const KEPT: i64 = 30 * 24 * 60 * 60 * 1_000;
/// A day, in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000;

/// What became of a push that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// It is new.
    Made(Push),
    /// The same was sent within the last 7 days.
    Same(Push),
    /// The last one was no more than a second ago.
    TooSoon,
    /// There were as many in the last 24 hours as the application takes.
    TooMany,
    /// The application is gone or disabled.
    Refused(Refusal),
}

/// A push that was asked for, owned so that it can run in the writer.
struct Asked {
    change: Change,
    app: SdkAppId,
    from: String,
    new: NewPush,
}

/// The columns of a push.
const SELECT: &str = "SELECT task_id, from_account, random, body, created_at, expires_at, created_by, accounts, sent, \
    received FROM pushes WHERE app_id = $1";

fn read(row: &Row) -> Result<Push> {
    Ok(Push {
        task_id: row.text(0)?,
        from: row.text(1)?,
        random: row.u32(2)?,
        body: row.json(3)?,
        created_at: row.time(4)?,
        expires_at: row.time(5)?,
        created_by: row.text(6)?,
        accounts: row.u64(7)?,
        sent: row.u64(8)?,
        received: row.u64(9)?,
    })
}

impl Store {
    /// Stores a push that is valid, unless it is one that was sent before, or too many were. How many an application takes in a
    /// day is one of its limits.
    ///
    /// # Errors
    /// The database failed.
    pub async fn push(&self, change: &Change, app: SdkAppId, from: &str, new: &NewPush) -> Result<Pushed> {
        let asked = Asked { change: change.clone(), app, from: from.to_owned(), new: new.clone() };
        self.write(asked, |conn, asked| Box::pin(push(conn, asked))).await
    }

    /// The newest pushes: at most 100.
    ///
    /// # Errors
    /// The database failed.
    pub async fn pushes(&self, app: SdkAppId) -> Result<Vec<Push>> {
        let mut newest = sql(SELECT).bind(app);
        newest.push(" ORDER BY created_at DESC, task_id DESC LIMIT ").push_bind(LISTED);
        self.read().await?.fetch_map(newest, |row| read(&row)).await
    }

    /// One push.
    ///
    /// # Errors
    /// The database failed.
    pub async fn find_push(&self, app: SdkAppId, task_id: &str) -> Result<Option<Push>> {
        let mut one = sql(SELECT).bind(app);
        one.push(" AND task_id = ").push_bind(task_id);
        self.read().await?.fetch_optional(one).await?.as_ref().map(read).transpose()
    }
}

async fn push(conn: &mut Conn, Asked { change, app, from, new }: &Asked) -> Result<Pushed> {
    // Alone, so that two at once do not both find that there is room.
    let found = match lock_enabled(conn, *app).await? {
        Ok(found) => found,
        Err(refusal) => return Ok(Pushed::Refused(refusal)),
    };
    let mut same = sql(SELECT).bind(*app);
    same.push(" AND created_at > ").push_bind(change.now.plus_millis(-PUSH_RANDOM_KEPT));
    same.push(" AND random = ").push_bind(new.random).push(" ORDER BY created_at DESC LIMIT 1");
    if let Some(row) = conn.fetch_optional(same).await? {
        return Ok(Pushed::Same(read(&row)?));
    }
    let recent = sql("SELECT count(*), COALESCE(max(created_at), 0), \
         COALESCE((SELECT pushes FROM call_limits WHERE app_id = $1), $3) \
         FROM pushes WHERE app_id = $1 AND created_at > $2");
    let default = rollcall_shared::app::CallLimits::default().pushes;
    let recent = recent.bind(*app).bind(change.now.plus_millis(-DAY)).bind(default);
    let recent = conn.fetch_one(recent).await?;
    let (count, last, limit) = (recent.u64(0)?, recent.time(1)?, recent.u64(2)?);
    if limit > 0 && count >= limit {
        return Ok(Pushed::TooMany);
    }
    if change.now <= last.plus_millis(PUSH_GAP) {
        return Ok(Pushed::TooSoon);
    }
    forget_old(conn, *app, change.now).await?;
    let push = Push {
        task_id: format!("{app}_{}_{}", new.random, change.now.millis()),
        from: from.clone(),
        random: new.random,
        body: new.body.clone(),
        created_at: change.now,
        expires_at: change.now.plus_millis(i64::from(new.lifetime_seconds) * 1_000),
        created_by: change.actor.to_string(),
        accounts: found.accounts.unsigned_abs(),
        sent: 0,
        received: 0,
    };
    insert(conn, *app, &push).await?;
    Ok(Pushed::Made(push))
}

async fn insert(conn: &mut Conn, app: SdkAppId, push: &Push) -> Result<()> {
    let Push { task_id, from, random, body, created_at, expires_at, created_by, accounts, .. } = push;
    let insert =
        sql("INSERT INTO pushes (app_id, task_id, from_account, random, body, created_at, expires_at, \
         created_by, accounts, sent, received, has_deliveries) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 1)");
    let body = serde_json::to_string(body).map_err(|error| crate::StoreError::Corrupt(error.to_string()))?;
    let insert = insert.bind(app).bind(task_id.as_str()).bind(from.as_str()).bind(*random).bind(body);
    let insert = insert.bind(*created_at).bind(*expires_at).bind(created_by.as_str());
    conn.execute(insert.bind(accounts.cast_signed())).await.map(drop)
}

/// Forgets pushes that are long over. Their deliveries went before.
async fn forget_old(conn: &mut Conn, app: SdkAppId, now: Timestamp) -> Result<()> {
    let old = sql("DELETE FROM pushes WHERE app_id = $1 AND created_at < $2 AND has_deliveries = 0");
    conn.execute(old.bind(app).bind(now.plus_millis(-KEPT))).await.map(drop)
}
