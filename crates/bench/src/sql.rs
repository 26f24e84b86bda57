//! The same pages without a server: what the database alone takes, and what keeps its statistics honest.

use std::time::{Duration, Instant};

use rollcall_shared::app::SdkAppId;
use sqlx::{Connection as _, PgConnection, SqliteConnection};

use crate::Result;
use crate::server::Engine;

/// A page of 100 by username, one row more to know whether there is a next one.
const FIRST: &str = "SELECT * FROM accounts WHERE app_id = $1 ORDER BY search_user_id, user_id LIMIT 101";
const AFTER: &str = "SELECT * FROM accounts WHERE app_id = $1 AND (search_user_id, user_id) > ($2, $3) \
                     ORDER BY search_user_id, user_id LIMIT 101";

/// One connection to the engine's database.
pub enum Connection {
    /// To a SQLite file.
    Sqlite(SqliteConnection),
    /// To a PostgreSQL server.
    Postgres(PgConnection),
}

/// The same call on either connection; the statement and its values are written once.
macro_rules! fetch {
    ($connection:expr, $statement:expr $(, $value:expr)*) => {
        match $connection {
            Connection::Sqlite(connection) => sqlx::query($statement)$(.bind($value))*.fetch_all(connection).await?.len(),
            Connection::Postgres(connection) => sqlx::query($statement)$(.bind($value))*.fetch_all(connection).await?.len(),
        }
    };
}

impl Connection {
    /// Connects.
    pub async fn open(engine: &Engine) -> Result<Self> {
        Ok(match engine.has_processes() {
            true => Self::Postgres(PgConnection::connect(&engine.url).await?),
            false => Self::Sqlite(SqliteConnection::connect(&engine.url).await?),
        })
    }

    /// How long the page takes that begins after the username, in lower-case ASCII as the demo's are (or the first page).
    pub async fn time_page(&mut self, app: SdkAppId, after: Option<&str>) -> Result<Duration> {
        let begun = Instant::now();
        let rows = match after {
            None => fetch!(self, FIRST, app.0),
            Some(user_id) => fetch!(self, AFTER, app.0, user_id, user_id),
        };
        let took = begun.elapsed();
        if rows == 0 { Err("the page has no rows".into()) } else { Ok(took) }
    }
}

/// The processes that work for others in this database; none for SQLite, which works within its caller.
pub async fn backends(engine: &Engine) -> Result<Vec<u32>> {
    const OTHERS: &str = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() \
                          AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    if !engine.has_processes() {
        return Ok(Vec::new());
    }
    let mut connection = PgConnection::connect(&engine.url).await?;
    let pids: Vec<i32> = sqlx::query_scalar(OTHERS).fetch_all(&mut connection).await?;
    connection.close().await?;
    Ok(pids.into_iter().map(i32::unsigned_abs).collect())
}

/// Lets the database look at what was just loaded, as its own maintenance would within the hour.
pub async fn settle(engine: &Engine) -> Result<()> {
    let mut connection = Connection::open(engine).await?;
    match &mut connection {
        Connection::Sqlite(_) => fetch!(&mut connection, "PRAGMA optimize = 0x10002"),
        Connection::Postgres(_) => fetch!(&mut connection, "VACUUM ANALYZE"),
    };
    Ok(())
}
