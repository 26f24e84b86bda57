//! Reads on a replica of PostgreSQL: which of them may go there, and what happens when it is not there. How fresh a
//! read must be is the caller's to say, with a [`Position`]; nothing that decides a write is read here.

use crate::{
    Result, Store, StoreError,
    db::{Conn, Db, Row, Sql, sql},
    store::{OpenOptions, hide_password, pool_options},
};
use futures::TryStreamExt as _;
use sqlx::{PgPool, Postgres, pool::PoolConnection};
use std::{
    fmt, mem,
    str::FromStr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How long a read waits for a connection to the replica before the primary answers it.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a replica that failed is left alone.
const REST: Duration = Duration::from_secs(5);
/// How long it is believed how far the replica has come, and that it is one.
const BELIEF: Duration = Duration::from_secs(1);
/// How long and how often [`Store::replica_follows`] asks.
const FOLLOWS: Duration = Duration::from_secs(2);
const FOLLOWS_PAUSE: Duration = Duration::from_millis(10);

/// The replica's system and database, whether it is a replica, and how far it has come.
const STANDING: &str = "SELECT CAST(system_identifier AS TEXT) || ' ' || current_database(), pg_is_in_recovery(), \
     COALESCE(CAST(pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0') AS BIGINT), 0) FROM pg_control_system()";

/// How far the log of a database has come, in bytes. A replica that has come as far has everything that was
/// committed before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(i64);

impl Position {
    /// Every replica has come so far.
    pub const START: Self = Self(0);
    /// No replica has come so far.
    pub const LATEST: Self = Self(i64::MAX);
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The text is no number from 0 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a position is a number from 0 on")]
pub struct InvalidPosition;

impl FromStr for Position {
    type Err = InvalidPosition;

    fn from_str(text: &str) -> Result<Self, InvalidPosition> {
        text.parse().ok().filter(|bytes| *bytes >= 0).map(Self).ok_or(InvalidPosition)
    }
}

/// A replica, which may be away.
#[derive(Debug)]
pub(crate) struct Replica {
    pool: PgPool,
    /// The system and the database that it must be a replica of.
    identity: String,
    standing: Arc<Mutex<Standing>>,
}

/// What is known of a replica.
#[derive(Debug, Default)]
struct Standing {
    /// How far it had come when it was asked last, if a connection is still the one of then.
    replayed: Option<(Position, Instant)>,
    /// It failed: not to be asked before then.
    rests_until: Option<Instant>,
}

impl Replica {
    /// A connection, if the replica is there and has come so far.
    async fn connection(&self, needed: Position) -> Option<PoolConnection<Postgres>> {
        if needed == Position::LATEST || !self.may_be_asked() {
            return None;
        }
        match self.try_connection(needed).await {
            Ok(conn) => {
                if mem::take(&mut self.standing().rests_until).is_some() {
                    tracing::info!("the read replica is used again");
                }
                conn
            }
            Err(error) => {
                self.failed(&error);
                None
            }
        }
    }

    async fn try_connection(&self, needed: Position) -> Result<Option<PoolConnection<Postgres>>> {
        let mut conn = self.pool.acquire().await?;
        // After the connection was had, which may be a new one.
        let known = self.standing().replayed.filter(|(_, asked)| asked.elapsed() < BELIEF);
        if known.is_some_and(|(replayed, _)| replayed >= needed) {
            return Ok(Some(conn));
        }
        let (identity, is_replica, replayed) =
            sqlx::query_as::<_, (String, bool, i64)>(STANDING).fetch_one(&mut *conn).await?;
        if !is_replica || identity != self.identity {
            return Err(StoreError::Unavailable("it is no replica of the database".to_owned()));
        }
        let replayed = Position(replayed);
        self.standing().replayed = Some((replayed, Instant::now()));
        Ok((replayed >= needed).then_some(conn))
    }

    /// Whether it is time to ask. Of those who find that a rest is over one tries, and the others wait for what it finds.
    fn may_be_asked(&self) -> bool {
        let mut standing = self.standing();
        let now = Instant::now();
        match standing.rests_until {
            Some(until) if now < until => false,
            Some(_) => {
                standing.rests_until = Some(now + REST);
                true
            }
            None => true,
        }
    }

    /// Notes a failure. One of a statement alone, which the replica cancelled or could not know yet, is none of the replica.
    fn failed(&self, error: &StoreError) {
        if !matches!(error, StoreError::Unavailable(_)) {
            tracing::debug!(%error, "the read replica could not answer");
            return;
        }
        let before = self.standing().rests_until.replace(Instant::now() + REST);
        if before.is_none() {
            tracing::warn!(%error, "the read replica is not used: the primary answers its reads");
        }
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection to a replica, with the way to the primary.
#[derive(Debug)]
pub(crate) struct OnReplica {
    pub conn: PoolConnection<Postgres>,
    replica: Arc<Replica>,
    primary: PgPool,
}

impl OnReplica {
    /// Every row of a statement, so that one which ends in the middle can be begun again elsewhere.
    async fn rows(&mut self, statement: Sql) -> Result<Vec<Row>> {
        let rows = statement.for_postgres()?.fetch(&mut *self.conn).map_ok(Row::Postgres);
        Ok(rows.try_collect().await?)
    }
}

impl Conn {
    /// The rows of a statement, if this is a connection to a replica. When it fails, by whatever, this becomes a
    /// connection to the primary, which is asked instead: each statement sees what is committed anyway.
    pub(crate) async fn rows_of_replica(&mut self, statement: &Sql) -> Result<Option<Vec<Row>>> {
        let Self::Replica(here) = self else { return Ok(None) };
        match here.rows(statement.clone()).await {
            Ok(rows) => Ok(Some(rows)),
            Err(error) => {
                here.replica.failed(&error);
                *self = Self::Pooled(here.primary.acquire().await?);
                Ok(None)
            }
        }
    }
}

impl Store {
    /// Lets [`Store::reads_after`] read from a replica, which need not be there now. It is known by the system's number
    /// and the database's name.
    ///
    /// # Errors
    /// The store is not on PostgreSQL, the URL is none of PostgreSQL, or the primary did not answer.
    pub async fn with_replica(mut self, url: &str, options: &OpenOptions) -> Result<Self> {
        let Db::Postgres(primary) = self.db() else { return Err(StoreError::ReplicaOfSqlite) };
        let (identity, ..) = sqlx::query_as::<_, (String, bool, i64)>(STANDING).fetch_one(primary).await?;
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(StoreError::Url(hide_password(url)));
        }
        let (pool, connect) = pool_options(url, options)?;
        let standing = Arc::new(Mutex::new(Standing::default()));
        let of_pool = Arc::clone(&standing);
        let pool = pool.acquire_timeout(PATIENCE).after_connect(move |_, _| {
            // Perhaps another server at the same address, which has not come as far.
            of_pool.lock().unwrap_or_else(PoisonError::into_inner).replayed = None;
            Box::pin(async { Ok(()) })
        });
        let pool = pool.connect_lazy_with(connect);
        self.replica = Some(Arc::new(Replica { pool, identity, standing }));
        Ok(self)
    }

    /// This store, whose reads may come from the replica if that has come as far as `needed`. Writes, and what they are
    /// decided by, stay on the primary.
    #[must_use]
    pub fn reads_after(&self, needed: Position) -> Self {
        let mut store = self.clone();
        store.needed = Some(needed);
        store
    }

    /// How far the log is now, so that reads after it see all that was committed; `None` without a replica.
    ///
    /// # Errors
    /// The database failed.
    pub async fn position(&self) -> Result<Option<Position>> {
        if self.replica.is_none() {
            return Ok(None);
        }
        let now = sql("SELECT CAST(pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') AS BIGINT)");
        let row = self.db().read().await?.fetch_one(now).await?;
        Ok(Some(Position(row.i64(0)?)))
    }

    /// Waits until the replica has what is committed now, at most 2 seconds: for hints that make others read again. At
    /// once without a replica, or while it is not used.
    pub async fn replica_follows(&self) {
        let Some(replica) = &self.replica else { return };
        let follows = async {
            let Ok(Some(now)) = self.position().await else { return };
            while replica.connection(now).await.is_none() && replica.standing().rests_until.is_none() {
                tokio::time::sleep(FOLLOWS_PAUSE).await;
            }
        };
        // A replica further behind than that is so for reads too.
        let _ = tokio::time::timeout(FOLLOWS, follows).await;
    }

    /// A connection to the replica, for a read of [`Store::reads_after`].
    pub(crate) async fn replica_conn(&self) -> Option<Conn> {
        let (Some(replica), Some(needed), Db::Postgres(primary)) = (&self.replica, self.needed, self.db())
        else {
            return None;
        };
        let conn = replica.connection(needed).await?;
        Some(Conn::Replica(OnReplica { conn, replica: Arc::clone(replica), primary: primary.clone() }))
    }

    /// Closes the replica's connections.
    pub(crate) async fn close_replica(&self) {
        if let Some(replica) = &self.replica {
            replica.pool.close().await;
        }
    }
}
