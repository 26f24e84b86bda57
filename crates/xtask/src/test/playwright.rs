//! The browser tests under e2e/: what they are told, and how their results are counted.
//!
//! They find everything in the environment: `ROLLCALL_URL` of a running server with demo accounts, `ROLLCALL_EMAIL` and
//! `ROLLCALL_PASSWORD` of its operator, `ROLLCALL_SDKAPPID` of the filled application, `ROLLCALL_PROGRAM` (the server, for
//! tests that start their own), `ROLLCALL_DATABASE_URL` (PostgreSQL, or empty for SQLite) `ROLLCALL_CHROMIUM`
//! and `ROLLCALL_SDK_PYTHON` (a Python that has the vendor-compatible server SDK).

use std::path::Path;
use std::process::Command;

use crate::process::{Result, tied, watch};
use crate::server::{Demo, Server, Storage};
use crate::tally::Counts;
use crate::workspace::root;
use crate::{browser, clients, node};

/// Enough that every list has more than one page.
const ACCOUNTS: u64 = 1_000;

/// What the tests are pointed at.
pub struct Target<'a> {
    /// The server's program.
    pub program: &'a Path,
    /// A running server.
    pub server: &'a Server,
    /// How to sign in there.
    pub demo: &'a Demo,
    /// The browser.
    pub chromium: &'a Path,
}

/// Playwright's test command, told about `target`.
pub fn command(target: &Target<'_>) -> Command {
    let folder = root().join("e2e");
    let mut command = tied(&folder.join("node_modules/.bin/playwright"), "TERM", None);
    command.arg("test").current_dir(folder);
    command
        .env("ROLLCALL_URL", target.server.url())
        .env("ROLLCALL_SDKAPPID", target.demo.sdkappid.to_string());
    command.env("ROLLCALL_EMAIL", &target.demo.email).env("ROLLCALL_PASSWORD", &target.demo.password);
    command.env("ROLLCALL_PROGRAM", target.program).env(browser::CHROMIUM_ENV, target.chromium);
    command
}

/// Runs the browser tests on the release server, on SQLite or on the PostgreSQL database `postgres`.
pub fn run(program: &Path, postgres: Option<String>, filter: &[String], counts: &mut Counts) -> Result<()> {
    node::install("e2e")?;
    let chromium = browser::ensure()?;
    let storage = Storage::fresh("e2e", postgres.clone())?;
    let demo = storage.demo(program, ACCOUNTS)?;
    let server = Server::start(program, &storage)?;
    let mut command = command(&Target { program, server: &server, demo: &demo, chromium: &chromium });
    command.env("ROLLCALL_SDK_PYTHON", clients::sdk_python()?);
    command.env("ROLLCALL_DATABASE_URL", postgres.unwrap_or_default());
    if !filter.is_empty() {
        command.args(["--grep", &filter.join("|")]);
    }
    watch(&mut command, |line| counts.add_playwright(line))
}
