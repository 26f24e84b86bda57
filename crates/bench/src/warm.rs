//! Brings a database into the system's memory as far as it fits: what is measured is a server that has run for a while, not a
//! machine that was just switched on.

use std::fs::File;
use std::io;
use std::time::Instant;

use sqlx::{Connection as _, PgConnection};

use crate::Result;
use crate::server::Engine;

/// Reads all of it once.
pub async fn read_through(engine: &Engine) -> Result<()> {
    let begun = Instant::now();
    let bytes = match engine.has_processes() {
        true => postgres(&engine.url).await?,
        false => io::copy(&mut File::open(engine.data.join("rollcall.db"))?, &mut io::sink())?,
    };
    let (gigabytes, seconds) = (bytes as f64 / 1e9, begun.elapsed().as_secs_f64());
    println!("    read {gigabytes:.1} GB once in {seconds:.0} s");
    Ok(())
}

/// Into the system's memory, not into PostgreSQL's, which fills as it is used.
async fn postgres(url: &str) -> Result<u64> {
    const READ: &str = "SELECT CAST(SUM(pg_prewarm(oid, 'read')) * 8192 AS BIGINT) FROM pg_class \
                        WHERE oid = 'accounts'::regclass \
                        OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = 'accounts'::regclass)";
    let mut connection = PgConnection::connect(url).await?;
    sqlx::query("CREATE EXTENSION IF NOT EXISTS pg_prewarm").execute(&mut connection).await?;
    let bytes: i64 = sqlx::query_scalar(READ).fetch_one(&mut connection).await?;
    Ok(bytes.unsigned_abs())
}
