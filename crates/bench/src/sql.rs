//! The database without a server: connections that are set as the store's are, and what keeps its statistics honest. The
//! statements that a server's work is compared with are below, a file each.

pub mod indexes;
pub mod insert;
pub mod page;
pub mod sizes;

use std::str::FromStr as _;
use std::time::Duration;

use rollcall_shared::app::SdkAppId;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, SqliteConnection};

use crate::Result;
use crate::server::Engine;

/// One connection to the engine's database.
pub enum Connection {
    /// To a SQLite file.
    Sqlite(SqliteConnection),
    /// To a PostgreSQL server.
    Postgres(PgConnection),
}

/// The only row of a statement, as a tuple; statement and values are written once for both engines.
macro_rules! fetch_row {
    ($connection:expr, $statement:expr $(, $value:expr)*) => {
        match $connection {
            $crate::sql::Connection::Sqlite(connection) => {
                sqlx::query_as($statement)$(.bind($value))*.fetch_one(connection).await?
            }
            $crate::sql::Connection::Postgres(connection) => {
                sqlx::query_as($statement)$(.bind($value))*.fetch_one(connection).await?
            }
        }
    };
}
pub(crate) use fetch_row;

/// How many rows a statement has; all of them are read.
macro_rules! count_rows {
    ($connection:expr, $statement:expr $(, $value:expr)*) => {
        match $connection {
            $crate::sql::Connection::Sqlite(connection) => {
                sqlx::query($statement)$(.bind($value))*.fetch_all(connection).await?.len()
            }
            $crate::sql::Connection::Postgres(connection) => {
                sqlx::query($statement)$(.bind($value))*.fetch_all(connection).await?.len()
            }
        }
    };
}
pub(crate) use count_rows;

impl Connection {
    /// Connects as the store's readers do.
    pub async fn reader(engine: &Engine) -> Result<Self> {
        Self::open(engine, &[("query_only", "ON"), ("cache_size", "-4096")]).await
    }

    /// Connects as the store's writer does.
    pub async fn writer(engine: &Engine) -> Result<Self> {
        let pragmas =
            [("cache_size", "-24576"), ("wal_autocheckpoint", "8192"), ("journal_size_limit", "67108864")];
        Self::open(engine, &pragmas).await
    }

    /// As `open_sqlite` and `open_postgres` of the store do, so that whatever differs is the server's.
    async fn open(engine: &Engine, pragmas: &[(&'static str, &'static str)]) -> Result<Self> {
        if engine.has_processes() {
            let options = PgConnectOptions::from_str(&engine.url)?.options([("jit", "off")]);
            return Ok(Self::Postgres(options.connect().await?));
        }
        let mut options = SqliteConnectOptions::from_str(&engine.url)?
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .row_buffer_size(256)
            .pragma("soft_heap_limit", "50331648");
        for (name, value) in pragmas {
            options = options.pragma(*name, *value);
        }
        Ok(Self::Sqlite(options.connect().await?))
    }

    /// Runs a statement without values.
    pub async fn run(&mut self, statement: &'static str) -> Result<()> {
        match self {
            Self::Sqlite(connection) => {
                sqlx::query(statement).execute(connection).await?;
            }
            Self::Postgres(connection) => {
                sqlx::query(statement).execute(connection).await?;
            }
        }
        Ok(())
    }

    /// Begins a transaction that writes.
    pub async fn begin(&mut self) -> Result<()> {
        let statement = if matches!(self, Self::Sqlite(_)) { "BEGIN IMMEDIATE" } else { "BEGIN" };
        self.run(statement).await
    }

    /// Whether the application has rows of accounts, deleted or not.
    pub async fn has_accounts(&mut self, app: SdkAppId) -> Result<bool> {
        Ok(count_rows!(self, "SELECT 1 FROM accounts WHERE app_id = $1 LIMIT 1", app.0) > 0)
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
    let statement = if engine.has_processes() { "VACUUM ANALYZE" } else { "PRAGMA optimize = 0x10002" };
    Connection::writer(engine).await?.run(statement).await
}
