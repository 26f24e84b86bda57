//! What the engines themselves say of their files after the last round.

use std::path::Path;
use std::process::Command;

use sqlx::{Connection as _, Row as _, SqliteConnection};

use crate::Result;
use crate::postgres::Postgres;

/// Asks SQLite; what is wrong, if anything is. The search index is checked too: SQLite asks its module.
pub async fn of_sqlite(url: &str) -> Result<Vec<String>> {
    let mut connection = SqliteConnection::connect(url).await?;
    let said = sqlx::query("PRAGMA integrity_check").fetch_all(&mut connection).await?;
    let mut wrong = Vec::new();
    for row in said {
        let line: String = row.try_get(0)?;
        if line != "ok" {
            wrong.push(format!("integrity_check: {line}"));
        }
    }
    let orphans = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut connection).await?.len();
    if orphans > 0 {
        wrong.push(format!("foreign_key_check: {orphans} rows refer to none"));
    }
    connection.close().await?;
    Ok(wrong)
}

/// Asks PostgreSQL's `pg_amcheck` about every table and index; what is wrong, if anything is.
pub fn of_postgres(server: &Postgres, url: &str) -> Result<Vec<String>> {
    let program = server.program("pg_amcheck").ok_or("pg_amcheck is not beside postgres: install it")?;
    of_node(&program, url, true)
}

/// The same of a node that may be a standby, which cannot be asked quite as much.
pub fn of_node(program: &Path, url: &str, primary: bool) -> Result<Vec<String>> {
    let mut command = Command::new(program);
    command.arg("--heapallindexed");
    if primary {
        command.args(["--install-missing", "--parent-check"]);
    }
    command.arg(url);
    let output = command.output()?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    Ok(if output.status.success() {
        Vec::new()
    } else {
        said.lines().map(|line| format!("pg_amcheck: {line}")).collect()
    })
}
