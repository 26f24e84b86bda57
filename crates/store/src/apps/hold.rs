//! Applications held until the end of a transaction, so that a rule which was read there still stands at its
//! commit: shared by changes of accounts, alone by changes of the application itself.

use super::{custom_fields as read_custom_fields, find};
use crate::{
    Refusal, Result,
    db::{Conn, sql},
};
use rollcall_shared::{
    app::{App, AppStatus, SdkAppId, UserIdReuse},
    custom_field::CustomField,
    profile::FriendVerification,
};

/// What a change of accounts must know of its application.
pub(crate) struct HeldApp {
    pub status: AppStatus,
    pub deletion_permitted: bool,
    pub friend_verification_default: FriendVerification,
    pub user_id_reuse: UserIdReuse,
    /// What its webhook is told, as a sum of bits.
    pub webhook_events: u32,
    /// As stored: few changes ask.
    custom_fields: String,
}

impl HeldApp {
    /// The custom fields of its accounts.
    pub fn custom_fields(&self) -> Result<Vec<CustomField>> {
        read_custom_fields(&self.custom_fields)
    }
}

/// Reads the application and holds it: until the end of the transaction nobody changes its settings.
async fn hold(conn: &mut Conn, app: SdkAppId) -> Result<Option<HeldApp>> {
    let mut statement =
        sql("SELECT status, deletion_permitted, friend_verification_default, user_id_reuse, \
         webhook_events, custom_fields FROM apps WHERE app_id = $1 AND deleted_at = 0")
        .bind(app);
    statement.push(conn.engine().for_share());
    let Some(row) = conn.fetch_optional(statement).await? else { return Ok(None) };
    Ok(Some(HeldApp {
        status: row.code(0, AppStatus::from_code)?,
        deletion_permitted: row.i64(1)? != 0,
        friend_verification_default: row.code(2, FriendVerification::from_code)?,
        user_id_reuse: row.code(3, UserIdReuse::from_code)?,
        webhook_events: row.u32(4)?,
        custom_fields: row.text(5)?,
    }))
}

/// Holds an application whose accounts may be changed.
pub(crate) async fn hold_enabled(conn: &mut Conn, app: SdkAppId) -> Result<Result<HeldApp, Refusal>> {
    Ok(match hold(conn, app).await? {
        None => Err(Refusal::AppNotFound),
        Some(held) if held.status == AppStatus::Disabled => Err(Refusal::AppDisabled),
        Some(held) => Ok(held),
    })
}

/// Holds an application whose accounts may be deleted.
pub(crate) async fn hold_deletable(conn: &mut Conn, app: SdkAppId) -> Result<Result<HeldApp, Refusal>> {
    let held = hold_enabled(conn, app).await?;
    Ok(held
        .and_then(|held| if held.deletion_permitted { Ok(held) } else { Err(Refusal::DeletionNotPermitted) }))
}

/// The application, held against every other change of it and of its accounts.
pub(super) async fn lock(conn: &mut Conn, app: SdkAppId) -> Result<Option<App>> {
    let mut row = sql("SELECT app_id FROM apps WHERE app_id = $1").bind(app);
    row.push(conn.engine().for_update());
    conn.fetch_optional(row).await?;
    find(conn, app).await
}

/// The same, if it is enabled.
pub(crate) async fn lock_enabled(conn: &mut Conn, app: SdkAppId) -> Result<Result<App, Refusal>> {
    Ok(match lock(conn, app).await? {
        None => Err(Refusal::AppNotFound),
        Some(found) if found.status == AppStatus::Disabled => Err(Refusal::AppDisabled),
        Some(found) => Ok(found),
    })
}
