//! Kills servers and databases under load, and says whether anything that was acknowledged is lost. `cargo xtask crash`
//! builds and calls it. A kill is not a power cut: what the system holds in memory for a file survives it.

mod book;
mod check;
mod client;
mod cluster;
mod failover;
mod failures;
mod integrity;
mod job;
mod load;
mod postgres;
mod process;
mod random;
mod report;
mod run;
mod server;
mod worker;
mod write;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::cluster::Plan;

/// Anything that stops a run, as a sentence.
type Failure = Box<dyn std::error::Error + Send + Sync>;
type Result<T> = std::result::Result<T, Failure>;

/// Break Rollcall servers and their databases under load, again and again.
#[derive(Parser)]
#[command(disable_help_subcommand = true)]
enum Command {
    /// Kill one server, or its database
    Kill(Options),
    /// Start a cluster from its plan
    Cluster {
        /// The file that `cargo xtask` writes
        plan: PathBuf,
        #[command(subcommand)]
        then: Then,
    },
}

/// What is done with a cluster.
#[derive(Subcommand)]
enum Then {
    /// Let it run until Ctrl-C
    Run,
    /// Break it under load
    Failover(failover::Options),
}

#[derive(Args)]
struct Options {
    /// The server's program
    #[arg(long)]
    program: PathBuf,
    /// How often the server is killed on each engine
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Makes the same choices again
    #[arg(long)]
    seed: Option<u64>,
    /// Accounts that are there before
    #[arg(long, default_value_t = 2_000)]
    accounts: u64,
    /// An empty folder for databases and logs
    #[arg(long)]
    data: PathBuf,
    /// Run on SQLite
    #[arg(long)]
    sqlite: bool,
    /// Run on PostgreSQL: the URL of its maintenance database, as soon as the command runs
    #[arg(long, value_name = "URL", requires = "postgres_command")]
    postgres: Option<String>,
    /// Run on both engines at the same time: quicker, but outages are longer
    #[arg(long)]
    together: bool,
    /// Starts PostgreSQL in the foreground
    #[arg(last = true)]
    postgres_command: Vec<OsString>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match Command::parse() {
        Command::Kill(options) => run(&options).await,
        Command::Cluster { plan, then } => with_cluster(&plan, &then).await,
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!(
                "error: something that was acknowledged is lost, doubled or wrong; the sentences are above"
            );
            ExitCode::FAILURE
        }
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Runs on a cluster; whether everything is as it must be.
async fn with_cluster(plan: &Path, then: &Then) -> Result<bool> {
    let plan = Plan::read(plan)?;
    let folder = plan.folder.clone();
    let outcome = match then {
        Then::Run => cluster::until_interrupted(plan).await.map(|()| true),
        Then::Failover(options) => failover::run(options, plan).await,
    };
    if !matches!(outcome, Ok(true)) {
        println!("logs and databases are left in {}", folder.display());
    } else if let Err(failure) = std::fs::remove_dir_all(&folder) {
        eprintln!("{} could not be removed: {failure}", folder.display());
    }
    outcome
}

/// Runs on every engine asked for; whether everything is as it must be.
async fn run(options: &Options) -> Result<bool> {
    let seed = options.seed.unwrap_or_else(random::seed);
    println!("seed {seed}");
    // Children are tied to the thread that starts them, so both runs stay on this one.
    let sqlite = async { if options.sqlite { run::sqlite(options, seed).await.map(Some) } else { Ok(None) } };
    let postgres = async {
        match &options.postgres {
            Some(url) => run::postgres(options, url, seed).await.map(Some),
            None => Ok(None),
        }
    };
    let (sqlite, postgres) =
        if options.together { tokio::try_join!(sqlite, postgres)? } else { (sqlite.await?, postgres.await?) };
    let all: Vec<_> = [sqlite, postgres].into_iter().flatten().collect();
    Ok(report::print(&all))
}
