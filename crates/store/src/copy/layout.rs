//! A table as both databases have it: its columns, read from the schema, and the statements over them. What the values
//! are is in `value.rs`, which tables there are in `tables.rs`.

use super::{
    CopyError,
    tables::{ACCOUNTS, DERIVED, TABLES, Table},
    value::{Kind, Value},
};
use crate::{
    StoreError, accounts,
    db::{Arg, Conn, Engine, Row, Sql, sql},
};

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub name: String,
    pub kind: Kind,
}

/// A table and those of its columns that are copied: an account's own first, in their order, the others by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub table: &'static Table,
    pub columns: Vec<Column>,
    /// Where the columns of the key are.
    key: Vec<usize>,
    /// Where `app_id` is.
    app: Option<usize>,
}

/// The layouts of all tables in one database.
pub(super) async fn all(conn: &mut Conn) -> Result<Vec<Layout>, CopyError> {
    let mut layouts = Vec::with_capacity(TABLES.len());
    for table in TABLES {
        layouts.push(Layout::read(conn, table).await?);
    }
    Ok(layouts)
}

impl Layout {
    async fn read(conn: &mut Conn, table: &'static Table) -> Result<Self, CopyError> {
        let columns = sql(conn.engine().pick(
            "SELECT name, type FROM pragma_table_info($1)",
            "SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT) FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = $1",
        ));
        let columns =
            conn.fetch_map(columns.bind(table.name), |row| Ok((row.text(0)?, row.text(1)?))).await?;
        let mut copied = Vec::with_capacity(columns.len());
        for (name, kind) in columns {
            if table.name == ACCOUNTS && DERIVED.contains(&name.as_str()) {
                continue;
            }
            let kind = Kind::of_declared(&kind).ok_or_else(|| strange(table, &name))?;
            copied.push(Column { name, kind });
        }
        copied.sort_by_cached_key(|column| (place_in_account(table, &column.name), column.name.clone()));
        let at = |name: &str| copied.iter().position(|column| column.name == name);
        let key = table.key.iter().map(|name| at(name).ok_or_else(|| strange(table, name)));
        let key = key.collect::<Result<Vec<_>, _>>()?;
        let app = at("app_id");
        Ok(Self { table, columns: copied, key, app })
    }

    /// All rows, in any order.
    pub fn select(&self) -> Sql {
        let mut select = sql("SELECT ");
        select.push(&names(&self.columns)).push(" FROM ").push(self.table.name);
        select
    }

    /// Up to `limit` rows by key, after this one.
    pub fn select_after(&self, engine: Engine, after: &[Value], limit: usize) -> Sql {
        let mut select = self.select();
        if self.table.name == ACCOUNTS {
            // The hint keeps SQLite from collecting rows by another index and sorting them.
            select.push(engine.pick(" INDEXED BY accounts_key", ""));
        }
        let key = self.table.key.join(", ");
        if !after.is_empty() {
            select.push(" WHERE (").push(&key).push(") > (");
            for (place, value) in after.iter().enumerate() {
                select.push(if place == 0 { "" } else { ", " }).push_bind(Arg::from(value.clone()));
            }
            select.push(")");
        }
        select.push(" ORDER BY ").push(&key).push(&format!(" LIMIT {limit}"));
        select
    }

    /// The values of a row of [`Self::select`].
    pub fn values(&self, row: &Row) -> crate::Result<Vec<Value>> {
        self.columns.iter().enumerate().map(|(at, column)| column.kind.read(row, at)).collect()
    }

    /// The key of a row.
    pub fn key_of(&self, values: &[Value]) -> Vec<Value> {
        self.key.iter().filter_map(|at| values.get(*at).cloned()).collect()
    }

    /// What kinds of value a key has.
    pub fn key_kinds(&self) -> Vec<Kind> {
        self.key.iter().filter_map(|at| Some(self.columns.get(*at)?.kind)).collect()
    }

    /// The application of a row, where the table knows one.
    pub fn app_of(&self, values: &[Value]) -> Option<i64> {
        match values.get(self.app?)? {
            Value::Int(app) => Some(*app),
            Value::Text(_) | Value::Bytes(_) => None,
        }
    }
}

/// Columns as a list of a statement.
pub(super) fn names(columns: &[Column]) -> String {
    columns.iter().map(|column| format!("\"{}\"", column.name)).collect::<Vec<_>>().join(", ")
}

/// So that a row of accounts begins as [`accounts::account`] reads it.
fn place_in_account(table: &Table, column: &str) -> usize {
    let own = accounts::columns!().split(", ").position(|name| name == column);
    own.filter(|_| table.name == ACCOUNTS).unwrap_or(usize::MAX)
}

fn strange(table: &Table, column: &str) -> CopyError {
    StoreError::Corrupt(format!("the column {column} of {} is not as the schema has it", table.name)).into()
}
