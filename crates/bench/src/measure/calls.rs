//! Calls of the server API (docs/chat-api.md) on many connections, beside the same calls of the store without HTTP: what the
//! proof of the caller, the envelope and HTTP itself cost.
//!
//! Two comparisons are made. In calls per second the server is at a disadvantage, because its clients use the same cores,
//! while the store's callers cost next to nothing: that ratio is noted. The aim is about CPU time: what the server's process
//! uses for a request, and this process for a call of the store. On SQLite the database works within these processes. On
//! PostgreSQL it works in backends of its own, and their time is added on both sides: it is as much a part of the store's
//! call there, and the statement that finds out who calls is as much a part of the proof. The ratio without it is noted.
//! What a server does beside each request, like logging it, counts as the request's.

mod callers;
mod inputs;
mod load;

use std::sync::Arc;

use hyper::Method;
use rollcall_shared::app::{CallLimits, CreatedApp, SdkAppId, SecretKey};
use rollcall_shared::paths;
use rollcall_store::{OpenOptions, Store, apps::Purged};
use serde_json::json;

use crate::client::Client;
use crate::measure::{ROUNDS, Setting, make_app, remove_app};
use crate::report::Line;
use crate::server::{Engine, Server};
use crate::stats::millis;
use crate::{Options, Result};
use callers::{HttpCaller, StoreCaller};
use inputs::{Command, Inputs, Keyed};
use load::Load;

/// Connections to the server, and tasks that call the store, at the same time.
const CALLERS: usize = 64;

/// CPU time of a request divided by that of a call of the store, at most.
const AIM: f64 = 1.2;

/// How many rows of a removed application go at once.
const CHUNK: u32 = 1_000;

/// Measures every command. New accounts go into an application that exists only for that. Server and store take turns, so
/// that one of them at a time works with the database, and both see it grow.
pub async fn all(setting: Setting<'_>, options: &Options) -> Result<Vec<Line>> {
    let mut client = setting.client().await?;
    let Setting { engine, server, demo, .. } = setting;
    let made = make_app(&mut client, "Bench calls").await?;
    let own = made.app.sdkappid;
    let large = demo.large;
    let keyed = Keyed { app: large, key: secret_key(&mut client, large).await? };
    let inputs = Inputs::new(keyed, own_key(&made), options.rows, made.app.created_at).map(Arc::new)?;
    let before = without_limits(&mut client, large).await?;
    without_limits(&mut client, own).await?;
    drop((client, server));
    let measured = measure(engine, options, &inputs).await;

    // Whatever came of it, the next measurement finds things as this one found them.
    let setting = Setting::new(engine, options, demo).await?;
    let mut client = setting.client().await?;
    set_limits(&mut client, large, before).await?;
    remove_app(&mut client, &made.app).await?;
    drop((client, setting));
    purge(engine, own).await?;
    measured
}

fn own_key(made: &CreatedApp) -> Keyed {
    Keyed { app: made.app.sdkappid, key: made.secret_key.clone() }
}

async fn secret_key(client: &mut Client, app: SdkAppId) -> Result<String> {
    let shown: SecretKey = client.post(&paths::secret_key_reveal(app), &json!({})).await?;
    Ok(shown.secret_key)
}

/// Lets the application take any number of calls; how many it took before.
async fn without_limits(client: &mut Client, app: SdkAppId) -> Result<CallLimits> {
    let before: CallLimits = client.get(&paths::call_limits(app)).await?;
    set_limits(client, app, CallLimits { bulk: 0, other: 0, ..before }).await?;
    Ok(before)
}

async fn set_limits(client: &mut Client, app: SdkAppId, limits: CallLimits) -> Result<()> {
    let body = serde_json::to_string(&limits)?;
    client.call(Method::PUT, &paths::call_limits(app), body).await.map(drop)
}

/// Removes the rows of an application that is gone, now: the next server would do it beside what is measured of it.
async fn purge(engine: &Engine, app: SdkAppId) -> Result<()> {
    let store = Store::open(&engine.url, &OpenOptions::default()).await?;
    let mut purged = store.purge_app_chunk(app, &Purged::default(), CHUNK).await?;
    while purged.removed > 0 {
        purged = store.purge_app_chunk(app, &purged, CHUNK).await?;
    }
    store.tidy_all().await?;
    store.close().await;
    Ok(())
}

async fn measure(engine: &Engine, options: &Options, inputs: &Arc<Inputs>) -> Result<Vec<Line>> {
    let mut all = Vec::new();
    for command in Command::ALL {
        let (mut http, mut store) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            http.push(over_http(command, engine, options, inputs).await?);
            store.push(store_alone(command, engine, inputs).await?);
        }
        all.extend(lines(command, engine, &Load::median_of(&http), &Load::median_of(&store)));
    }
    Ok(all)
}

/// A round with a server of its own, which has ended before it would first tidy the search index: neither side pays for that.
async fn over_http(
    command: Command,
    engine: &Engine,
    options: &Options,
    inputs: &Arc<Inputs>,
) -> Result<Load> {
    let server = Server::start(engine, &options.program).await?;
    let callers = HttpCaller::all(server.port, command, inputs).await?;
    Load::of(callers, server.process(), engine).await
}

/// A round with a store that is opened as the server opens it.
async fn store_alone(command: Command, engine: &Engine, inputs: &Arc<Inputs>) -> Result<Load> {
    let store = Store::open(&engine.url, &OpenOptions::default()).await?;
    let callers = StoreCaller::all(&store, command, inputs);
    let load = Load::of(callers, std::process::id(), engine).await;
    store.close().await;
    load
}

fn lines(command: Command, engine: &Engine, http: &Load, store: &Load) -> Vec<Line> {
    let name = command.name();
    let per_second = http.rate() / store.rate();
    let process = millis(http.cpu.process) / millis(store.cpu.process);
    let all = millis(http.cpu.all()) / millis(store.cpu.all());
    let shown =
        |load: &Load, what: &str| format!("{:.0} {what}/s, {}", load.rate(), load.latency.shown_to_p99());
    let mut lines = vec![
        Line::noted(format!("{name}, {CALLERS} connections"), shown(http, "requests")),
        Line::noted(format!("{name}, the store alone, {CALLERS} tasks"), shown(store, "calls")),
        Line::noted(format!("{name}, calls per second, HTTP / store"), format!("{per_second:.2}")),
        Line::noted(
            format!("{name}, CPU time"),
            format!("HTTP {}, store {}", cpu(engine, http), cpu(engine, store)),
        ),
        Line::at_most(format!("{name}, CPU time, HTTP / store"), format!("{all:.2}"), all, AIM, None, ""),
    ];
    if engine.has_processes() {
        lines.push(Line::noted(
            format!("{name}, CPU time without the database's, HTTP / store"),
            format!("{process:.2}"),
        ));
    }
    lines
}

fn cpu(engine: &Engine, load: &Load) -> String {
    let (process, database) = (millis(load.cpu.process), millis(load.cpu.database));
    match engine.has_processes() {
        true => format!("{process:.3} ms + {database:.3} ms in the database"),
        false => format!("{process:.3} ms"),
    }
}
