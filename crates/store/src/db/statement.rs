//! A statement's text with its values, for whichever engine runs it.

use super::Engine;
use crate::{Result, StoreError};
use rollcall_shared::{app::SdkAppId, time::Timestamp};
use sqlx::{
    Arguments as _, AssertSqlSafe, Postgres, Sqlite, postgres::PgArguments, query::Query,
    sqlite::SqliteArguments,
};
use std::{borrow::Cow, fmt::Write as _};

/// A value of a statement.
#[derive(Clone, Debug)]
pub(crate) enum Arg {
    /// An integer; instants and codes too.
    Int(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Texts: an array on PostgreSQL, a JSON array on SQLite.
    Texts(Vec<String>),
    /// Tokens, likewise.
    Ints(Vec<i32>),
    /// Integers, likewise.
    Longs(Vec<i64>),
}

/// A statement and its values.
#[derive(Clone, Debug)]
pub(crate) struct Sql {
    text: Cow<'static, str>,
    args: Vec<Arg>,
    persistent: bool,
}

/// A statement whose text is known when we compile.
pub(crate) const fn sql(text: &'static str) -> Sql {
    Sql { text: Cow::Borrowed(text), args: Vec::new(), persistent: true }
}

impl Sql {
    /// The value of the next placeholder.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Arg>) -> Self {
        self.args.push(value.into());
        self
    }

    /// Keeps the prepared statement out of the connection's cache: for texts that vary, and for searches, whose
    /// cached plan PostgreSQL would make without looking at the needle.
    #[must_use]
    pub const fn once(mut self) -> Self {
        self.persistent = false;
        self
    }

    /// Adds text, which must never hold anything that came from outside.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.to_mut().push_str(text);
        self
    }

    /// Adds a placeholder with its value.
    pub fn push_bind(&mut self, value: impl Into<Arg>) -> &mut Self {
        self.args.push(value.into());
        // Writing into a String does not fail.
        let _ = write!(self.text.to_mut(), "${}", self.args.len());
        self
    }

    /// Adds a placeholder for the values of an `IN`: ` IN (…)` on SQLite, ` = ANY(…)` on PostgreSQL, so that the
    /// text does not depend on how many there are.
    pub fn push_in(&mut self, engine: Engine, values: impl Into<Arg>) -> &mut Self {
        let (before, after) = match engine {
            Engine::Sqlite => (" IN (SELECT value FROM json_each(", "))"),
            Engine::Postgres => (" = ANY(", ")"),
        };
        self.push(before).push_bind(values).push(after)
    }

    /// Adds a query of these rows, which have a value for each column, of the same kind in every row. SQLite takes the values row by
    /// row; PostgreSQL takes arrays, one of each column, so that the text is the same for any number of rows: it is parsed and
    /// planned once. Needs at least one row.
    ///
    /// # Errors
    /// A column's values are of different kinds, or of one that no array holds.
    pub fn push_rows(&mut self, engine: Engine, rows: Vec<Vec<Arg>>) -> Result<&mut Self> {
        if engine == Engine::Postgres {
            self.push("SELECT * FROM unnest(");
            for (place, array) in arrays(rows)?.into_iter().enumerate() {
                self.push(if place == 0 { "" } else { ", " }).push_bind(array);
            }
            return Ok(self.push(")"));
        }
        for (place, row) in rows.into_iter().enumerate() {
            self.push(if place == 0 { "VALUES (" } else { "), (" });
            for (column, value) in row.into_iter().enumerate() {
                self.push(if column == 0 { "" } else { ", " }).push_bind(value);
            }
        }
        Ok(self.push(")"))
    }

    /// As SQLite's driver takes it.
    pub(super) fn for_sqlite(self) -> Result<Query<'static, Sqlite, SqliteArguments>> {
        let mut args = SqliteArguments::default();
        for arg in self.args {
            match arg {
                Arg::Int(value) => args.add(value),
                Arg::Text(value) => args.add(value),
                Arg::Bytes(value) => args.add(value),
                Arg::Texts(values) => args.add(json(&values)?),
                Arg::Ints(values) => args.add(json(&values)?),
                Arg::Longs(values) => args.add(json(&values)?),
            }
            .map_err(encoding)?;
        }
        Ok(sqlx::query_with(AssertSqlSafe(self.text), args).persistent(self.persistent))
    }

    /// As PostgreSQL's driver takes it.
    pub(crate) fn for_postgres(self) -> Result<Query<'static, Postgres, PgArguments>> {
        let mut args = PgArguments::default();
        for arg in self.args {
            match arg {
                Arg::Int(value) => args.add(value),
                Arg::Text(value) => args.add(value),
                Arg::Bytes(value) => args.add(value),
                Arg::Texts(values) => args.add(values),
                Arg::Ints(values) => args.add(values),
                Arg::Longs(values) => args.add(values),
            }
            .map_err(encoding)?;
        }
        Ok(sqlx::query_with(AssertSqlSafe(self.text), args).persistent(self.persistent))
    }
}

/// The values of each column together.
fn arrays(rows: Vec<Vec<Arg>>) -> Result<Vec<Arg>> {
    let mut arrays: Vec<Option<Arg>> = Vec::new();
    for row in rows {
        arrays.resize(row.len(), None);
        for (array, value) in arrays.iter_mut().zip(row) {
            match (array, value) {
                (Some(Arg::Longs(all)), Arg::Int(value)) => all.push(value),
                (Some(Arg::Texts(all)), Arg::Text(value)) => all.push(value),
                (array @ None, Arg::Int(value)) => *array = Some(Arg::Longs(vec![value])),
                (array @ None, Arg::Text(value)) => *array = Some(Arg::Texts(vec![value])),
                _ => return Err(StoreError::Corrupt("values of one column differ in kind".to_owned())),
            }
        }
    }
    Ok(arrays.into_iter().flatten().collect())
}

/// A value as JSON text.
pub(crate) fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// A count as it is stored.
pub(crate) fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn encoding(error: sqlx::error::BoxDynError) -> StoreError {
    StoreError::Database(sqlx::Error::Encode(error))
}

impl From<i64> for Arg {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<i32> for Arg {
    fn from(value: i32) -> Self {
        Self::Int(value.into())
    }
}

impl From<u32> for Arg {
    fn from(value: u32) -> Self {
        Self::Int(value.into())
    }
}

impl From<SdkAppId> for Arg {
    fn from(app: SdkAppId) -> Self {
        Self::Int(app.0)
    }
}

impl From<Timestamp> for Arg {
    fn from(at: Timestamp) -> Self {
        Self::Int(at.millis())
    }
}

impl From<&str> for Arg {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Arg {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&[u8]> for Arg {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

impl From<&[u8; 32]> for Arg {
    fn from(value: &[u8; 32]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

impl From<Vec<String>> for Arg {
    fn from(values: Vec<String>) -> Self {
        Self::Texts(values)
    }
}

impl From<Vec<i32>> for Arg {
    fn from(values: Vec<i32>) -> Self {
        Self::Ints(values)
    }
}

impl From<Vec<i64>> for Arg {
    fn from(values: Vec<i64>) -> Self {
        Self::Longs(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_postgres_the_text_does_not_depend_on_the_number_of_rows() {
        let rows = |count: i64| (0..count).map(|n| vec![Arg::Int(n), format!("t{n}").into()]).collect();
        let text = |engine, count| {
            let mut statement = sql("");
            statement.push_rows(engine, rows(count)).unwrap();
            (statement.text.into_owned(), statement.args.len())
        };
        assert_eq!(text(Engine::Sqlite, 2), ("VALUES ($1, $2), ($3, $4)".to_owned(), 4));
        assert_eq!(text(Engine::Postgres, 2), ("SELECT * FROM unnest($1, $2)".to_owned(), 2));
        assert_eq!(text(Engine::Postgres, 2), text(Engine::Postgres, 100));
        let mixed = vec![vec![Arg::Int(1)], vec![Arg::Text("one".to_owned())]];
        assert!(sql("").push_rows(Engine::Postgres, mixed).is_err(), "no array holds both");
    }
}
