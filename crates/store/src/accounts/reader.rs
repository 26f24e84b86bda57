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
//! four million rows a second, which is what the bounds are made of. What grows with the number of accounts is what the
//! index of tokens takes to say how many candidates there are: least on SQLite, which stops when they are too many, most on
//! PostgreSQL where tokens are frequent: where its planner or a few rows here and there tell that they are too many, it is not asked.
//! On SQLite, where candidates can be known and all other rows be passed by much faster, the last walk goes to the end of a list
//! that is not too long.
//!
//! Whichever way it takes, the rows are the same; only the bound shows. The statements are in `reader/rows.rs`.

mod rows;

use super::{
    bounds::{FAR_TOO_MANY, NAMELIKE, SET, SURELY_TOO_MANY, SearchBounds},
    count,
    estimate::Sample,
    named::Named,
    order::{Order, Place},
    row::{AFTER_COLUMNS, account},
    search::{Search, Source},
};
use crate::{
    Result,
    db::{Conn, Engine, Row},
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
    /// Of a row with `columns!` and the order's column.
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
    /// The candidates that SQLite's index of tokens named, once it was asked.
    named: Option<Named>,
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
        let walks = [first_walk / 10, first_walk, next_walk];
        let mut found = Steps { place, want, hits: Vec::new() };
        let done = self.steps(&mut found, &walks).await?
            || self.soon(&mut found, walks.iter().sum()).await?
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

    /// Walks on if what so many walked rows gave lets the rest be expected within the last walk, which is cheaper than to fetch
    /// candidates: whether that was enough.
    async fn soon(&mut self, found: &mut Steps, walked: u32) -> Result<bool> {
        let (hits, wanted) = (found.hits.len() as u64, (found.want - found.hits.len()) as u64);
        // A quarter more than expected, for chance.
        let ahead = (u64::from(walked) * wanted * 5 / 4).checked_div(hits).unwrap_or(u64::MAX);
        match u32::try_from(ahead) {
            Ok(ahead) if ahead <= self.bounds.last_walk => self.steps(found, &[ahead]).await,
            _ => Ok(false),
        }
    }

    /// The rest of the rows, if one of the sources has not too many candidates: whether that was so.
    async fn many(&mut self, found: &mut Steps) -> Result<bool> {
        for source in self.search.sources() {
            let most = self.bounds.many;
            // PostgreSQL's index looks at all of them to say that they are too many.
            if (source, self.conn.engine()) == (Source::Grams, Engine::Postgres)
                && self.too_many(most).await?
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

    /// Whether PostgreSQL has more candidates than so many, as far as that can be known without asking its index of tokens.
    async fn too_many(&mut self, most: u32) -> Result<bool> {
        let most = u64::from(most);
        if count::expected(&mut self.conn, self.search).await? > FAR_TOO_MANY * most {
            return Ok(true);
        }
        if self.search.tokens_of_needle() < NAMELIKE {
            return Ok(false);
        }
        let sample = Sample::of(&mut self.conn, self.search).await?;
        Ok(sample.is_some_and(|sample| sample.about() > SURELY_TOO_MANY * most))
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
}
