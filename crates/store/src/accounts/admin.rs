//! General accounts become admins and admins general accounts: the one way to change a type.

use super::{
    counters::{free_admin_places, hold_admin_places, take_admin_place},
    read,
    write::{self, Rewritten},
};
use crate::{Change, Refusal, Result, Store, apps::hold_enabled, db::Conn};
use rollcall_shared::{
    account::Account,
    app::SdkAppId,
    profile::{ADMINISTRATOR, AccountType},
};

/// A change of type, owned so that it can run in the writer.
type Retyping = (Change, SdkAppId, String, AccountType);

impl Store {
    /// Gives the account this type; answers the account as it is then. One that has the type already stays as it is.
    /// An application never has more than its admins, and `administrator` stays one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn set_account_type(
        &self,
        change: &Change,
        app: SdkAppId,
        user_id: &str,
        account_type: AccountType,
    ) -> Result<Result<Account, Refusal>> {
        let input = (change.clone(), app, user_id.to_owned(), account_type);
        self.unsettle(1);
        self.write(input, |conn, input| Box::pin(run(conn, input))).await
    }
}

async fn run(conn: &mut Conn, input: &Retyping) -> Result<Result<Account, Refusal>> {
    let (_, app, _, account_type) = input;
    if let Err(refusal) = hold_enabled(conn, *app).await? {
        return Ok(Err(refusal));
    }
    // Places are locked before accounts; one that turns out not to be needed is given back.
    let taken = match account_type {
        AccountType::Admin => take_admin_place(conn, *app).await?,
        AccountType::General => {
            hold_admin_places(conn, *app).await?;
            false
        }
    };
    let outcome = retype(conn, input, taken).await?;
    let used = matches!(&outcome, Ok((_, true)));
    match account_type {
        AccountType::Admin => free_admin_places(conn, *app, usize::from(taken && !used)).await?,
        AccountType::General => free_admin_places(conn, *app, usize::from(used)).await?,
    }
    Ok(outcome.map(|(account, _)| account))
}

/// The account, and whether its type changed.
async fn retype(
    conn: &mut Conn,
    (change, app, user_id, account_type): &Retyping,
    taken: bool,
) -> Result<Result<(Account, bool), Refusal>> {
    let Some(old) = read::lock(conn, *app, vec![user_id.clone()]).await?.pop() else {
        return Ok(Err(Refusal::NotFound));
    };
    if old.account_type == *account_type {
        return Ok(Ok((old, false)));
    }
    match account_type {
        AccountType::Admin if !taken => return Ok(Err(Refusal::AdminLimit)),
        AccountType::General if user_id == ADMINISTRATOR => return Ok(Err(Refusal::ProtectedAccount)),
        _ => {}
    }
    let mut new = Account { account_type: *account_type, version: old.version + 1, ..old.clone() };
    new.updated_at = change.now.max(old.updated_at);
    let rewritten = Rewritten { old, new };
    write::update(conn, change, *app, std::slice::from_ref(&rewritten)).await?;
    Ok(Ok((rewritten.new, true)))
}
