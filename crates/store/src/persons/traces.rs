//! The rows that name an erased person and must be searched for: they are found by readers and removed a few at a time. After
//! the account is gone, so that nothing names it anew meanwhile.

use super::{Held, Person, erase::add, found};
use crate::{
    Actor, Result, Store, StoreError,
    db::{Conn, sql},
    webhooks::Happened,
};
use rollcall_shared::{job::JobState, webhook::DeliveryState};

/// What names the person for a while yet.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Left {
    /// Events that wait to be sent.
    pub events: u64,
    /// Tasks that have not ended.
    pub jobs: u64,
}

/// Rows to be removed.
struct Step {
    erasure: String,
    person: Person,
    kind: Held,
    keys: Vec<String>,
}

impl Store {
    /// Removes what is found; what stays for a while.
    pub(super) async fn erase_traces(&self, erasure: &str, person: &Person) -> Result<Left> {
        let input = (erasure.to_owned(), person.clone());
        self.write(input, |conn, (id, person)| Box::pin(authors(conn, id, person))).await?;
        self.erase_kind(erasure, person, Held::ApiCalls).await?;
        self.erase_kind(erasure, person, Held::Answers).await?;
        let events = self.erase_kind(erasure, person, Held::Events).await?;
        let jobs = self.erase_kind(erasure, person, Held::Jobs).await?;
        Ok(Left { events, jobs })
    }

    /// Removes what is found of a kind; how many rows stay.
    async fn erase_kind(&self, erasure: &str, person: &Person, kind: Held) -> Result<u64> {
        let (mut after, mut left) = (None, 0);
        loop {
            let page = found::page(&mut self.read().await?, person, kind, after.as_deref()).await?;
            let keys: Vec<String> = page.rows.into_iter().filter_map(|(key, row)| row.map(|_| key)).collect();
            if !keys.is_empty() {
                let step = Step { erasure: erasure.to_owned(), person: person.clone(), kind, keys };
                left += self.write(step, |conn, step| Box::pin(remove(conn, step))).await?;
            }
            after = page.after;
            if after.is_none() {
                return Ok(left);
            }
        }
    }
}

/// Takes the name of an admin from what it made.
async fn authors(conn: &mut Conn, id: &str, person: &Person) -> Result<()> {
    let nobody = Actor::Admin(String::new()).to_string();
    let groups = sql("UPDATE chat_groups SET created_by = $3 WHERE app_id = $1 AND created_by = $2");
    let groups = groups.bind(person.app).bind(person.actor.as_str()).bind(nobody.as_str());
    let pushes =
        sql("UPDATE pushes SET created_by = CASE WHEN created_by = $2 THEN $3 ELSE created_by END, \
         from_account = CASE WHEN from_account = $4 THEN '' ELSE from_account END \
         WHERE app_id = $1 AND (created_by = $2 OR from_account = $4)");
    let pushes = pushes.bind(person.app).bind(person.actor.as_str()).bind(nobody.as_str());
    let rows = [
        ("chat_groups", conn.execute(groups).await?),
        ("pushes", conn.execute(pushes.bind(person.user_id.as_str())).await?),
    ];
    add(conn, person.app, id, &rows).await
}

/// Removes rows; how many stay.
async fn remove(conn: &mut Conn, step: &Step) -> Result<u64> {
    match step.kind {
        Held::ApiCalls => calls(conn, step).await,
        Held::Answers => answers(conn, step).await,
        Held::Events => events(conn, step).await,
        Held::Jobs => jobs(conn, step).await,
        // By their keys, with the account.
        Held::Groups | Held::Pushes | Held::Sessions => Ok(0),
    }
}

async fn calls(conn: &mut Conn, Step { erasure, person, keys, .. }: &Step) -> Result<u64> {
    let mut calls = sql("DELETE FROM api_calls WHERE app_id = $1 AND id").bind(person.app);
    calls.push_in(conn.engine(), keys.clone());
    let rows = conn.execute(calls).await?;
    add(conn, person.app, erasure, &[("api_calls", rows)]).await?;
    Ok(0)
}

async fn answers(conn: &mut Conn, Step { erasure, person, keys, .. }: &Step) -> Result<u64> {
    let mut rows = 0;
    for (caller, key) in keys.iter().filter_map(|key| key.split_once('\n')) {
        let answer = sql("DELETE FROM idempotency_keys WHERE app_id = $1 AND caller = $2 AND key = $3");
        rows += conn.execute(answer.bind(person.app).bind(caller).bind(key)).await?;
    }
    add(conn, person.app, erasure, &[("idempotency_keys", rows)]).await?;
    Ok(0)
}

async fn jobs(conn: &mut Conn, Step { erasure, person, keys, .. }: &Step) -> Result<u64> {
    let position = conn.engine().position();
    let mut refused = sql("DELETE FROM job_refused WHERE app_id = $1 AND user_id = $2 AND job_id");
    refused = refused.bind(person.app).bind(person.user_id.as_str());
    refused.push_in(conn.engine(), keys.clone());
    // Nobody asks a task that has ended what it was to do.
    let mut ended =
        sql("UPDATE jobs SET request = 'null', checkpoint = 'null' WHERE app_id = $1 AND state >= $2");
    ended = ended.bind(person.app).bind(JobState::Done.code());
    let mut open = sql("SELECT count(*) FROM jobs WHERE app_id = $1 AND state < $2");
    open = open.bind(person.app).bind(JobState::Done.code());
    for statement in [&mut ended, &mut open] {
        statement.push(" AND id").push_in(conn.engine(), keys.clone()).push(" AND ");
        person.push_named(statement, position, &["request", "checkpoint"]);
    }
    let rows = [("job_refused", conn.execute(refused).await?), ("jobs", conn.execute(ended.once()).await?)];
    add(conn, person.app, erasure, &rows).await?;
    conn.fetch_one(open.once()).await?.u64(0)
}

async fn events(conn: &mut Conn, Step { erasure, person, keys, .. }: &Step) -> Result<u64> {
    let (mut rows, mut left) = (0, 0);
    for id in keys {
        match event(conn, person, id).await? {
            Outcome::Changed => rows += 1,
            Outcome::Waits => left += 1,
            Outcome::Gone => {}
        }
    }
    add(conn, person.app, erasure, &[("outbox", rows)]).await?;
    Ok(left)
}

/// What became of an event.
enum Outcome {
    /// It was removed, or names the person no more.
    Changed,
    /// It tells of the deletion, and goes once it was sent.
    Waits,
    /// It was gone already.
    Gone,
}

async fn event(conn: &mut Conn, person: &Person, id: &str) -> Result<Outcome> {
    let mut held = sql("SELECT happened, state, answer FROM outbox WHERE app_id = $1 AND id = $2");
    held = held.bind(person.app).bind(id);
    held.push(conn.engine().for_update());
    let Some(row) = conn.fetch_optional(held).await? else { return Ok(Outcome::Gone) };
    let happened: Happened = row.json(0)?;
    let waits = row.code(1, DeliveryState::from_code)? == DeliveryState::Waiting;
    let rest = happened.clone().without(&person.user_id);
    let is_named = rest.as_ref() != Some(&happened);
    if waits && is_named && matches!(happened, Happened::Deleted(_)) {
        // Whoever is told must learn of the deletion, or keeps the account for good.
        rewrite(conn, person, id, &happened, true).await?;
        return Ok(Outcome::Waits);
    }
    match rest {
        Some(rest) if waits || !(is_named || person.is_in(row.str(2)?)) => {
            rewrite(conn, person, id, &rest, false).await?;
        }
        _ => {
            let gone = sql("DELETE FROM outbox WHERE app_id = $1 AND id = $2");
            conn.execute(gone.bind(person.app).bind(id)).await?;
        }
    }
    Ok(Outcome::Changed)
}

/// Writes what is left of an event. What a receiver answered to an earlier try goes in any case.
async fn rewrite(
    conn: &mut Conn,
    person: &Person,
    id: &str,
    happened: &Happened,
    forget: bool,
) -> Result<()> {
    let text = serde_json::to_string(happened).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let rewrite =
        sql("UPDATE outbox SET happened = $3, answer = CASE WHEN state = $4 THEN '' ELSE answer END, \
         created_by = CASE WHEN created_by = $5 THEN $6 ELSE created_by END, \
         forget = CASE WHEN $7 = 1 THEN 1 ELSE forget END WHERE app_id = $1 AND id = $2");
    let rewrite = rewrite.bind(person.app).bind(id).bind(text).bind(DeliveryState::Waiting.code());
    let rewrite = rewrite.bind(person.actor.as_str()).bind(Actor::Admin(String::new()).to_string());
    conn.execute(rewrite.bind(i32::from(forget))).await.map(drop)
}
