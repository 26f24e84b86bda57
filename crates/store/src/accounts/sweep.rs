//! The walk of jobs over all that match, which they delete or edit: in bounded steps that look at a bounded number of rows.
//!
//! What is deleted stays in PostgreSQL's indexes until vacuum takes it out, and a list whose beginning was deleted reads all of it for
//! its first page. So the walk there is in the order of creation: that is the list of the oldest alone, and everywhere else deleted
//! entries stand between others. On SQLite, where nothing stays, it is by username: of what a deletion writes most stands together
//! then, and it is twice as fast.

use super::{
    WalkChunk,
    order::{Order, Place},
    search::Search,
    walk::{WINDOW, WINDOWS, push_matching},
    write,
};
use crate::{
    Change, Refusal, Result, Store,
    apps::hold_deletable,
    db::{Conn, Engine, Row, sql},
    jobs::{self, JobHold},
    webhooks::{Happened, tell},
};
use keyset::Value;
use rollcall_shared::{
    app::SdkAppId,
    job::RefusedItem,
    list::{Sort, SortField},
    profile::ADMINISTRATOR,
    selection::Matching,
};
use std::collections::HashSet;

/// The order of the walk.
const fn order(engine: Engine) -> Order {
    let field = match engine {
        Engine::Sqlite => SortField::UserId,
        Engine::Postgres => SortField::CreatedAt,
    };
    Order::of(Sort { field, descending: false })
}

impl Store {
    /// Deletes the next chunk of all that match, in one transaction that checks the restriction. Walks on from
    /// `after`, which the chunk before said; at most `limit` rows. What it did is counted for the job that is held, if one is.
    ///
    /// # Errors
    /// The database failed; nothing of this chunk was deleted.
    pub async fn delete_chunk(
        &self,
        change: &Change,
        app: SdkAppId,
        matching: &Matching,
        after: Option<&str>,
        limit: u32,
        job: Option<&JobHold>,
    ) -> Result<WalkChunk> {
        let (found, next) = self.find(app, matching, after, limit, job).await?;
        let chunk = self
            .write((change.clone(), found), |conn, (change, found)| Box::pin(delete(conn, change, found)));
        Ok(WalkChunk { after: next, ..chunk.await? })
    }

    /// The next chunk of all that match, and where the one after it begins. The walk keeps off the writer; what it found is
    /// tested again where it is changed, with [`Found::lock`].
    pub(super) async fn find(
        &self,
        app: SdkAppId,
        matching: &Matching,
        after: Option<&str>,
        limit: u32,
        job: Option<&JobHold>,
    ) -> Result<(Found, Option<String>)> {
        // What an earlier version wrote is none, nor is what the other engine did, from where `rollcall copy` brings it: the job
        // begins anew, and what it has edited it counts again.
        let begin = after.and_then(|after| Mark::read(self.engine(), after));
        let (met, next) = Sweep { app, matching }.step(&mut self.read().await?, begin, limit).await?;
        self.unsettle(met.len());
        let step = Step::of(job, after, next.as_ref().or(met.last()));
        // What is left out was left out by the walk.
        let matching = Matching { except: Vec::new(), ..matching.clone() };
        let ids = met.into_iter().map(|mark| mark.user_id).collect();
        Ok((Found { app, matching, ids, step }, next.map(|mark| mark.text())))
    }
}

/// An account's place in the order of the walk.
#[derive(Clone, Debug, PartialEq)]
struct Mark {
    first: Value,
    user_id: String,
}

impl Mark {
    fn of(key: Vec<Value>) -> Option<Self> {
        match <[Value; 2]>::try_from(key) {
            Ok([first, Value::Text(user_id)]) => Some(Self { first, user_id }),
            _ => None,
        }
    }

    fn key(&self) -> Vec<Value> {
        vec![self.first.clone(), Value::from(self.user_id.as_str())]
    }

    /// Where what follows begins.
    fn place(&self) -> Place {
        Place { key: self.key(), inclusive: false }
    }

    /// As a job's checkpoint has it: `:ming` by username, `1700000000000:ming` by creation.
    fn text(&self) -> String {
        match &self.first {
            Value::Int(millis) => format!("{millis}:{}", self.user_id),
            Value::Text(_) => format!(":{}", self.user_id),
        }
    }

    /// Of this engine's walk; none of the other's.
    fn read(engine: Engine, text: &str) -> Option<Self> {
        let (millis, user_id) = text.split_once(':')?;
        let first = match (engine, millis) {
            (Engine::Sqlite, "") => Value::from(textkey::search_key(user_id).as_str()),
            (Engine::Sqlite, _) => return None,
            (Engine::Postgres, millis) => Value::Int(millis.parse().ok()?),
        };
        Some(Self { first, user_id: user_id.to_owned() })
    }
}

/// A walk over all that match.
struct Sweep<'a> {
    app: SdkAppId,
    matching: &'a Matching,
}

impl Sweep<'_> {
    /// Up to `limit` accounts after `after`, and where to go on: None at the end.
    async fn step(
        &self,
        conn: &mut Conn,
        mut after: Option<Mark>,
        limit: u32,
    ) -> Result<(Vec<Mark>, Option<Mark>)> {
        let except: HashSet<&str> = self.matching.except.iter().map(String::as_str).collect();
        let mut met = Vec::new();
        for _ in 0..WINDOWS {
            let end = self.window_end(conn, after.as_ref()).await?;
            let room = limit as usize - met.len();
            let some = self.window(conn, after.as_ref(), end.as_ref(), room).await?;
            let last = some.last().filter(|_| some.len() == room).cloned();
            met.extend(some.into_iter().filter(|mark| !except.contains(mark.user_id.as_str())));
            let Some(next) = last.or(end) else { return Ok((met, None)) };
            after = Some(next);
            if met.len() >= limit as usize {
                break;
            }
        }
        Ok((met, after))
    }

    /// The account that ends the window after `after`; None when fewer are left, or no other that may match.
    async fn window_end(&self, conn: &mut Conn, after: Option<&Mark>) -> Result<Option<Mark>> {
        let (search, place) = (Search::new(self.app, &self.matching.filter), after.map(Mark::place));
        let order = order(conn.engine());
        let key = order.key_after(conn, &search, place.as_ref(), u64::from(WINDOW) - 1).await?;
        let as_of = self.matching.as_of.millis();
        Ok(key.and_then(Mark::of).filter(|end| !matches!(end.first, Value::Int(millis) if millis > as_of)))
    }

    async fn window(
        &self,
        conn: &mut Conn,
        after: Option<&Mark>,
        end: Option<&Mark>,
        limit: usize,
    ) -> Result<Vec<Mark>> {
        let order = order(conn.engine());
        let mut statement = sql("SELECT ");
        statement.push(order.column()).push(", user_id FROM");
        statement.push(order.table(conn.engine())).push(" WHERE app_id = ").push_bind(self.app);
        order.push_after(&mut statement, after.map(Mark::place).as_ref());
        order.push_until(&mut statement, end.map(Mark::key).as_deref());
        push_matching(&mut statement, conn, self.app, self.matching);
        order.push_order(&mut statement, limit);
        let mark = |row: Row| {
            let user_id = row.text(1)?;
            let first = order.key(&row, 0, &user_id)?.swap_remove(0);
            Ok(Mark { first, user_id })
        };
        conn.fetch_map(statement.once(), mark).await
    }
}

/// What a walk found, owned so that it can be changed in the writer.
pub(super) struct Found {
    pub app: SdkAppId,
    matching: Matching,
    ids: Vec<String>,
    pub step: Option<Step>,
}

impl Found {
    /// Those that still match, locked.
    pub(super) async fn lock(&self, conn: &mut Conn) -> Result<Vec<String>> {
        let mut statement = sql("SELECT user_id FROM ").bind(self.app);
        statement.push(conn.engine().accounts_by_name()).push(" WHERE app_id = $1 AND user_id");
        statement.push_in(conn.engine(), self.ids.clone());
        push_matching(&mut statement, conn, self.app, &self.matching);
        statement.push(" ORDER BY user_id").push(conn.engine().for_update());
        conn.fetch_map(statement.once(), |row| row.text(0)).await
    }
}

async fn delete(conn: &mut Conn, change: &Change, found: &Found) -> Result<WalkChunk> {
    let (app, step) = (found.app, found.step.as_ref());
    let held = match hold_deletable(conn, app).await? {
        Ok(held) => held,
        Err(refusal) => return Ok(WalkChunk { stopped: Some(refusal), ..WalkChunk::default() }),
    };
    if Step::is_lost(conn, step).await? {
        return Ok(WalkChunk { lost: true, ..WalkChunk::default() });
    }
    let mut ids = found.lock(conn).await?;
    let all = ids.len();
    ids.retain(|id| id != ADMINISTRATOR);
    let protected = (ids.len() < all).then(|| (ADMINISTRATOR.to_owned(), Refusal::ProtectedAccount));
    let removed = write::remove(conn, change, app, ids).await?;
    let (done, refused) = (removed.len() as u64, protected.into_iter().collect());
    tell(conn, change, app, &held, Happened::deleted(removed)).await?;
    let chunk = WalkChunk { done, refused, ..WalkChunk::default() };
    Step::count(conn, step, &chunk).await?;
    Ok(chunk)
}

/// A step of a job, owned so that it can run in the writer.
pub(super) struct Step {
    hold: JobHold,
    /// Where the next begins; never before this one, also at the end.
    next: String,
}

impl Step {
    /// The step from `after` to the last that it looked at, if a job is held.
    fn of(job: Option<&JobHold>, after: Option<&str>, last: Option<&Mark>) -> Option<Self> {
        let next = last.map(Mark::text).or_else(|| after.map(str::to_owned)).unwrap_or_default();
        job.map(|hold| Self { hold: hold.clone(), next })
    }

    /// Whether another worker has the job.
    pub async fn is_lost(conn: &mut Conn, step: Option<&Self>) -> Result<bool> {
        match step {
            Some(step) => Ok(!jobs::is_held(conn, &step.hold).await?),
            None => Ok(false),
        }
    }

    /// Counts what was done.
    pub async fn count(conn: &mut Conn, step: Option<&Self>, chunk: &WalkChunk) -> Result<()> {
        let Some(step) = step else { return Ok(()) };
        let item = |(user_id, refusal): &(String, Refusal)| RefusedItem {
            user_id: user_id.clone(),
            errors: refusal.field_errors(),
        };
        let refused: Vec<RefusedItem> = chunk.refused.iter().map(item).collect();
        let done = chunk.done + refused.len() as u64;
        jobs::count_step(conn, &step.hold, done, &refused, &step.next).await
    }
}

#[cfg(test)]
mod tests {
    use super::Mark;
    use crate::db::Engine;
    use keyset::Value;

    #[test]
    fn a_mark_is_read_as_it_was_written_and_by_the_same_engine() {
        for (engine, other, first, text) in [
            (Engine::Postgres, Engine::Sqlite, Value::Int(1_700_000_000_000), "1700000000000:a:B c"),
            (Engine::Sqlite, Engine::Postgres, Value::from("a:b c"), ":a:B c"),
        ] {
            let mark = Mark { first, user_id: "a:B c".to_owned() };
            assert_eq!(mark.text(), text);
            assert_eq!(Mark::read(engine, text), Some(mark));
            assert_eq!(Mark::read(other, text), None);
            assert_eq!(Mark::read(engine, "ming"), None, "as an earlier version wrote it");
        }
    }
}
