//! Deletion of one account and of named ones. The deletion of all that match is in `walk.rs`; what else an erasure
//! removes, in `persons/erase.rs`.

use super::{batch::done, read, write};
use crate::{
    Change, Refusal, Result, Store,
    apps::{HeldApp, Versioned, hold_deletable},
    db::Conn,
    webhooks::{Happened, tell},
};
use rollcall_shared::{
    account::Account,
    app::SdkAppId,
    profile::ADMINISTRATOR,
    selection::{ItemResult, ItemStatus},
    time::Timestamp,
};
use std::collections::HashSet;

impl Store {
    /// Deletes one account if it is still `expected`; answers what it was.
    ///
    /// # Errors
    /// The database failed.
    pub async fn delete_account(
        &self,
        change: &Change,
        app: SdkAppId,
        user_id: &str,
        expected: (Timestamp, i64),
    ) -> Result<Versioned<Account>> {
        let input = (change.clone(), app, user_id.to_owned(), expected);
        self.unsettle(1);
        self.write(input, |conn, input| Box::pin(one(conn, input))).await
    }

    /// Deletes named accounts in one transaction; a result for each distinct name, in order. Refused whole when the
    /// application does not permit it.
    ///
    /// # Errors
    /// The database failed; nothing was deleted.
    pub async fn delete_accounts(
        &self,
        change: &Change,
        app: SdkAppId,
        user_ids: &[String],
    ) -> Result<Result<Vec<ItemResult>, Refusal>> {
        let mut seen = HashSet::new();
        let names: Vec<String> = user_ids.iter().filter(|id| seen.insert(id.as_str())).cloned().collect();
        self.unsettle(names.len());
        self.write((change.clone(), app, names), |conn, input| Box::pin(named(conn, input))).await
    }
}

async fn one(
    conn: &mut Conn,
    (change, app, user_id, expected): &(Change, SdkAppId, String, (Timestamp, i64)),
) -> Result<Versioned<Account>> {
    let held = match hold_deletable(conn, *app).await? {
        Ok(held) => held,
        Err(refusal) => return Ok(Versioned::Refused(refusal)),
    };
    let Some(account) = read::lock(conn, *app, vec![user_id.clone()]).await?.pop() else {
        return Ok(Versioned::Refused(Refusal::NotFound));
    };
    if user_id == ADMINISTRATOR {
        return Ok(Versioned::Refused(Refusal::ProtectedAccount));
    }
    if (account.created_at, account.version) != *expected {
        return Ok(Versioned::Changed(account));
    }
    let removed = write::remove(conn, change, *app, vec![user_id.clone()]).await?;
    tell(conn, change, *app, &held, Happened::deleted(removed)).await?;
    Ok(Versioned::Done(account))
}

async fn named(
    conn: &mut Conn,
    (change, app, names): &(Change, SdkAppId, Vec<String>),
) -> Result<Result<Vec<ItemResult>, Refusal>> {
    let held = match hold_deletable(conn, *app).await? {
        Ok(held) => held,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let ids = names.iter().filter(|id| *id != ADMINISTRATOR).cloned().collect();
    let removed = write::remove(conn, change, *app, ids).await?;
    tell(conn, change, *app, &held, Happened::deleted(removed.iter().cloned())).await?;
    let result = |id: &String| match id.as_str() {
        ADMINISTRATOR => Refusal::ProtectedAccount.item(id.clone()),
        _ if removed.contains(id) => done(id.clone(), ItemStatus::Deleted),
        _ => Refusal::NotFound.item(id.clone()),
    };
    Ok(Ok(names.iter().map(result).collect()))
}

/// Holds an account until the end of the transaction; whether it is there.
pub(crate) async fn hold_one(conn: &mut Conn, app: SdkAppId, user_id: &str) -> Result<bool> {
    Ok(!read::lock(conn, app, vec![user_id.to_owned()]).await?.is_empty())
}

/// Deletes an account in the caller's transaction, which holds its application; whether it was there.
pub(crate) async fn remove_one(
    conn: &mut Conn,
    change: &Change,
    app: SdkAppId,
    held: &HeldApp,
    user_id: &str,
) -> Result<bool> {
    let removed = write::remove(conn, change, app, vec![user_id.to_owned()]).await?;
    let was_there = !removed.is_empty();
    tell(conn, change, app, held, Happened::deleted(removed)).await?;
    Ok(was_there)
}
