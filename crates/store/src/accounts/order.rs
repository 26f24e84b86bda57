//! The order of a list as SQL: which index is walked, from where, and what the key of a row is.

use super::search::Search;
use crate::{
    Result, StoreError,
    db::{Conn, Engine, Row, Sql, sql},
};
use keyset::{Cursor, Direction, Value};
use rollcall_shared::list::{Sort, SortField};

/// Where to begin: after a key, or with it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The key.
    pub key: Vec<Value>,
    /// Whether a row with this key belongs to it.
    pub inclusive: bool,
}

impl Place {
    /// The place from which reading against the order meets exactly the other rows.
    pub fn complement(&self) -> Self {
        Self { key: self.key.clone(), inclusive: !self.inclusive }
    }
}

/// The order in which rows are read: the list's, or against it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    /// The column.
    pub field: SortField,
    descending: bool,
}

impl Order {
    /// The order for a page from this cursor, whose key must be one of this order.
    pub fn new(sort: Sort, from: Option<&Cursor>) -> Result<Self> {
        let backward = from.is_some_and(|cursor| cursor.direction == Direction::Backward);
        let fits = match from.map(|cursor| cursor.key.as_slice()) {
            None => true,
            Some([Value::Int(_), Value::Text(_)]) => sort.field == SortField::CreatedAt,
            Some([Value::Text(_), Value::Text(_)]) => sort.field != SortField::CreatedAt,
            Some(_) => false,
        };
        let order = Self { field: sort.field, descending: sort.descending != backward };
        fits.then_some(order).ok_or(StoreError::Cursor)
    }

    /// The order of a whole list.
    pub const fn of(sort: Sort) -> Self {
        Self { field: sort.field, descending: sort.descending }
    }

    /// The same list from its end.
    pub const fn reversed(self) -> Self {
        Self { descending: !self.descending, ..self }
    }

    /// Whether the largest key comes first.
    pub const fn is_descending(self) -> bool {
        self.descending
    }

    /// The column before user_id.
    pub const fn column(self) -> &'static str {
        match self.field {
            SortField::UserId => "search_user_id",
            SortField::Nickname => "sort_nickname",
            SortField::CreatedAt => "created_at",
        }
    }

    /// ` accounts`, on SQLite with the index that must be walked: given a test of text, it would prefer any other.
    pub const fn table(self, engine: Engine) -> &'static str {
        match (engine, self.field) {
            (Engine::Postgres, _) => " accounts",
            (Engine::Sqlite, SortField::UserId) => " accounts INDEXED BY accounts_by_user_id",
            (Engine::Sqlite, SortField::Nickname) => " accounts INDEXED BY accounts_by_nickname",
            (Engine::Sqlite, SortField::CreatedAt) => " accounts INDEXED BY accounts_by_created_at",
        }
    }

    /// Adds ` AND (column, user_id) > (…)` in the order's sense.
    fn push_bound(self, sql: &mut Sql, operator: &str, key: &[Value]) {
        sql.push(" AND (").push(self.column()).push(", user_id) ").push(operator).push(" (");
        for (n, value) in key.iter().enumerate() {
            sql.push(if n == 0 { "" } else { ", " });
            match value {
                Value::Int(number) => sql.push_bind(*number),
                Value::Text(text) => sql.push_bind(text.as_str()),
            };
        }
        sql.push(")");
    }

    /// Adds ` AND …` for the rows from a place on.
    pub fn push_after(self, sql: &mut Sql, place: Option<&Place>) {
        let Some(Place { key, inclusive }) = place else { return };
        let operator = match (self.descending, inclusive) {
            (false, false) => ">",
            (false, true) => ">=",
            (true, false) => "<",
            (true, true) => "<=",
        };
        self.push_bound(sql, operator, key);
    }

    /// Adds ` AND …` for the rows up to a key, with it.
    pub fn push_until(self, sql: &mut Sql, key: Option<&[Value]>) {
        if let Some(key) = key {
            self.push_bound(sql, if self.descending { ">=" } else { "<=" }, key);
        }
    }

    /// Adds the order and a limit. The limit stands in the text, because planners look at it.
    pub fn push_order(self, sql: &mut Sql, limit: usize) {
        let direction = if self.descending { " DESC" } else { "" };
        sql.push(" ORDER BY ").push(self.column()).push(direction).push(", user_id").push(direction);
        sql.push(&format!(" LIMIT {limit}"));
    }

    /// The key of the row that stands `rows` further on in the index of the sort; none if the list ends before.
    pub async fn key_after(
        self,
        conn: &mut Conn,
        search: &Search<'_>,
        place: Option<&Place>,
        rows: u64,
    ) -> Result<Option<Vec<Value>>> {
        let engine = conn.engine();
        let mut query = sql("SELECT ");
        query.push(self.column()).push(", user_id FROM").push(self.table(engine)).push(" WHERE app_id = ");
        query.push_bind(search.app());
        self.push_after(&mut query, place);
        if self.field == SortField::CreatedAt {
            search.push_range(&mut query);
        }
        self.push_order(&mut query, 1);
        query.push(&format!(" OFFSET {rows}"));
        let row = conn.fetch_optional(query.once()).await?;
        row.map(|row| self.key(&row, 0, row.str(1)?)).transpose()
    }

    /// How many rows stand from `from` on and before `to`, as far as `most`. The list's ends where there is none.
    pub async fn count_between(
        self,
        conn: &mut Conn,
        search: &Search<'_>,
        (from, to): (Option<&Place>, Option<&Place>),
        most: u64,
    ) -> Result<u64> {
        let engine = conn.engine();
        let mut query = sql("SELECT count(*) FROM (SELECT user_id FROM");
        query.push(self.table(engine)).push(" WHERE app_id = ").push_bind(search.app());
        self.push_after(&mut query, from);
        self.reversed().push_after(&mut query, to.map(Place::complement).as_ref());
        if self.field == SortField::CreatedAt {
            search.push_range(&mut query);
        }
        // The order keeps PostgreSQL to the index.
        self.push_order(&mut query, usize::try_from(most).unwrap_or(usize::MAX));
        query.push(") AS between_them");
        conn.fetch_one(query.once()).await?.u64(0)
    }

    /// The key of a row whose sort column stands at `column`.
    pub fn key(self, row: &Row, column: usize, user_id: &str) -> Result<Vec<Value>> {
        let first = match self.field {
            SortField::CreatedAt => Value::Int(row.i64(column)?),
            SortField::UserId | SortField::Nickname => Value::Text(row.text(column)?),
        };
        Ok(vec![first, Value::from(user_id)])
    }
}
