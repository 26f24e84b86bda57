//! A database for each test, on both engines.

use rollcall_shared::{
    account::Account,
    app::{DeletionRestriction, SdkAppId},
    profile::AccountType,
    selection::Matching,
    time::Timestamp,
};
use rollcall_store::{Actor, Change, OpenOptions, Store, apps::Purged};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use std::sync::atomic::{AtomicU32, Ordering};

/// Runs `async fn body(db: TestDb)` as two tests, `name::sqlite` and `name::postgres`.
macro_rules! on_both {
    ($name:ident) => {
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                crate::support::run_on_sqlite(super::$name).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                crate::support::run_on_postgres(super::$name).await;
            }
        }
    };
}
pub(crate) use on_both;

/// A migrated, empty database.
pub struct TestDb {
    /// The store over it.
    pub store: Store,
    url: String,
}

impl TestDb {
    /// Opens a database, and migrates it.
    pub async fn open(url: &str) -> Self {
        Self::open_as(url, url).await
    }

    /// The same, with another URL of the database for the store alone.
    pub async fn open_as(url: &str, of_store: &str) -> Self {
        let store = Store::open(of_store, &OpenOptions::default()).await.unwrap();
        store.migrate().await.unwrap();
        Self { store, url: url.to_owned() }
    }

    /// The same database once more, opened with other options.
    pub async fn reopen(&self, options: &OpenOptions) -> Store {
        Store::open(&self.url, options).await.unwrap()
    }

    /// Whether this is SQLite.
    pub fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite")
    }

    /// Where the database is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs a statement on SQLite beside the store.
    pub async fn execute_on_sqlite(&self, statement: &'static str) {
        assert!(self.is_sqlite());
        self.execute(statement).await;
    }

    /// Runs a statement beside the store.
    pub async fn execute(&self, statement: &'static str) {
        execute(&self.url, statement).await;
    }

    /// A new application in which deletion is permitted.
    pub async fn app(&self, name: &str) -> SdkAppId {
        let app = self.store.create_app(&change(0), name, |_| vec![1]).await.unwrap().sdkappid;
        let lifted = DeletionRestriction { lifted: true, reason: String::new() };
        self.store.set_deletion_restriction(&change(0), app, &lifted).await.unwrap().unwrap();
        app
    }
}

/// Runs a statement in a database.
pub async fn execute(url: &str, statement: &'static str) {
    if url.starts_with("sqlite") {
        let mut conn = SqliteConnection::connect(url).await.unwrap();
        sqlx::raw_sql(statement).execute(&mut conn).await.unwrap();
        return conn.close().await.unwrap();
    }
    let mut conn = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(statement).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

/// A change by Rollcall itself, `millis` after the tests' epoch.
pub fn change(millis: i64) -> Change {
    Change { actor: Actor::System, now: at(millis) }
}

/// An instant, `millis` after the tests' epoch.
pub fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_795_000_000_000 + millis)
}

/// All accounts that match, by a walk in chunks of `limit`.
pub async fn rows(store: &Store, app: SdkAppId, matching: Option<&Matching>, limit: u32) -> Vec<Account> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let chunk = store.export_chunk(app, matching, after.as_deref(), limit).await.unwrap();
        assert!(chunk.accounts.len() <= limit as usize);
        rows.extend(chunk.accounts);
        after = chunk.after;
        if after.is_none() {
            return rows;
        }
    }
}

/// Removes all rows of an application that was deleted, up to `limit` at once.
pub async fn purge(store: &Store, app: SdkAppId, limit: u32) {
    let mut purged = store.purge_app_chunk(app, &Purged::default(), limit).await.unwrap();
    while purged.removed > 0 {
        purged = store.purge_app_chunk(app, &purged, limit).await.unwrap();
    }
}

/// Asserts that the application's counters say what its rows say.
pub async fn count_matches_rows(db: &TestDb, app: SdkAppId) {
    let rows = rows(&db.store, app, None, 5000).await;
    let admins = rows.iter().filter(|account| account.account_type == AccountType::Admin).count();
    let counted = db.store.app(app).await.unwrap().unwrap();
    assert_eq!((counted.accounts, counted.admins), (rows.len() as i64, admins as i64));
}

/// Which engine a test's database is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A new database, without a schema; on SQLite not even a file.
pub struct Database {
    pub url: String,
    of_sqlite: Option<tempfile::TempDir>,
}

impl Database {
    pub async fn new(engine: Engine) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        if engine == Engine::Sqlite {
            let folder = tempfile::tempdir().unwrap();
            let url = format!("sqlite://{}", folder.path().join("test.db").display());
            return Self { url, of_sqlite: Some(folder) };
        }
        let name = format!("rc_store_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let admin = admin_url();
        let (server, _) = admin.rsplit_once('/').expect("the URL ends with a database");
        let url = format!("{server}/{name}");
        administer(format!("CREATE DATABASE {name}")).await;
        Self { url, of_sqlite: None }
    }

    pub async fn remove(self) {
        if self.of_sqlite.is_none() {
            let (_, name) = self.url.rsplit_once('/').unwrap();
            administer(format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

fn admin_url() -> String {
    std::env::var("ROLLCALL_TEST_POSTGRES").expect(
        "ROLLCALL_TEST_POSTGRES must be the URL of a PostgreSQL superuser; `cargo xtask test` starts one and sets it",
    )
}

async fn administer(statement: String) {
    let mut conn = PgConnection::connect(&admin_url()).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

pub async fn run_on_sqlite<F: Future<Output = ()> + Send + 'static>(body: fn(TestDb) -> F) {
    run(Engine::Sqlite, body).await;
}

pub async fn run_on_postgres<F: Future<Output = ()> + Send + 'static>(body: fn(TestDb) -> F) {
    run(Engine::Postgres, body).await;
}

async fn run<F: Future<Output = ()> + Send + 'static>(engine: Engine, body: fn(TestDb) -> F) {
    let database = Database::new(engine).await;
    let db = TestDb::open(&database.url).await;
    let store = db.store.clone();
    // In a task, so that a body that panics leaves no database behind.
    let outcome = tokio::spawn(body(db)).await;
    store.close().await;
    database.remove().await;
    finish(outcome);
}

/// Fails a test as its body did.
pub fn finish(outcome: Result<(), tokio::task::JoinError>) {
    if let Err(error) = outcome {
        std::panic::resume_unwind(error.into_panic());
    }
}
