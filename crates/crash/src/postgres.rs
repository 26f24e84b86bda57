//! A PostgreSQL server that is killed with all its processes, or stopped for a while, and comes back.

use std::ffi::OsString;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};
use tokio::time::sleep;

use crate::Result;
use crate::process::{Process, descendants, signal};

/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Without these a crash may lose what was committed, and a run would mean nothing.
const DURABLE: [&str; 3] = ["fsync", "synchronous_commit", "full_page_writes"];

/// The server.
pub struct Postgres {
    command: Vec<OsString>,
    /// The URL of its maintenance database.
    url: String,
    log: PathBuf,
    process: Process,
}

impl Postgres {
    /// Starts it with a command that stays in the foreground, and waits until it answers.
    pub async fn start(command: &[OsString], url: &str, data: &Path) -> Result<Self> {
        let log = data.join("postgres.log");
        let process = spawn(command, &log)?;
        let mut server = Self { command: command.to_vec(), url: url.to_owned(), log, process };
        server.answers().await?;
        let mut connection = PgConnection::connect(url).await?;
        for setting in DURABLE {
            let show = AssertSqlSafe(format!("SHOW {setting}"));
            let value: String = sqlx::query(show).fetch_one(&mut connection).await?.try_get(0)?;
            if value != "on" {
                return Err(
                    format!("PostgreSQL runs with {setting} = {value}: a crash may lose anything").into()
                );
            }
        }
        Ok(server)
    }

    /// Makes an empty database; its URL.
    pub async fn database(&self, name: &str) -> Result<String> {
        let mut connection = PgConnection::connect(&self.url).await?;
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await?;
        let (server, _) = self.url.rsplit_once('/').ok_or("the URL names no database")?;
        Ok(format!("{server}/{name}"))
    }

    /// Kills all its processes at once and starts it again.
    pub fn crash(&mut self) -> Result<()> {
        let mut all = vec![self.process.id()];
        all.extend(self.children());
        signal("KILL", &all)?;
        // Its parent must take note before the lock of its folder counts as left behind.
        self.process.kill()?;
        self.process = spawn(&self.command, &self.log)?;
        Ok(())
    }

    /// Waits until it answers. One that ended at once is started again: it does that while processes of the one before are
    /// still going.
    pub async fn answers(&mut self) -> Result<()> {
        let begun = Instant::now();
        while PgConnection::connect(&self.url).await.is_err() {
            if self.process.ended().is_some() {
                self.process = spawn(&self.command, &self.log)?;
            }
            if begun.elapsed() > PATIENCE {
                return Err(format!("PostgreSQL does not answer, see {}", self.log.display()).into());
            }
            sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }

    /// Stops its processes that serve connections and write in the background, but not itself: those that it will let go on.
    pub fn pause(&self) -> Result<Vec<u32>> {
        let children = self.children();
        signal("STOP", &children)?;
        Ok(children)
    }

    /// A program that lies beside it.
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        let own = self.command.iter().map(Path::new).find(|part| part.ends_with("postgres"))?;
        Some(own.with_file_name(name)).filter(|program| program.exists())
    }

    fn children(&self) -> Vec<u32> {
        let own = self.process.id();
        descendants(own).into_iter().filter(|id| *id != own).collect()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Processes that were stopped could not end. Those that run do not notice.
        let _ = signal("CONT", &self.children());
    }
}

fn spawn(command: &[OsString], log: &Path) -> Result<Process> {
    let (program, arguments) = command.split_first().ok_or("no command starts PostgreSQL")?;
    let log = OpenOptions::new().create(true).append(true).open(log)?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    // SIGINT is its fast shutdown.
    Process::start(&mut command, "INT")
}
