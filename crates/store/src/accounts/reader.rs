//! The rows of a page. Without a filter they are a walk along the index of the sort. A search has three ways, and takes
//! the first that is cheap:
//!
//! 1. Few candidates: fetch them, test them, sort them.
//! 2. Walk the index of the sort and test each row, a short way and then a longer one: hits that are everywhere, or one
//!    in some hundreds, fill a page.
//! 3. Hits are rare or stand together elsewhere: fetch and sort up to many more candidates, or walk on, up to a bound.
//!    A page that was cut short by the bound says so, and its cursor goes on from there.
//!
//! The indexes of the sorts hold all that a filter asks of a row, so a walk reads rows for hits only. It passes by two to
//! four million rows a second, which is what the bounds are made of. What grows with the number of accounts is what the index of tokens takes to say how many
//! candidates there are: least on SQLite, which stops when they are too many, most on PostgreSQL where tokens are frequent.
//! On SQLite, where candidates can be known and all other rows be passed by much faster, the last walk goes to the end of a list
//! that is not too long.
//!
//! Whichever way it takes, the rows are the same; only the bound shows.

use super::{
    bounds::{FAR_TOO_MANY, SET, SearchBounds},
    count,
    order::{Order, Place},
    row::{AFTER_COLUMNS, account, columns},
    search::{self, Search, Source},
};
use crate::{
    Result,
    db::{Conn, Engine, Row, Sql, sql},
};
use keyset::Value;
use rollcall_shared::{account::Account, list::SortField};

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
    /// How many candidates SQLite's index of tokens named, and which, once it was asked.
    named: Option<(u64, String)>,
}

impl<'a> Reader<'a> {
    /// Of what a search finds, in this order.
    pub const fn new(conn: Conn, search: &'a Search<'a>, order: Order, bounds: SearchBounds) -> Self {
        Self { conn, search, order, bounds, named: None }
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
        let SearchBounds { first_walk, next_walk, .. } = self.bounds;
        let mut found = Steps { place, want, hits: Vec::new() };
        let done = self.steps(&mut found, &[first_walk / 10, first_walk, next_walk]).await?
            || self.many(&mut found).await?
            || self.far(&mut found).await?;
        let Steps { place, hits, .. } = found;
        Ok(Found { hits, stopped: place.filter(|_| !done).map(|place| place.key) })
    }

    /// Walks so many rows, and so many more: whether that was enough.
    async fn steps(&mut self, found: &mut Steps, rows: &[u32]) -> Result<bool> {
        let in_index = self.conn.engine() == Engine::Postgres;
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

    /// The hits among so many entries of the index, which holds all that is asked. The limit within keeps PostgreSQL from
    /// any other plan.
    async fn walk_index(&mut self, place: Option<&Place>, rows: u32, want: usize) -> Result<Vec<Hit>> {
        let (engine, order) = (self.conn.engine(), self.order);
        let mut query = sql(concat!("SELECT ", columns!(), ", "));
        query
            .push(order.column())
            .push(" FROM (SELECT user_id AS hit FROM (SELECT user_id, ")
            .push(search::TESTED);
        // A column may be named once only.
        if order.field == SortField::Nickname {
            query.push(", ").push(order.column());
        }
        query.push(" FROM").push(order.table(engine)).push(" WHERE app_id = ").push_bind(self.search.app());
        order.push_after(&mut query, place);
        if order.field == SortField::CreatedAt {
            // A walk of this order begins and ends where the range does.
            self.search.push_range(&mut query);
        }
        // With the one at which a walk of so many rows ends.
        order.push_order(&mut query, rows as usize + 1);
        query.push(") AS walked WHERE TRUE");
        self.search.push_filter(&mut query, engine);
        order.push_order(&mut query, want);
        self.push_hits(&mut query, want);
        self.conn.fetch_map(query.once(), |row| Hit::of(order, &row)).await
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

    /// The rest of the rows, if one of the sources has not too many candidates: whether that was so.
    async fn many(&mut self, found: &mut Steps) -> Result<bool> {
        for source in self.search.sources() {
            let most = self.bounds.many;
            // PostgreSQL's index looks at all of them to say that they are too many.
            if (source, self.conn.engine()) == (Source::Grams, Engine::Postgres)
                && count::expected(&mut self.conn, self.search).await? > FAR_TOO_MANY * u64::from(most)
            {
                continue;
            }
            let (place, want) = (found.place.as_ref(), found.want - found.hits.len());
            if let Some(hits) = self.candidates(source, place, want, most).await? {
                found.hits.extend(hits);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The last walk: whether it was enough.
    async fn far(&mut self, found: &mut Steps) -> Result<bool> {
        if !self.reaches_the_end().await? {
            return self.steps(found, &[self.bounds.last_walk]).await;
        }
        let (place, wanted) = (found.place.clone(), found.want - found.hits.len());
        found.hits.extend(self.walk(place.as_ref(), None, wanted, true).await?);
        Ok(true)
    }

    /// Whether a walk that passes by all rows which are no candidates may go to the end of the list.
    async fn reaches_the_end(&mut self) -> Result<bool> {
        Ok(self.conn.engine() == Engine::Sqlite
            && self.search.sources().any(|source| source == Source::Grams)
            && count::total(&mut self.conn, self.search.app()).await? <= self.bounds.whole.into()
            && !count::exceeds(&mut self.conn, self.search, Source::Grams, SET).await?)
    }

    /// The hits from `place` up to the key `until`, along the index of the sort. `narrow` passes by all rows that are no candidates.
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
        if narrow {
            self.search.push_narrowing(&mut query);
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

    /// The rowids of all that have the tokens, as a JSON array; none if there are more than `most`, which is at most what is fetched
    /// and sorted ever. The index is asked once, for that may take longer than all the rest.
    async fn rids(&mut self, most: u32) -> Result<Option<String>> {
        if self.named.is_none() {
            let bound = self.bounds.few.max(self.bounds.many);
            let mut query =
                sql("SELECT count(*), json_group_array(rowid) FROM (SELECT rowid FROM account_grams WHERE ");
            self.search.push_tokens(&mut query, Engine::Sqlite);
            query.push(&format!(" LIMIT {})", u64::from(bound) + 1));
            let row = self.conn.fetch_one(query.once()).await?;
            self.named = Some((row.u64(0)?, row.text(1)?));
        }
        let few = self.named.as_ref().filter(|(count, _)| *count <= u64::from(most));
        Ok(few.map(|(_, rids)| rids.clone()))
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
        let rids = match (engine, source) {
            (Engine::Sqlite, Source::Grams) => match self.rids(most).await? {
                Some(rids) => Some(rids),
                None => return Ok(None),
            },
            (Engine::Sqlite, Source::Created)
                if count::exceeds(&mut self.conn, self.search, source, most).await? =>
            {
                return Ok(None);
            }
            _ => None,
        };
        let mut query = sql("WITH candidates AS MATERIALIZED (SELECT user_id, ");
        query.push(order.column()).push(", (TRUE");
        self.search.push_filter(&mut query, engine);
        query.push(") AS fits FROM ");
        match rids {
            Some(rids) => self.search.push_from_rids(&mut query, rids),
            None => self.search.push_from(&mut query, engine, source),
        }
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
