//! Pages that begin at a position or with a text or an instant: where that is in the list, and how many rows stand before it.
//!
//! 1. A list that is a stretch of its order's index, as without a filter, is asked where its row or key stands: `frame.rs`.
//! 2. Few candidates of a filter are sorted, and counted exactly.
//! 3. Among many, hits are taken to be spread evenly over the stretch in which they lie, unless the beginning is near.

use super::{
    count,
    frame::{Frame, framing},
    milestones::PositionBounds,
    order::{Order, Place},
    reader::Reader,
    search::Search,
};
use crate::{
    Result, Store, StoreError,
    db::{Conn, sql},
};
use keyset::{Cursor, Direction, Value};
use rollcall_shared::{
    list::{Count, CountRelation, ListQuery, Sort, SortField},
    time::Timestamp,
};

/// What a page is asked to begin with.
#[derive(Clone, Debug)]
pub(super) enum Target {
    /// The row that so many others stand before.
    Position(u64),
    /// The first row from a place on.
    Place(Place),
}

/// Where it begins.
#[derive(Clone, Debug)]
pub(super) struct Jump {
    /// How many rows the list has.
    pub rows: Count,
    /// The place and how many rows stand before it; `None` beyond the end.
    pub begin: Option<(Place, Count)>,
}

impl Jump {
    /// The cursor of the page, unless it is the first or the last one.
    pub fn cursor(&self) -> Option<Cursor> {
        let (Place { key, inclusive }, position) = self.begin.clone()?;
        let ordinal = position.value;
        (position != NONE).then_some(Cursor { direction: Direction::Forward, inclusive, key, ordinal })
    }
}

/// No row stands before the first page.
pub(super) const NONE: Count = Count::eq(0);

const DAY: i64 = 24 * 60 * 60 * 1000;

impl Target {
    /// What a query asks for, if it asks for any.
    ///
    /// # Errors
    /// [`StoreError::Cursor`] for an instant that cannot be read, which the query's own rules refuse.
    pub fn of(query: &ListQuery) -> Result<Option<Self>> {
        if let Some(offset) = query.offset {
            return Ok(Some(Self::Position(offset)));
        }
        let Some(text) = &query.seek else { return Ok(None) };
        let first = match query.sort.field {
            SortField::CreatedAt => Some(Value::Int(instant(text, query.sort)?)),
            SortField::UserId => first_from(textkey::search_key(text), query.sort),
            SortField::Nickname => first_from(textkey::sort_key(text), query.sort),
        };
        // Before every row of that key, in the order of keys; downwards those rows come after the page's beginning.
        let place = |first| Place { key: vec![first, Value::from("")], inclusive: !query.sort.descending };
        Ok(Some(first.map_or(Self::Position(0), |first| Self::Place(place(first)))))
    }
}

/// The first instant that is not before the page, or downwards, that is.
fn instant(text: &str, sort: Sort) -> Result<i64> {
    let at = text.parse::<Timestamp>().map_err(|_| StoreError::Cursor)?;
    let is_date = text.len() == at.date().len();
    Ok(match (sort.descending, is_date) {
        (false, _) => at,
        (true, false) => at.plus_millis(1),
        (true, true) => at.plus_millis(DAY),
    }
    .millis())
}

/// The same for a folded text; none where all texts are before it.
fn first_from(folded: String, sort: Sort) -> Option<Value> {
    if sort.descending { after_all_with(&folded) } else { Some(folded) }.map(Value::Text)
}

/// The first text after all that begin with this one.
fn after_all_with(text: &str) -> Option<String> {
    let mut chars: Vec<char> = text.chars().collect();
    while let Some(last) = chars.pop() {
        // The range leaves out what is no character.
        if let Some(next) = (last..=char::MAX).nth(1) {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

/// A list, to find places in.
pub(super) struct Jumper<'a> {
    pub store: &'a Store,
    pub search: &'a Search<'a>,
    pub query: &'a ListQuery,
}

impl Jumper<'_> {
    /// Where the page begins.
    pub(super) async fn find(&self, target: Target) -> Result<Jump> {
        let mut conn = self.store.read().await?;
        let framing = framing(&self.query.filter, self.query.sort);
        let by_time = self.query.sort.field == SortField::CreatedAt;
        let is_frame = self.search.is_everything() || self.search.is_range_only() && by_time;
        if !is_frame {
            if let Some(jump) = self.among_few(&mut conn, &target).await? {
                return Ok(jump);
            }
            drop(conn);
            if let Some(jump) = self.near_beginning(&target).await? {
                return Ok(jump);
            }
            conn = self.store.read().await?;
        }
        let app = self.search.app();
        let total = count::total(&mut conn, app).await?;
        let frame = Frame::of(&mut conn, (app, total), &framing, self.query.sort, self.bounds()).await?;
        if is_frame {
            return in_frame(&mut conn, &frame, target).await;
        }
        let rows = count::capped(&mut conn, self.search).await?;
        let rows = match rows.relation {
            // Nothing is known to estimate by yet.
            CountRelation::Gte => frame.rows.value,
            CountRelation::Eq | CountRelation::Estimate => rows.value,
        };
        let jump = among_many(&mut conn, &frame, rows, target).await?;
        drop(conn);
        self.refined(jump).await
    }

    const fn bounds(&self) -> PositionBounds {
        self.store.position_bounds()
    }

    /// Exactly, if there are few candidates.
    async fn among_few(&self, conn: &mut Conn, target: &Target) -> Result<Option<Jump>> {
        if count::surely_many(conn, self.search).await? {
            return Ok(None);
        }
        let (engine, order, most) = (conn.engine(), Order::of(self.query.sort), self.bounds().candidates);
        let source = count::cheapest(conn, self.search, most).await?;
        let mut query = sql("WITH candidates AS MATERIALIZED (SELECT user_id, ");
        query.push(order.column()).push(", (TRUE");
        self.search.push_filter(&mut query, engine);
        query.push(") AS fits FROM ");
        self.search.push_from(&mut query, engine, source);
        query.push(&format!(" LIMIT {}) ", u64::from(most) + 1));
        query.push("SELECT counts.candidates, counts.hits, counts.before_place, ");
        let (column, none) = (order.column(), if order.field == SortField::CreatedAt { "0" } else { "''" });
        query.push(&format!("coalesce(hit.{column}, {none}), coalesce(hit.user_id, '') FROM "));
        query.push("(SELECT count(*) AS candidates, count(*) FILTER (WHERE fits) AS hits, count(*) FILTER (WHERE fits");
        let position = match target {
            Target::Position(position) => *position,
            Target::Place(place) => {
                order.reversed().push_after(&mut query, Some(&place.complement()));
                0
            }
        };
        query.push(") AS before_place FROM candidates) AS counts LEFT JOIN (SELECT ").push(column);
        query.push(", user_id FROM candidates WHERE fits");
        order.push_order(&mut query, 1);
        query.push(&format!(" OFFSET {}) AS hit ON TRUE", position.min(i64::MAX.unsigned_abs())));
        let row = conn.fetch_one(query.once()).await?;
        if row.u64(0)? > u64::from(most) {
            return Ok(None);
        }
        let (rows, before) = (row.u64(1)?, row.u64(2)?);
        let (place, position) = match target {
            Target::Position(position) => {
                (Place { key: order.key(&row, 3, row.str(4)?)?, inclusive: true }, *position)
            }
            Target::Place(place) => (place.clone(), before),
        };
        let begin = (position < rows || position == 0).then(|| (place, Count::eq(position)));
        Ok(Some(Jump { rows: Count::eq(rows), begin }))
    }

    /// Exactly, if a position is near the beginning.
    async fn near_beginning(&self, target: &Target) -> Result<Option<Jump>> {
        let Target::Position(position) = *target else { return Ok(None) };
        if position > u64::from(self.bounds().near) {
            return Ok(None);
        }
        let want = usize::try_from(position).unwrap_or(usize::MAX).saturating_add(1);
        let order = Order::of(self.query.sort);
        let found = self.reader(order).await?.read(None, want).await?;
        let rows = Count::eq(found.hits.len() as u64);
        Ok(match found.hits.into_iter().nth(want - 1) {
            Some(hit) => {
                let place = Place { key: hit.key, inclusive: true };
                Some(Jump { rows, begin: Some((place, Count::eq(position))) })
            }
            None if found.stopped.is_none() => Some(Jump { rows, begin: None }),
            None => None,
        })
    }

    /// The same jump with an exact position, if it turns out to be near the beginning.
    async fn refined(&self, jump: Jump) -> Result<Jump> {
        let near = u64::from(self.bounds().near);
        let Some((place, _)) = jump.begin.clone().filter(|(_, position)| position.value <= near) else {
            return Ok(jump);
        };
        let before = Order::of(self.query.sort).reversed();
        let want = self.bounds().near as usize + 1;
        let found = self.reader(before).await?.read(Some(place.complement()), want).await?;
        let hits = found.hits.len();
        let is_all = hits < want && found.stopped.is_none();
        let begin = is_all.then_some((place, Count::eq(hits as u64))).or(jump.begin);
        Ok(Jump { begin, ..jump })
    }

    async fn reader(&self, order: Order) -> Result<Reader<'_>> {
        Ok(Reader::new(self.store.read().await?, self.search, order, self.store.search_bounds()))
    }
}

/// In a list that is the whole frame.
async fn in_frame(conn: &mut Conn, frame: &Frame<'_>, target: Target) -> Result<Jump> {
    let rows = frame.rows;
    let begin = match target {
        Target::Position(position) => frame
            .key_at(conn, position)
            .await?
            .map(|(key, relation)| (Place { key, inclusive: true }, Count { value: position, relation })),
        Target::Place(place) => {
            let position = frame.position(conn, &place).await?;
            Some((place, position))
        }
    };
    Ok(Jump { rows, begin })
}

/// Among so many hits of a filter, about, that are spread over the frame.
async fn among_many(conn: &mut Conn, frame: &Frame<'_>, rows: u64, target: Target) -> Result<Jump> {
    let begin = match target {
        Target::Position(position) if position >= rows => None,
        Target::Position(position) => {
            let key = frame.key_at(conn, scaled(position, rows, frame.rows.value)).await?;
            key.map(|(key, _)| (Place { key, inclusive: true }, Count::about(position)))
        }
        Target::Place(place) => {
            let Count { value, .. } = frame.position(conn, &place).await?;
            Some((place, Count::about(scaled(value, frame.rows.value, rows))))
        }
    };
    Ok(Jump { rows: Count::about(rows), begin })
}

/// A number among so many as one among so many others.
fn scaled(value: u64, among: u64, others: u64) -> u64 {
    let scaled = u128::from(value) * u128::from(others) / u128::from(among.max(1));
    u64::try_from(scaled).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::after_all_with;

    #[test]
    fn what_comes_after_all_that_begin_alike() {
        assert_eq!(after_all_with("ming").as_deref(), Some("minh"));
        assert_eq!(after_all_with("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(after_all_with("\u{d7ff}").as_deref(), Some("\u{e000}"));
        assert_eq!(after_all_with("\u{10ffff}"), None);
        assert_eq!(after_all_with(""), None);
    }
}
