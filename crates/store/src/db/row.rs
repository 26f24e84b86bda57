//! A row of either engine and how its columns are read, by position.

use crate::{Result, StoreError};
use rollcall_shared::time::Timestamp;
use sqlx::{Row as _, postgres::PgRow, sqlite::SqliteRow};

/// A row of either engine.
pub(crate) enum Row {
    /// Of SQLite.
    Sqlite(SqliteRow),
    /// Of PostgreSQL.
    Postgres(PgRow),
}

impl Row {
    /// An integer of any width.
    pub fn i64(&self, column: usize) -> Result<i64> {
        // Unchecked, because PostgreSQL's SMALLINT and INTEGER are read as i64 too.
        Ok(match self {
            Self::Sqlite(row) => row.try_get_unchecked(column)?,
            Self::Postgres(row) => row.try_get_unchecked(column)?,
        })
    }

    /// An integer that is never negative.
    pub fn u64(&self, column: usize) -> Result<u64> {
        let value = self.i64(column)?;
        u64::try_from(value).map_err(|_| StoreError::Corrupt(format!("{value} in a column of counts")))
    }

    /// A u32, kept in a wider column.
    pub fn u32(&self, column: usize) -> Result<u32> {
        let value = self.i64(column)?;
        u32::try_from(value).map_err(|_| StoreError::Corrupt(format!("{value} in a column of u32")))
    }

    /// A value of a closed set, by its stored code: `row.code(3, Gender::from_code)?`.
    pub fn code<T>(&self, column: usize, from_code: fn(i32) -> Option<T>) -> Result<T> {
        let code = self.i64(column)?;
        let value = i32::try_from(code).ok().and_then(from_code);
        value.ok_or_else(|| StoreError::Corrupt(format!("code {code} of {}", std::any::type_name::<T>())))
    }

    /// An instant.
    pub fn time(&self, column: usize) -> Result<Timestamp> {
        self.i64(column).map(Timestamp::from_millis)
    }

    /// An instant, where 0 means none.
    pub fn time_or_none(&self, column: usize) -> Result<Option<Timestamp>> {
        Ok(Some(self.i64(column)?).filter(|at| *at != 0).map(Timestamp::from_millis))
    }

    /// A text.
    pub fn text(&self, column: usize) -> Result<String> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get_unchecked(column)?,
            Self::Postgres(row) => row.try_get_unchecked(column)?,
        })
    }

    /// A text, without a copy.
    pub fn str(&self, column: usize) -> Result<&str> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get_unchecked(column)?,
            Self::Postgres(row) => row.try_get_unchecked(column)?,
        })
    }

    /// Bytes.
    pub fn bytes(&self, column: usize) -> Result<Vec<u8>> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get_unchecked(column)?,
            Self::Postgres(row) => row.try_get_unchecked(column)?,
        })
    }

    /// A JSON text.
    pub fn json<T: serde::de::DeserializeOwned>(&self, column: usize) -> Result<T> {
        serde_json::from_str(self.str(column)?).map_err(|error| StoreError::Corrupt(error.to_string()))
    }

    /// A JSON text; none where there is nothing.
    pub fn json_or_none<T: serde::de::DeserializeOwned>(&self, column: usize) -> Result<Option<T>> {
        if self.str(column)?.is_empty() { Ok(None) } else { self.json(column).map(Some) }
    }
}
