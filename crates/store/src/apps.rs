//! Applications. A secret key arrives and leaves encrypted: the store never sees it. How changes of accounts hold
//! their application is in the submodule `hold`, its end in `delete`.

mod delete;
mod hold;

pub use delete::Purged;
pub(crate) use hold::{HeldApp, hold_deletable, hold_enabled, lock_enabled};

use crate::{
    Change, Refusal, Result, Store, StoreError, accounts, clients,
    db::{Conn, Row, sql},
};
use hold::lock;
use rollcall_shared::{
    account::NewAccount,
    app::{App, AppPatch, AppStatus, DeletionRestriction, SdkAppId, UserIdReuse},
    custom_field::{CustomField, definition_errors},
    profile::{ADMINISTRATOR, AccountType, FriendVerification},
    time::Timestamp,
};

/// The most applications that a list shows.
const LISTED: i64 = 1000;

/// What became of a change that named a version.
#[derive(Clone, Debug, PartialEq)]
pub enum Versioned<T> {
    /// It was made.
    Done(T),
    /// The resource is another version by now; this is how it stands.
    Changed(T),
    /// A rule refused it.
    Refused(Refusal),
}

/// The columns that [`read`] takes, of an application as `a`, which `$app` names too: a parameter where there is one, so
/// that a database which spreads rows by application need not look for it.
macro_rules! select {
    ($app:literal, $rest:literal) => {
        concat!(
            "SELECT a.app_id, a.name, a.status, \
             CAST(COALESCE((SELECT sum(t.accounts) FROM app_totals t WHERE t.app_id = ",
            $app,
            "), 0) AS BIGINT), COALESCE((SELECT m.admins FROM app_admins m WHERE m.app_id = ",
            $app,
            "), 0), \
             a.deletion_permitted, a.friend_verification_default, a.user_id_reuse, a.created_at, a.version, \
             a.custom_fields \
             FROM apps a WHERE a.deleted_at = 0 ",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<App> {
    Ok(App {
        sdkappid: SdkAppId(row.i64(0)?),
        name: row.text(1)?,
        status: row.code(2, AppStatus::from_code)?,
        accounts: row.i64(3)?,
        admins: row.i64(4)?,
        deletion_permitted: row.i64(5)? != 0,
        friend_verification_default: row.code(6, FriendVerification::from_code)?,
        user_id_reuse: row.code(7, UserIdReuse::from_code)?,
        created_at: row.time(8)?,
        version: row.i64(9)?,
        custom_fields: custom_fields(row.str(10)?)?,
    })
}

/// Custom fields as they are stored.
pub(crate) fn custom_fields(text: &str) -> Result<Vec<CustomField>> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}

impl Store {
    /// Every application, by SDKAppID, with exact totals. At most 1,000.
    ///
    /// # Errors
    /// The database failed.
    pub async fn apps(&self) -> Result<Vec<App>> {
        let all = sql(select!("a.app_id", "ORDER BY a.app_id LIMIT $1")).bind(LISTED);
        self.read().await?.fetch_map(all, |row| read(&row)).await
    }

    /// One application. Applications whose deletion was asked for are gone.
    ///
    /// # Errors
    /// The database failed.
    pub async fn app(&self, app: SdkAppId) -> Result<Option<App>> {
        find(&mut self.read().await?, app).await
    }

    /// Creates an application with the account `administrator`. `seal` encrypts the key for the SDKAppID given.
    ///
    /// # Errors
    /// The database failed.
    pub async fn create_app(
        &self,
        change: &Change,
        name: &str,
        seal: impl Fn(SdkAppId) -> Vec<u8> + Send + Sync + 'static,
    ) -> Result<App> {
        let input = (change.clone(), name.to_owned(), seal);
        self.write(input, |conn, (change, name, seal)| Box::pin(create(conn, change, name, seal))).await
    }

    /// Changes settings. A disabled application takes only `status`. `expected` is the incarnation and version of
    /// If-Match; `None` skips the check.
    ///
    /// # Errors
    /// The database failed.
    pub async fn patch_app(
        &self,
        change: &Change,
        app: SdkAppId,
        expected: Option<(Timestamp, i64)>,
        patch: &AppPatch,
    ) -> Result<Versioned<App>> {
        let input = (change.clone(), app, expected, patch.clone());
        self.write(input, |conn, (change, app, expected, patch)| {
            Box::pin(edit(conn, change, *app, *expected, patch))
        })
        .await
    }

    /// The encrypted secret key.
    ///
    /// # Errors
    /// The database failed.
    pub async fn secret_key(&self, app: SdkAppId) -> Result<Option<Vec<u8>>> {
        let key = sql("SELECT secret_key FROM apps WHERE app_id = $1 AND deleted_at = 0").bind(app);
        self.read().await?.fetch_optional(key).await?.map(|row| row.bytes(0)).transpose()
    }

    /// Replaces the encrypted secret key.
    ///
    /// # Errors
    /// The database failed.
    pub async fn set_secret_key(
        &self,
        change: &Change,
        app: SdkAppId,
        sealed: &[u8],
    ) -> Result<Result<(), Refusal>> {
        let input = (change.clone(), app, sealed.to_vec());
        self.write(input, |conn, (change, app, sealed)| {
            Box::pin(async move {
                if let Err(refusal) = lock_enabled(conn, *app).await? {
                    return Ok(Err(refusal));
                }
                let set = sql(
                    "UPDATE apps SET secret_key = $2, updated_at = $3, updated_by = $4 WHERE app_id = $1",
                );
                let set = set.bind(*app).bind(sealed.as_slice()).bind(change.now);
                conn.execute(set.bind(change.actor.to_string())).await?;
                Ok(Ok(()))
            })
        })
        .await
    }

    /// Lifts or puts back the deletion restriction. Waits for deletions under way; later ones see it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn set_deletion_restriction(
        &self,
        change: &Change,
        app: SdkAppId,
        restriction: &DeletionRestriction,
    ) -> Result<Result<App, Refusal>> {
        let input = (change.clone(), app, restriction.clone());
        self.write(input, |conn, (change, app, restriction)| {
            Box::pin(restrict(conn, change, *app, restriction))
        })
        .await
    }
}

async fn find(conn: &mut Conn, app: SdkAppId) -> Result<Option<App>> {
    let row = conn.fetch_optional(sql(select!("$1", "AND a.app_id = $1")).bind(app)).await?;
    row.as_ref().map(read).transpose()
}

async fn create(
    conn: &mut Conn,
    change: &Change,
    name: &str,
    seal: &(impl Fn(SdkAppId) -> Vec<u8> + Sync),
) -> Result<App> {
    let next = sql("UPDATE app_sequence SET last_app_id = last_app_id + 1 RETURNING last_app_id");
    let app = SdkAppId(conn.fetch_one(next).await?.i64(0)?);
    let insert = sql("INSERT INTO apps (app_id, name, status, deletion_permitted, deletion_reason, \
         friend_verification_default, user_id_reuse, secret_key, version, created_at, updated_at, created_by, \
         updated_by) VALUES ($1, $2, $3, 0, '', $4, $5, $6, 1, $7, $7, $8, $8)");
    let insert = insert.bind(app).bind(name).bind(AppStatus::default().code());
    let insert = insert.bind(FriendVerification::default().code()).bind(UserIdReuse::default().code());
    let insert = insert.bind(seal(app).as_slice()).bind(change.now).bind(change.actor.to_string());
    conn.execute(insert).await?;
    conn.execute(sql("INSERT INTO app_admins (app_id, admins) VALUES ($1, 0)").bind(app)).await?;
    let administrator = NewAccount { account_type: AccountType::Admin, ..NewAccount::new(ADMINISTRATOR) };
    accounts::create_first(conn, change, app, administrator).await?;
    required(conn, app).await
}

async fn edit(
    conn: &mut Conn,
    change: &Change,
    app: SdkAppId,
    expected: Option<(Timestamp, i64)>,
    patch: &AppPatch,
) -> Result<Versioned<App>> {
    let Some(old) = lock(conn, app).await? else { return Ok(Versioned::Refused(Refusal::AppNotFound)) };
    if expected.is_some_and(|expected| expected != (old.created_at, old.version)) {
        return Ok(Versioned::Changed(old));
    }
    // Destructured, so that a new setting cannot be forgotten.
    let AppPatch { name, status, friend_verification_default, user_id_reuse, custom_fields } = patch.clone();
    let more = name.is_some()
        || friend_verification_default.is_some()
        || user_id_reuse.is_some()
        || custom_fields.is_some();
    if old.status == AppStatus::Disabled && more {
        return Ok(Versioned::Refused(Refusal::AppDisabled));
    }
    let errors = custom_fields.as_deref().map(|fields| definition_errors(&old.custom_fields, fields));
    if let Some(errors) = errors.filter(|errors| !errors.is_empty()) {
        return Ok(Versioned::Refused(Refusal::Fields(errors)));
    }
    let new = App {
        name: name.unwrap_or_else(|| old.name.clone()),
        status: status.unwrap_or(old.status),
        friend_verification_default: friend_verification_default.unwrap_or(old.friend_verification_default),
        user_id_reuse: user_id_reuse.unwrap_or(old.user_id_reuse),
        custom_fields: custom_fields.unwrap_or_else(|| old.custom_fields.clone()),
        ..old.clone()
    };
    if new == old {
        return Ok(Versioned::Done(old));
    }
    let update = sql("UPDATE apps SET name = $2, status = $3, friend_verification_default = $4, \
         user_id_reuse = $5, custom_fields = $6, version = version + 1, updated_at = $7, updated_by = $8 \
         WHERE app_id = $1");
    let new_status = new.status;
    let fields = serde_json::to_string(&new.custom_fields);
    let fields = fields.map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let update = update.bind(app).bind(new.name).bind(new_status.code());
    let update =
        update.bind(new.friend_verification_default.code()).bind(new.user_id_reuse.code()).bind(fields);
    conn.execute(update.bind(change.now).bind(change.actor.to_string())).await?;
    if new_status == AppStatus::Disabled {
        clients::end_all_of(conn, app).await?;
    }
    required(conn, app).await.map(Versioned::Done)
}

async fn restrict(
    conn: &mut Conn,
    change: &Change,
    app: SdkAppId,
    restriction: &DeletionRestriction,
) -> Result<Result<App, Refusal>> {
    if let Err(refusal) = lock_enabled(conn, app).await? {
        return Ok(Err(refusal));
    }
    let update =
        sql("UPDATE apps SET deletion_permitted = $2, deletion_reason = $3, version = version + 1, \
         updated_at = $4, updated_by = $5 \
         WHERE app_id = $1 AND (deletion_permitted <> $2 OR deletion_reason <> $3)");
    let update = update.bind(app).bind(i32::from(restriction.lifted)).bind(restriction.reason.as_str());
    conn.execute(update.bind(change.now).bind(change.actor.to_string())).await?;
    required(conn, app).await.map(Ok)
}

/// An application of which this transaction knows that it is there.
async fn required(conn: &mut Conn, app: SdkAppId) -> Result<App> {
    let found = find(conn, app).await?;
    found.ok_or_else(|| StoreError::Corrupt(format!("application {app} is gone")))
}
