//! The measurements, a file per subject, and what they share.

pub mod calls;
pub mod clients;
pub mod create;
mod drive;
pub mod export;
pub mod footprint;
pub mod import;
pub mod insertion;
pub mod jobs;
pub mod jump;
pub mod list;
pub mod load;
mod script;
pub mod scroll;
pub mod search;
pub mod servers;
pub mod sizes;
pub mod task;

use std::time::{Duration, Instant};

use hyper::Method;
use rollcall_shared::app::{App, CreatedApp, NewApp};
use rollcall_shared::paths;

use crate::client::Client;
use crate::dataset::Demo;
use crate::server::{Engine, Server};
use crate::sql::Connection;
use crate::stats::Latency;
use crate::{Options, Result};

/// Rounds of which the median counts.
const ROUNDS: usize = 3;

/// Requests that a round has at least, however slow they are.
const FEWEST: usize = 5;

/// How long a removed application may take to be gone from the tables, with a million rows of an earlier run before it in the
/// queue.
const PATIENCE: Duration = Duration::from_secs(900);

/// A running server with a signed-in operator.
pub struct Setting<'a> {
    /// Where the data is.
    pub engine: &'a Engine,
    /// The server.
    pub server: Server,
    /// The data.
    pub demo: Demo,
    /// The session.
    pub cookie: String,
}

impl<'a> Setting<'a> {
    /// Starts the server and signs in.
    pub async fn new(engine: &'a Engine, options: &Options, demo: Demo) -> Result<Self> {
        let server = Server::start(engine, &options.program).await?;
        let cookie = Client::sign_in(server.port, &demo.email, &demo.password).await?;
        Ok(Self { engine, server, demo, cookie })
    }

    /// A connection of its own.
    pub async fn client(&self) -> Result<Client> {
        Client::connect(self.server.port, &self.cookie).await
    }

    /// How long GET takes on each of the paths, one after the other, in several rounds after a warm-up.
    pub async fn latency(&self, paths: &[String]) -> Result<Latency> {
        self.latency_within(paths, Duration::MAX).await
    }

    /// The same, but a round ends when so much time has passed, after [`FEWEST`] requests at the earliest.
    pub async fn latency_within(&self, paths: &[String], limit: Duration) -> Result<Latency> {
        let mut client = self.client().await?;
        round(&mut client, &paths[..paths.len().min(10)], limit / 3).await?;
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            rounds.push(Latency::of(round(&mut client, paths, limit).await?));
        }
        Ok(Latency::median_of(&rounds))
    }
}

/// How long GET takes on each of the paths, until the time is over.
async fn round(client: &mut Client, paths: &[String], limit: Duration) -> Result<Vec<Duration>> {
    let mut samples = Vec::with_capacity(paths.len());
    let all = Instant::now();
    for path in paths {
        if all.elapsed() > limit && samples.len() >= FEWEST {
            break;
        }
        let begun = Instant::now();
        client.call(Method::GET, path, String::new()).await?;
        samples.push(begun.elapsed());
    }
    Ok(samples)
}

/// Makes an application that exists for one measurement only.
async fn make_app(client: &mut Client, name: &str) -> Result<CreatedApp> {
    client.post(&paths::apps(), &NewApp { name: name.to_owned() }).await
}

/// Removes it and waits until its rows are gone too: what is measured next must not pay for that.
async fn remove_app_wholly(setting: &Setting<'_>, client: &mut Client, app: &App) -> Result<()> {
    remove_app(client, app).await?;
    let mut connection = Connection::reader(setting.engine).await?;
    let begun = Instant::now();
    while connection.has_accounts(app.sdkappid).await? {
        if begun.elapsed() > PATIENCE {
            return Err(format!("the rows of {:?} are not gone", app.name).into());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(())
}

/// Removes it. It is gone for everyone at once; its rows go by and by.
async fn remove_app(client: &mut Client, app: &App) -> Result<()> {
    let path = format!("{}?confirm={}", paths::app(app.sdkappid), app.name.replace(' ', "%20"));
    client.call(Method::DELETE, &path, String::new()).await.map(drop)
}
