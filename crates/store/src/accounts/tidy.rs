//! Keeps SQLite's index of tokens quick to read. Every transaction adds a piece to it and every deletion a mark. SQLite
//! merges pieces by and by, but a search pays for what it has not merged yet, up to five times over; marks it leaves to the
//! passes here (migration 0017), which take them out with what they mark. PostgreSQL's vacuum does the like by itself.
//!
//! What PostgreSQL does not know soon enough is that an application has grown: it looks again when a tenth of the table has changed,
//! which may be a million accounts. Until then it takes the application's rows for one or none, and reads all of them where it should
//! look one up. A pass there is an ANALYZE.
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

/// How many applications have more than four times as many accounts as PostgreSQL's planner believes, of those that are not small:
/// it counts on what ANALYZE found of the most common ones, and takes the others for equal.
const MISTAKEN: &str = "WITH known AS (\
     SELECT unnest(CAST(CAST(most_common_vals AS TEXT) AS BIGINT[])) AS app_id, unnest(most_common_freqs) AS share \
     FROM pg_stats WHERE schemaname = current_schema() AND tablename = 'accounts' AND attname = 'app_id'), \
     analyzed AS (SELECT greatest(reltuples, 0) AS accounts FROM pg_class WHERE oid = CAST('accounts' AS REGCLASS)), \
     others AS (SELECT coalesce(max((1 - (SELECT coalesce(sum(share), 0) FROM known)) / greatest(\
     CASE WHEN n_distinct < 0 THEN -n_distinct * analyzed.accounts ELSE n_distinct END \
     - (SELECT count(*) FROM known), 1)), 0) AS share FROM pg_stats CROSS JOIN analyzed \
     WHERE schemaname = current_schema() AND tablename = 'accounts' AND attname = 'app_id'), \
     actual AS (SELECT app_id, sum(accounts) AS accounts FROM app_totals GROUP BY app_id) \
     SELECT count(*) FROM actual LEFT JOIN known ON known.app_id = actual.app_id CROSS JOIN others CROSS JOIN analyzed \
     WHERE actual.accounts > 2000 AND actual.accounts > (SELECT sum(accounts) FROM actual) / 1000 \
     AND actual.accounts > 4 * coalesce(known.share, others.share) * analyzed.accounts";

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

    /// Whether so much was written that a pass pays. On SQLite: much, or less and it has ceased since this was last asked. On
    /// PostgreSQL: an application that is no small part of all has far more accounts than the planner believes.
    ///
    /// # Errors
    /// The database failed.
    pub async fn wants_tidying(&self) -> Result<bool> {
        let unsettled = self.unsettled.accounts.load(Ordering::Relaxed);
        let seen = self.unsettled.seen.swap(unsettled, Ordering::Relaxed);
        if unsettled < LEAST {
            return Ok(false);
        }
        if self.engine() == Engine::Postgres {
            return Ok(self.read().await?.fetch_one(sql(MISTAKEN)).await?.u64(0)? > 0);
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
        if stage == Tidying::Done {
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
    if conn.engine() == Engine::Postgres {
        conn.execute(sql("ANALYZE accounts")).await?;
        return Ok(Tidying::Done);
    }
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
