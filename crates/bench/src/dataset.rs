//! The databases: an application with a thousand accounts, and beside it a large one whose needles have known numbers, and one
//! for jobs, which is gone when they were measured. Filling takes minutes, so a filled database is used again.

use rollcall_demo::{SEED, bench};
use rollcall_shared::app::{App, CreatedApp, NewApp, SdkAppId};
use rollcall_shared::paths;
use rollcall_shared::time::Timestamp;
use rollcall_store::{Actor, Change, OpenOptions, Store};
use serde::Deserialize;

use crate::client::Client;
use crate::server::{Engine, Server};
use crate::{Options, Result, sql};

/// Accounts of the application beside the large one.
const SMALL: &str = "1000";

/// Accounts of the application for jobs, if the large one has not fewer.
pub const FOR_JOBS: u64 = 1_000_000;

/// Accounts that are handed to the store at once.
const CHUNK: usize = 20_000;

/// How many accounts are loaded until it is said again how far things are.
const SAID_EVERY: usize = 500_000;

/// What `rollcall demo --json` prints.
#[derive(Deserialize)]
struct Printed {
    operator: PrintedOperator,
    app: PrintedApp,
}

#[derive(Deserialize)]
struct PrintedOperator {
    email: String,
    password: String,
}

#[derive(Deserialize)]
struct PrintedApp {
    sdkappid: SdkAppId,
}

/// What there is to measure on.
pub struct Demo {
    /// The operator's address.
    pub email: String,
    /// The operator's password.
    pub password: String,
    /// The application with a thousand accounts.
    pub small: SdkAppId,
    /// The application with as many as asked for.
    pub large: SdkAppId,
    /// When the large one was made: its accounts were created in the years before.
    pub filled_at: Timestamp,
    /// The application for jobs, if there is to be one.
    pub jobs: Option<SdkAppId>,
}

/// Fills the database unless it is full, with an application for jobs if they will be measured.
pub async fn prepare(engine: &Engine, options: &Options, rows: u64, jobs: bool) -> Result<Demo> {
    let output = engine.command(&options.program).args(["demo", "--accounts", SMALL, "--json"]).output()?;
    if !output.status.success() {
        return Err(format!("`rollcall demo` failed:\n{}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let Printed { operator, app } = serde_json::from_slice(&output.stdout)?;
    let large = own_app(engine, options, &operator, &format!("Bench {rows}")).await?;
    let for_jobs = match jobs {
        true => Some(own_app(engine, options, &operator, "Bench jobs").await?),
        false => None,
    };
    let for_jobs_too = for_jobs.as_ref().map(|app| (app, rows.min(FOR_JOBS)));
    fill_all(engine, [(&large, rows)].into_iter().chain(for_jobs_too)).await?;
    Ok(Demo {
        email: operator.email,
        password: operator.password,
        small: app.sdkappid,
        large: large.sdkappid,
        filled_at: large.created_at,
        jobs: for_jobs.map(|app| app.sdkappid),
    })
}

/// An application by its name, created if need be. The server goes away before anyone else writes into its database.
async fn own_app(engine: &Engine, options: &Options, operator: &PrintedOperator, name: &str) -> Result<App> {
    let server = Server::start(engine, &options.program).await?;
    let cookie = Client::sign_in(server.port, &operator.email, &operator.password).await?;
    let mut client = Client::connect(server.port, &cookie).await?;
    let apps: serde_json::Value = client.get(&paths::apps()).await?;
    let apps: Vec<App> = serde_json::from_value(apps.get("items").cloned().unwrap_or(apps))?;
    match apps.into_iter().find(|app| app.name == name) {
        Some(app) => Ok(app),
        None => {
            let new = NewApp { name: name.to_owned() };
            Ok(client.post::<CreatedApp>(&paths::apps(), &new).await?.app)
        }
    }
}

/// Fills those applications that are not full.
async fn fill_all(engine: &Engine, all: impl Iterator<Item = (&App, u64)>) -> Result<()> {
    let wanting: Vec<(&App, u64)> = all.filter(|(app, rows)| app.accounts <= *rows as i64).collect();
    let Some(now) = wanting.iter().map(|(app, _)| app.created_at).max() else { return Ok(()) };
    let indexes = sql::indexes::put_aside(engine).await?;
    let store = Store::open(&engine.url, &OpenOptions::default()).await?;
    for (app, rows) in wanting {
        fill(&store, app, rows).await?;
    }
    indexes.put_back(engine).await?;
    store.tidy_all().await?;
    // Before the samples: they walk indexes, and PostgreSQL looks every row up that it has not yet found to be seen by all.
    sql::settle(engine).await?;
    store.sample_all(now).await?;
    store.close().await;
    Ok(())
}

/// Loads the accounts. What an interrupted run has loaded are the first ones; the store skips those that are met again.
async fn fill(store: &Store, app: &App, rows: u64) -> Result<()> {
    println!("    filling with {rows} accounts (once)");
    let change = Change { actor: Actor::System, now: app.created_at };
    let mut loaded = usize::try_from(app.accounts - 1)? / CHUNK * CHUNK;
    let mut accounts = bench::accounts(rows, SEED, app.created_at).skip(loaded);
    loop {
        let chunk: Vec<_> = accounts.by_ref().take(CHUNK).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        loaded += chunk.len();
        store.load_accounts(&change, app.sdkappid, chunk).await?;
        if loaded.is_multiple_of(SAID_EVERY) {
            println!("    {loaded} of {rows}");
        }
    }
}
