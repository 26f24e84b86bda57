//! One of a copy's two databases: a single connection that nobody else's writes come between. What is read and written
//! over it is in `source.rs` and `target.rs`.
//!
//! SQLite gives such a connection the whole file: it opens only if nobody else has it open, and keeps others out, however it
//! ends. PostgreSQL has no such thing, so servers are looked for, and the source's tables are locked against writes.

use super::{CopyError, tables::TABLES};
use crate::{
    Result, StoreError,
    db::{Conn, Engine, sql},
    migrate,
    store::{APPLICATION_NAME, hide_password},
};
use sqlx::{
    ConnectOptions as _, Connection as _,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteLockingMode, SqliteSynchronous},
};
use std::{str::FromStr as _, time::Duration};

/// How long a server may take to be gone that was just stopped.
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(50);
/// PostgreSQL's lock_not_available.
const LOCK_TIMEOUT: &str = "55P03";

/// One of the two databases.
pub(super) struct Side {
    pub conn: Conn,
    /// The database's name for messages, without a password.
    pub label: String,
}

impl Side {
    /// The source, which must be there and have this binary's schema. Until the end nobody writes into it.
    pub async fn source(url: &str) -> Result<Self, CopyError> {
        let mut side = Self::open(url, false).await?;
        super::refuse_unfinished(&mut side.conn).await?;
        migrate::check(&mut side.conn).await?;
        side.begin().await?;
        if side.conn.engine() == Engine::Postgres {
            let mut lock = sql("LOCK TABLE ").once();
            lock.push(&TABLES.iter().map(|table| table.name).collect::<Vec<_>>().join(", "));
            lock.push(" IN SHARE MODE");
            if let Err(error) = side.conn.execute(lock).await {
                let in_use = error.code().as_deref() == Some(LOCK_TIMEOUT);
                return Err(if in_use { CopyError::InUse(side.label) } else { error.into() });
            }
        }
        Ok(side)
    }

    /// The target, which gets our schema if it has none.
    pub async fn target(url: &str) -> Result<Self, CopyError> {
        let mut side = Self::open(url, true).await?;
        if migrate::has_table(&mut side.conn, "schema_migrations").await? {
            migrate::check(&mut side.conn).await?;
        } else {
            side.begin().await?;
            migrate::migrate(&mut side.conn).await?;
            side.commit().await?;
        }
        Ok(side)
    }

    async fn open(url: &str, create: bool) -> Result<Self, CopyError> {
        let conn = match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => sqlite(url, create).await?,
            Some("postgres" | "postgresql") => postgres(url).await?,
            _ => return Err(StoreError::Url(hide_password(url)).into()),
        };
        Ok(Self { conn, label: label(url) })
    }

    /// Which PostgreSQL database this is, if it is one. SQLite's lock tells for its files.
    pub async fn identity(&mut self) -> Result<Option<String>> {
        if self.conn.engine() == Engine::Sqlite {
            return Ok(None);
        }
        let identity = sql("SELECT CAST(oid AS TEXT) || ' ' || CAST(pg_postmaster_start_time() AS TEXT) \
             FROM pg_database WHERE datname = current_database()");
        self.conn.fetch_one(identity).await?.text(0).map(Some)
    }

    /// Begins a transaction. Without [`Self::commit`] it leaves nothing: a fault ends the copy and so the connection.
    pub async fn begin(&mut self) -> Result<()> {
        let begin = self.conn.engine().pick("BEGIN IMMEDIATE", "BEGIN");
        self.conn.execute(sql(begin)).await.map(drop)
    }

    pub async fn commit(&mut self) -> Result<()> {
        self.conn.execute(sql("COMMIT")).await.map(drop)
    }

    /// Closes the connection, on SQLite after everything was moved from the log into the file.
    pub async fn close(self) -> Result<()> {
        match self.conn {
            Conn::Writer(conn) => conn.close().await?,
            Conn::Alone(conn) => conn.close().await?,
            Conn::Reader(_) | Conn::Pooled(_) | Conn::Replica(_) | Conn::Transaction(_) => {}
        }
        Ok(())
    }
}

async fn sqlite(url: &str, create: bool) -> Result<Conn, CopyError> {
    let options = SqliteConnectOptions::from_str(url).map_err(|_| StoreError::Url(url.to_owned()))?;
    let path = options.get_filename();
    if path.as_os_str().is_empty() || url.contains(":memory:") {
        return Err(StoreError::Url(url.to_owned()).into());
    }
    match path.parent() {
        Some(folder) if create => std::fs::create_dir_all(folder)
            .map_err(|error| StoreError::Unavailable(format!("{}: {error}", folder.display())))?,
        _ if !create && !path.exists() => return Err(CopyError::NoSource(label(url))),
        _ => {}
    }
    let options = options
        .create_if_missing(create)
        // Before the journal's mode, so that the log is this connection's alone.
        .locking_mode(SqliteLockingMode::Exclusive)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .row_buffer_size(256)
        .pragma("cache_size", "-65536");
    let in_use = |error: sqlx::Error| {
        if is_busy(&error) { CopyError::InUse(label(url)) } else { StoreError::from(error).into() }
    };
    let mut conn = options.connect().await.map_err(in_use)?;
    // The first access takes the lock.
    sqlx::raw_sql("BEGIN IMMEDIATE; ROLLBACK").execute(&mut conn).await.map_err(in_use)?;
    Ok(Conn::Writer(conn))
}

fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<i32>().ok());
    code.is_some_and(|code| code & 0xff == 5)
}

async fn postgres(url: &str) -> Result<Conn, CopyError> {
    let options = PgConnectOptions::from_str(url).map_err(|_| StoreError::Url(hide_password(url)))?;
    // Long statements and long pauses are in the nature of a copy; waiting for a lock is not.
    let options = options.application_name("rollcall copy").options([
        ("jit", "off"),
        ("lock_timeout", "10s"),
        ("statement_timeout", "0"),
        ("idle_in_transaction_session_timeout", "0"),
        ("maintenance_work_mem", "256MB"),
    ]);
    let mut conn = Conn::Alone(options.connect().await.map_err(StoreError::from)?);
    let servers = sql(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1",
    )
    .bind(APPLICATION_NAME);
    let mut waited = Duration::ZERO;
    while conn.fetch_one(servers.clone()).await?.i64(0)? > 0 {
        if waited >= PATIENCE {
            return Err(CopyError::InUse(label(url)));
        }
        tokio::time::sleep(PAUSE).await;
        waited += PAUSE;
    }
    Ok(conn)
}

/// A URL as messages and the marker may show it.
fn label(url: &str) -> String {
    let url = url.split_once('?').map_or(url, |(url, _)| url);
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, place))) => format!("{scheme}://{place}"),
        _ => url.to_owned(),
    }
}
