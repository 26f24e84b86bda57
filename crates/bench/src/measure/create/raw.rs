//! The insertions that creations are compared with.

use std::time::{Duration, Instant};

use rollcall_shared::app::SdkAppId;

use crate::Result;
use crate::measure::drive::{Caller, NewAccounts, rate};
use crate::server::Engine;
use crate::sql::Connection;
use crate::sql::insert::{Row, committed};

/// Rows that are ready before a round; a caller that needs more of them makes them meanwhile.
const READY: usize = 20_000;

/// When the accounts are created, in milliseconds: any instant does.
const CREATED_AT: i64 = 1_795_284_000_000;

/// Connections that insert and commit.
pub struct Raw {
    app: SdkAppId,
    inserters: Vec<Inserter>,
}

struct Inserter {
    app: SdkAppId,
    connection: Connection,
    accounts: NewAccounts,
    ready: Vec<Row>,
    /// Rows of a commit.
    group: usize,
}

impl Raw {
    /// As many connections as there are waiting at the server; on SQLite one that commits as many rows together.
    pub async fn connect(engine: &Engine, app: SdkAppId, connections: usize) -> Result<Self> {
        let (connections, group) = if engine.has_processes() { (connections, 1) } else { (1, connections) };
        let mut inserters = Vec::new();
        for _ in 0..connections {
            let connection = Connection::writer(engine).await?;
            let (accounts, ready) = (NewAccounts::default(), Vec::new());
            inserters.push(Inserter { app, connection, accounts, ready, group });
        }
        Ok(Self { app, inserters })
    }

    /// Accounts in a second.
    pub async fn rate(&mut self, accounts: &NewAccounts, time: Duration) -> Result<f64> {
        let mut inserters = std::mem::take(&mut self.inserters);
        let each = READY / inserters.len().max(1);
        let group = inserters.first().map_or(1, |inserter| inserter.group);
        for inserter in &mut inserters {
            inserter.accounts = accounts.clone();
            inserter.ready = rows(self.app, accounts, each);
        }
        let commits;
        (self.inserters, commits) = rate(inserters, time).await?;
        Ok(commits * group as f64)
    }
}

impl Caller for Inserter {
    async fn call(&mut self) -> Result<()> {
        if self.ready.len() < self.group {
            self.ready.extend(rows(self.app, &self.accounts, self.group));
        }
        let rows = self.ready.split_off(self.ready.len() - self.group);
        committed(&mut self.connection, &rows).await
    }
}

fn rows(app: SdkAppId, accounts: &NewAccounts, count: usize) -> Vec<Row> {
    accounts.take(count).iter().map(|account| Row::new(app, account, CREATED_AT)).collect()
}

/// Inserts batches one after the other, each in a transaction and by username, as the store does; accounts in a second.
pub async fn batches(
    connection: &mut Connection,
    app: SdkAppId,
    accounts: &NewAccounts,
    batches: usize,
    batch: usize,
) -> Result<f64> {
    let ready: Vec<Vec<Row>> = (0..batches).map(|_| sorted(rows(app, accounts, batch))).collect();
    let begun = Instant::now();
    for rows in &ready {
        committed(connection, rows).await?;
    }
    Ok((batches * batch) as f64 / begun.elapsed().as_secs_f64())
}

fn sorted(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_unstable_by(|one, other| one.user_id().cmp(other.user_id()));
    rows
}
