//! Creation or update of up to 1,000 accounts together: one transaction, a result for each.

use super::{
    IdempotencyKey, Replayable,
    counters::{add_to_total, count},
    create::{Made, create},
    custom, idempotency, read,
    write::{self, Rewritten},
};
use crate::{
    Change, Refusal, Result, Store,
    apps::{HeldApp, hold_enabled},
    db::Conn,
    webhooks::{Happened, tell},
};
use rollcall_shared::{
    account::{Account, NewAccount},
    app::SdkAppId,
    custom_field,
    selection::{ItemResult, ItemStatus, OnExisting},
};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A batch, owned so that it can run in the writer.
struct Batch {
    change: Change,
    app: SdkAppId,
    accounts: Vec<NewAccount>,
    on_existing: OnExisting,
    key: Option<IdempotencyKey>,
}

impl Store {
    /// Creates or updates up to 1,000 valid accounts in one transaction; refusals are per item. The caller has
    /// refused invalid ones. Of an ID that is there twice the last wins. An update writes what the batch gives
    /// (an empty nickname, photo or custom field is not given); the type stays.
    ///
    /// # Errors
    /// The database failed; nothing was written.
    pub async fn create_accounts(
        &self,
        change: &Change,
        app: SdkAppId,
        accounts: &[NewAccount],
        on_existing: OnExisting,
        idempotency: Option<&IdempotencyKey>,
    ) -> Result<Replayable<Result<Vec<ItemResult>, Refusal>>> {
        let (change, accounts, key) = (change.clone(), accounts.to_vec(), idempotency.cloned());
        let batch = Batch { change, app, accounts, on_existing, key };
        self.unsettle(batch.accounts.len());
        self.write(batch, |conn, batch| Box::pin(run(conn, batch))).await
    }
}

async fn run(conn: &mut Conn, batch: &Batch) -> Result<Replayable<Result<Vec<ItemResult>, Refusal>>> {
    let held = match hold_enabled(conn, batch.app).await? {
        Ok(held) => held,
        Err(refusal) => return Ok(Replayable::Fresh(Err(refusal))),
    };
    if let Some(earlier) = idempotency::begin(conn, batch.change.now, batch.app, batch.key.as_ref()).await? {
        return Ok(earlier);
    }
    let results = Ok(all(conn, batch, &held).await?);
    idempotency::keep(conn, batch.app, batch.key.as_ref(), &results).await?;
    Ok(Replayable::Fresh(results))
}

async fn all(conn: &mut Conn, batch: &Batch, held: &HeldApp) -> Result<Vec<ItemResult>> {
    let mut results: HashMap<String, ItemResult> = HashMap::new();
    let mut put = |result: ItemResult| drop(results.insert(result.user_id.clone(), result));
    let mut wanted: BTreeMap<&str, &NewAccount> =
        batch.accounts.iter().map(|account| (account.user_id.as_str(), account)).collect();
    for account in wanted.values() {
        if let Some(refusal) = custom::refuse_new(held, &batch.change, account)? {
            put(refusal.item(account.user_id.clone()));
        }
    }
    wanted.retain(|id, _| !results.contains_key(*id));
    let ids: Vec<String> = wanted.keys().map(|id| (*id).to_owned()).collect();
    let existing = read::existing(conn, batch.app, ids).await?;
    let new = wanted.values().filter(|account| !existing.contains(&account.user_id));
    let new: Vec<Account> = new
        .map(|account| (*account).clone().into_account(batch.change.now, held.friend_verification_default))
        .collect();
    let Made { created, refused } = create(conn, &batch.change, batch.app, held, new).await?;
    let total = count(created.len());

    let mut put = |result: ItemResult| drop(results.insert(result.user_id.clone(), result));
    created.into_iter().for_each(|account| put(done(account.user_id, ItemStatus::Created)));
    refused.into_iter().for_each(|(id, refusal)| put(refusal.item(id)));
    let rest: Vec<String> =
        wanted.keys().filter(|id| !results.contains_key(**id)).map(|id| (*id).to_owned()).collect();
    for result in match batch.on_existing {
        OnExisting::Refuse => rest.into_iter().map(|id| Refusal::Taken.item(id)).collect(),
        OnExisting::Update => update(conn, batch, held, &wanted, rest).await?,
    } {
        results.insert(result.user_id.clone(), result);
    }
    if let Some((first, _)) = wanted.first_key_value() {
        add_to_total(conn, batch.app, first, total).await?;
    }
    let mut seen = HashSet::new();
    let order = batch.accounts.iter().filter(|account| seen.insert(account.user_id.as_str()));
    Ok(order.filter_map(|account| results.remove(&account.user_id)).collect())
}

/// The result of an account that was dealt with.
pub(super) fn done(user_id: String, status: ItemStatus) -> ItemResult {
    ItemResult { user_id, status, errors: Vec::new() }
}

async fn update(
    conn: &mut Conn,
    batch: &Batch,
    held: &HeldApp,
    wanted: &BTreeMap<&str, &NewAccount>,
    ids: Vec<String>,
) -> Result<Vec<ItemResult>> {
    let mut stored: HashMap<String, Account> = HashMap::new();
    for account in read::lock(conn, batch.app, ids.clone()).await? {
        stored.insert(account.user_id.clone(), account);
    }
    let (mut results, mut rewritten) = (Vec::with_capacity(ids.len()), Vec::new());
    for id in ids {
        let (Some(old), Some(given)) = (stored.remove(&id), wanted.get(id.as_str())) else {
            // Deleted between our look and our lock.
            results.push(Refusal::NotFound.item(id));
            continue;
        };
        let mut new = old.clone();
        overlay(given, &mut new);
        if new == old {
            results.push(done(id, ItemStatus::Unchanged));
            continue;
        }
        new.version += 1;
        new.updated_at = batch.change.now.max(old.updated_at);
        rewritten.push(Rewritten { old, new });
        results.push(done(id, ItemStatus::Updated));
    }
    write::update(conn, &batch.change, batch.app, &rewritten).await?;
    for Rewritten { old, new } in &rewritten {
        tell(conn, &batch.change, batch.app, held, Happened::to_profile(old, new)).await?;
    }
    Ok(results)
}

/// Writes what `given` says over `account`.
fn overlay(given: &NewAccount, account: &mut Account) {
    fn set<T: Clone>(slot: &mut T, value: Option<&T>) {
        if let Some(value) = value {
            slot.clone_from(value);
        }
    }
    // Destructured, so that a new field cannot be forgotten.
    let NewAccount {
        user_id: _,
        account_type: _,
        nickname,
        photo_url,
        gender,
        birth_date,
        location,
        whats_up,
        friend_verification,
        language,
        message_settings,
        friending,
        level,
        role,
        custom,
    } = given;
    set(&mut account.nickname, Some(nickname).filter(|text| !text.is_empty()));
    set(&mut account.photo_url, Some(photo_url).filter(|text| !text.is_empty()));
    set(&mut account.gender, gender.as_ref());
    set(&mut account.birth_date, birth_date.as_ref());
    set(&mut account.location, location.as_ref());
    set(&mut account.whats_up, whats_up.as_ref());
    set(&mut account.friend_verification, friend_verification.as_ref());
    set(&mut account.language, language.as_ref());
    set(&mut account.message_settings, message_settings.as_ref());
    set(&mut account.friending, friending.as_ref());
    set(&mut account.level, level.as_ref());
    set(&mut account.role, role.as_ref());
    for (field, value) in custom.iter().filter(|(_, value)| !value.is_empty()) {
        custom_field::put(&mut account.custom, field, Some(value));
    }
}
