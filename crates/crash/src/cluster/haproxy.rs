//! What is asked of HAProxy by its socket: take a server out before it is restarted, and put it back.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::time::sleep;

use crate::Result;

/// How long a server may take to be without requests, or to be found up.
const PATIENCE: Duration = Duration::from_secs(60);

/// The columns of `show stat` (HAProxy's management guide, 9.1): sessions now, and the state.
const SESSIONS: usize = 4;
const STATUS: usize = 17;

/// HAProxy's socket.
pub struct Haproxy(PathBuf);

impl Haproxy {
    /// The socket at a path.
    pub fn at(socket: &Path) -> Self {
        Self(socket.to_owned())
    }

    /// Gives a server no new requests; returns when it has none.
    pub async fn drain(&self, server: &str) -> Result<()> {
        self.tell(&format!("set server rollcall/{server} state drain")).await?;
        self.until(server, |columns| columns.get(SESSIONS).is_some_and(|sessions| sessions == "0")).await
    }

    /// Gives a server requests again; returns when it has been found up.
    pub async fn resume(&self, server: &str) -> Result<()> {
        self.tell(&format!("set server rollcall/{server} state ready")).await?;
        self.up(server).await
    }

    /// Returns when a server is found up.
    pub async fn up(&self, server: &str) -> Result<()> {
        self.until(server, |columns| columns.get(STATUS).is_some_and(|status| status == "UP")).await
    }

    async fn until(&self, server: &str, is_so: fn(&[String]) -> bool) -> Result<()> {
        let begun = Instant::now();
        let head = format!("rollcall,{server},");
        loop {
            let table = self.tell("show stat").await?;
            let line = table.lines().find(|line| line.starts_with(&head)).unwrap_or_default();
            let columns: Vec<_> = line.split(',').map(str::to_owned).collect();
            if is_so(&columns) {
                return Ok(());
            }
            if begun.elapsed() > PATIENCE {
                return Err(format!("HAProxy says of {server}: {line}").into());
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    async fn tell(&self, command: &str) -> Result<String> {
        let mut socket = UnixStream::connect(&self.0).await?;
        socket.write_all(format!("{command}\n").as_bytes()).await?;
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await?;
        Ok(answer)
    }
}
