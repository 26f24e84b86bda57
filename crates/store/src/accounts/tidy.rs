//! Keeps SQLite's index of tokens quick to read. Every transaction adds a piece to it and every deletion a mark. SQLite
//! merges pieces by and by, but a search pays for what it has not merged yet, up to five times over; marks it leaves to the
//! passes here (migration 0017), which take them out with what they mark. PostgreSQL's vacuum does the like by itself.
//!
//! How much was written since the last time is known to this process alone: what it forgets, the next writes bring back.

use crate::{
    Result, Store,
    db::{Conn, Engine, sql},
};
use std::sync::atomic::{AtomicU64, Ordering};

/// How many pages of the index one step writes: a few milliseconds, for which other writes wait.
const PAGES: i64 = 16;
/// Below this many accounts the index is small enough as it is.
const LEAST: u64 = 1_000;
/// One account in so many must have been written before the index is worth a pass, which rewrites all of it.
const SHARE: u64 = 50;
/// The same while more is being written: a pass would take turns with that, and be outdated by it.
const SHARE_MEANWHILE: u64 = 5;

/// What was written since the last pass began.
#[derive(Debug, Default)]
pub(crate) struct Unsettled {
    accounts: AtomicU64,
    /// How many they were when it was last asked whether a pass pays.
    seen: AtomicU64,
}

/// How far a pass has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tidying {
    /// The next step begins a pass.
    Begins,
    /// The pass goes on.
    GoesOn,
    /// There is nothing left to do.
    Done,
}

impl Store {
    /// Notes that so many accounts were written or deleted.
    pub(crate) fn unsettle(&self, accounts: usize) {
        self.unsettled.accounts.fetch_add(accounts as u64, Ordering::Relaxed);
    }

    /// Whether so much was written that a pass over the index pays: much, or less and it has ceased since this was last asked.
    ///
    /// # Errors
    /// The database failed.
    pub async fn wants_tidying(&self) -> Result<bool> {
        let unsettled = self.unsettled.accounts.load(Ordering::Relaxed);
        let seen = self.unsettled.seen.swap(unsettled, Ordering::Relaxed);
        if unsettled < LEAST || self.engine() == Engine::Postgres {
            return Ok(false);
        }
        const ALL: &str = "SELECT CAST(coalesce(sum(accounts), 0) AS BIGINT) FROM app_totals";
        let all = self.read().await?.fetch_one(sql(ALL)).await?.u64(0)?;
        let has_ceased = unsettled.saturating_sub(seen) < LEAST;
        Ok(unsettled >= all / if has_ceased { SHARE } else { SHARE_MEANWHILE })
    }

    /// Does one step of a pass, beside other writes. Call it with what it answered until it is done.
    ///
    /// # Errors
    /// The database failed; the index is as good as before.
    pub async fn tidy(&self, stage: Tidying) -> Result<Tidying> {
        if stage == Tidying::Done || self.engine() == Engine::Postgres {
            return Ok(Tidying::Done);
        }
        if stage == Tidying::Begins {
            self.unsettled.accounts.store(0, Ordering::Relaxed);
        }
        self.write(stage, |conn, stage| Box::pin(step(conn, *stage))).await
    }

    /// A whole pass at once, after a bulk load.
    ///
    /// # Errors
    /// The database failed; the index is as good as before.
    pub async fn tidy_all(&self) -> Result<()> {
        let mut stage = Tidying::Begins;
        while stage != Tidying::Done {
            stage = self.tidy(stage).await?;
        }
        Ok(())
    }
}

/// A whole pass within the caller's transaction.
pub(crate) async fn tidy_within(conn: &mut Conn) -> Result<()> {
    let mut stage = Tidying::Begins;
    while stage != Tidying::Done && conn.engine() == Engine::Sqlite {
        stage = step(conn, stage).await?;
    }
    Ok(())
}

/// A negative number makes one level of all pieces, which the following steps then merge; see "merge" in the manual of FTS5,
/// which also says that a step with nothing to do changes less than two rows.
async fn step(conn: &mut Conn, stage: Tidying) -> Result<Tidying> {
    let pages = if stage == Tidying::Begins { -PAGES } else { PAGES };
    let before = changes(conn).await?;
    conn.execute(sql("INSERT INTO account_grams (account_grams, rank) VALUES ('merge', $1)").bind(pages))
        .await?;
    let idle = changes(conn).await? - before < 2;
    Ok(if idle && stage == Tidying::GoesOn { Tidying::Done } else { Tidying::GoesOn })
}

async fn changes(conn: &mut Conn) -> Result<i64> {
    conn.fetch_one(sql("SELECT total_changes()")).await?.i64(0)
}
