//! Accounts by username.

use super::row::{account, columns};
use crate::{
    Result, Store,
    db::{Conn, Sql, sql},
};
use rollcall_shared::{account::Account, app::SdkAppId};
use std::collections::{HashMap, HashSet};

impl Store {
    /// One account.
    ///
    /// # Errors
    /// The database failed.
    pub async fn account(&self, app: SdkAppId, user_id: &str) -> Result<Option<Account>> {
        const ONE: &str = concat!("SELECT ", columns!(), " FROM accounts WHERE app_id = $1 AND user_id = $2");
        let row = self.read().await?.fetch_optional(sql(ONE).bind(app).bind(user_id)).await?;
        row.as_ref().map(account).transpose()
    }

    /// Named accounts, in the order of the names; missing ones are left out.
    ///
    /// # Errors
    /// The database failed.
    pub async fn accounts_by_id(&self, app: SdkAppId, user_ids: &[String]) -> Result<Vec<Account>> {
        by_id(&mut self.read().await?, app, user_ids).await
    }

    /// Which of these usernames are in use.
    ///
    /// # Errors
    /// The database failed.
    pub async fn existing_accounts(&self, app: SdkAppId, user_ids: &[String]) -> Result<HashSet<String>> {
        existing(&mut self.read().await?, app, user_ids.to_vec()).await
    }
}

/// Named accounts: see [`Store::accounts_by_id`].
pub(super) async fn by_id(conn: &mut Conn, app: SdkAppId, user_ids: &[String]) -> Result<Vec<Account>> {
    let statement = named(conn, app, user_ids.to_vec());
    let rows = conn.fetch_map(statement, |row| account(&row)).await?;
    let mut found: HashMap<_, _> = rows.into_iter().map(|a| (a.user_id.clone(), a)).collect();
    Ok(user_ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// Asks for the named accounts, in any order.
pub(super) fn named(conn: &Conn, app: SdkAppId, user_ids: Vec<String>) -> Sql {
    let mut statement = sql(concat!("SELECT ", columns!(), " FROM ")).bind(app);
    statement.push(conn.engine().accounts_by_name()).push(" WHERE app_id = $1 AND user_id");
    statement.push_in(conn.engine(), user_ids);
    statement
}

/// The named accounts, held until the end of the transaction, by username.
pub(super) async fn lock(conn: &mut Conn, app: SdkAppId, user_ids: Vec<String>) -> Result<Vec<Account>> {
    let mut statement = named(conn, app, user_ids);
    statement.push(" ORDER BY user_id").push(conn.engine().for_update());
    conn.fetch_map(statement, |row| account(&row)).await
}

/// Which of these usernames are in use.
pub(super) async fn existing(
    conn: &mut Conn,
    app: SdkAppId,
    user_ids: Vec<String>,
) -> Result<HashSet<String>> {
    let mut statement = sql("SELECT user_id FROM ").bind(app);
    statement.push(conn.engine().accounts_by_name()).push(" WHERE app_id = $1 AND user_id");
    statement.push_in(conn.engine(), user_ids);
    Ok(conn.fetch_map(statement, |row| row.text(0)).await?.into_iter().collect())
}
