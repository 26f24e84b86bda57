//! What an import does to accounts, a chunk in a transaction, and how it is taken back. An account is touched only if it is as
//! it was when it was reviewed, or as the import left it. What a review is, and where an import stands, lives in `imports`.

use super::{
    WalkChunk,
    counters::{add_to_total, count},
    create::{Made, create, held_back_until},
    read,
    row::account,
    write::{self, Rewritten},
};
use crate::{
    Change, Refusal, Result, Store,
    apps::{HeldApp, hold_enabled},
    db::Conn,
    imports::{Planned, PlannedChange},
    jobs::{self, JobHold},
    webhooks::{Happened, tell},
};
use rollcall_shared::{
    account::{Account, AccountPatch},
    app::SdkAppId,
    error::{FieldError, codes},
    job::RefusedItem,
    time::Timestamp,
};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Changes of an import that are made or taken back together.
#[derive(Clone, Debug)]
pub struct ImportChunk {
    /// The changes, ascending by username, each account once.
    pub changes: Vec<PlannedChange>,
    /// Where the task goes on after them.
    pub next: String,
    /// The task that does it.
    pub hold: JobHold,
}

/// What was applied, for taking it back.
#[derive(Clone, Debug)]
pub struct AppliedBy {
    /// When it began to be applied: created accounts have this time.
    pub at: Timestamp,
    /// The task that applied it, which says what it refused.
    pub job: String,
}

/// The accounts that rows of a file name.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// Those that are there, by username.
    pub accounts: HashMap<String, Account>,
    /// Usernames that are held back, and until when.
    pub held_back: HashMap<String, Timestamp>,
}

struct Applying {
    change: Change,
    app: SdkAppId,
    chunk: ImportChunk,
}

struct Undoing {
    change: Change,
    app: SdkAppId,
    chunk: ImportChunk,
    applied: AppliedBy,
}

impl Store {
    /// Looks up named accounts and, where the application holds deleted usernames back, which of the others are held back now.
    ///
    /// # Errors
    /// The database failed.
    pub async fn look_up_for_import(
        &self,
        app: SdkAppId,
        user_ids: &[String],
        held_back_now: Option<Timestamp>,
    ) -> Result<Looked> {
        let mut conn = self.read().await?;
        let named = read::named(&conn, app, user_ids.to_vec());
        let accounts = conn.fetch_map(named, |row| account(&row)).await?;
        let mut looked = Looked::default();
        looked.accounts.extend(accounts.into_iter().map(|account| (account.user_id.clone(), account)));
        if let Some(now) = held_back_now {
            let absent = user_ids.iter().filter(|id| !looked.accounts.contains_key(*id)).cloned().collect();
            let marks = write::marks(&mut conn, app, absent).await?;
            let held = marks.into_iter().map(|mark| (mark.user_id, held_back_until(mark.deleted_at)));
            looked.held_back.extend(held.filter(|(_, until)| *until > now));
        }
        Ok(looked)
    }

    /// Makes the changes, in one transaction that counts them for the task. An account that is not as it was reviewed is kept and
    /// refused. `change.now` is the time of all that one import creates.
    ///
    /// # Errors
    /// The database failed; nothing of this chunk was changed.
    pub async fn apply_import_chunk(
        &self,
        change: &Change,
        app: SdkAppId,
        chunk: ImportChunk,
    ) -> Result<WalkChunk> {
        self.unsettle(chunk.changes.len());
        let applying = Applying { change: change.clone(), app, chunk };
        self.write(applying, |conn, applying| Box::pin(apply(conn, applying))).await
    }

    /// Takes the changes back, likewise: what was created is removed, what was changed is as it was. An account that someone
    /// changed since is kept and refused. The restriction of deletions is about other deletions: here only what the same import
    /// added, and nobody touched, goes.
    ///
    /// # Errors
    /// The database failed; nothing of this chunk was changed.
    pub async fn undo_import_chunk(
        &self,
        change: &Change,
        app: SdkAppId,
        chunk: ImportChunk,
        applied: AppliedBy,
    ) -> Result<WalkChunk> {
        self.unsettle(chunk.changes.len());
        let undoing = Undoing { change: change.clone(), app, chunk, applied };
        self.write(undoing, |conn, undoing| Box::pin(undo(conn, undoing))).await
    }
}

/// Refusals by username, in the order in which they are kept.
type Refused = BTreeMap<String, Refusal>;

async fn apply(conn: &mut Conn, Applying { change, app, chunk }: &Applying) -> Result<WalkChunk> {
    let held = match begin(conn, *app, chunk).await? {
        Ok(held) => held,
        Err(stopped) => return Ok(stopped),
    };
    let mut refused = Refused::new();
    create_new(conn, change, *app, &held, &chunk.changes, &mut refused).await?;
    update(conn, change, *app, &held, &chunk.changes, &mut refused).await?;
    end(conn, chunk, chunk.changes.len(), refused).await
}

async fn undo(conn: &mut Conn, undoing: &Undoing) -> Result<WalkChunk> {
    let Undoing { change, app, chunk, applied } = undoing;
    let held = match begin(conn, *app, chunk).await? {
        Ok(held) => held,
        Err(stopped) => return Ok(stopped),
    };
    let ids: Vec<String> = chunk.changes.iter().map(|change| change.user_id().to_owned()).collect();
    let never = jobs::refused_among(conn, *app, &applied.job, ids.clone()).await?;
    let never: HashSet<String> = never.into_iter().map(|item| item.user_id).collect();
    let stored = stored(conn, *app, ids).await?;
    let (mut refused, mut removed, mut restored) = (Refused::new(), Vec::new(), Vec::new());
    for planned in chunk.changes.iter().filter(|planned| !never.contains(planned.user_id())) {
        let id = planned.user_id();
        match (stored.get(id), &planned.planned) {
            (Some(account), Planned::Create(_))
                if (account.created_at, account.version) == (applied.at, 1) =>
            {
                removed.push(id.to_owned());
            }
            (Some(account), Planned::Update { created_at, version, before, .. })
                if (account.created_at, account.version) == (*created_at, version + 1) =>
            {
                restored.push(rewritten(account, before, change, &held));
            }
            _ => drop(refused.insert(id.to_owned(), changed("since it was imported"))),
        }
    }
    let gone = write::remove(conn, change, *app, removed).await?;
    tell(conn, change, *app, &held, Happened::deleted(gone)).await?;
    rewrite(conn, change, *app, &held, &restored).await?;
    // What was not applied needs no way back.
    end(conn, chunk, chunk.changes.len() - never.len(), refused).await
}

/// Holds the application and the task; how the task is to stop where it may not go on.
async fn begin(conn: &mut Conn, app: SdkAppId, chunk: &ImportChunk) -> Result<Result<HeldApp, WalkChunk>> {
    let held = match hold_enabled(conn, app).await? {
        Ok(held) => held,
        Err(refusal) => return Ok(Err(WalkChunk { stopped: Some(refusal), ..WalkChunk::default() })),
    };
    if !jobs::is_held(conn, &chunk.hold).await? {
        return Ok(Err(WalkChunk { lost: true, ..WalkChunk::default() }));
    }
    Ok(Ok(held))
}

/// Counts the step, which dealt with `all` accounts.
async fn end(conn: &mut Conn, chunk: &ImportChunk, all: usize, refused: Refused) -> Result<WalkChunk> {
    let all = all as u64;
    let item = |(user_id, refusal): (&String, &Refusal)| RefusedItem {
        user_id: user_id.clone(),
        errors: refusal.field_errors(),
    };
    let items: Vec<RefusedItem> = refused.iter().map(item).collect();
    jobs::count_step(conn, &chunk.hold, all, &items, &chunk.next).await?;
    let done = all - refused.len() as u64;
    Ok(WalkChunk { done, refused: refused.into_iter().collect(), ..WalkChunk::default() })
}

async fn create_new(
    conn: &mut Conn,
    change: &Change,
    app: SdkAppId,
    held: &HeldApp,
    changes: &[PlannedChange],
    refused: &mut Refused,
) -> Result<()> {
    let new: Vec<Account> = changes
        .iter()
        .filter_map(|planned| match &planned.planned {
            Planned::Create(account) => {
                Some(account.as_ref().clone().into_account(change.now, held.friend_verification_default))
            }
            Planned::Update { .. } => None,
        })
        .collect();
    let Some(first) = new.first().map(|account| account.user_id.clone()) else { return Ok(()) };
    let wanted: Vec<String> = new.iter().map(|account| account.user_id.clone()).collect();
    let Made { created, refused: mut not_made } = create(conn, change, app, held, new).await?;
    let created: HashSet<&str> = created.iter().map(|account| account.user_id.as_str()).collect();
    for id in wanted.into_iter().filter(|id| !created.contains(id.as_str())) {
        // In neither: someone else created it since.
        let refusal = not_made.remove(&id).unwrap_or_else(|| changed("since the review"));
        refused.insert(id, refusal);
    }
    add_to_total(conn, app, &first, count(created.len())).await
}

async fn update(
    conn: &mut Conn,
    change: &Change,
    app: SdkAppId,
    held: &HeldApp,
    changes: &[PlannedChange],
    refused: &mut Refused,
) -> Result<()> {
    let ids: Vec<String> = changes
        .iter()
        .filter(|planned| matches!(planned.planned, Planned::Update { .. }))
        .map(|planned| planned.user_id().to_owned())
        .collect();
    if ids.is_empty() {
        return Ok(());
    }
    let stored = stored(conn, app, ids).await?;
    let mut rewritten_ones = Vec::new();
    for planned in changes {
        let Planned::Update { user_id, created_at, version, after, .. } = &planned.planned else { continue };
        match stored.get(user_id) {
            Some(account) if (account.created_at, account.version) == (*created_at, *version) => {
                rewritten_ones.push(rewritten(account, after, change, held));
            }
            _ => drop(refused.insert(user_id.clone(), changed("since the review"))),
        }
    }
    rewrite(conn, change, app, held, &rewritten_ones).await
}

/// The named accounts, held.
async fn stored(conn: &mut Conn, app: SdkAppId, ids: Vec<String>) -> Result<HashMap<String, Account>> {
    let accounts = read::lock(conn, app, ids).await?;
    Ok(accounts.into_iter().map(|account| (account.user_id.clone(), account)).collect())
}

fn rewritten(old: &Account, patch: &AccountPatch, change: &Change, held: &HeldApp) -> Rewritten {
    let mut new = old.clone();
    patch.clone().apply(&mut new, held.friend_verification_default);
    new.version += 1;
    new.updated_at = change.now.max(old.updated_at);
    Rewritten { old: old.clone(), new }
}

async fn rewrite(
    conn: &mut Conn,
    change: &Change,
    app: SdkAppId,
    held: &HeldApp,
    accounts: &[Rewritten],
) -> Result<()> {
    write::update(conn, change, app, accounts).await?;
    for Rewritten { old, new } in accounts {
        tell(conn, change, app, held, Happened::to_profile(old, new)).await?;
    }
    Ok(())
}

fn changed(since: &str) -> Refusal {
    let message = format!("Someone changed, created or deleted this account {since}. It was kept as it is.");
    Refusal::Fields(vec![FieldError::new("user_id", codes::CHANGED_MEANWHILE, message)])
}
