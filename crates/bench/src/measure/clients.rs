//! Clients that are connected: what they cost in memory and time, and how long a push takes to the last of them.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use futures::future::try_join_all;
use futures::{SinkExt as _, StreamExt as _};
use hyper::Method;
use rollcall_shared::app::{CreatedApp, SdkAppId};
use rollcall_shared::paths;
use rollcall_shared::push::{MessageElement, NewPush, Push};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::connect_async_with_config;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::Result;
use crate::client::Client;
use crate::measure::{Setting, make_app, remove_app};
use crate::report::Line;

/// Clients, each of an account of its own. Both programs need a descriptor for each.
const CLIENTS: usize = 10_000;

/// Clients that connect at the same time.
const AT_ONCE: usize = 64;

/// How long the last client is waited for.
const PATIENCE: Duration = Duration::from_secs(120);

/// What is measured of the clients of one server.
struct Measured {
    connected_in: Duration,
    bytes: f64,
    last_has_it: Duration,
    all_noted: Duration,
}

/// Measures them in an application that exists only for that.
pub async fn all(setting: &Setting<'_>) -> Result<Vec<Line>> {
    let mut client = setting.client().await?;
    let made = make_app(&mut client, "Bench clients").await?;
    accounts(&mut client, made.app.sdkappid).await?;
    let measured = measure(setting, &mut client, &made).await?;
    remove_app(&mut client, &made.app).await?;

    let Measured { connected_in, bytes, last_has_it, all_noted } = measured;
    Ok(vec![
        Line::noted(
            format!("{CLIENTS} clients connect, {AT_ONCE} at once"),
            format!(
                "{:.1} s, {:.0} per s",
                connected_in.as_secs_f64(),
                CLIENTS as f64 / connected_in.as_secs_f64()
            ),
        ),
        Line::noted("Server memory per connected client".to_owned(), format!("{:.1} kB", bytes / 1_000.0)),
        Line::noted(
            format!("A push until the last of {CLIENTS} has it"),
            format!("{:.2} s", last_has_it.as_secs_f64()),
        ),
        Line::noted(
            "The same until every receipt is written".to_owned(),
            format!("{:.2} s", all_noted.as_secs_f64()),
        ),
    ])
}

async fn accounts(client: &mut Client, app: SdkAppId) -> Result<()> {
    for batch in 0..CLIENTS.div_ceil(1_000) {
        let ids = (batch * 1_000)..CLIENTS.min((batch + 1) * 1_000);
        let accounts: Vec<Value> = ids.map(|id| json!({ "user_id": user_id(id) })).collect();
        let body = json!({ "accounts": accounts, "on_existing": "refuse" }).to_string();
        client.call(Method::POST, &paths::account_batches(app), body).await?;
    }
    Ok(())
}

fn user_id(number: usize) -> String {
    format!("client_{number:06}")
}

async fn measure(setting: &Setting<'_>, client: &mut Client, made: &CreatedApp) -> Result<Measured> {
    let app = made.app.sdkappid;
    let before = setting.server.memory()?;
    let (heard, mut hears) = mpsc::unbounded_channel();
    let begun = Instant::now();
    let lanes = (0..AT_ONCE).map(|lane| connect(setting.server.port, made, lane, heard.clone()));
    try_join_all(lanes).await?;
    let connected_in = begun.elapsed();
    drop(heard);
    let bytes = setting.server.memory()?.saturating_sub(before) as f64 / CLIENTS as f64;

    let new = NewPush { random: 1, lifetime_seconds: 60, body: vec![MessageElement::text("hi")] };
    let begun = Instant::now();
    let push: Push = client.post(&paths::pushes(app), &new).await?;
    let mut have = HashSet::new();
    while have.len() < CLIENTS {
        let Some(who) = timeout(PATIENCE, hears.recv()).await? else {
            return Err(format!("only {} clients have the push", have.len()).into());
        };
        if !have.insert(who) {
            return Err(format!("client {who} got the push twice").into());
        }
    }
    let last_has_it = begun.elapsed();
    while client.get::<Push>(&paths::push(app, &push.task_id)).await?.received < CLIENTS as u64 {
        sleep(Duration::from_millis(10)).await;
        if begun.elapsed() > PATIENCE {
            return Err("not every receipt was written".into());
        }
    }
    Ok(Measured { connected_in, bytes, last_has_it, all_noted: begun.elapsed() })
}

/// Connects every [`AT_ONCE`]th client, one after another; each then tells its number when it gets a push.
async fn connect(
    port: u16,
    made: &CreatedApp,
    lane: usize,
    heard: mpsc::UnboundedSender<usize>,
) -> Result<()> {
    // UserSigs as of the application's first second: it was made just now.
    let (app, now) = (made.app.sdkappid, made.app.created_at.seconds());
    let config = WebSocketConfig::default().read_buffer_size(1_024).write_buffer_size(0);
    for number in (lane..CLIENTS).step_by(AT_ONCE) {
        let id = user_id(number);
        let usersig = usersig::Claims::new(app.0, id.as_str(), now, 3_600).sign(&made.secret_key);
        let url = format!("ws://127.0.0.1:{port}/v1/client?sdkappid={app}&identifier={id}&usersig={usersig}");
        let (mut socket, _) = connect_async_with_config(url, Some(config), true).await?;
        let ready = socket.next().await.ok_or("the server said nothing")??;
        if !ready.to_text()?.contains("ready") {
            return Err(format!("the server began with {ready}").into());
        }
        let heard = heard.clone();
        tokio::spawn(async move {
            while let Some(Ok(message)) = socket.next().await {
                let Message::Text(text) = message else { continue };
                let Ok(said) = serde_json::from_str::<Value>(&text) else { continue };
                if said["type"] == "push" {
                    let receipt = json!({ "type": "received", "task_id": said["task_id"] }).to_string();
                    // Nobody counts any more when these fail.
                    let _ = socket.send(Message::text(receipt)).await;
                    let _ = heard.send(number);
                }
            }
        });
    }
    Ok(())
}
