//! Creations, each durable before it is answered: one by one on 16 connections, and in batches of 1,000.

use std::time::{Duration, Instant};

use futures::future::try_join_all;
use hyper::Method;
use rollcall_shared::app::SdkAppId;
use rollcall_shared::paths;
use serde_json::json;

use crate::Result;
use crate::client::Client;
use crate::measure::{Setting, make_app, remove_app};
use crate::report::Line;

/// Clients at the same time.
const CONNECTIONS: usize = 16;

/// How long they create one by one.
const SINGLES_FOR: Duration = Duration::from_secs(8);

/// Batches sent one after the other.
const BATCHES: usize = 20;

/// Measures both, in an application that exists only for that.
pub async fn all(setting: &Setting<'_>) -> Result<Vec<Line>> {
    let mut client = setting.client().await?;
    let made = make_app(&mut client, "Bench creations").await?;
    let app = made.app.sdkappid;
    let singles = singles(setting, app).await?;
    let batches = batches(&mut client, app).await?;
    remove_app(&mut client, &made.app).await?;

    Ok(vec![
        Line::noted(
            format!("Creation, one by one on {CONNECTIONS} connections"),
            format!("{singles:.0} accounts/s"),
        ),
        Line::noted("Creation, batches of 1,000", format!("{batches:.0} accounts/s")),
    ])
}

async fn singles(setting: &Setting<'_>, app: SdkAppId) -> Result<f64> {
    let clients = try_join_all((0..CONNECTIONS).map(|_| setting.client())).await?;
    let begun = Instant::now();
    let workers =
        clients.into_iter().enumerate().map(|(number, client)| one_by_one(client, app, number, begun));
    let created: usize = try_join_all(workers).await?.into_iter().sum();
    Ok(created as f64 / begun.elapsed().as_secs_f64())
}

async fn one_by_one(mut client: Client, app: SdkAppId, number: usize, begun: Instant) -> Result<usize> {
    let path = paths::accounts(app);
    let mut created = 0;
    while begun.elapsed() < SINGLES_FOR {
        let body = json!({ "user_id": format!("single_{number}_{created}"), "nickname": format!("Élodie 明远 {created}") });
        client.call(Method::POST, &path, body.to_string()).await?;
        created += 1;
    }
    Ok(created)
}

async fn batches(client: &mut Client, app: SdkAppId) -> Result<f64> {
    let begun = Instant::now();
    for batch in 0..BATCHES {
        let accounts: Vec<_> = (0..1_000)
            .map(|item| json!({ "user_id": format!("batch_{batch}_{item}"), "nickname": format!("Élodie 明远 {item}") }))
            .collect();
        let body = json!({ "accounts": accounts, "on_existing": "refuse" }).to_string();
        let answer = client.call(Method::POST, &paths::account_batches(app), body).await?;
        let answer: serde_json::Value = serde_json::from_slice(&answer)?;
        let results = answer.get("results").and_then(|results| results.as_array()).map_or(0, Vec::len);
        if results != 1_000 {
            return Err(format!("a batch of 1,000 answered {results} results").into());
        }
    }
    Ok((BATCHES * 1_000) as f64 / begun.elapsed().as_secs_f64())
}
