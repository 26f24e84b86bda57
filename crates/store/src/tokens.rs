//! API tokens of an application. Only SHA-256 of a token is stored.

use crate::{
    Change, Refusal, Result, Store, apps,
    db::{Conn, Row, sql},
};
use rollcall_shared::{
    app::{ApiToken, NewToken, SdkAppId, TokenAccess},
    time::Timestamp,
};

/// The most tokens of an application.
const TOKENS_MAX: i64 = 200;
/// How exactly the last use is noted.
const USE_NOTED: i64 = 60 * 1000;
const DAY: i64 = 24 * 60 * 60 * 1000;

/// What a valid token stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenGrant {
    /// Its id.
    pub id: i64,
    /// The only application it opens.
    pub app: SdkAppId,
    /// Read or write.
    pub access: TokenAccess,
}

impl Store {
    /// The application's tokens, newest first, expired ones included. At most 200.
    ///
    /// # Errors
    /// The database failed.
    pub async fn tokens(&self, app: SdkAppId) -> Result<Vec<ApiToken>> {
        let all =
            sql("SELECT id, name, access, created_at, created_by, expires_at, last_used_at FROM api_tokens \
             WHERE app_id = $1 ORDER BY id DESC LIMIT $2");
        self.read().await?.fetch_map(all.bind(app).bind(TOKENS_MAX), |row| read(&row)).await
    }

    /// Keeps a new token by its hash. At most 200 per application: the oldest expired one makes room, else
    /// [`Refusal::Taken`].
    ///
    /// # Errors
    /// The database failed.
    pub async fn create_token(
        &self,
        change: &Change,
        app: SdkAppId,
        token: &NewToken,
        hash: &[u8; 32],
    ) -> Result<Result<ApiToken, Refusal>> {
        let input = (change.clone(), app, token.clone(), *hash);
        self.write(input, |conn, (change, app, token, hash)| {
            Box::pin(create(conn, change, *app, token, hash))
        })
        .await
    }

    /// Ends a token; false when there is none.
    ///
    /// # Errors
    /// The database failed.
    pub async fn revoke_token(&self, app: SdkAppId, id: i64) -> Result<bool> {
        self.write((app, id), |conn, (app, id)| {
            Box::pin(async move {
                let revoke = sql("DELETE FROM api_tokens WHERE app_id = $1 AND id = $2");
                Ok(conn.execute(revoke.bind(*app).bind(*id)).await? == 1)
            })
        })
        .await
    }

    /// The grant of a token that is not expired; notes its use, at most once a minute.
    ///
    /// # Errors
    /// The database failed.
    pub async fn token_grant(&self, hash: &[u8; 32], now: Timestamp) -> Result<Option<TokenGrant>> {
        let find = sql("SELECT t.id, t.app_id, t.access, t.last_used_at FROM api_tokens t \
             JOIN apps a ON a.app_id = t.app_id \
             WHERE t.hash = $1 AND t.expires_at > $2 AND a.deleted_at = 0");
        let Some(row) = self.read().await?.fetch_optional(find.bind(hash).bind(now)).await? else {
            return Ok(None);
        };
        let grant = TokenGrant {
            id: row.i64(0)?,
            app: SdkAppId(row.i64(1)?),
            access: row.code(2, TokenAccess::from_code)?,
        };
        if row.time(3)? <= now.plus_millis(-USE_NOTED) {
            self.write((grant.app, grant.id, now), |conn, (app, id, now)| {
                Box::pin(async move {
                    let note = sql("UPDATE api_tokens SET last_used_at = $3 \
                         WHERE app_id = $1 AND id = $2 AND last_used_at < $3");
                    conn.execute(note.bind(*app).bind(*id).bind(*now)).await
                })
            })
            .await?;
        }
        Ok(Some(grant))
    }
}

fn read(row: &Row) -> Result<ApiToken> {
    Ok(ApiToken {
        id: row.i64(0)?,
        name: row.text(1)?,
        access: row.code(2, TokenAccess::from_code)?,
        created_at: row.time(3)?,
        created_by: row.text(4)?,
        expires_at: row.time(5)?,
        last_used_at: row.time_or_none(6)?,
    })
}

async fn create(
    conn: &mut Conn,
    change: &Change,
    app: SdkAppId,
    token: &NewToken,
    hash: &[u8; 32],
) -> Result<Result<ApiToken, Refusal>> {
    if let Err(refusal) = apps::lock_enabled(conn, app).await? {
        return Ok(Err(refusal));
    }
    if !make_room(conn, app, change.now).await? {
        return Ok(Err(Refusal::Taken));
    }
    let next = sql("UPDATE apps SET last_token = last_token + 1 WHERE app_id = $1 RETURNING last_token");
    let id = conn.fetch_one(next.bind(app)).await?.i64(0)?;
    let insert =
        sql("INSERT INTO api_tokens (app_id, id, hash, name, access, created_at, created_by, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
         RETURNING id, name, access, created_at, created_by, expires_at, last_used_at");
    let expires_at = change.now.plus_millis(DAY * i64::from(token.expires_in_days));
    let insert = insert.bind(app).bind(id).bind(hash).bind(token.name.as_str()).bind(token.access.code());
    let insert = insert.bind(change.now).bind(change.actor.to_string()).bind(expires_at);
    read(&conn.fetch_one(insert).await?).map(Ok)
}

/// Whether one more token fits, if need be in the place of an expired one.
async fn make_room(conn: &mut Conn, app: SdkAppId, now: Timestamp) -> Result<bool> {
    let held = sql("SELECT count(*) FROM api_tokens WHERE app_id = $1").bind(app);
    if conn.fetch_one(held).await?.i64(0)? < TOKENS_MAX {
        return Ok(true);
    }
    let drop = sql("DELETE FROM api_tokens WHERE app_id = $1 AND id IN \
         (SELECT id FROM api_tokens WHERE app_id = $1 AND expires_at <= $2 ORDER BY expires_at LIMIT 1)");
    Ok(conn.execute(drop.bind(app).bind(now)).await? == 1)
}
