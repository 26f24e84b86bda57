//! What each index of accounts costs on insertion: the same rows with all of them and without one, in transactions that are
//! rolled back, in the tables as large as they are.

use std::time::{Duration, Instant};

use crate::Result;
use crate::measure::drive::NewAccounts;
use crate::measure::{ROUNDS, Setting};
use crate::report::Line;
use crate::sql::Connection;
use crate::sql::insert::{Row, inserted};
use crate::stats::median;

/// Rows of a transaction.
const ROWS: usize = 20_000;

/// When they are created, in milliseconds: after all that are there.
const CREATED_AT: i64 = 1_895_284_000_000;

/// Notes how long an insertion takes, and what each index adds to it.
pub async fn all(setting: &Setting<'_>) -> Result<Vec<Line>> {
    let mut connection = Connection::writer(setting.engine).await?;
    let mut names: Vec<Option<String>> =
        connection.indexes().await?.into_iter().map(|(name, _)| Some(name)).collect();
    names.insert(0, None);
    let accounts = NewAccounts::default();
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); names.len()];
    // One round more than counts, as a warm-up.
    for round in 0..=ROUNDS {
        for (name, times) in names.iter().zip(&mut times) {
            let rows: Vec<Row> = accounts
                .take(ROWS)
                .iter()
                .map(|account| Row::new(setting.demo.large, account, CREATED_AT))
                .collect();
            let time = timed(&mut connection, name.as_deref(), &rows).await?;
            if round > 0 {
                times.push(time);
            }
        }
    }
    let each = |times: Vec<Duration>| median(times).as_secs_f64() * 1e6 / ROWS as f64;
    let mut each = times.into_iter().map(each);
    let whole = each.next().unwrap_or_default();
    let mut lines = vec![Line::noted(
        format!("Insertion of {ROWS} rows in one transaction, all indexes"),
        format!("{whole:.1} µs a row"),
    )];
    for (name, without) in names.into_iter().flatten().zip(each) {
        let share = (whole - without) / whole * 100.0;
        lines.push(Line::noted(
            format!("The same without {name}"),
            format!("{without:.1} µs a row: the index costs {share:.0} %"),
        ));
    }
    Ok(lines)
}

/// How long the rows take without an index; afterwards everything is as before.
async fn timed(connection: &mut Connection, without: Option<&str>, rows: &[Row]) -> Result<Duration> {
    connection.begin().await?;
    if let Some(name) = without {
        connection.run_made(format!("DROP INDEX \"{name}\"")).await?;
    }
    let begun = Instant::now();
    inserted(connection, rows).await?;
    let time = begun.elapsed();
    connection.run("ROLLBACK").await?;
    Ok(time)
}
