//! The schema's migrations: the same numbers and names for both engines, applied in one transaction that other
//! servers wait for. A migration that was released is never edited.

use crate::{
    MigrationReport, Result, StoreError,
    db::{Conn, Engine, sql},
};

/// A migration: its name and its text for each engine. Its number is its place, from 1.
struct Migration {
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// Declares the migrations from their files, which have the same name in both folders.
macro_rules! migrations {
    ($($name:literal),+ $(,)?) => {
        &[$(Migration {
            name: $name,
            sqlite: include_str!(concat!("../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../migrations/postgres/", $name, ".sql")),
        }),+]
    };
}

const MIGRATIONS: &[Migration] = migrations![
    "0001_first",
    "0002_search_in_list_indexes",
    "0003_kicks",
    "0004_groups",
    "0005_call_limits",
    "0006_webhooks",
    "0007_api_calls",
    "0008_client_sessions",
    "0009_pushes",
    "0010_custom_fields",
    "0011_call_windows",
    "0012_milestones",
    "0013_filters_in_list_indexes",
    "0014_imports",
    "0015_erasures",
    "0016_export_schedules",
    "0017_deletions_merge_later",
];

/// The schema that this binary needs.
pub(crate) const KNOWN: i64 = MIGRATIONS.len() as i64;

/// Names the lock that servers migrating one PostgreSQL database take in turn.
const LOCK: i64 = 0x726f_6c6c_6361_6c6c;

/// Applies what is missing.
pub(crate) async fn migrate(conn: &mut Conn) -> Result<MigrationReport> {
    if conn.engine() == Engine::Postgres {
        conn.execute(sql("SELECT pg_advisory_xact_lock($1)").bind(LOCK)).await?;
    }
    conn.execute_script(
        "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL)",
    )
    .await?;
    let from = applied(conn).await?;
    if from > KNOWN {
        return Err(StoreError::SchemaNewer { found: from, known: KNOWN });
    }
    for (version, migration) in (1..).zip(MIGRATIONS).filter(|(version, _)| *version > from) {
        tracing::info!(version, name = migration.name, "migrating");
        conn.execute_script(conn.engine().pick(migration.sqlite, migration.postgres)).await?;
        let note = sql("INSERT INTO schema_migrations (version, name) VALUES ($1, $2)");
        conn.execute(note.bind(version).bind(migration.name)).await?;
    }
    Ok(MigrationReport { from, to: KNOWN })
}

/// Whether the schema is exactly the one that this binary knows.
pub(crate) async fn check(conn: &mut Conn) -> Result<()> {
    let found = if has_table(conn, "schema_migrations").await? { applied(conn).await? } else { 0 };
    match found {
        KNOWN => Ok(()),
        _ if found > KNOWN => Err(StoreError::SchemaNewer { found, known: KNOWN }),
        _ => Err(StoreError::SchemaOlder { found, known: KNOWN }),
    }
}

/// Whether there is such a table.
pub(crate) async fn has_table(conn: &mut Conn, table: &str) -> Result<bool> {
    let count = sql(conn.engine().pick(
        "SELECT count(*) FROM sqlite_master WHERE name = $1",
        "SELECT CAST(to_regclass($1) IS NOT NULL AS INTEGER)",
    ));
    Ok(conn.fetch_one(count.bind(table)).await?.i64(0)? != 0)
}

async fn applied(conn: &mut Conn) -> Result<i64> {
    conn.fetch_one(sql("SELECT COALESCE(max(version), 0) FROM schema_migrations")).await?.i64(0)
}
