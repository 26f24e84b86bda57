//! What the vendor's server API asks of the store and nobody else does: who calls, and kicks. Its other commands use what
//! the console uses.

use crate::{
    Change, Refusal, Result, Store,
    apps::hold_enabled,
    db::{Conn, sql},
};
use rollcall_shared::{app::AppStatus, app::SdkAppId, profile::AccountType, time::Timestamp};

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
             COALESCE(k.kicked_at, 0), COALESCE(d.deleted_at, 0) FROM apps a \
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
        }))
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
    // Written even if it says nothing new, so that no row means that there is no account.
    let mark = sql("INSERT INTO kicks (app_id, user_id, kicked_at) \
         SELECT app_id, user_id, $3 FROM accounts WHERE app_id = $1 AND user_id = $2 \
         ON CONFLICT (app_id, user_id) DO UPDATE SET kicked_at = \
         CASE WHEN excluded.kicked_at > kicks.kicked_at THEN excluded.kicked_at ELSE kicks.kicked_at END");
    let marked = conn.execute(mark.bind(*app).bind(user_id.as_str()).bind(change.now)).await?;
    Ok(if marked == 0 { Err(Refusal::NotFound) } else { Ok(()) })
}
