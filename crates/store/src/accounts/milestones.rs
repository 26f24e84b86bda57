//! Milestones: samples of an order, each so-many-th key with how many keys stood before it. From the nearest one it is a short
//! walk to any position, or from any key to its position. They are as old as their set, so what comes of them is an estimate,
//! wrong by what was created and deleted since. How they are taken is in `sample.rs`.

use crate::{
    Result,
    db::{Conn, Row, Sql, sql},
};
use keyset::Value;
use rollcall_shared::{app::SdkAppId, list::SortField};

/// How hard the store tries to know where a page stands, in rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PositionBounds {
    /// So many rows from either end of a list, a position is counted exactly.
    pub exact: u32,
    /// So many entries of an index are walked where no milestone is near.
    pub walk: u32,
    /// So many rows stand between two milestones, or more in large applications.
    pub gap: u32,
    /// Of a filter that has so many candidates at most, positions are exact.
    pub candidates: u32,
    /// So many hits from the beginning, positions are exact with any filter.
    pub near: u32,
}

impl Default for PositionBounds {
    fn default() -> Self {
        Self { exact: 20_000, walk: 200_000, gap: 1_000, candidates: 10_000, near: 1_000 }
    }
}

/// A sampled key.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Milestone {
    /// How many keys stood before it.
    pub place: u64,
    /// The key.
    pub key: Vec<Value>,
}

/// The milestones of one order of an application.
#[derive(Clone, Copy, Debug)]
pub(super) struct Milestones {
    app: SdkAppId,
    field: SortField,
    /// How many accounts there were when they were taken.
    pub accounts: u64,
}

/// The number that stands for an order. It is stored.
pub(super) const fn code(field: SortField) -> i32 {
    match field {
        SortField::UserId => 1,
        SortField::Nickname => 2,
        SortField::CreatedAt => 3,
    }
}

/// A key as the columns number, text and user_id.
pub(super) fn columns_of(key: &[Value]) -> (i64, &str, &str) {
    match key {
        [Value::Int(number), Value::Text(user_id)] => (*number, "", user_id),
        [Value::Text(text), Value::Text(user_id)] => (0, text, user_id),
        _ => (0, "", ""),
    }
}

impl Milestones {
    /// Those of an order, if they were taken.
    pub async fn of(conn: &mut Conn, app: SdkAppId, field: SortField) -> Result<Option<Self>> {
        let set =
            sql("SELECT accounts FROM milestone_sets WHERE app_id = $1 AND field = $2 AND accounts > 0");
        let row = conn.fetch_optional(set.bind(app).bind(code(field))).await?;
        row.map(|row| Ok(Self { app, field, accounts: row.u64(0)? })).transpose()
    }

    /// The last one at or before a place, and the first one after it.
    pub(super) async fn around_place(
        &self,
        conn: &mut Conn,
        place: u64,
    ) -> Result<(Option<Milestone>, Option<Milestone>)> {
        let place = i64::try_from(place).unwrap_or(i64::MAX);
        let (mut below, mut above) = (self.all(), self.all());
        below.push(" AND place <= ").push_bind(place);
        above.push(" AND place > ").push_bind(place);
        self.ends(conn, below, above).await
    }

    /// The last one before a key, and the first one at or after it.
    pub(super) async fn around_key(
        &self,
        conn: &mut Conn,
        key: &[Value],
    ) -> Result<(Option<Milestone>, Option<Milestone>)> {
        let (number, text, user_id) = columns_of(key);
        let (mut below, mut above) = (self.all(), self.all());
        for (query, operator) in [(&mut below, "<"), (&mut above, ">=")] {
            query.push(" AND (number, text, user_id) ").push(operator).push(" (").push_bind(number);
            query.push(", ").push_bind(text).push(", ").push_bind(user_id).push(")");
        }
        self.ends(conn, below, above).await
    }

    fn all(&self) -> Sql {
        const ALL: &str =
            "SELECT place, number, text, user_id FROM milestones WHERE app_id = $1 AND field = $2";
        sql(ALL).bind(self.app).bind(code(self.field))
    }

    /// The last of those below and the first of those above.
    async fn ends(
        &self,
        conn: &mut Conn,
        mut below: Sql,
        mut above: Sql,
    ) -> Result<(Option<Milestone>, Option<Milestone>)> {
        below.push(" ORDER BY place DESC LIMIT 1");
        above.push(" ORDER BY place LIMIT 1");
        let below = conn.fetch_optional(below).await?.map(|row| self.milestone(&row)).transpose()?;
        let above = conn.fetch_optional(above).await?.map(|row| self.milestone(&row)).transpose()?;
        Ok((below, above))
    }

    fn milestone(&self, row: &Row) -> Result<Milestone> {
        let first = match self.field {
            SortField::CreatedAt => Value::Int(row.i64(1)?),
            SortField::UserId | SortField::Nickname => Value::Text(row.text(2)?),
        };
        Ok(Milestone { place: row.u64(0)?, key: vec![first, Value::Text(row.text(3)?)] })
    }
}
