//! `cargo xtask cluster`, `failover` and `rolling`: several servers over PostgreSQL that fails over. Here a layout is made
//! for `crates/crash`, which starts it, breaks it and says what came of it. What the layout is, docs/scaling.md says.

mod layout;
mod network;
mod programs;

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::{Args, ValueEnum};

use crate::process::{Failure, Result, run as run_program, say};
use crate::server::{self, Beside};
use crate::workspace::{cargo, is_root, root, target};
use layout::Layout;
use network::Network;

/// How `cargo xtask cluster` is called.
#[derive(Args)]
pub struct Options {
    /// A release server that is built already
    #[arg(long)]
    program: Option<PathBuf>,
}

/// How `cargo xtask failover` is called.
#[derive(Args)]
pub struct FailoverOptions {
    /// How often the primary is broken in each way
    #[arg(long, default_value_t = 10)]
    rounds: u32,
    /// Only in these ways
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["kill", "stop", "cut"])]
    kinds: Vec<Kind>,
    /// Makes the same choices again
    #[arg(long)]
    seed: Option<u64>,
    /// A release server that is built already
    #[arg(long)]
    program: Option<PathBuf>,
}

/// How `cargo xtask rolling` is called.
#[derive(Args)]
pub struct RollingOptions {
    /// How often each server is restarted
    #[arg(long, default_value_t = 10)]
    rounds: u32,
    /// A release server that is built already
    #[arg(long)]
    program: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// SIGKILL of Patroni and all processes of PostgreSQL
    Kill,
    /// SIGSTOP of them, and SIGCONT when there is another primary
    Stop,
    /// The machine's network goes away, and comes back when there is another primary
    Cut,
}

/// Runs until Ctrl-C.
pub fn run(options: &Options) -> Result<()> {
    let mut command = crash(options.program.as_deref(), Network::Loopback)?;
    command.arg("run");
    // Ctrl-C must reach the one that ends everything, and this process would end before it.
    Err(Failure::new(command.exec().to_string()))
}

/// Breaks the primary, again and again.
pub fn failover(options: &FailoverOptions) -> Result<()> {
    // Only a network of its own can be taken away from a node.
    let cuts = options.kinds.contains(&Kind::Cut);
    if cuts && !is_root() {
        return Err(Failure::new(
            "the network of a node is cut by network namespaces, which only root may make: run this as root, or leave \
             it out by `--kinds kill,stop`",
        ));
    }
    let network = if cuts { Network::Namespaces } else { Network::Loopback };
    let mut command = crash(options.program.as_deref(), network)?;
    command.args(["failover", "--rounds", &options.rounds.to_string()]);
    if let Some(seed) = options.seed {
        command.args(["--seed", &seed.to_string()]);
    }
    for kind in &options.kinds {
        command.arg(match kind {
            Kind::Kill => "--kill",
            Kind::Stop => "--stop",
            Kind::Cut => "--cut",
        });
    }
    run_program(&mut command)
}

/// Restarts the servers in turn, again and again.
pub fn rolling(options: &RollingOptions) -> Result<()> {
    let mut command = crash(options.program.as_deref(), Network::Loopback)?;
    run_program(command.args(["failover", "--rounds", &options.rounds.to_string(), "--restart"]))
}

/// The short form: the primary is killed once, and each server is restarted once.
pub fn short(program: &Path) -> Result<()> {
    let mut command = crash(Some(program), Network::Loopback)?;
    run_program(command.args(["failover", "--rounds", "1", "--kill", "--restart"]))
}

/// Builds what is needed and makes a layout; the command that knows it and wants to be told what to do.
fn crash(program: Option<&Path>, network: Network) -> Result<Command> {
    let programs = programs::ensure()?;
    let server = match program {
        Some(program) => std::path::absolute(program)?,
        None => server::build(Beside::Nothing)?,
    };
    // Alone, so that a server that is built already is enough to begin.
    run_program(cargo().args(["build", "--release", "--package", "rollcall-crash"]))?;
    let plan = Layout::new(network)?.write(&programs, &server)?;
    say(format_args!("the cluster is laid out in {}", plan.parent().unwrap_or(&plan).display()));
    let mut command = Command::new(target().join("release/rollcall-crash"));
    command.current_dir(root()).arg("cluster").arg(plan);
    Ok(command)
}
