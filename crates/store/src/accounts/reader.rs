//! The rows of a page. Without a filter they are a walk along the index of the sort. A search has three ways, and takes
//! the first that is cheap:
//!
//! 1. Few candidates: fetch them, test them, sort them.
//! 2. Many: walk the index of the sort and test each row, in the hope that hits are everywhere.
//! 3. Where the walk found too few, hits are rare or stand together elsewhere: fetch and sort up to many more
//!    candidates, or walk on, up to a bound. A page that was cut short by the bound says so, and its cursor goes on
//!    from there. Candidates that are anything but rare would take long to fetch, so those are walked for longer.
//!
//! The indexes of the sorts hold the texts that are searched, so a walk reads rows for hits only, unless there is a
//! filter beside the needle.
//!
//! Whichever way it takes, the rows are the same; only the bound shows.

use super::{
    count,
    order::{Order, Place},
    row::{AFTER_COLUMNS, account, columns},
    search::{Search, Source},
};
use crate::{
    Result,
    db::{Conn, Engine, Row, Sql, sql},
};
use keyset::Value;
use rollcall_shared::{account::Account, list::SortField};

/// How hard a search tries, in rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchBounds {
    /// So many candidates are fetched and sorted without trying anything else.
    pub few: u32,
    /// So many rows are walked before candidates are tried again.
    pub first_walk: u32,
    /// So many candidates are fetched and sorted after a walk that found too few.
    pub many: u32,
    /// So many rows are walked after that, before the page is cut short.
    pub last_walk: u32,
}

/// So many rows are walked at a time where a needle that stands alone is frequent: at some millions a second.
const DENSE_WALK: u32 = 100_000;
/// So many are walked on SQLite where a needle is less frequent, before everything that has its tokens is asked for: of ten
/// million accounts those may be hundreds of thousands, and hits that are one in a few hundred fill a page long before.
const SPARSE_WALK: u32 = 20_000;

impl SearchBounds {
    /// What suits the engine. SQLite's last walk looks at the index alone until it meets a candidate, and passes by
    /// other rows at 20 million a second; fetching a row is what costs. PostgreSQL's fetches each
    /// row that it walks, which is why it ends sooner.
    pub(crate) const fn of(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self { few: 2_000, first_walk: 1_000, many: 5_000, last_walk: 2_000_000 },
            Engine::Postgres => Self { few: 2_000, first_walk: 5_000, many: 100_000, last_walk: 50_000 },
        }
    }
}

/// An account that belongs on the page, and its key in the list's order.
#[derive(Debug)]
pub(super) struct Hit {
    /// The account.
    pub account: Account,
    /// Its key.
    pub key: Vec<Value>,
}

/// What a search found; `stopped` is the last key that it looked at when it gave up.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub hits: Vec<Hit>,
    pub stopped: Option<Vec<Value>>,
}

impl Hit {
    /// Of a row with [`columns!`] and the order's column.
    pub fn of(order: Order, row: &Row) -> Result<Self> {
        let account = account(row)?;
        let key = order.key(row, AFTER_COLUMNS, &account.user_id)?;
        Ok(Self { account, key })
    }
}

/// Hits on the way along an index: where to go on, and how many to find in all.
struct Steps {
    place: Option<Place>,
    want: usize,
    hits: Vec<Hit>,
}

/// Reads the rows of one page.
pub(super) struct Reader<'a> {
    conn: Conn,
    search: &'a Search<'a>,
    order: Order,
    bounds: SearchBounds,
    /// Whether candidates are known to be frequent.
    dense: bool,
}

impl<'a> Reader<'a> {
    /// Of what a search finds, in this order.
    pub const fn new(conn: Conn, search: &'a Search<'a>, order: Order, bounds: SearchBounds) -> Self {
        Self { conn, search, order, bounds, dense: false }
    }

    /// Up to `want` rows from `place`, by the cheapest way.
    pub async fn read(&mut self, place: Option<Place>, want: usize) -> Result<Found> {
        let in_order = self.search.is_range_only() && self.order.field == SortField::CreatedAt;
        if self.search.is_everything() || in_order {
            let hits = self.walk(place.as_ref(), None, want, false).await?;
            return Ok(Found { hits, stopped: None });
        }
        if let Some(hits) = self.few(place.as_ref(), want).await? {
            return Ok(Found { hits, stopped: None });
        }
        let mut found = Steps { place, want, hits: Vec::new() };
        // Where hits are everywhere, a short walk is enough.
        let short = [self.bounds.first_walk / 10, self.bounds.first_walk];
        if self.steps(&mut found, &short).await? {
            return Ok(Found { hits: found.hits, stopped: None });
        }
        let last = self.bounds.last_walk;
        let long = match (self.conn.engine(), self.is_dense().await?) {
            (Engine::Sqlite, true) => &[DENSE_WALK.min(last); 2][..],
            (Engine::Sqlite, false) if self.search.has_needle() && !self.dense => {
                &[SPARSE_WALK.min(last)][..]
            }
            // In one: between two it would have to be found out where the first one ends.
            (Engine::Postgres, true) => &[DENSE_WALK.min(last.saturating_mul(2))][..],
            _ => &[],
        };
        if self.steps(&mut found, long).await? {
            return Ok(Found { hits: found.hits, stopped: None });
        }
        let Steps { place, mut hits, .. } = found;
        let Found { hits: more, stopped } = self.far(place.as_ref(), want - hits.len()).await?;
        hits.extend(more);
        Ok(Found { hits, stopped })
    }

    /// Walks so many rows, and so many more: whether that was enough.
    async fn steps(&mut self, found: &mut Steps, rows: &[u32]) -> Result<bool> {
        let in_index = self.conn.engine() == Engine::Postgres && self.search.needle_alone().is_some();
        for &rows in rows {
            let (place, wanted) = (found.place.clone(), found.want - found.hits.len());
            if in_index {
                // Where the walk ends is asked only if it was too short: finding that out takes half as long again.
                found.hits.extend(self.walk_index(place.as_ref(), rows, wanted).await?);
                if found.hits.len() >= found.want {
                    return Ok(true);
                }
            }
            let until =
                self.order.key_after(&mut self.conn, self.search, place.as_ref(), rows.into()).await?;
            if !in_index {
                found.hits.extend(self.walk(place.as_ref(), until.as_deref(), wanted, false).await?);
            }
            let Some(key) = until.filter(|_| found.hits.len() < found.want) else { return Ok(true) };
            found.place = Some(Place { key, inclusive: false });
        }
        Ok(false)
    }

    /// The hits among so many entries of the index, which holds all that a needle is looked for in. The limit within keeps
    /// PostgreSQL from any other plan.
    async fn walk_index(&mut self, place: Option<&Place>, rows: u32, want: usize) -> Result<Vec<Hit>> {
        let (engine, order) = (self.conn.engine(), self.order);
        let mut query = sql(concat!("SELECT ", columns!(), ", "));
        query
            .push(order.column())
            .push(" FROM (SELECT user_id AS hit FROM (SELECT user_id, search_user_id, search_nickname");
        // A column may be named once only.
        if order.field != SortField::UserId {
            query.push(", ").push(order.column());
        }
        query.push(" FROM").push(order.table(engine)).push(" WHERE app_id = ").push_bind(self.search.app());
        order.push_after(&mut query, place);
        // With the one at which a walk of so many rows ends.
        order.push_order(&mut query, rows as usize + 1);
        query.push(") AS walked WHERE TRUE");
        self.search.push_filter(&mut query, engine);
        order.push_order(&mut query, want);
        self.push_hits(&mut query, want);
        self.conn.fetch_map(query.once(), |row| Hit::of(order, &row)).await
    }

    /// Whether a needle stands alone and its candidates are frequent.
    async fn is_dense(&mut self) -> Result<bool> {
        match self.conn.engine() {
            Engine::Sqlite => Ok(self.dense && self.search.needle_alone().is_some()),
            Engine::Postgres => count::noted_dense(&mut self.conn, self.search).await,
        }
    }

    /// The rows, if one of the sources has few candidates. On PostgreSQL tokens are asked later: its index gives
    /// all candidates or none, and there may be very many.
    async fn few(&mut self, place: Option<&Place>, want: usize) -> Result<Option<Vec<Hit>>> {
        for source in self.search.sources() {
            let dear = source == Source::Grams && self.conn.engine() == Engine::Postgres;
            if !dear && let Some(hits) = self.candidates(source, place, want, self.bounds.few).await? {
                return Ok(Some(hits));
            }
        }
        Ok(None)
    }

    /// Hits that are rare, or far from the beginning.
    async fn far(&mut self, place: Option<&Place>, want: usize) -> Result<Found> {
        let SearchBounds { many, last_walk, .. } = self.bounds;
        for source in self.search.sources() {
            if let Some(hits) = self.candidates(source, place, want, many).await? {
                return Ok(Found { hits, stopped: None });
            }
        }
        // Most applications are smaller than the bound, and their total is cheap to know.
        let bounded = count::total(&mut self.conn, self.search.app()).await? > u64::from(last_walk);
        let until = if bounded {
            self.order.key_after(&mut self.conn, self.search, place, last_walk.into()).await?
        } else {
            None
        };
        let hits = self.walk(place, until.as_deref(), want, true).await?;
        let stopped = until.filter(|_| hits.len() < want);
        Ok(Found { hits, stopped })
    }

    /// The hits from `place` up to the key `until`, along the index of the sort. `narrow` looks at the index of
    /// tokens before it reads a row: it pays when few rows are hits.
    async fn walk(
        &mut self,
        place: Option<&Place>,
        until: Option<&[Value]>,
        want: usize,
        narrow: bool,
    ) -> Result<Vec<Hit>> {
        let (engine, order) = (self.conn.engine(), self.order);
        let mut query = sql(concat!("SELECT ", columns!(), ", "));
        query.push(order.column()).push(" FROM");
        let plain = self.search.is_everything();
        if !plain {
            query.push(" (SELECT user_id AS hit FROM");
        }
        query.push(order.table(engine)).push(" WHERE app_id = ").push_bind(self.search.app());
        order.push_after(&mut query, place);
        order.push_until(&mut query, until);
        if narrow && engine == Engine::Sqlite {
            self.search.push_narrowing(&mut query, self.dense);
        }
        self.search.push_filter(&mut query, engine);
        order.push_order(&mut query, want);
        if !plain {
            self.push_hits(&mut query, want);
        }
        let query = if plain { query } else { query.once() };
        self.conn.fetch_map(query, |row| Hit::of(order, &row)).await
    }

    /// Adds the rows of a subquery's hits. CROSS JOIN keeps SQLite from walking an index of the right order and
    /// looking each row up among the hits.
    fn push_hits(&self, query: &mut Sql, want: usize) {
        query.push(") AS hits CROSS JOIN accounts WHERE user_id = hit AND app_id = ");
        query.push_bind(self.search.app());
        self.order.push_order(query, want);
    }

    /// The first hits among the rows of a source; none if it has more than `most` rows.
    async fn candidates(
        &mut self,
        source: Source,
        place: Option<&Place>,
        want: usize,
        most: u32,
    ) -> Result<Option<Vec<Hit>>> {
        let (engine, order) = (self.conn.engine(), self.order);
        if engine == Engine::Sqlite {
            let extent = count::extent(&mut self.conn, self.search, source, most).await?;
            self.dense |= extent.dense;
            if extent.exceeds {
                return Ok(None);
            }
        }
        let mut query = sql("WITH candidates AS MATERIALIZED (SELECT user_id, ");
        query.push(order.column()).push(", (TRUE");
        self.search.push_filter(&mut query, engine);
        query.push(") AS fits FROM ");
        self.search.push_from(&mut query, engine, source);
        order.push_after(&mut query, place);
        query
            .push(&format!(" LIMIT {}) SELECT ", u64::from(most) + 1))
            .push(columns!())
            .push(", ")
            .push(order.column());
        query.push(
            ", (SELECT count(*) FROM candidates) FROM (SELECT user_id AS hit FROM candidates WHERE fits",
        );
        // Too many candidates show in any row, so there must be one.
        query.push(&format!(" OR (SELECT count(*) FROM candidates) > {most}"));
        order.push_order(&mut query, want);
        self.push_hits(&mut query, want);
        let rows = |row: Row| Ok((row.u64(AFTER_COLUMNS + 1)?, Hit::of(order, &row)?));
        let rows = self.conn.fetch_map(query.once(), rows).await?;
        let exceeded = rows.first().is_some_and(|(candidates, _)| *candidates > u64::from(most));
        Ok((!exceeded).then(|| rows.into_iter().map(|(_, hit)| hit).collect()))
    }
}
