//! `cargo xtask run`: from a clean clone to a console in the browser.

use std::process::Stdio;

use clap::Args;

use crate::console;
use crate::process::{Background, Failure, Result, run as run_program, say};
use crate::server::{self, Beside, Storage};
use crate::workspace::root;

/// How `cargo xtask run` is called.
#[derive(Args)]
pub struct Options {
    /// Fill an application with this many demo accounts first (skipped when it has been filled)
    #[arg(long, value_name = "ACCOUNTS")]
    demo: Option<u64>,
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
}

/// Runs the command until Ctrl-C.
pub fn run(options: &Options) -> Result<()> {
    let program = server::build(Beside::Nothing)?;
    console::print_sizes()?;
    let storage = Storage { data: root().join("data"), database: std::env::var("DATABASE_URL").ok() };
    if let Some(accounts) = options.demo {
        run_program(storage.command(&program).args([
            "demo",
            "--accounts",
            &accounts.to_string(),
            "--listen",
            &options.listen,
        ]))?;
    }
    say(format_args!("serving on http://{} (Ctrl-C stops it)", options.listen));
    let mut command = storage.command(&program);
    command.args(["serve", "--listen", &options.listen]).stdout(Stdio::inherit());
    let status = Background::start(&mut command, "TERM")?.wait()?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("the server ended with {status}"))) }
}
