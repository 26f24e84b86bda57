//! The thin layer that lets one SQL text run on both engines: [`Sql`] (a text with its values), [`Conn`] (what
//! runs it) and [`Row`] (what comes back). The few places where the engines' dialects differ are methods of
//! [`Engine`]. What the SQL says lives in the modules of the resources.
//!
//! Recipe: `conn.fetch_optional(sql("SELECT name FROM apps WHERE app_id = $1").bind(app)).await?`. Placeholders
//! are `$1`, `$2` …; a text that is put together at run time goes through [`Sql::push`] and [`Sql::push_bind`].

mod row;
mod statement;

pub(crate) use row::Row;
pub(crate) use statement::{Arg, Sql, json, number, sql};

use crate::{Result, StoreError, replica::OnReplica};
use futures::{TryStreamExt as _, future::BoxFuture};
use sqlx::{
    PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction, pool::PoolConnection,
};
use std::ops::ControlFlow;

/// Which engine a connection speaks to, and how its dialect says what the other says differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Engine {
    /// The text for this engine.
    pub const fn pick(self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Self::Sqlite => sqlite,
            Self::Postgres => postgres,
        }
    }

    /// The table of accounts, of which some are named. SQLite's planner may take it for cheaper to read an index that has every column
    /// that is asked for, all rows of the application, than to look the few up; PostgreSQL's knows better.
    pub const fn accounts_by_name(self) -> &'static str {
        self.pick("accounts INDEXED BY accounts_key", "accounts")
    }

    /// Makes a `SELECT` hold its row until the end of the transaction. SQLite's one writer needs no such thing.
    pub const fn for_share(self) -> &'static str {
        self.pick("", " FOR SHARE")
    }

    /// Makes a `SELECT` hold its rows against every other writer.
    pub const fn for_update(self) -> &'static str {
        self.pick("", " FOR UPDATE")
    }

    /// The same, past rows that another transaction holds.
    pub const fn skip_locked(self) -> &'static str {
        self.pick("", " FOR UPDATE SKIP LOCKED")
    }

    /// The function that finds a text in another by bytes: `strpos(haystack, needle)`.
    pub const fn position(self) -> &'static str {
        self.pick("instr", "strpos")
    }

    /// The functions that make one JSON text of many rows: the aggregate, and the array of a row's values.
    pub const fn json_arrays(self) -> (&'static str, &'static str) {
        (self.pick("json_group_array", "json_agg"), self.pick("json_array", "json_build_array"))
    }
}

/// The pools: one writer and several readers on SQLite, one pool on PostgreSQL.
#[derive(Clone, Debug)]
pub(crate) enum Db {
    /// Readers; the writer is owned by [`crate::writer::Writer`].
    Sqlite {
        /// The readers.
        readers: SqlitePool,
        /// The way to the one writer.
        writer: crate::writer::Writer,
    },
    /// Readers and writers alike.
    Postgres(PgPool),
}

impl Db {
    /// Which engine this is.
    pub const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite { .. } => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<Conn> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Conn::Reader(readers.acquire().await?),
            Self::Postgres(pool) => Conn::Pooled(pool.acquire().await?),
        })
    }
}

/// A change that runs in one transaction. It captures nothing, because PostgreSQL may have it run again.
pub(crate) type Work<I, T> = for<'c> fn(&'c mut Conn, &'c I) -> BoxFuture<'c, Result<T>>;

/// A connection of either engine.
#[derive(Debug)]
pub(crate) enum Conn {
    /// SQLite's writer.
    Writer(SqliteConnection),
    /// One of SQLite's readers.
    Reader(PoolConnection<Sqlite>),
    /// PostgreSQL outside a transaction.
    Pooled(PoolConnection<Postgres>),
    /// A replica of PostgreSQL, outside a transaction.
    Replica(OnReplica),
    /// PostgreSQL within one.
    Transaction(Transaction<'static, Postgres>),
    /// PostgreSQL's only connection to a side of a copy, which begins and ends its transactions by statements.
    Alone(PgConnection),
}

/// The driver's connection beneath a [`Conn`].
enum Raw<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Conn {
    /// Which engine this is.
    pub const fn engine(&self) -> Engine {
        match self {
            Self::Writer(_) | Self::Reader(_) => Engine::Sqlite,
            Self::Pooled(_) | Self::Replica(_) | Self::Transaction(_) | Self::Alone(_) => Engine::Postgres,
        }
    }

    fn raw(&mut self) -> Raw<'_> {
        match self {
            Self::Writer(conn) => Raw::Sqlite(conn),
            Self::Reader(conn) => Raw::Sqlite(conn),
            Self::Pooled(conn) => Raw::Postgres(conn),
            Self::Replica(replica) => Raw::Postgres(&mut replica.conn),
            Self::Transaction(tx) => Raw::Postgres(tx),
            Self::Alone(conn) => Raw::Postgres(conn),
        }
    }

    /// Runs a statement; how many rows it touched.
    pub async fn execute(&mut self, statement: Sql) -> Result<u64> {
        Ok(match self.raw() {
            Raw::Sqlite(conn) => statement.for_sqlite()?.execute(conn).await?.rows_affected(),
            Raw::Postgres(conn) => statement.for_postgres()?.execute(conn).await?.rows_affected(),
        })
    }

    /// Runs several statements without values, separated by semicolons.
    pub async fn execute_script(&mut self, script: &'static str) -> Result<()> {
        match self.raw() {
            Raw::Sqlite(conn) => {
                sqlx::raw_sql(script).execute(conn).await?;
            }
            Raw::Postgres(conn) => {
                sqlx::raw_sql(script).execute(conn).await?;
            }
        }
        Ok(())
    }

    /// Every row.
    pub async fn fetch_all(&mut self, statement: Sql) -> Result<Vec<Row>> {
        self.fetch_map(statement, Ok).await
    }

    /// Every row, each turned into something as it comes, so that no row outlives its decoding.
    pub async fn fetch_map<T>(
        &mut self,
        statement: Sql,
        mut map: impl FnMut(Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut out = Vec::new();
        let take = |row| {
            out.push(map(row)?);
            Ok(ControlFlow::Continue(()))
        };
        self.fetch_each(statement, take).await?;
        Ok(out)
    }

    /// Hands over each row as it comes, until there are no more or `take` has enough.
    pub async fn fetch_each(
        &mut self,
        statement: Sql,
        mut take: impl FnMut(Row) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        if let Some(rows) = self.rows_of_replica(&statement).await? {
            let mut rows = rows.into_iter();
            while let Some(row) = rows.next()
                && take(row)?.is_continue()
            {}
            return Ok(());
        }
        match self.raw() {
            Raw::Sqlite(conn) => {
                let mut rows = statement.for_sqlite()?.fetch(conn);
                while let Some(row) = rows.try_next().await?
                    && take(Row::Sqlite(row))?.is_continue()
                {}
            }
            Raw::Postgres(conn) => {
                let mut rows = statement.for_postgres()?.fetch(conn);
                while let Some(row) = rows.try_next().await?
                    && take(Row::Postgres(row))?.is_continue()
                {}
            }
        }
        Ok(())
    }

    /// The first row, if there is one.
    pub async fn fetch_optional(&mut self, statement: Sql) -> Result<Option<Row>> {
        if let Some(rows) = self.rows_of_replica(&statement).await? {
            return Ok(rows.into_iter().next());
        }
        Ok(match self.raw() {
            Raw::Sqlite(conn) => statement.for_sqlite()?.fetch_optional(conn).await?.map(Row::Sqlite),
            Raw::Postgres(conn) => statement.for_postgres()?.fetch_optional(conn).await?.map(Row::Postgres),
        })
    }

    /// The only row.
    pub async fn fetch_one(&mut self, statement: Sql) -> Result<Row> {
        let row = self.fetch_optional(statement).await?;
        row.ok_or_else(|| StoreError::Database(sqlx::Error::RowNotFound))
    }
}
