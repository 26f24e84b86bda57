//! The account itself, with who wrote it, and the marks that outlive it.

use super::{Person, found, hash};
use crate::{
    Result, Store,
    accounts::{AFTER_COLUMNS, account, columns},
    db::{Row, sql},
};
use rollcall_shared::{account::Account, app::SdkAppId, time::Timestamp};
use serde::Serialize;

/// An account as the API shows it, and who wrote it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Profile {
    /// The account.
    #[serde(flatten)]
    pub account: Account,
    /// Who created it: `operator:1`, `token:7`, `admin:ming`, `system`.
    pub created_by: String,
    /// Who changed it last.
    pub updated_by: String,
}

/// What outlives an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Marks {
    /// When the incarnation was created that was deleted last.
    pub last_created_at: Option<Timestamp>,
    /// When it was deleted.
    pub last_deleted_at: Option<Timestamp>,
    /// When it was kicked last: UserSigs that were made before are void.
    pub last_kicked_at: Option<Timestamp>,
    /// The ids of erasures of the user ID, complete or under way, oldest first; at most 100.
    pub erasures: Vec<String>,
}

impl Marks {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Store {
    /// The account with who wrote it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn profile(&self, app: SdkAppId, user_id: &str) -> Result<Option<Profile>> {
        const ONE: &str = concat!(
            "SELECT ",
            columns!(),
            ", created_by, updated_by FROM accounts WHERE app_id = $1 AND user_id = $2"
        );
        let row = self.read().await?.fetch_optional(sql(ONE).bind(app).bind(user_id)).await?;
        row.as_ref().map(profile).transpose()
    }

    /// What is left of accounts of this user ID that were deleted, and its kicks.
    ///
    /// # Errors
    /// The database failed.
    pub async fn marks(&self, app: SdkAppId, user_id: &str) -> Result<Marks> {
        let mut conn = self.read().await?;
        let deleted =
            sql("SELECT created_at, deleted_at FROM deleted_accounts WHERE app_id = $1 AND user_id = $2");
        let deleted = conn.fetch_optional(deleted.bind(app).bind(user_id)).await?;
        let deleted =
            deleted.map(|row| Ok::<_, crate::StoreError>((row.time(0)?, row.time(1)?))).transpose()?;
        let kicked = sql("SELECT kicked_at FROM kicks WHERE app_id = $1 AND user_id = $2");
        let kicked = conn.fetch_optional(kicked.bind(app).bind(user_id)).await?;
        let erasures = sql("SELECT id FROM erasures WHERE app_id = $1 AND user_hash = $2 \
             ORDER BY erased_at, id LIMIT 100");
        Ok(Marks {
            last_created_at: deleted.map(|(created, _)| created),
            last_deleted_at: deleted.map(|(_, deleted)| deleted),
            last_kicked_at: kicked.map(|row| row.time(0)).transpose()?,
            erasures: conn.fetch_map(erasures.bind(app).bind(hash(user_id)), |row| row.text(0)).await?,
        })
    }

    /// Whether anything is held about this user ID.
    pub(super) async fn is_known(&self, app: SdkAppId, user_id: &str) -> Result<bool> {
        if self.account(app, user_id).await?.is_some() || !self.marks(app, user_id).await?.is_empty() {
            return Ok(true);
        }
        found::is_named(&mut self.read().await?, &Person::new(app, user_id)).await
    }
}

fn profile(row: &Row) -> Result<Profile> {
    Ok(Profile {
        account: account(row)?,
        created_by: row.text(AFTER_COLUMNS)?,
        updated_by: row.text(AFTER_COLUMNS + 1)?,
    })
}
