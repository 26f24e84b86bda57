//! `cargo xtask`: every command anyone needs. Here is only the table of commands; each is a module.
//! The commands orchestrate programs (cargo, Trunk, npm, PostgreSQL, Chromium); they know nothing of accounts.

mod apt;
mod bench;
mod browser;
mod clients;
mod cluster;
mod console;
mod crash;
mod dev;
mod files;
mod fuzz;
mod http;
mod node;
mod openapi;
mod postgres;
mod process;
mod python;
mod run;
mod schemathesis;
mod screenshots;
mod server;
mod tally;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::process::Result;

/// Build, run, test and measure Rollcall.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing, build release and serve on http://127.0.0.1:8080
    Run(run::Options),
    /// Format, lint, test, and check the console in a real browser
    Test(test::Options),
    /// Serve a debug build and rebuild it whenever a source file changes
    Dev(dev::Options),
    /// Measure a release build with a large demo database
    Bench(bench::Options),
    /// Kill a release server and PostgreSQL under load, and say whether anything acknowledged is lost
    Crash(crash::Options),
    /// Start two servers over PostgreSQL that fails over: three nodes, etcd, Patroni, PgBouncer, HAProxy
    Cluster(cluster::Options),
    /// Break the primary of such a cluster under load, and say whether anything acknowledged is lost
    Failover(cluster::FailoverOptions),
    /// Restart the servers of such a cluster in turn under load, and say whether a request failed
    Rolling(cluster::RollingOptions),
    /// Feed the fuzz targets
    Fuzz(fuzz::Options),
    /// Build the console's bundle into frontend/dist
    Console(console::Options),
    /// Write openapi.json
    Openapi,
    /// Take the pictures under docs/screenshots, in both themes
    Screenshots,
}

fn main() -> ExitCode {
    // `cargo xtask run -- --demo 10` means the same as `cargo xtask run --demo 10`.
    let mut arguments: Vec<_> = std::env::args_os().collect();
    if arguments.get(2).is_some_and(|second| second == "--") {
        arguments.remove(2);
    }
    match dispatch(Cli::parse_from(arguments).command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nerror: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> Result<()> {
    match command {
        Command::Run(options) => run::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Dev(options) => dev::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Crash(options) => crash::run(&options),
        Command::Cluster(options) => cluster::run(&options),
        Command::Failover(options) => cluster::failover(&options),
        Command::Rolling(options) => cluster::rolling(&options),
        Command::Fuzz(options) => fuzz::run(&options),
        Command::Console(options) => console::run(&options),
        Command::Openapi => openapi::write(),
        Command::Screenshots => screenshots::run(),
    }
}
