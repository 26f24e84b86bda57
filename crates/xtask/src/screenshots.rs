//! `cargo xtask screenshots`: the pictures under docs/screenshots, taken of a demo server by `e2e/screenshots.ts`.

use crate::process::{Result, run as run_program};
use crate::server::{self, Beside, Server, Storage};
use crate::test::playwright;
use crate::{browser, node};

/// Enough to fill a page and to make the numbers look like somebody's.
const ACCOUNTS: u64 = 1_284;

/// Runs the command.
pub fn run() -> Result<()> {
    node::install("e2e")?;
    let chromium = browser::ensure()?;
    let program = server::build(Beside::Nothing)?;
    let storage = Storage::fresh("screenshots", None)?;
    let demo = storage.demo(&program, ACCOUNTS)?;
    let server = Server::start(&program, &storage)?;
    let mut command = playwright::command(&playwright::Target {
        program: &program,
        server: &server,
        demo: &demo,
        chromium: &chromium,
    });
    run_program(command.args(["--config", "screenshots.config.ts"]))
}
