//! `cargo xtask dev`: a debug build that is rebuilt and restarted whenever a source file changes.

use std::process::Command;
use std::thread;
use std::time::{Duration, SystemTime};

use clap::Args;

use crate::process::{Background, Result, run as run_program, say};
use crate::server::{EMBED, Storage};
use crate::workspace::{cargo, root, target};
use crate::{console, files};

/// How `cargo xtask dev` is called.
#[derive(Args)]
pub struct Options {
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
}

/// What the server is made of besides the console's bundle.
const SOURCES: [&str; 6] = ["backend", "crates", "frontend", "shared", "Cargo.toml", "Cargo.lock"];

/// Runs the command until Ctrl-C.
pub fn run(options: &Options) -> Result<()> {
    let storage = Storage { data: root().join("data"), database: std::env::var("DATABASE_URL").ok() };
    loop {
        let seen = newest();
        let server = rebuild().and_then(|()| Background::start(&mut serve(&storage, options), "TERM"));
        match &server {
            Ok(_) => {
                say(format_args!("serving on http://{}; a change rebuilds, Ctrl-C stops", options.listen))
            }
            Err(failure) => say(format_args!("{failure}; waiting for a change")),
        }
        while newest() == seen {
            thread::sleep(Duration::from_millis(500));
        }
        say("a source file changed: rebuilding");
        // The server goes away here, after the change and not before, so that it answers as long as it can.
        drop(server);
    }
}

fn newest() -> SystemTime {
    files::newest(&console::SOURCES).max(files::newest(&SOURCES))
}

fn rebuild() -> Result<()> {
    console::build(console::Profile::Debug)?;
    run_program(cargo().args([
        "build",
        "--package",
        "rollcall-backend",
        "--bin",
        "rollcall",
        "--features",
        EMBED,
    ]))
}

fn serve(storage: &Storage, options: &Options) -> Command {
    let mut command = storage.command(&target().join("debug/rollcall"));
    command.args(["serve", "--listen", &options.listen]);
    command
}
