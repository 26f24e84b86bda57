//! A database for one test: a file in its folder, or one in the PostgreSQL cluster that the environment names.

use sqlx::{Connection, PgConnection};
use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};

const ADMIN_URL: &str = "ROLLCALL_TEST_POSTGRES";

const REPLICA_URL: &str = "ROLLCALL_TEST_POSTGRES_REPLICA";

/// Which engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A database that is gone after the test.
pub struct Database {
    url: String,
    /// The administrator's URL and the database's name.
    postgres: Option<(String, String)>,
}

impl Database {
    pub async fn create(engine: Engine, folder: &Path) -> Self {
        match engine {
            Engine::Sqlite => {
                Self { url: format!("sqlite://{}", folder.join("test.db").display()), postgres: None }
            }
            Engine::Postgres => Self::create_postgres().await,
        }
    }

    /// The database of another server, which outlives this one.
    pub fn shared(url: &str) -> Self {
        Self { url: url.to_owned(), postgres: None }
    }

    async fn create_postgres() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let admin = std::env::var(ADMIN_URL).unwrap_or_else(|_| {
            panic!("{ADMIN_URL} is not set; `cargo xtask test` starts PostgreSQL and sets it")
        });
        let name = format!("rollcall_it_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
        run(&admin, &format!("CREATE DATABASE {name}")).await;
        let (server, _) = admin.rsplit_once('/').unwrap();
        Self { url: format!("{server}/{name}"), postgres: Some((admin, name)) }
    }

    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some((admin, name)) = self.postgres.take() else { return };
        // The test's own runtime cannot wait inside a drop.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(run(&admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        });
        dropped.join().unwrap();
    }
}

/// The URL of a database of the cluster at its replica.
pub fn at_replica(url: &str) -> String {
    let replica = std::env::var(REPLICA_URL).unwrap_or_else(|_| {
        panic!("{REPLICA_URL} is not set; `cargo xtask test` starts a replica of {ADMIN_URL} and sets it")
    });
    let ((server, _), (_, name)) = (replica.rsplit_once('/').unwrap(), url.rsplit_once('/').unwrap());
    format!("{server}/{name}")
}

async fn run(admin: &str, statement: &str) {
    let mut connection = PgConnection::connect(admin).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
