//! The indexes of accounts, taken away while a database is filled and built again at once afterwards: row by row, ten million take
//! hours. Those that keep accounts apart stay.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use sqlx::{AssertSqlSafe, Executor as _};

use super::Connection;
use crate::Result;
use crate::server::Engine;

/// How an index is called, and the statement that makes it.
type Index = (String, String);

const IN_SQLITE: &str = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'accounts' \
                         AND sql NOT LIKE 'CREATE UNIQUE%'";
const IN_POSTGRES: &str = "SELECT CAST(c.relname AS TEXT), pg_get_indexdef(c.oid) FROM pg_index i \
                           JOIN pg_class c ON c.oid = i.indexrelid \
                           WHERE i.indrelid = 'accounts'::regclass AND NOT i.indisunique";

/// Indexes that are to be built again.
pub struct PutAside {
    indexes: Vec<Index>,
    /// Where they are noted, for a filling that is interrupted.
    note: PathBuf,
}

/// Takes the indexes away, those that an interrupted filling took away included.
pub async fn put_aside(engine: &Engine) -> Result<PutAside> {
    let note = engine.data.join("indexes.json");
    let mut connection = Connection::writer(engine).await?;
    let there = connection.indexes().await?;
    let mut indexes: Vec<Index> = match fs::read(&note) {
        Ok(noted) => serde_json::from_slice(&noted)?,
        Err(_) => Vec::new(),
    };
    indexes.extend(there.iter().filter(|index| !indexes.contains(index)).cloned().collect::<Vec<_>>());
    fs::write(&note, serde_json::to_vec(&indexes)?)?;
    for (name, _) in &there {
        connection.run_made(format!("DROP INDEX \"{name}\"")).await?;
    }
    Ok(PutAside { indexes, note })
}

impl PutAside {
    /// Builds them.
    pub async fn put_back(self, engine: &Engine) -> Result<()> {
        let mut connection = Connection::writer(engine).await?;
        match &connection {
            Connection::Sqlite(_) => {
                connection.run("PRAGMA cache_size = -1048576; PRAGMA soft_heap_limit = 0").await?
            }
            Connection::Postgres(_) => connection.run("SET maintenance_work_mem = '1GB'").await?,
        }
        for (name, definition) in self.indexes {
            let begun = Instant::now();
            connection.run_made(definition).await?;
            println!("    {name} built in {:.0} s", begun.elapsed().as_secs_f64());
        }
        Ok(fs::remove_file(self.note)?)
    }
}

impl Connection {
    /// The indexes of accounts but those that keep accounts apart, and how each is made.
    pub async fn indexes(&mut self) -> Result<Vec<Index>> {
        Ok(match self {
            Self::Sqlite(connection) => sqlx::query_as(IN_SQLITE).fetch_all(connection).await?,
            Self::Postgres(connection) => sqlx::query_as(IN_POSTGRES).fetch_all(connection).await?,
        })
    }

    /// Runs a statement that the database described itself.
    pub async fn run_made(&mut self, statement: String) -> Result<()> {
        match self {
            Self::Sqlite(connection) => connection.execute(AssertSqlSafe(statement)).await.map(drop)?,
            Self::Postgres(connection) => connection.execute(AssertSqlSafe(statement)).await.map(drop)?,
        }
        Ok(())
    }
}
