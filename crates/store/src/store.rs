//! The handle that everything goes through: opening, migrating, transactions, closing. What it does with rows
//! lives in the modules of the resources.

use crate::{
    Result, StoreError,
    accounts::{Creations, PositionBounds, SearchBounds, Snapshots, Unsettled},
    copy,
    db::{Conn, Db, Engine, Work},
    migrate,
    replica::{Position, Replica},
    writer::Writer,
};
use rollcall_shared::time::Timestamp;
use sqlx::{
    ConnectOptions as _, PgPool, Postgres, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{fmt, str::FromStr, sync::Arc, time::Duration};

/// How long a caller waits for a connection, and SQLite for another process's write.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often a transaction is tried that PostgreSQL ended for another's sake.
const TRIES: u32 = 8;
/// By what name PostgreSQL lists our connections.
pub(crate) const APPLICATION_NAME: &str = "rollcall";

/// Persistence over one database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    db: Db,
    /// Where reads may go too.
    pub(crate) replica: Option<Arc<Replica>>,
    /// What the replica must have to be read through this handle; `None` for never.
    pub(crate) needed: Option<Position>,
    bounds: SearchBounds,
    positions: PositionBounds,
    /// Accounts written since the search index was tidied.
    pub(crate) unsettled: Arc<Unsettled>,
    /// Creations that are written together.
    pub(crate) creations: Arc<Creations>,
    /// What bounds snapshots.
    pub(crate) snapshots: Arc<Snapshots>,
}

/// How to open a database.
#[derive(Clone, Debug)]
pub struct OpenOptions {
    /// The most connections (readers, on SQLite).
    pub connections: u32,
    /// How hard searches try; `None` for what suits the engine.
    pub search: Option<SearchBounds>,
    /// How hard lists try to know where a page stands.
    pub positions: PositionBounds,
    /// How many bytes SQLite's log may grow by while an export reads all accounts as of one time.
    pub snapshot_log: u64,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self { connections: 8, search: None, positions: PositionBounds::default(), snapshot_log: 1 << 30 }
    }
}

/// What a migration did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationReport {
    /// The schema before; 0 for an empty database.
    pub from: i64,
    /// The schema now.
    pub to: i64,
}

/// Who changes something: written into `created_by` and `updated_by`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person at the console.
    Operator(i64),
    /// A program with a token.
    Token(i64),
    /// An app admin, by its username, through the vendor's server API.
    Admin(String),
    /// Rollcall itself.
    System,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operator(id) => write!(f, "operator:{id}"),
            Self::Token(id) => write!(f, "token:{id}"),
            Self::Admin(user_id) => write!(f, "admin:{user_id}"),
            Self::System => f.write_str("system"),
        }
    }
}

impl FromStr for Actor {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self> {
        let corrupt = || StoreError::Corrupt(format!("{text:?} is no actor"));
        let number = |id: &str| id.parse().map_err(|_| corrupt());
        match text.split_once(':') {
            Some(("operator", id)) => Ok(Self::Operator(number(id)?)),
            Some(("token", id)) => Ok(Self::Token(number(id)?)),
            Some(("admin", user_id)) => Ok(Self::Admin(user_id.to_owned())),
            None if text == "system" => Ok(Self::System),
            _ => Err(corrupt()),
        }
    }
}

/// The circumstances of a change.
#[derive(Clone, Debug)]
pub struct Change {
    /// Who.
    pub actor: Actor,
    /// When.
    pub now: Timestamp,
}

impl Store {
    /// Connects; creates a SQLite file that is not there. Does not migrate.
    ///
    /// # Errors
    /// The URL is not ours, the database cannot be reached, or a copy into it was not finished.
    pub async fn open(url: &str, options: &OpenOptions) -> Result<Self> {
        let db = match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => open_sqlite(url, options).await?,
            Some("postgres" | "postgresql") => Db::Postgres(open_postgres(url, options).await?),
            _ => return Err(StoreError::Url(hide_password(url))),
        };
        let bounds = options.search.unwrap_or_else(|| SearchBounds::of(db.engine()));
        let positions = options.positions;
        let (unsettled, creations) = (Arc::default(), Arc::default());
        let snapshots = Arc::new(Snapshots::new(options.snapshot_log));
        let store =
            Self { db, replica: None, needed: None, bounds, positions, unsettled, creations, snapshots };
        copy::refuse_unfinished(&mut store.read().await?).await?;
        Ok(store)
    }

    /// Brings the schema up to date. Several servers may call it at once.
    ///
    /// # Errors
    /// The schema is newer than this binary, or the database failed.
    pub async fn migrate(&self) -> Result<MigrationReport> {
        self.write((), |conn, ()| Box::pin(migrate::migrate(conn))).await
    }

    /// Whether the database answers and has our schema: the readiness check.
    ///
    /// # Errors
    /// It does not.
    pub async fn ready(&self) -> Result<()> {
        let mut conn = self.read().await?;
        // Begun after this server was started.
        copy::refuse_unfinished(&mut conn).await?;
        migrate::check(&mut conn).await
    }

    /// Finishes what was acknowledged and closes every connection.
    pub async fn close(&self) {
        self.close_replica().await;
        match &self.db {
            Db::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }

    /// The pools.
    pub(crate) const fn db(&self) -> &Db {
        &self.db
    }

    /// Which engine this is.
    pub(crate) const fn engine(&self) -> Engine {
        self.db.engine()
    }

    /// How hard searches try.
    pub(crate) const fn search_bounds(&self) -> SearchBounds {
        self.bounds
    }

    /// How hard lists try to know where a page stands.
    pub(crate) const fn position_bounds(&self) -> PositionBounds {
        self.positions
    }

    /// A connection for reading.
    pub(crate) async fn read(&self) -> Result<Conn> {
        match self.replica_conn().await {
            Some(conn) => Ok(conn),
            None => self.db.read().await,
        }
    }

    /// Runs `work` in one transaction and returns after its commit: on SQLite in the writer's next group, on
    /// PostgreSQL at once and again if another transaction got in its way. An `Err` undoes everything.
    pub(crate) async fn write<I, T>(&self, input: I, work: Work<I, T>) -> Result<T>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
    {
        match &self.db {
            Db::Sqlite { writer, .. } => writer.write(input, work).await,
            Db::Postgres(pool) => write_postgres(pool, &input, work).await,
        }
    }
}

async fn write_postgres<I, T>(pool: &PgPool, input: &I, work: Work<I, T>) -> Result<T> {
    let mut tries = 1;
    loop {
        match try_postgres(pool, input, work).await {
            Err(error) if error.is_conflict() && tries < TRIES => {
                tokio::time::sleep(Duration::from_millis(5 << tries)).await;
                tries += 1;
            }
            Err(error) if error.is_conflict() => return Err(StoreError::Unavailable(error.to_string())),
            done => return done,
        }
    }
}

async fn try_postgres<I, T>(pool: &PgPool, input: &I, work: Work<I, T>) -> Result<T> {
    let mut conn = Conn::Transaction(begin(pool).await?);
    let value = work(&mut conn, input).await?;
    if let Conn::Transaction(transaction) = conn {
        transaction.commit().await?;
    }
    Ok(value)
}

/// Begins a transaction, in a task of its own: when whoever waits is gone in the middle, as when a client hangs up, the
/// driver (sqlx 0.9.0, its issue 4393) forgets the transaction that the server has begun, and whoever gets the connection next is
/// inside it without knowing.
async fn begin(pool: &PgPool) -> Result<Transaction<'static, Postgres>> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin().await });
    Ok(begun.await.map_err(|error| StoreError::Unavailable(error.to_string()))??)
}

async fn open_sqlite(url: &str, options: &OpenOptions) -> Result<Db> {
    let common = SqliteConnectOptions::from_str(url).map_err(|_| StoreError::Url(url.to_owned()))?;
    let path = common.get_filename();
    // Readers and the writer of a database in memory would each have their own.
    if path.as_os_str().is_empty() || url.contains(":memory:") {
        return Err(StoreError::Url(url.to_owned()));
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    }
    let common = common
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .row_buffer_size(256)
        // Of all connections together: above it they give up pages that they keep in memory for the next query.
        .pragma("soft_heap_limit", "50331648");
    // The writer connects first: it makes the file, and the WAL that readers need.
    // Its checkpoints are seldom, so that a bulk load does not write every page twice.
    let writing = common
        .clone()
        .pragma("cache_size", "-24576")
        .pragma("wal_autocheckpoint", "8192")
        .pragma("journal_size_limit", "67108864");
    let writer = Writer::start(writing.connect().await?);
    let readers = SqlitePoolOptions::new()
        .max_connections(options.connections.max(1))
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .connect_lazy_with(common.pragma("query_only", "ON").pragma("cache_size", "-4096"));
    Ok(Db::Sqlite { readers, writer })
}

async fn open_postgres(url: &str, options: &OpenOptions) -> Result<PgPool> {
    let (pool, connect) = pool_options(url, options)?;
    Ok(pool.connect_with(connect).await?)
}

/// How a server of PostgreSQL is connected to.
pub(crate) fn pool_options(url: &str, options: &OpenOptions) -> Result<(PgPoolOptions, PgConnectOptions)> {
    let connect = PgConnectOptions::from_str(url).map_err(|_| StoreError::Url(hide_password(url)))?;
    let pool = PgPoolOptions::new()
        .max_connections(options.connections.max(2))
        .acquire_timeout(PATIENCE)
        .max_lifetime(Duration::from_secs(30 * 60));
    Ok((pool, connect.application_name(APPLICATION_NAME).options([("jit", "off")])))
}

/// A URL as an error message may show it.
pub(crate) fn hide_password(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => url.to_owned(),
    }
}
