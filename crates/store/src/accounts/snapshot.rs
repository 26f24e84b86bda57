//! The accounts of an application as they all stood at one time, for exports: one transaction on a connection of its own, so
//! that a long export keeps no other reader waiting. What a chunk is stands in [`super::walk`].
//!
//! On PostgreSQL it is a transaction with REPEATABLE READ; being one, it also passes a pooler that deals out transactions. On
//! SQLite it is a read transaction over the log. While it lasts the log cannot begin anew, so it grows by all that is written
//! meanwhile: past a bound the transaction is ended, and the rest is read page by page, each as the accounts stand then.

use super::{ExportChunk, read::by_id, walk};
use crate::{
    Result, Store, StoreError,
    db::{Conn, Db, sql},
};
use rollcall_shared::{account::Account, app::SdkAppId, export::Consistency, selection::Matching};
use sqlx::{ConnectOptions as _, Connection as _};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// How many snapshots of one server are open at once, each with its connection. Others wait.
const AT_ONCE: usize = 4;
/// How long they wait, and how long connecting may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// PostgreSQL takes the snapshot with the first statement after it.
const BEGIN_POSTGRES: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
const BEGIN_SQLITE: &str = "BEGIN";

/// What bounds the snapshots of a store.
#[derive(Debug)]
pub(crate) struct Snapshots {
    permits: Arc<Semaphore>,
    /// How many bytes SQLite's log may grow by for one.
    log_growth: u64,
}

impl Snapshots {
    pub fn new(log_growth: u64) -> Self {
        Self { permits: Arc::new(Semaphore::new(AT_ONCE)), log_growth }
    }
}

/// The accounts of an application as they all stood at one time. Dropped, it ends.
#[derive(Debug)]
pub struct ExportSnapshot {
    store: Store,
    app: SdkAppId,
    /// `None` once its log grew too long.
    held: Option<Held>,
}

/// The transaction.
#[derive(Debug)]
struct Held {
    conn: Conn,
    /// SQLite's log, and the size that it may reach.
    log: Option<(PathBuf, u64)>,
    _permit: OwnedSemaphorePermit,
}

impl Held {
    fn has_outgrown_its_log(&self) -> bool {
        self.log.as_ref().is_some_and(|(log, most)| size(log) > *most)
    }

    /// Ends the transaction at once; a connection that is dropped only ends it soon.
    async fn end(self) {
        let closed = match self.conn {
            Conn::Writer(conn) => conn.close().await,
            Conn::Alone(conn) => conn.close().await,
            Conn::Reader(_) | Conn::Pooled(_) | Conn::Replica(_) | Conn::Transaction(_) => Ok(()),
        };
        if let Err(error) = closed {
            tracing::debug!(%error, "the connection of a snapshot was gone before its end");
        }
    }
}

impl Store {
    /// The accounts of an application as they all stand now, on the primary. At most 4 are open at once.
    ///
    /// # Errors
    /// The database failed, or the others lasted for 5 seconds.
    pub async fn export_snapshot(&self, app: SdkAppId) -> Result<ExportSnapshot> {
        let late = |_| StoreError::Unavailable("too many exports are read at once".to_owned());
        let permit = timeout(PATIENCE, Arc::clone(&self.snapshots.permits).acquire_owned());
        let permit =
            permit.await.map_err(late)?.map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let (mut conn, log) = self.lone_reader().await?;
        conn.execute_script(conn.engine().pick(BEGIN_SQLITE, BEGIN_POSTGRES)).await?;
        // What is read first is when the snapshot is of.
        conn.fetch_optional(sql("SELECT app_id FROM apps WHERE app_id = $1").bind(app)).await?;
        let log = log.map(|log| {
            let most = size(&log).saturating_add(self.snapshots.log_growth);
            (log, most)
        });
        let held = Some(Held { conn, log, _permit: permit });
        Ok(ExportSnapshot { store: self.clone(), app, held })
    }

    /// A connection that is in no pool, and SQLite's log.
    async fn lone_reader(&self) -> Result<(Conn, Option<PathBuf>)> {
        let late = |_| StoreError::Unavailable("the database did not take a connection in time".to_owned());
        match self.db() {
            Db::Sqlite { readers, .. } => {
                let options = readers.connect_options();
                let mut log = options.get_filename().as_os_str().to_owned();
                log.push("-wal");
                let conn = timeout(PATIENCE, options.connect()).await.map_err(late)??;
                Ok((Conn::Writer(conn), Some(PathBuf::from(log))))
            }
            Db::Postgres(pool) => {
                let conn = timeout(PATIENCE, pool.connect_options().connect()).await.map_err(late)??;
                Ok((Conn::Alone(conn), None))
            }
        }
    }
}

impl ExportSnapshot {
    /// The next rows: see [`Store::export_chunk`].
    ///
    /// # Errors
    /// The database failed. What was read is worth nothing then: the snapshot is gone.
    pub async fn chunk(
        &mut self,
        matching: Option<&Matching>,
        after: Option<&str>,
        limit: u32,
    ) -> Result<ExportChunk> {
        if self.held.as_ref().is_some_and(Held::has_outgrown_its_log) {
            tracing::warn!(app = %self.app, "the log grew too long for a snapshot: an export goes on page by page");
            self.close().await;
        }
        match &mut self.held {
            Some(held) => walk::chunk(&mut held.conn, self.app, matching, after, limit).await,
            None => self.store.export_chunk(self.app, matching, after, limit).await,
        }
    }

    /// Named accounts, in the order of the names; missing ones are left out.
    ///
    /// # Errors
    /// The database failed.
    pub async fn named(&mut self, user_ids: &[String]) -> Result<Vec<Account>> {
        match &mut self.held {
            Some(held) => by_id(&mut held.conn, self.app, user_ids).await,
            None => self.store.accounts_by_id(self.app, user_ids).await,
        }
    }

    /// Whether everything that was read so far is of one time.
    pub const fn consistency(&self) -> Consistency {
        if self.held.is_some() { Consistency::Snapshot } else { Consistency::Paged }
    }

    /// Ends the transaction. What is read after it is as it stands then.
    pub async fn close(&mut self) {
        if let Some(held) = self.held.take() {
            // One that does not answer any more is dropped.
            let _ = timeout(PATIENCE, held.end()).await;
        }
    }
}

/// The size of a file; one that is not there has none.
fn size(file: &Path) -> u64 {
    fs::metadata(file).map_or(0, |file| file.len())
}
