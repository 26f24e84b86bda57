//! What HAProxy says of the servers by its socket.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::time::sleep;

use crate::Result;

/// How long a server may take to be found up.
const PATIENCE: Duration = Duration::from_secs(60);

/// The column of `show stat` (HAProxy's management guide, 9.1) that has a server's state.
const STATUS: usize = 17;

/// HAProxy's socket.
pub struct Haproxy(PathBuf);

impl Haproxy {
    /// The socket at a path.
    pub fn at(socket: &Path) -> Self {
        Self(socket.to_owned())
    }

    /// Returns when a server is found up.
    pub async fn up(&self, server: &str) -> Result<()> {
        let begun = Instant::now();
        let head = format!("rollcall,{server},");
        loop {
            let table = self.tell("show stat").await?;
            let line = table.lines().find(|line| line.starts_with(&head)).unwrap_or_default();
            if line.split(',').nth(STATUS) == Some("UP") {
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
