//! What the vendor's server API asks of the store and nobody else does: who calls, how often they may, and kicks. Its other commands use what
//! the console uses.

use crate::{
    Change, Refusal, Result, Store,
    apps::{self, hold_enabled, lock_enabled},
    clients,
    db::{Conn, sql},
};
use rollcall_shared::{
    app::{AppStatus, CallLimits, SdkAppId},
    custom_field::CustomField,
    profile::AccountType,
    time::Timestamp,
};

/// What is known of a caller of the server API before anything is proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatCaller {
    /// Whether the application may be used.
    pub status: AppStatus,
    /// The application's secret key, encrypted.
    pub secret_key: Vec<u8>,
    /// The type of the account that the caller says to be; `None` if there is no such account.
    pub account_type: Option<AccountType>,
    /// UserSigs of this account are void if they were made in this second or earlier.
    pub void_until: Option<Timestamp>,
    /// How many calls the application takes.
    pub limits: CallLimits,
    custom_fields: String,
}

impl ChatCaller {
    /// The custom fields of the application's accounts. Read when they are asked for, because few calls do.
    ///
    /// # Errors
    /// What is stored cannot be read.
    pub fn custom_fields(&self) -> Result<Vec<CustomField>> {
        apps::custom_fields(&self.custom_fields)
    }

    /// Whether a UserSig that was made then (seconds since 1970) is void.
    pub fn voids(&self, made: i64) -> bool {
        self.void_until.is_some_and(|until| made <= until.seconds())
    }
}

/// A kick, owned so that it can run in the writer.
type Kick = (Change, SdkAppId, String);

impl Store {
    /// Everything that decides whether `identifier` may call the server API of `app`; `None` if there is no such
    /// application.
    ///
    /// # Errors
    /// The database failed.
    pub async fn chat_caller(&self, app: SdkAppId, identifier: &str) -> Result<Option<ChatCaller>> {
        // An account that was deleted and created again inherits the end of its predecessor's UserSigs.
        const CALLER: &str = "SELECT a.status, a.secret_key, COALESCE(u.account_type, -1), \
             COALESCE(k.kicked_at, 0), COALESCE(d.deleted_at, 0), COALESCE(l.bulk, -1), COALESCE(l.other, -1), \
             COALESCE(l.pushes, -1), a.custom_fields \
             FROM apps a LEFT JOIN call_limits l ON l.app_id = a.app_id \
             LEFT JOIN accounts u ON u.app_id = a.app_id AND u.user_id = $2 \
             LEFT JOIN kicks k ON k.app_id = a.app_id AND k.user_id = $2 \
             LEFT JOIN deleted_accounts d ON d.app_id = a.app_id AND d.user_id = $2 \
             WHERE a.app_id = $1 AND a.deleted_at = 0";
        let row = self.read().await?.fetch_optional(sql(CALLER).bind(app).bind(identifier)).await?;
        let Some(row) = row else { return Ok(None) };
        let void_until = row.time(3)?.max(row.time(4)?);
        Ok(Some(ChatCaller {
            status: row.code(0, AppStatus::from_code)?,
            secret_key: row.bytes(1)?,
            account_type: (row.i64(2)? >= 0).then(|| row.code(2, AccountType::from_code)).transpose()?,
            void_until: (void_until.millis() > 0).then_some(void_until),
            limits: limits(row.i64(5)?, row.i64(6)?, row.i64(7)?),
            custom_fields: row.text(8)?,
        }))
    }

    /// How many calls the application takes.
    ///
    /// # Errors
    /// The database failed.
    pub async fn call_limits(&self, app: SdkAppId) -> Result<CallLimits> {
        let set = sql("SELECT bulk, other, pushes FROM call_limits WHERE app_id = $1").bind(app);
        let row = self.read().await?.fetch_optional(set).await?;
        row.map_or_else(|| Ok(CallLimits::default()), |row| Ok(limits(row.i64(0)?, row.i64(1)?, row.i64(2)?)))
    }

    /// Sets how many calls the application takes.
    ///
    /// # Errors
    /// The database failed.
    pub async fn set_call_limits(
        &self,
        change: &Change,
        app: SdkAppId,
        limits: CallLimits,
    ) -> Result<Result<(), Refusal>> {
        let input = (change.clone(), app, limits);
        self.write(input, |conn, (change, app, limits)| Box::pin(set_limits(conn, change, *app, *limits)))
            .await
    }

    /// Makes every UserSig of the account void that was made by now. The mark outlives the account.
    ///
    /// # Errors
    /// The database failed.
    pub async fn kick(&self, change: &Change, app: SdkAppId, user_id: &str) -> Result<Result<(), Refusal>> {
        let input = (change.clone(), app, user_id.to_owned());
        self.write(input, |conn, input| Box::pin(kick(conn, input))).await
    }
}

async fn kick(conn: &mut Conn, (change, app, user_id): &Kick) -> Result<Result<(), Refusal>> {
    if let Err(refusal) = hold_enabled(conn, *app).await? {
        return Ok(Err(refusal));
    }
    // A client that connects holds its account: it is there before, and ended, or comes after, and is refused.
    let mut account = sql("SELECT user_id FROM accounts WHERE app_id = $1 AND user_id = $2");
    account.push(conn.engine().for_update());
    conn.fetch_optional(account.bind(*app).bind(user_id.as_str())).await?;
    // Written even if it says nothing new, so that no row means that there is no account.
    let mark = sql("INSERT INTO kicks (app_id, user_id, kicked_at) \
         SELECT app_id, user_id, $3 FROM accounts WHERE app_id = $1 AND user_id = $2 \
         ON CONFLICT (app_id, user_id) DO UPDATE SET kicked_at = \
         CASE WHEN excluded.kicked_at > kicks.kicked_at THEN excluded.kicked_at ELSE kicks.kicked_at END");
    let marked = conn.execute(mark.bind(*app).bind(user_id.as_str()).bind(change.now)).await?;
    clients::end_all(conn, *app, vec![user_id.clone()]).await?;
    Ok(if marked == 0 { Err(Refusal::NotFound) } else { Ok(()) })
}

/// Stored limits; what is negative was never set.
fn limits(bulk: i64, other: i64, pushes: i64) -> CallLimits {
    let default = CallLimits::default();
    CallLimits {
        bulk: u32::try_from(bulk).unwrap_or(default.bulk),
        other: u32::try_from(other).unwrap_or(default.other),
        pushes: u32::try_from(pushes).unwrap_or(default.pushes),
    }
}

async fn set_limits(
    conn: &mut Conn,
    change: &Change,
    app: SdkAppId,
    limits: CallLimits,
) -> Result<Result<(), Refusal>> {
    if let Err(refusal) = lock_enabled(conn, app).await? {
        return Ok(Err(refusal));
    }
    let set = sql("INSERT INTO call_limits (app_id, bulk, other, pushes, updated_at, updated_by) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (app_id) DO UPDATE SET \
         bulk = excluded.bulk, other = excluded.other, pushes = excluded.pushes, \
         updated_at = excluded.updated_at, updated_by = excluded.updated_by");
    let set = set.bind(app).bind(limits.bulk).bind(limits.other).bind(limits.pushes).bind(change.now);
    conn.execute(set.bind(change.actor.to_string())).await?;
    Ok(Ok(()))
}
