//! Erasure of a person. The account, and all rows whose key has its user ID, go in one transaction, as a deletion does it; what
//! must be searched for follows in short ones (`traces`). How many rows went is noted with each, so an erasure that was cut
//! off goes on when it is asked for again, and its certificate counts all of it.

use super::{Person, hash, tables, traces::Left};
use crate::{
    Change, Refusal, Result, Store, StoreError, accounts,
    apps::hold_deletable,
    db::{Conn, sql},
};
use rollcall_shared::{
    app::SdkAppId,
    person::{Kept, Removed},
    profile::ADMINISTRATOR,
    time::Timestamp,
};
use std::collections::BTreeMap;

/// An erasure that is asked for.
#[derive(Clone, Debug)]
pub struct NewErasure {
    /// Opaque id, made by the caller.
    pub id: String,
    /// The application.
    pub app: SdkAppId,
    /// The username.
    pub user_id: String,
    /// Why.
    pub reason: String,
}

/// What an erasure did: what its certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// Its id; another one than was asked for if it was begun before.
    pub id: String,
    /// SHA-256 of the username, in hex.
    pub user_hash: String,
    /// When it began.
    pub erased_at: Timestamp,
    /// Who asked for it first.
    pub erased_by: String,
    /// Why.
    pub reason: String,
    /// What was removed, or made to name nobody.
    pub removed: Vec<Removed>,
    /// What stays, and why.
    pub kept: Vec<Kept>,
}

/// Rows whose key has the user ID `$2`, of the application `$1`. Before the account, so that they are counted.
const BY_KEY: [(&str, &str); 4] = [
    ("group_members", "DELETE FROM group_members WHERE app_id = $1 AND user_id = $2"),
    ("chat_groups", "UPDATE chat_groups SET owner = '' WHERE app_id = $1 AND owner = $2"),
    (
        "push_deliveries",
        "DELETE FROM push_deliveries WHERE app_id = $1 AND user_id = $2 \
         AND task_id IN (SELECT task_id FROM pushes WHERE app_id = $1)",
    ),
    (
        "job_refused",
        "DELETE FROM job_refused WHERE app_id = $1 AND user_id = $2 \
         AND job_id IN (SELECT id FROM jobs WHERE app_id = $1)",
    ),
];

impl Store {
    /// Erases an account and whatever names it, or goes on with an erasure that was begun. Refused where the application does
    /// not permit deletion, for `administrator`, and for a user ID of which nothing is held.
    ///
    /// # Errors
    /// The database failed. What was erased by then stays so, and is counted when the same is asked for again.
    pub async fn erase(&self, change: &Change, new: &NewErasure) -> Result<Result<Erased, Refusal>> {
        if !self.is_known(new.app, &new.user_id).await? {
            return Ok(Err(Refusal::NotFound));
        }
        self.unsettle(1);
        let begun = self.write((change.clone(), new.clone()), |conn, input| Box::pin(begin(conn, input)));
        let id = match begun.await? {
            Ok(id) => id,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let person = Person::new(new.app, &new.user_id);
        let left = self.erase_traces(&id, &person).await?;
        self.erased(id, &person, left, change.now).await.map(Ok)
    }

    async fn erased(&self, id: String, person: &Person, left: Left, now: Timestamp) -> Result<Erased> {
        let mut conn = self.read().await?;
        let done =
            sql("SELECT erased_at, erased_by, reason, removed FROM erasures WHERE app_id = $1 AND id = $2");
        let done = conn.fetch_one(done.bind(person.app).bind(id.as_str())).await?;
        let removed: BTreeMap<String, u64> = done.json(3)?;
        Ok(Erased {
            id,
            user_hash: hash(&person.user_id),
            erased_at: done.time(0)?,
            erased_by: done.text(1)?,
            reason: done.text(2)?,
            removed: removed.into_iter().map(|(table, rows)| Removed { table, rows }).collect(),
            kept: kept(&mut conn, person, left, now).await?,
        })
    }
}

async fn begin(conn: &mut Conn, (change, new): &(Change, NewErasure)) -> Result<Result<String, Refusal>> {
    let NewErasure { app, user_id, .. } = new;
    let held = match hold_deletable(conn, *app).await? {
        Ok(held) => held,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if user_id == ADMINISTRATOR {
        return Ok(Err(Refusal::ProtectedAccount));
    }
    accounts::hold_one(conn, *app, user_id).await?;
    let id = open(conn, change, new).await?;
    let mut rows = Vec::new();
    for (table, text) in BY_KEY {
        rows.push((table, conn.execute(sql(text).bind(*app).bind(user_id.as_str())).await?));
    }
    let was_there = accounts::remove_one(conn, change, *app, &held, user_id).await?;
    rows.push(("accounts", u64::from(was_there)));
    rows.push(("kicks", fold_kick(conn, *app, user_id).await?));
    rows.push(("milestones", forget_milestones(conn, *app, user_id, change.now).await?));
    add(conn, *app, &id, &rows).await?;
    Ok(Ok(id))
}

/// Begins the erasure, or finds it where it was begun.
async fn open(conn: &mut Conn, change: &Change, new: &NewErasure) -> Result<String> {
    let NewErasure { id, app, user_id, reason } = new;
    let begin = sql("INSERT INTO erasures (app_id, id, user_hash, erased_at, erased_by, reason, removed, \
         certificate) VALUES ($1, $2, $3, $4, $5, $6, '{}', '') ON CONFLICT DO NOTHING");
    let begin = begin.bind(*app).bind(id.as_str()).bind(hash(user_id)).bind(change.now);
    conn.execute(begin.bind(change.actor.to_string()).bind(reason.as_str())).await?;
    let begun = sql("SELECT id FROM erasures WHERE app_id = $1 AND user_hash = $2 AND certificate = ''");
    conn.fetch_one(begun.bind(*app).bind(hash(user_id))).await?.text(0)
}

/// A deletion voids the same UserSigs as a kick before it, so one mark is enough.
async fn fold_kick(conn: &mut Conn, app: SdkAppId, user_id: &str) -> Result<u64> {
    // A clock of another server may have been ahead.
    let later = sql("UPDATE deleted_accounts SET deleted_at = \
         (SELECT kicked_at FROM kicks WHERE app_id = $1 AND user_id = $2) \
         WHERE app_id = $1 AND user_id = $2 AND deleted_at < \
         (SELECT kicked_at FROM kicks WHERE app_id = $1 AND user_id = $2)");
    conn.execute(later.bind(app).bind(user_id)).await?;
    let kicks = sql("DELETE FROM kicks WHERE app_id = $1 AND user_id = $2");
    conn.execute(kicks.bind(app).bind(user_id)).await
}

/// Removes samples of the account, also those that are being taken.
async fn forget_milestones(conn: &mut Conn, app: SdkAppId, user_id: &str, now: Timestamp) -> Result<u64> {
    // Whoever takes them finds then that it may not write them, and somebody takes them anew.
    let anew = sql("UPDATE milestone_sets SET lease = lease + 1, lease_until = 0 \
         WHERE app_id = $1 AND lease_until > $2");
    conn.execute(anew.bind(app).bind(now)).await?;
    let samples = sql("DELETE FROM milestones WHERE app_id = $1 AND user_id = $2");
    conn.execute(samples.bind(app).bind(user_id)).await
}

/// Counts rows for the certificate, in the transaction that removed them.
pub(super) async fn add(conn: &mut Conn, app: SdkAppId, id: &str, rows: &[(&str, u64)]) -> Result<()> {
    if rows.iter().all(|(_, rows)| *rows == 0) {
        return Ok(());
    }
    let mut sum = sql("SELECT removed FROM erasures WHERE app_id = $1 AND id = $2").bind(app).bind(id);
    sum.push(conn.engine().for_update());
    let mut removed: BTreeMap<String, u64> = conn.fetch_one(sum).await?.json(0)?;
    for (table, rows) in rows.iter().filter(|(_, rows)| *rows > 0) {
        *removed.entry((*table).to_owned()).or_default() += rows;
    }
    let text = serde_json::to_string(&removed).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let keep = sql("UPDATE erasures SET removed = $3 WHERE app_id = $1 AND id = $2");
    conn.execute(keep.bind(app).bind(id).bind(text)).await.map(drop)
}

/// What stays, and why.
async fn kept(conn: &mut Conn, person: &Person, left: Left, now: Timestamp) -> Result<Vec<Kept>> {
    let of_user = |text| sql(text).bind(person.app).bind(person.user_id.as_str());
    let marks = of_user("SELECT count(*) FROM deleted_accounts WHERE app_id = $1 AND user_id = $2");
    let sessions = of_user("SELECT count(*) FROM client_sessions WHERE app_id = $1 AND user_id = $2");
    // Those of the server, and those that schedules brought elsewhere.
    let files = sql("SELECT (SELECT count(*) FROM jobs WHERE app_id = $1 AND file_expires_at > $2) \
         + (SELECT count(*) FROM export_schedule_files WHERE app_id = $1 AND destination <> '')");
    let counted = [
        ("deleted_accounts", conn.fetch_one(marks).await?.u64(0)?),
        ("client_sessions", conn.fetch_one(sessions).await?.u64(0)?),
        ("outbox", left.events),
        ("jobs", left.jobs),
    ];
    let some = counted.into_iter().filter(|(_, rows)| *rows > 0);
    let mut kept: Vec<Kept> =
        some.map(|(table, rows)| stays(table, Some(rows), tables::why_kept(table))).collect();
    let imports = sql("SELECT count(*) FROM imports WHERE app_id = $1").bind(person.app);
    for (count, (name, why)) in
        [(files.bind(person.app).bind(now), tables::EXPORT_FILES), (imports, tables::IMPORT_FILES)]
    {
        let files = conn.fetch_one(count).await?.u64(0)?;
        kept.extend((files > 0).then(|| stays(name, Some(files), why)));
    }
    kept.push(stays("accounts", None, tables::why_kept("accounts")));
    Ok(kept)
}

fn stays(table: &str, rows: Option<u64>, why: &str) -> Kept {
    Kept { table: table.to_owned(), rows, why: why.to_owned() }
}
