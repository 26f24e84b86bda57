//! The statements of a page: a walk along the index of the sort, and the rows of a source, tested and sorted. Which of them is
//! asked, and in what order, is in `reader.rs`.

use super::{Hit, Reader};
use crate::{
    Result,
    accounts::{
        count,
        named::Named,
        order::Place,
        row::{AFTER_COLUMNS, columns},
        search::{self, Source},
    },
    db::{Engine, Row, Sql, sql},
};
use keyset::Value;
use rollcall_shared::list::SortField;

impl Reader<'_> {
    /// The hits among so many entries of the index, which holds all that is asked. The limit within keeps PostgreSQL from
    /// any other plan.
    pub(super) async fn walk_index(
        &mut self,
        place: Option<&Place>,
        rows: u32,
        want: usize,
    ) -> Result<Vec<Hit>> {
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

    /// The hits from `place` up to the key `until`, along the index of the sort. `narrow` passes by all rows that are no candidates.
    pub(super) async fn walk(
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
    /// and sorted ever. The index is asked once.
    async fn rids(&mut self, most: u32) -> Result<Option<String>> {
        if self.named.is_none() {
            let bound = self.bounds.few.max(self.bounds.many);
            self.named = Some(Named::of(&mut self.conn, self.search, bound).await?);
        }
        Ok(self.named.as_ref().and_then(|named| named.at_most(most)).map(str::to_owned))
    }

    /// The first hits among the rows of a source; none if it has more than `most` rows.
    pub(super) async fn candidates(
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
            Some(rids) => self.search.push_from_rids(&mut query, &rids),
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
