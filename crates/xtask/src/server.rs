//! The server: built once in release with the console inside, filled with demo accounts, started and stopped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::process::{Background, Failure, Result, output, run, tied, wait_until};
use crate::workspace::{cargo, free_port, root, target};
use crate::{browser, console, http};

/// What is compiled together with the server.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Nothing.
    Nothing,
    /// Every test: their dependencies switch features of ours on, so building them later would compile some of it again.
    Tests,
}

/// Builds the console's bundle and the release server around it; the path of its program.
pub fn build(beside: Beside) -> Result<PathBuf> {
    console::build(console::Profile::Release)?;
    // The whole workspace is selected, as for the tests, so that both agree on the features of dependencies.
    let mut command = cargo();
    command.args(["build", "--release", "--workspace", "--bin", "rollcall", "--features", EMBED]);
    if beside == Beside::Tests {
        command.arg("--tests");
    }
    run(&mut command)?;
    Ok(target().join("release/rollcall"))
}

/// The feature that puts the bundle into the program.
pub const EMBED: &str = "rollcall-backend/embed-console";

/// Says how many accounts the browser tests of large files make.
pub const LARGE_ACCOUNTS_ENV: &str = "ROLLCALL_LARGE_ACCOUNTS";

/// Where a server keeps what it knows.
pub struct Storage {
    /// The folder for the database, the master key and exports.
    pub data: PathBuf,
    /// The URL of another database than SQLite in the folder.
    pub database: Option<String>,
}

impl Storage {
    /// A folder below the build folder that was empty a moment ago.
    pub fn fresh(name: &str, database: Option<String>) -> Result<Self> {
        let data = target().join("xtask").join(name);
        if data.exists() {
            fs::remove_dir_all(&data)?;
        }
        fs::create_dir_all(&data)?;
        Ok(Self { data, database })
    }

    /// The program with its storage set.
    pub fn command(&self, program: &Path) -> Command {
        self.set(tied(program, "TERM", None))
    }

    fn set(&self, mut command: Command) -> Command {
        command.current_dir(root()).env("ROLLCALL_DATA", &self.data).env_remove("DATABASE_URL");
        // The server refuses settings that it does not know, and these are ours.
        command.env_remove(browser::CHROMIUM_ENV).env_remove(LARGE_ACCOUNTS_ENV);
        if let Some(url) = &self.database {
            command.env("DATABASE_URL", url);
        }
        command
    }

    /// Fills the storage with demo accounts and answers how to sign in.
    pub fn demo(&self, program: &Path, accounts: u64) -> Result<Demo> {
        let mut command = self.command(program);
        command.args(["demo", "--accounts", &accounts.to_string(), "--json"]);
        Demo::parse(&output(&mut command)?)
    }
}

/// What `rollcall demo --json` says.
pub struct Demo {
    /// The operator's e-mail address.
    pub email: String,
    /// The operator's password.
    pub password: String,
    /// The application that was filled.
    pub sdkappid: u64,
    /// Its secret key.
    pub secret_key: String,
}

impl Demo {
    fn parse(text: &str) -> Result<Self> {
        let unexpected =
            || Failure::new(format!("`rollcall demo --json` printed something else than expected: {text}"));
        let json: Value = serde_json::from_str(text).map_err(|_| unexpected())?;
        let string =
            |path: &str| json.pointer(path).and_then(Value::as_str).map(str::to_owned).ok_or_else(unexpected);
        let sdkappid = json.pointer("/app/sdkappid").and_then(Value::as_u64).ok_or_else(unexpected)?;
        let secret_key = string("/app/secret_key")?;
        Ok(Self {
            email: string("/operator/email")?,
            password: string("/operator/password")?,
            sdkappid,
            secret_key,
        })
    }
}

/// A running server, stopped when it goes away.
pub struct Server {
    _process: Background,
    /// The port on the loopback interface.
    pub port: u16,
}

impl Server {
    /// Starts the server on a free port, its log in the data folder, and waits until it is ready.
    pub fn start(program: &Path, storage: &Storage) -> Result<Self> {
        let port = free_port()?;
        let log = storage.data.join("server.log");
        let file = fs::File::create(&log)?;
        let mut command = storage.command(program);
        command.args(["serve", "--listen", &format!("127.0.0.1:{port}")]);
        // Where the tests' receivers are.
        command.arg("--webhooks-to-private-networks");
        let mut process = Background::start(command.stdout(Stdio::null()).stderr(file), "TERM")?;
        wait_until(Duration::from_secs(60), "the server was not ready within a minute", || {
            if process.ended().is_some() {
                let said = fs::read_to_string(&log).unwrap_or_default();
                return Err(Failure::new(format!("the server ended at once:\n{said}")));
            }
            Ok(http::get(port, "/readyz").is_ok_and(|answer| answer.status == 200))
        })?;
        Ok(Self { _process: process, port })
    }

    /// The address for browsers and other clients.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Whether the session of this cookie still lasts.
    pub fn is_signed_in(&self, cookie: &str) -> Result<bool> {
        Ok(http::get_as(self.port, "/api/v1/session", cookie)?.status == 200)
    }

    /// Signs in and answers the session's cookie (`name=value`).
    pub fn sign_in(&self, demo: &Demo) -> Result<String> {
        let body = serde_json::json!({ "email": demo.email, "password": demo.password }).to_string();
        let answer = http::post(self.port, "/api/v1/session", &body)?;
        let cookie = answer.cookie().map(str::to_owned);
        cookie.ok_or_else(|| Failure::new(format!("signing in answered {}: {}", answer.status, answer.body)))
    }
}
