//! A reader who asks for lists at a steady pace: the first page of the application that a job changes, which changes under
//! the reader's hands, and deep pages of the large application in turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hyper::Method;
use rollcall_shared::app::SdkAppId;
use rollcall_shared::list::{ListQuery, Sort};
use rollcall_shared::paths;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use crate::Result;
use crate::client::Client;
use crate::measure::Setting;
use crate::sql::Connection;
use crate::sql::page::Anchor;
use crate::stats::Latency;

/// The time from one request to the next, if the first is answered by then: as from a dozen people who page quickly.
const PACE: Duration = Duration::from_millis(20);

/// Accounts on a page.
const LIMIT: u32 = 100;

/// Different deep pages.
const DEEP: usize = 2_000;

/// What lists took.
pub struct Read {
    /// Of the application that the job changes.
    pub own: Latency,
    /// Of the large application.
    pub large: Latency,
}

/// What is read, and by whom.
pub struct Lists {
    port: u16,
    cookie: String,
    own: String,
    large: Arc<[String]>,
}

/// A reader at work.
pub struct Reading {
    stop: Arc<AtomicBool>,
    task: JoinHandle<Result<Read>>,
}

impl Lists {
    /// Chooses the pages.
    pub async fn new(setting: &Setting<'_>, app: SdkAppId) -> Result<Self> {
        let (large, sort) = (setting.demo.large, Sort::default());
        let mut connection = Connection::reader(setting.engine).await?;
        let anchors = Anchor::some(&mut connection, large, DEEP).await?;
        let page = |app, cursor| {
            paths::account_list(app, &ListQuery { limit: LIMIT, sort, cursor, ..ListQuery::default() })
        };
        let deep = anchors.iter().map(|anchor| page(large, Some(anchor.cursor(large, sort))));
        let (port, cookie) = (setting.server.port, setting.cookie.clone());
        Ok(Self { port, cookie, own: page(app, None), large: deep.collect() })
    }

    /// Reads for so long.
    pub async fn read_for(&self, time: Duration) -> Result<Read> {
        let reading = self.begin().await?;
        tokio::time::sleep(time).await;
        reading.end().await
    }

    /// Begins to read.
    pub async fn begin(&self) -> Result<Reading> {
        let client = Client::connect(self.port, &self.cookie).await?;
        let stop = Arc::new(AtomicBool::new(false));
        let task = read(client, self.own.clone(), Arc::clone(&self.large), Arc::clone(&stop));
        Ok(Reading { stop, task: tokio::spawn(task) })
    }
}

impl Reading {
    /// Stops; what was read since the beginning.
    pub async fn end(self) -> Result<Read> {
        self.stop.store(true, Ordering::Relaxed);
        self.task.await?
    }
}

async fn read(mut client: Client, own: String, large: Arc<[String]>, stop: Arc<AtomicBool>) -> Result<Read> {
    let (mut of_own, mut of_large) = (Vec::new(), Vec::new());
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for turn in 0_usize.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        pace.tick().await;
        let (path, samples) = match turn % 2 {
            0 => (&own, &mut of_own),
            _ => (&large[turn / 2 % large.len()], &mut of_large),
        };
        let begun = Instant::now();
        client.call(Method::GET, path, String::new()).await?;
        samples.push(begun.elapsed());
    }
    Ok(Read { own: Latency::of(of_own), large: Latency::of(of_large) })
}
