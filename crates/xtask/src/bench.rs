//! `cargo xtask bench`: builds what is measured and what measures, starts the engines, and leaves the rest to `crates/bench`.

use clap::{Args, ValueEnum};

use crate::postgres::{Cluster, Durability};
use crate::process::{Result, exists, run as run_program};
use crate::server::Beside;
use crate::workspace::{cargo, root, target};
use crate::{apt, browser, node, server};

/// How `cargo xtask bench` is called.
#[derive(Args)]
pub struct Options {
    /// Accounts in the large application. More than a million are also compared with a database of a million, which is
    /// filled beside it
    #[arg(long, default_value_t = 1_000_000)]
    rows: u64,
    /// What to measure on
    #[arg(long, value_enum, default_value_t = Engine::Both)]
    engine: Engine,
    /// Only the measurements whose name contains one of these words, separated by commas; the names are start, sizes,
    /// list, jump, search, create, export, import, load, scroll, clients, servers, jobs, insertion and calls. `fill` only fills the databases
    #[arg(long)]
    only: Option<String>,
}

/// Accounts of the database that larger ones are compared with.
const SMALLER: u64 = 1_000_000;

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    Sqlite,
    Postgres,
    Both,
}

/// Runs the command.
pub fn run(options: &Options) -> Result<()> {
    node::install("e2e")?;
    let chromium = browser::ensure()?;
    if options.engine != Engine::Postgres && !exists("sqlite3") {
        apt::install(&["sqlite3"], "comparing exports with SQLite's own program")?;
    }
    let program = server::build(Beside::Nothing)?;
    run_program(cargo().args([
        "build",
        "--release",
        "--workspace",
        "--bin",
        "rollcall-bench",
        "--features",
        server::EMBED,
    ]))?;
    // Kept between runs, because filling a million accounts takes longer than measuring them. With every guarantee of a
    // production cluster: the aims are about durable writes.
    let wants_postgres = options.engine != Engine::Sqlite;
    let folder = std::env::temp_dir().join("rollcall-bench-postgres");
    let cluster = wants_postgres.then(|| Cluster::kept(folder, Durability::Full)).transpose()?;
    let mut bench = std::process::Command::new(target().join("release/rollcall-bench"));
    bench.current_dir(root()).arg("--program").arg(&program).arg("--chromium").arg(&chromium);
    bench.args(["--rows", &options.rows.to_string(), "--smaller-rows", &SMALLER.to_string()]);
    if options.engine != Engine::Postgres {
        bench.arg("--sqlite");
    }
    if let Some(cluster) = &cluster {
        bench.args(["--postgres", &cluster.database(&format!("bench_{}", options.rows))?]);
        if options.rows > SMALLER {
            bench.args(["--smaller-postgres", &cluster.database(&format!("bench_{SMALLER}"))?]);
        }
    }
    if let Some(only) = &options.only {
        bench.args(["--only", only]);
    }
    run_program(&mut bench)
}
