//! Taking milestones: a walk over the index of an order in bounded steps that only read, and one transaction at its end that puts
//! the new samples in the place of the old. One server at a time does it, by a lease; nothing is ever read half taken.
//!
//! Whether samples are old is told by the totals and by the creations since, which the index of creation times counts: writers
//! of accounts know nothing of it. A new nickname moves one row and shows in neither, so nicknames are sampled once a day too.

use super::{
    count,
    milestones::{code, columns_of},
    order::{Order, Place},
    search::Search,
    write::rows_at_once,
};
use crate::{
    Refusal, Result, Store,
    apps::hold_enabled,
    db::{Conn, sql},
};
use keyset::Value;
use rollcall_shared::{
    app::{App, SdkAppId},
    list::{AccountFilter, COUNT_CAP, Sort, SortField},
    time::Timestamp,
};

/// The most milestones that an order has, about.
const MOST: u64 = 2_000;
/// One account in so many must have come or gone before samples are old.
const SHARE: u64 = 20;
/// How many entries of the index one step walks: a few milliseconds.
const STEP: u64 = 50_000;
/// How long samples of nicknames are good, in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Samples that are being taken.
#[derive(Clone, Debug)]
pub struct Sampling {
    app: SdkAppId,
    field: SortField,
    lease: i64,
    begun_at: Timestamp,
    gap: u64,
    keys: Vec<Vec<Value>>,
}

impl Store {
    /// Claims an order of an application whose milestones are missing or old, until the lease ends; `None` when there is none.
    ///
    /// # Errors
    /// The database failed.
    pub async fn claim_sampling(&self, now: Timestamp, lease_until: Timestamp) -> Result<Option<Sampling>> {
        let bounds = self.position_bounds();
        let least = COUNT_CAP.min(u64::from(bounds.exact) * 2);
        for app in self.apps().await? {
            let accounts = app.accounts.unsigned_abs();
            let gap = (accounts / MOST).max(u64::from(bounds.gap));
            if accounts <= least {
                continue;
            }
            for field in self.old_fields(&app, gap, now).await? {
                let claim = (app.sdkappid, field, now, lease_until);
                let lease = self.write(claim, |conn, claim| Box::pin(take_lease(conn, *claim))).await?;
                if let Some(lease) = lease {
                    let app = app.sdkappid;
                    return Ok(Some(Sampling { app, field, lease, begun_at: now, gap, keys: Vec::new() }));
                }
            }
        }
        Ok(None)
    }

    /// Does one step; whether it was the last.
    ///
    /// # Errors
    /// The database failed; the milestones that were there stay.
    pub async fn sample(&self, sampling: &mut Sampling) -> Result<bool> {
        let everything = AccountFilter::default();
        let search = Search::new(sampling.app, &everything);
        let order = Order::of(Sort { field: sampling.field, descending: false });
        let mut conn = self.read().await?;
        for _ in 0..(STEP / sampling.gap).max(1) {
            let last = sampling.keys.last().map(|key| Place { key: key.clone(), inclusive: true });
            let rows = if last.is_none() { 0 } else { sampling.gap };
            match order.key_after(&mut conn, &search, last.as_ref(), rows).await? {
                Some(key) => sampling.keys.push(key),
                None => {
                    drop(conn);
                    self.write(sampling.clone(), |conn, taken| Box::pin(replace(conn, taken))).await?;
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Takes all milestones that are missing or old at once, after a bulk load.
    ///
    /// # Errors
    /// The database failed.
    pub async fn sample_all(&self, now: Timestamp) -> Result<()> {
        while let Some(mut sampling) = self.claim_sampling(now, now.plus_millis(DAY)).await? {
            while !self.sample(&mut sampling).await? {}
        }
        Ok(())
    }

    /// The orders of an application that nobody samples and whose samples are missing or old.
    async fn old_fields(&self, app: &App, gap: u64, now: Timestamp) -> Result<Vec<SortField>> {
        const SETS: &str =
            "SELECT field, accounts, taken_at, lease_until FROM milestone_sets WHERE app_id = $1";
        let mut conn = self.read().await?;
        let set = |row: crate::db::Row| Ok((row.i64(0)?, (row.i64(1)?, row.time(2)?, row.time(3)?)));
        let sets = conn.fetch_map(sql(SETS).bind(app.sdkappid), set).await?;
        let mut old = Vec::new();
        for field in SortField::ALL {
            let set = sets.iter().find(|(of, _)| *of == i64::from(code(*field)));
            let is_old = match set {
                None => true,
                Some((_, (_, _, leased))) if *leased > now => false,
                Some((_, (0, _, _))) => true,
                Some((_, (accounts, taken, _))) => {
                    let aged = *field == SortField::Nickname && taken.plus_millis(DAY) <= now;
                    aged || changed(&mut conn, app, *accounts, (*taken, now), gap).await?
                }
            };
            old.extend(is_old.then_some(*field));
        }
        Ok(old)
    }
}

/// Whether so many accounts were created and deleted since that time that samples of then are old.
async fn changed(
    conn: &mut Conn,
    app: &App,
    then: i64,
    (taken, now): (Timestamp, Timestamp),
    gap: u64,
) -> Result<bool> {
    let many = i64::try_from((app.accounts.unsigned_abs() / SHARE).max(gap)).unwrap_or(i64::MAX);
    let grown = app.accounts - then;
    if grown.abs() >= many {
        return Ok(true);
    }
    // So many creations since, less what the total has grown by, is how many deletions there were.
    let enough = (many + grown).div_euclid(2).unsigned_abs().max(1);
    // What claims to be created later would count again and again.
    let since =
        AccountFilter { created_from: Some(taken), created_before: Some(now), ..AccountFilter::default() };
    let order = Order::of(Sort { field: SortField::CreatedAt, descending: false });
    let search = Search::new(app.sdkappid, &since);
    Ok(order.count_between(conn, &search, (None, None), enough).await? >= enough)
}

async fn take_lease(
    conn: &mut Conn,
    (app, field, now, until): (SdkAppId, SortField, Timestamp, Timestamp),
) -> Result<Option<i64>> {
    // Held, so that what is written here is removed with it.
    if matches!(hold_enabled(conn, app).await?, Err(Refusal::AppNotFound)) {
        return Ok(None);
    }
    let claim = sql("INSERT INTO milestone_sets (app_id, field, accounts, taken_at, lease, lease_until) \
         VALUES ($1, $2, 0, 0, 1, $4) ON CONFLICT (app_id, field) DO UPDATE SET \
         lease = milestone_sets.lease + 1, lease_until = excluded.lease_until \
         WHERE milestone_sets.lease_until <= $3 RETURNING lease");
    let row = conn.fetch_optional(claim.bind(app).bind(code(field)).bind(now).bind(until)).await?;
    row.map(|row| row.i64(0)).transpose()
}

/// Puts the samples in the place of the old, unless another server has taken over or the application is gone.
async fn replace(conn: &mut Conn, taken: &Sampling) -> Result<()> {
    let Sampling { app, field, lease, begun_at, gap, keys } = taken;
    let (app, field) = (*app, code(*field));
    let accounts = i64::try_from(count::total(conn, app).await?).unwrap_or(i64::MAX);
    let set = sql("UPDATE milestone_sets SET accounts = $4, taken_at = $5, lease_until = 0 \
         WHERE app_id = $1 AND field = $2 AND lease = $3");
    let set = set.bind(app).bind(field).bind(*lease).bind(accounts).bind(*begun_at);
    if conn.execute(set).await? == 0 {
        return Ok(());
    }
    let old = sql("DELETE FROM milestones WHERE app_id = $1 AND field = $2").bind(app).bind(field);
    conn.execute(old).await?;
    let placed: Vec<(u64, &Vec<Value>)> =
        (0..).step_by(usize::try_from(*gap).unwrap_or(1)).zip(keys).collect();
    for some in placed.chunks(rows_at_once(conn.engine())) {
        let mut insert = sql("INSERT INTO milestones (app_id, field, place, number, text, user_id) VALUES ");
        insert = insert.bind(app).bind(field);
        for (n, (place, key)) in some.iter().enumerate() {
            let (number, text, user_id) = columns_of(key);
            insert.push(if n == 0 { "($1, $2, " } else { "), ($1, $2, " });
            insert.push_bind(i64::try_from(*place).unwrap_or(i64::MAX)).push(", ").push_bind(number);
            insert.push(", ").push_bind(text).push(", ").push_bind(user_id);
        }
        insert.push(")");
        conn.execute(insert.once()).await?;
    }
    Ok(())
}
