//! Creations, each durable before it is answered: one by one on some connections, and in batches; beside the same rows inserted
//! by plain statements into the same tables, in turn.
//!
//! What one by one is compared with commits in groups too. PostgreSQL does so by itself, so there each connection inserts
//! and commits for itself. SQLite has one writer: there one connection commits as many insertions together as there are
//! connections to the server, which is the best that a server could do whose clients wait for each answer.

mod raw;

use std::time::{Duration, Instant};

use futures::future::try_join_all;
use hyper::Method;
use rollcall_shared::app::SdkAppId;
use rollcall_shared::paths;
use serde_json::json;

use crate::Result;
use crate::client::Client;
use crate::measure::drive::{Creator, NewAccounts, rate};
use crate::measure::{ROUNDS, Setting, make_app, remove_app_wholly};
use crate::report::Line;
use crate::sql::Connection;
use crate::stats::median_number;
use raw::Raw;

/// Clients at the same time.
const CONNECTIONS: [usize; 3] = [1, 16, 64];

/// How long they create one by one, in a round.
const SINGLES_FOR: Duration = Duration::from_secs(3);

/// Accounts of a batch, and batches of a round, one after the other.
const BATCH: usize = 1_000;
const BATCHES: usize = 5;

/// HTTP divided by plain statements, at least.
const SINGLES_AIM: f64 = 0.8;
const BATCHES_AIM: f64 = 0.5;

/// Accounts in a second, by the server and by plain statements.
struct Rates {
    http: f64,
    raw: f64,
}

/// Measures both, in an application that exists only for that.
pub async fn all(setting: &Setting<'_>) -> Result<Vec<Line>> {
    let mut client = setting.client().await?;
    let made = make_app(&mut client, "Bench creations").await?;
    let accounts = NewAccounts::default();
    let mut lines = Vec::new();
    for connections in CONNECTIONS {
        let rates = singles(setting, made.app.sdkappid, connections, &accounts).await?;
        let name = format!("Creation, one by one on {connections} connections");
        lines.extend(lines_of(&name, &rates, SINGLES_AIM));
    }
    let rates = batches(setting, &mut client, made.app.sdkappid, &accounts).await?;
    lines.extend(lines_of("Creation, batches of 1,000", &rates, BATCHES_AIM));
    remove_app_wholly(setting, &mut client, &made.app).await?;
    Ok(lines)
}

fn lines_of(name: &str, Rates { http, raw }: &Rates, aim: f64) -> [Line; 2] {
    let ratio = http / raw;
    [
        Line::noted(name, format!("HTTP {http:.0} accounts/s, plain insertions {raw:.0} accounts/s")),
        Line::at_least(format!("{name}, HTTP / plain"), format!("{ratio:.2}"), ratio, aim, ""),
    ]
}

async fn singles(
    setting: &Setting<'_>,
    app: SdkAppId,
    connections: usize,
    accounts: &NewAccounts,
) -> Result<Rates> {
    let clients = try_join_all((0..connections).map(|_| setting.client())).await?;
    let creator = |client| Creator { client, app, accounts: accounts.clone() };
    let mut creators: Vec<Creator> = clients.into_iter().map(creator).collect();
    let mut raw = Raw::connect(setting.engine, app, connections).await?;
    let (mut http_rates, mut raw_rates) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let http;
        (creators, http) = rate(creators, SINGLES_FOR).await?;
        http_rates.push(http);
        raw_rates.push(raw.rate(accounts, SINGLES_FOR).await?);
    }
    Ok(Rates { http: median_number(http_rates), raw: median_number(raw_rates) })
}

async fn batches(
    setting: &Setting<'_>,
    client: &mut Client,
    app: SdkAppId,
    accounts: &NewAccounts,
) -> Result<Rates> {
    let mut connection = Connection::writer(setting.engine).await?;
    let (mut http, mut raw) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        http.push(send_batches(client, app, accounts).await?);
        raw.push(raw::batches(&mut connection, app, accounts, BATCHES, BATCH).await?);
    }
    Ok(Rates { http: median_number(http), raw: median_number(raw) })
}

async fn send_batches(client: &mut Client, app: SdkAppId, accounts: &NewAccounts) -> Result<f64> {
    let body = |_| json!({ "accounts": accounts.take(BATCH), "on_existing": "refuse" }).to_string();
    let bodies: Vec<String> = (0..BATCHES).map(body).collect();
    let begun = Instant::now();
    for body in bodies {
        let answer = client.call(Method::POST, &paths::account_batches(app), body).await?;
        let answer: serde_json::Value = serde_json::from_slice(&answer)?;
        let results = answer.get("results").and_then(|results| results.as_array());
        let created = results.map_or(0, |results| {
            results
                .iter()
                .filter(|result| result.get("status").is_some_and(|status| status == "created"))
                .count()
        });
        if created != BATCH {
            return Err(format!("a batch of {BATCH} created {created}").into());
        }
    }
    Ok((BATCHES * BATCH) as f64 / begun.elapsed().as_secs_f64())
}
