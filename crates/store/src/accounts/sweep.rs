//! The walk of jobs over all that match, which they delete or edit: in bounded steps that look at a bounded number of rows, in the
//! order of creation.
//!
//! What is deleted stays in PostgreSQL's indexes until vacuum takes it out, and a list whose beginning was deleted reads all of it for
//! its first page. In this order that is the list of the oldest alone; everywhere else deleted entries stand between others.

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
    db::{Conn, Row, sql},
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
    time::Timestamp,
};
use std::{collections::HashSet, fmt, str::FromStr};

const BY_CREATION: Sort = Sort { field: SortField::CreatedAt, descending: false };

impl Store {
    /// Deletes the next chunk of all that match, in one transaction that checks the restriction. Walks by creation from
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
        // An earlier version wrote usernames, by which it walked. From the beginning a job meets what it has done, and nothing more.
        let begin = after.and_then(|after| after.parse().ok());
        let (met, next) = Sweep { app, matching }.step(&mut self.read().await?, begin, limit).await?;
        self.unsettle(met.len());
        let step = Step::of(job, after, next.as_ref().or(met.last()));
        // What is left out was left out by the walk.
        let matching = Matching { except: Vec::new(), ..matching.clone() };
        let ids = met.into_iter().map(|mark| mark.user_id).collect();
        Ok((Found { app, matching, ids, step }, next.map(|mark| mark.to_string())))
    }
}

/// An account's place in the order of creation; in a job's checkpoint a text like `1700000000000:ming`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
    created_at: Timestamp,
    user_id: String,
}

impl Mark {
    fn key(&self) -> Vec<Value> {
        vec![Value::Int(self.created_at.millis()), Value::from(self.user_id.as_str())]
    }

    /// Where what follows begins.
    fn place(&self) -> Place {
        Place { key: self.key(), inclusive: false }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.created_at.millis(), self.user_id)
    }
}

impl FromStr for Mark {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (millis, user_id) = text.split_once(':').ok_or(())?;
        let created_at = Timestamp::from_millis(millis.parse().map_err(drop)?);
        Ok(Self { created_at, user_id: user_id.to_owned() })
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
        let key =
            Order::of(BY_CREATION).key_after(conn, &search, place.as_ref(), u64::from(WINDOW) - 1).await?;
        let end = key.and_then(|key| match <[Value; 2]>::try_from(key) {
            Ok([Value::Int(millis), Value::Text(user_id)]) => {
                Some(Mark { created_at: Timestamp::from_millis(millis), user_id })
            }
            _ => None,
        });
        Ok(end.filter(|end| end.created_at <= self.matching.as_of))
    }

    async fn window(
        &self,
        conn: &mut Conn,
        after: Option<&Mark>,
        end: Option<&Mark>,
        limit: usize,
    ) -> Result<Vec<Mark>> {
        let order = Order::of(BY_CREATION);
        let mut statement = sql("SELECT created_at, user_id FROM");
        statement.push(order.table(conn.engine())).push(" WHERE app_id = ").push_bind(self.app);
        order.push_after(&mut statement, after.map(Mark::place).as_ref());
        order.push_until(&mut statement, end.map(Mark::key).as_deref());
        push_matching(&mut statement, conn, self.app, self.matching);
        order.push_order(&mut statement, limit);
        let mark = |row: Row| Ok(Mark { created_at: row.time(0)?, user_id: row.text(1)? });
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
        let next = last.map(ToString::to_string).or_else(|| after.map(str::to_owned)).unwrap_or_default();
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
    use rollcall_shared::time::Timestamp;

    #[test]
    fn a_mark_is_read_as_it_was_written_and_a_username_is_none() {
        let mark =
            Mark { created_at: Timestamp::from_millis(1_700_000_000_000), user_id: "a:b c".to_owned() };
        assert_eq!(mark.to_string(), "1700000000000:a:b c");
        assert_eq!(mark.to_string().parse(), Ok(mark));
        assert_eq!("ming".parse::<Mark>(), Err(()));
        assert_eq!("ming:1".parse::<Mark>(), Err(()));
    }
}
