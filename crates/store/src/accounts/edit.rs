//! The edit of one account.

use super::{
    custom, read,
    write::{self, Rewritten},
};
use crate::{
    Change, Refusal, Result, Store,
    apps::{Versioned, hold_enabled},
    db::Conn,
    webhooks::{Happened, tell},
};
use rollcall_shared::{
    account::{Account, AccountPatch},
    app::SdkAppId,
    time::Timestamp,
};

/// An edit, owned so that it can run in the writer.
struct Edit {
    change: Change,
    app: SdkAppId,
    user_id: String,
    expected: Option<(Timestamp, i64)>,
    patch: AccountPatch,
}

impl Store {
    /// Changes one account if it is still the incarnation and version `expected`; with `None`, as it stands. A patch
    /// that changes nothing keeps the version.
    ///
    /// # Errors
    /// The database failed.
    pub async fn patch_account(
        &self,
        change: &Change,
        app: SdkAppId,
        user_id: &str,
        expected: Option<(Timestamp, i64)>,
        patch: &AccountPatch,
    ) -> Result<Versioned<Account>> {
        let (change, user_id, patch) = (change.clone(), user_id.to_owned(), patch.clone());
        let edit = Edit { change, app, user_id, expected, patch };
        self.unsettle(1);
        self.write(edit, |conn, edit| Box::pin(run(conn, edit))).await
    }
}

async fn run(conn: &mut Conn, edit: &Edit) -> Result<Versioned<Account>> {
    let held = match hold_enabled(conn, edit.app).await? {
        Ok(held) => held,
        Err(refusal) => return Ok(Versioned::Refused(refusal)),
    };
    if let Some(refusal) = custom::refuse_patch(&held, &edit.change, &edit.patch)? {
        return Ok(Versioned::Refused(refusal));
    }
    let Some(old) = read::lock(conn, edit.app, vec![edit.user_id.clone()]).await?.pop() else {
        return Ok(Versioned::Refused(Refusal::NotFound));
    };
    if edit.expected.is_some_and(|expected| expected != (old.created_at, old.version)) {
        return Ok(Versioned::Changed(old));
    }
    let mut new = old.clone();
    edit.patch.clone().apply(&mut new, held.friend_verification_default);
    if new != old {
        new.version += 1;
        new.updated_at = edit.change.now.max(old.updated_at);
        let rewritten = Rewritten { old, new };
        write::update(conn, &edit.change, edit.app, std::slice::from_ref(&rewritten)).await?;
        let Rewritten { old, new } = rewritten;
        tell(conn, &edit.change, edit.app, &held, Happened::to_profile(&old, &new)).await?;
        return Ok(Versioned::Done(new));
    }
    Ok(Versioned::Done(new))
}
