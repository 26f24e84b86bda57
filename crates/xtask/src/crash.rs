//! `cargo xtask crash`: builds the server and what kills it, prepares the engines, and leaves the rest to `crates/crash`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::console;
use crate::postgres::{Cluster, Durability};
use crate::process::{Result, run as run_program};
use crate::server::{self, Beside, Storage};
use crate::workspace::{cargo, root, target};

/// How `cargo xtask crash` is called.
#[derive(Args)]
pub struct Options {
    /// How often the server is killed on each engine
    #[arg(long, default_value_t = 50)]
    rounds: u32,
    /// How often it is killed in each task of an import and in each export
    #[arg(long, default_value_t = 20)]
    tasks: u32,
    /// Only on this engine
    #[arg(long, value_enum)]
    only: Option<Engine>,
    /// Makes the same choices again
    #[arg(long)]
    seed: Option<u64>,
    /// A release server that is built already
    #[arg(long)]
    program: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    Sqlite,
    Postgres,
}

/// Runs the command.
pub fn run(options: &Options) -> Result<()> {
    let program = match &options.program {
        Some(program) => std::path::absolute(program)?,
        None => server::build(Beside::Nothing)?,
    };
    crash(&program, options, false)?;
    if options.tasks == 0 { Ok(()) } else { tasks(options) }
}

/// Runs the tests in which a server is killed while an import or an export is under way.
fn tasks(options: &Options) -> Result<()> {
    let cluster =
        (options.only != Some(Engine::Sqlite)).then(|| Cluster::temporary(Durability::None)).transpose()?;
    let mut test = cargo();
    test.args(["test", "--release", "--workspace", "--test", "it"]);
    if console::dist().exists() {
        // The server that was built is the server that is tested.
        test.args(["--features", server::EMBED]);
    }
    test.arg("--").arg(match options.only {
        None => "survives_kills",
        Some(Engine::Sqlite) => "survives_kills_on_sqlite",
        Some(Engine::Postgres) => "survives_kills_on_postgres",
    });
    if let Some(cluster) = &cluster {
        test.env("ROLLCALL_TEST_POSTGRES", cluster.url("postgres"));
    }
    run_program(test.env("ROLLCALL_TEST_KILLS", options.tasks.to_string()))
}

/// The short form: few kills, on both engines at the same time.
pub fn short(program: &Path) -> Result<()> {
    crash(program, &Options { rounds: 3, tasks: 0, only: None, seed: None, program: None }, true)
}

fn crash(program: &Path, options: &Options, together: bool) -> Result<()> {
    let mut build = cargo();
    build.args(["build", "--release"]);
    if options.program.is_none() {
        // The whole workspace is selected, as for the server, so that both agree on the features of dependencies.
        build.args(["--workspace", "--features", server::EMBED]);
    } else {
        build.args(["--package", "rollcall-crash"]);
    }
    run_program(build.args(["--bin", "rollcall-crash"]))?;
    let mut command = std::process::Command::new(target().join("release/rollcall-crash"));
    command.current_dir(root()).arg("kill").arg("--program").arg(program);
    command.args(["--rounds", &options.rounds.to_string()]);
    command.arg("--data").arg(Storage::fresh("crash", None)?.data);
    if let Some(seed) = options.seed {
        command.args(["--seed", &seed.to_string()]);
    }
    if together {
        command.arg("--together");
    }
    if options.only != Some(Engine::Postgres) {
        command.arg("--sqlite");
    }
    let cluster = (options.only != Some(Engine::Sqlite)).then(Cluster::prepared).transpose()?;
    if let Some(cluster) = &cluster {
        // It is the parent of the processes that it kills, so it starts them itself.
        let postgres = cluster.command(Durability::Full)?;
        command.args(["--postgres", &cluster.url("postgres"), "--"]);
        command.arg(postgres.get_program()).args(postgres.get_args());
    }
    run_program(&mut command)
}
