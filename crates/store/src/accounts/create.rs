//! Creation of one account, of a batch, and in bulk.

use super::{
    IdempotencyKey, Replayable,
    counters::{add_to_total, count, free_admin_places, take_admin_place},
    custom, idempotency, read,
    write::{self, Inserted},
};
use crate::{
    Change, Refusal, Result, Store,
    apps::{HeldApp, hold_enabled},
    db::Conn,
    webhooks::{Happened, tell},
};
use rollcall_shared::{
    account::{Account, NewAccount},
    app::{SdkAppId, UserIdReuse},
    profile::{AccountType, FriendVerification},
    time::Timestamp,
};
use std::collections::BTreeMap;

/// How long the user ID of a deleted account is held back, where the application says so.
const HELD_BACK: i64 = 90 * 24 * 60 * 60 * 1000;
/// How many accounts of a bulk load one transaction writes. Many, because usernames come in no order: each transaction
/// writes most pages of most indexes once, however few rows it brings.
const LOAD_CHUNK: usize = 5000;

/// A creation of one account that may be repeated, owned so that it can run in the writer.
type One = (Change, SdkAppId, NewAccount, IdempotencyKey);

impl Store {
    /// Creates one account.
    ///
    /// # Errors
    /// The database failed.
    pub async fn create_account(
        &self,
        change: &Change,
        app: SdkAppId,
        account: &NewAccount,
        idempotency: Option<&IdempotencyKey>,
    ) -> Result<Replayable<Result<Account, Refusal>>> {
        self.unsettle(1);
        let Some(key) = idempotency else {
            return self.create_together(change, app, account).await.map(Replayable::Fresh);
        };
        let input = (change.clone(), app, account.clone(), key.clone());
        self.write(input, |conn, input| Box::pin(one(conn, input))).await
    }

    /// Fills an application in bulk, faster than batches, for demos, benches and imports: accounts with their own
    /// creation time. Existing IDs, and admins beyond the cap, are skipped. Any number, in several transactions;
    /// returns how many were created.
    ///
    /// # Errors
    /// The database failed; chunks before stay.
    pub async fn load_accounts(&self, change: &Change, app: SdkAppId, accounts: Vec<Account>) -> Result<u64> {
        let mut accounts = accounts.into_iter();
        let mut created = 0;
        loop {
            let chunk: Vec<Account> = accounts.by_ref().take(LOAD_CHUNK).collect();
            if chunk.is_empty() {
                return Ok(created);
            }
            self.unsettle(chunk.len());
            created +=
                self.write((change.clone(), app, chunk), |conn, input| Box::pin(load(conn, input))).await?;
        }
    }
}

async fn one(
    conn: &mut Conn,
    (change, app, account, key): &One,
) -> Result<Replayable<Result<Account, Refusal>>> {
    let held = match hold_enabled(conn, *app).await? {
        Ok(held) => held,
        Err(refusal) => return Ok(Replayable::Fresh(Err(refusal))),
    };
    // Before the key is taken: a refusal of what may be defined meanwhile is not kept for it.
    if let Some(refusal) = custom::refuse_new(&held, change, account)? {
        return Ok(Replayable::Fresh(Err(refusal)));
    }
    if let Some(earlier) = idempotency::begin(conn, change.now, *app, Some(key)).await? {
        return Ok(earlier);
    }
    let new = account.clone().into_account(change.now, held.friend_verification_default);
    let mut made = create(conn, change, *app, &held, vec![new]).await?;
    add_to_total(conn, *app, &account.user_id, count(made.created.len())).await?;
    let refusal = made.refused.remove(&account.user_id).unwrap_or(Refusal::Taken);
    let answer = made.created.pop().ok_or(refusal);
    idempotency::keep(conn, *app, Some(key), &answer).await?;
    Ok(Replayable::Fresh(answer))
}

async fn load(conn: &mut Conn, (change, app, accounts): &(Change, SdkAppId, Vec<Account>)) -> Result<u64> {
    let Ok(held) = hold_enabled(conn, *app).await? else { return Ok(0) };
    let by_id: BTreeMap<&str, &Account> = accounts.iter().map(|a| (a.user_id.as_str(), a)).collect();
    let Some(first) = by_id.keys().next() else { return Ok(0) };
    let made = create(conn, change, *app, &held, by_id.values().map(|a| (*a).clone()).collect()).await?;
    add_to_total(conn, *app, first, count(made.created.len())).await?;
    Ok(made.created.len() as u64)
}

/// Creates the account that an application is born with, in the transaction that creates it.
pub(crate) async fn create_first(
    conn: &mut Conn,
    change: &Change,
    app: SdkAppId,
    account: NewAccount,
) -> Result<()> {
    let account = account.into_account(change.now, FriendVerification::default());
    take_admin_place(conn, app).await?;
    add_to_total(conn, app, &account.user_id.clone(), 1).await?;
    write::insert(conn, change, app, vec![account], None).await.map(drop)
}

/// What became of new accounts. One that is in neither exists already.
pub(super) struct Made {
    /// The accounts that were created.
    pub created: Vec<Account>,
    /// Why others were not, by username.
    pub refused: BTreeMap<String, Refusal>,
}

/// Creates those of `accounts` (ascending by username, without repeats) whose username is free and for which
/// there is a place. The total is the caller's.
pub(super) async fn create(
    conn: &mut Conn,
    change: &Change,
    app: SdkAppId,
    held: &HeldApp,
    mut accounts: Vec<Account>,
) -> Result<Made> {
    let mut refused = BTreeMap::new();
    let places = take_places(conn, app, &mut accounts, &mut refused).await?;
    let blocked_since =
        (held.user_id_reuse == UserIdReuse::After90Days).then(|| change.now.plus_millis(-HELD_BACK));
    let Inserted { accounts: created, blocked } =
        write::insert(conn, change, app, accounts, blocked_since).await?;
    let used = created.iter().filter(|account| is_admin(account)).count();
    free_admin_places(conn, app, places - used).await?;
    refused.extend(
        blocked
            .into_iter()
            .map(|mark| (mark.user_id, Refusal::ReuseBlocked { until: held_back_until(mark.deleted_at) })),
    );
    let imported = created.iter().map(|account| account.user_id.clone()).collect();
    tell(conn, change, app, held, Happened::imported(imported)).await?;
    Ok(Made { created, refused })
}

fn is_admin(account: &Account) -> bool {
    account.account_type == AccountType::Admin
}

/// Until when the username of an account that was deleted then is held back.
pub(super) fn held_back_until(deleted_at: Timestamp) -> Timestamp {
    deleted_at.plus_millis(HELD_BACK)
}

/// Takes a place for each admin that is to be created, and refuses those for which there is none. Existing ones
/// leave the list, because "taken" is the better answer for them. The number of places taken.
async fn take_places(
    conn: &mut Conn,
    app: SdkAppId,
    accounts: &mut Vec<Account>,
    refused: &mut BTreeMap<String, Refusal>,
) -> Result<usize> {
    let admins: Vec<String> = accounts.iter().filter(|a| is_admin(a)).map(|a| a.user_id.clone()).collect();
    if admins.is_empty() {
        return Ok(0);
    }
    let existing = read::existing(conn, app, admins.clone()).await?;
    let mut places = 0;
    for user_id in admins {
        if existing.contains(&user_id) {
            accounts.retain(|account| account.user_id != user_id);
        } else if take_admin_place(conn, app).await? {
            places += 1;
        } else {
            accounts.retain(|account| account.user_id != user_id);
            refused.insert(user_id, Refusal::AdminLimit);
        }
    }
    Ok(places)
}
