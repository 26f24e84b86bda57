//! The server and its supervisor: whenever it ends it is started again at once, as systemd does.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use rollcall_shared::app::SdkAppId;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::Result;
use crate::client::{Ask, Client};
use crate::process::Process;
use crate::random::Random;

/// How long a server may take to be ready before we call it broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// Below the ports that Linux gives to connections: a client that knocks at the port of a dead server must not be given it.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// What `rollcall demo --json` says.
pub struct Demo {
    /// How the operator signs in.
    pub operator: Value,
    /// The application that was filled.
    pub app: SdkAppId,
}

/// A server under supervision.
pub struct Server {
    program: PathBuf,
    data: PathBuf,
    database: String,
    environment: BTreeMap<String, String>,
    process: Option<Process>,
    /// Where it listens.
    pub port: u16,
}

impl Server {
    /// A server that is not started yet, with its data in a folder.
    pub fn new(program: &Path, data: &Path, database: &str, random: &mut Random) -> Result<Self> {
        let ports = (0..100).map(|_| PORTS.start + random.below(PORTS.len() as u64) as u16);
        let mut free = ports.filter(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
        let port = free.next().ok_or("no port is free")?;
        Ok(Self::at(program, data, database, port, BTreeMap::new()))
    }

    /// The same on a given port, with more variables.
    pub fn at(
        program: &Path,
        data: &Path,
        database: &str,
        port: u16,
        environment: BTreeMap<String, String>,
    ) -> Self {
        let (program, data, database) = (program.to_owned(), data.to_owned(), database.to_owned());
        Self { program, data, database, environment, process: None, port }
    }

    fn command(&self) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig=TERM", "--"]).arg(&self.program);
        command.env("ROLLCALL_DATA", &self.data).env("DATABASE_URL", &self.database).stdin(Stdio::null());
        command.envs(&self.environment);
        command
    }

    /// Fills the database.
    pub fn demo(&self, accounts: u64) -> Result<Demo> {
        let output = self.command().args(["demo", "--accounts", &accounts.to_string(), "--json"]).output()?;
        let said: Value = serde_json::from_slice(&output.stdout)
            .map_err(|_| format!("`rollcall demo` failed:\n{}", String::from_utf8_lossy(&output.stderr)))?;
        let app =
            said.pointer("/app/sdkappid").and_then(Value::as_i64).ok_or("the demo names no application")?;
        let operator = said.get("operator").cloned().unwrap_or_default();
        let operator = json!({ "email": operator.get("email"), "password": operator.get("password") });
        Ok(Demo { operator, app: SdkAppId(app) })
    }

    /// Starts it.
    pub fn start(&mut self) -> Result<()> {
        let log = OpenOptions::new().create(true).append(true).open(self.data.join("server.log"))?;
        let mut command = self.command();
        command.args(["serve", "--listen", &format!("127.0.0.1:{}", self.port)]);
        self.process = Some(Process::start(command.stdout(Stdio::null()).stderr(log), "TERM")?);
        Ok(())
    }

    /// Waits until it says that it is ready.
    pub async fn ready(&self) -> Result<()> {
        let ready = Ask::get("/readyz".to_owned());
        let mut client = Client::new(self.port, String::new());
        let asking = async {
            while client.send(&ready).await.is_none_or(|answer| answer.status != 200) {
                sleep(Duration::from_millis(5)).await;
            }
        };
        let log = self.data.join("server.log");
        timeout(PATIENCE, asking)
            .await
            .map_err(|_| format!("the server is not ready, see {}", log.display()).into())
    }

    /// Kills it; returns when it is gone.
    pub fn kill(&mut self) -> Result<()> {
        self.process.as_mut().map_or(Ok(()), Process::kill)
    }

    /// How it ended, if it has: what the supervisor asks.
    pub fn ended(&mut self) -> Option<String> {
        let status = self.process.as_mut()?.ended()?;
        Some(status.to_string())
    }

    /// The same without holding up everyone else meanwhile.
    pub async fn stop_while_others_go_on(&mut self) -> bool {
        let Some(mut process) = self.process.take() else { return false };
        if process.ask().is_err() {
            return false;
        }
        let ending = async {
            loop {
                if let Some(status) = process.ended() {
                    break status.success();
                }
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(PATIENCE, ending).await.unwrap_or(false)
    }

    /// Asks it to end; whether it did, in good order.
    pub fn stop(&mut self) -> bool {
        self.process.take().and_then(|mut process| process.end()).is_some_and(|status| status.success())
    }
}
