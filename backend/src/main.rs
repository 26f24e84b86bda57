//! The binary `rollcall`: reads the settings and runs a command. Everything it does lives in the library.

use clap::Parser;
use rollcall_backend::{commands, config};
use std::process::ExitCode;

/// Gives memory back after a burst, SQLite's too; the system's allocator kept more than twice as much.
#[cfg(all(unix, not(target_env = "musl")))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let cli = config::Cli::parse();
    let names = std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned());
    let outcome = config::check_environment(names).map_err(Into::into).and_then(|()| commands::run(cli));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rollcall: {error}");
            ExitCode::FAILURE
        }
    }
}
