//! How much room the accounts and each of their indexes take.

use sqlx::{PgConnection, SqliteConnection};

use super::{Connection, fetch_row};
use crate::Result;

/// A table or an index, and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Size {
    /// Its name in the database.
    pub name: String,
    /// Its bytes, empty pages within it included.
    pub bytes: u64,
}

/// The table of accounts, each of its indexes, and the accounts of all applications in them.
pub async fn of_accounts(connection: &mut Connection) -> Result<(Vec<Size>, u64)> {
    let (accounts,): (i64,) =
        fetch_row!(&mut *connection, "SELECT CAST(SUM(accounts) AS BIGINT) FROM app_totals");
    let sizes = match connection {
        Connection::Sqlite(connection) => in_sqlite(connection).await?,
        Connection::Postgres(connection) => in_postgres(connection).await?,
    };
    let size = |(name, bytes): (String, i64)| Size { name, bytes: bytes.unsigned_abs() };
    Ok((sizes.into_iter().map(size).collect(), accounts.unsigned_abs()))
}

/// Reads every page of the file.
async fn in_sqlite(connection: &mut SqliteConnection) -> Result<Vec<(String, i64)>> {
    // The index of tokens is a few tables of its own.
    const SIZES: &str = "SELECT CASE WHEN name LIKE 'account_grams%' THEN 'account_grams' ELSE name END AS part, \
                         SUM(pgsize) AS bytes FROM dbstat WHERE aggregate = TRUE \
                         AND name IN (SELECT name FROM sqlite_schema WHERE tbl_name = 'accounts' \
                                      OR tbl_name LIKE 'account_grams%') \
                         GROUP BY part ORDER BY bytes DESC";
    Ok(sqlx::query_as(SIZES).fetch_all(connection).await?)
}

async fn in_postgres(connection: &mut PgConnection) -> Result<Vec<(String, i64)>> {
    const SIZES: &str = "SELECT relname::text, pg_table_size(oid) AS bytes FROM pg_class \
                         WHERE oid = 'accounts'::regclass \
                         OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = 'accounts'::regclass) \
                         ORDER BY bytes DESC";
    Ok(sqlx::query_as(SIZES).fetch_all(connection).await?)
}
