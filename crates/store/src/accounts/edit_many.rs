//! The edit of many accounts together: named ones, and all that match.

use super::{
    WalkChunk,
    batch::done,
    custom, read,
    sweep::{Found, Step},
    write::{self, Rewritten},
};
use crate::{
    Change, Refusal, Result, Store,
    apps::{HeldApp, hold_enabled},
    db::Conn,
    jobs::JobHold,
    webhooks::{Happened, tell},
};
use rollcall_shared::{
    account::{Account, AccountPatch},
    app::SdkAppId,
    selection::{ItemResult, ItemStatus, Matching},
};
use std::collections::{HashMap, HashSet};

/// An edit, owned so that it can run in the writer.
struct Edit {
    change: Change,
    app: SdkAppId,
    patch: AccountPatch,
}

impl Store {
    /// Writes the patch over named accounts in one transaction, as they stand; a result for each distinct name, in
    /// order. Refused whole when the application or the patch does not permit it.
    ///
    /// # Errors
    /// The database failed; nothing was changed.
    pub async fn patch_accounts(
        &self,
        change: &Change,
        app: SdkAppId,
        user_ids: &[String],
        patch: &AccountPatch,
    ) -> Result<Result<Vec<ItemResult>, Refusal>> {
        let mut seen = HashSet::new();
        let user_ids: Vec<String> = user_ids.iter().filter(|id| seen.insert(id.as_str())).cloned().collect();
        self.unsettle(user_ids.len());
        let edit = Edit { change: change.clone(), app, patch: patch.clone() };
        self.write((edit, user_ids), |conn, (edit, user_ids)| Box::pin(named(conn, edit, user_ids))).await
    }

    /// Writes the patch over the next chunk of all that match, in one transaction. Walks on from `after`; at
    /// most `limit` rows. The same chunk a second time changes nothing. What it did is counted for the job that is held, if one is.
    ///
    /// # Errors
    /// The database failed; nothing of this chunk was changed.
    pub async fn patch_chunk(
        &self,
        change: &Change,
        app: SdkAppId,
        (matching, patch): (&Matching, &AccountPatch),
        after: Option<&str>,
        limit: u32,
        job: Option<&JobHold>,
    ) -> Result<WalkChunk> {
        let (found, next) = self.find(app, matching, after, limit, job).await?;
        let edit = Edit { change: change.clone(), app, patch: patch.clone() };
        let chunk = self.write((edit, found), |conn, (edit, found)| Box::pin(chunk(conn, edit, found)));
        Ok(WalkChunk { after: next, ..chunk.await? })
    }
}

async fn named(
    conn: &mut Conn,
    edit: &Edit,
    user_ids: &[String],
) -> Result<Result<Vec<ItemResult>, Refusal>> {
    let held = match hold(conn, edit).await? {
        Ok(held) => held,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let stored = read::lock(conn, edit.app, user_ids.to_vec()).await?;
    let mut there: HashMap<String, ItemStatus> =
        stored.iter().map(|account| (account.user_id.clone(), ItemStatus::Unchanged)).collect();
    for account in rewrite(conn, edit, &held, stored).await? {
        there.insert(account.new.user_id, ItemStatus::Updated);
    }
    let result = |id: &String| match there.get(id) {
        Some(status) => done(id.clone(), *status),
        None => Refusal::NotFound.item(id.clone()),
    };
    Ok(Ok(user_ids.iter().map(result).collect()))
}

async fn chunk(conn: &mut Conn, edit: &Edit, found: &Found) -> Result<WalkChunk> {
    let step = found.step.as_ref();
    let held = match hold(conn, edit).await? {
        Ok(held) => held,
        Err(refusal) => return Ok(WalkChunk { stopped: Some(refusal), ..WalkChunk::default() }),
    };
    if Step::is_lost(conn, step).await? {
        return Ok(WalkChunk { lost: true, ..WalkChunk::default() });
    }
    let meant = found.lock(conn).await?;
    let stored = read::lock(conn, edit.app, meant).await?;
    let done = stored.len() as u64;
    rewrite(conn, edit, &held, stored).await?;
    let chunk = WalkChunk { done, ..WalkChunk::default() };
    Step::count(conn, step, &chunk).await?;
    Ok(chunk)
}

/// Holds the application, if it and its custom fields permit the patch.
async fn hold(conn: &mut Conn, edit: &Edit) -> Result<Result<HeldApp, Refusal>> {
    let held = match hold_enabled(conn, edit.app).await? {
        Ok(held) => held,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let refusal = custom::refuse_patch(&held, &edit.change, &edit.patch)?;
    Ok(refusal.map_or(Ok(held), Err))
}

/// Writes the patch over those that it changes, and says which.
async fn rewrite(
    conn: &mut Conn,
    edit: &Edit,
    held: &HeldApp,
    stored: Vec<Account>,
) -> Result<Vec<Rewritten>> {
    let rewritten = |old: Account| {
        let mut new = old.clone();
        edit.patch.clone().apply(&mut new, held.friend_verification_default);
        if new == old {
            return None;
        }
        new.version += 1;
        new.updated_at = edit.change.now.max(old.updated_at);
        Some(Rewritten { old, new })
    };
    let rewritten: Vec<Rewritten> = stored.into_iter().filter_map(rewritten).collect();
    write::update(conn, &edit.change, edit.app, &rewritten).await?;
    for Rewritten { old, new } in &rewritten {
        tell(conn, &edit.change, edit.app, held, Happened::to_profile(old, new)).await?;
    }
    Ok(rewritten)
}
