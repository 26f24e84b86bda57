//! `cargo xtask test`: everything that must hold, as numbered steps. Here is the list; how a step works is elsewhere.

pub mod playwright;

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::postgres::{Cluster, Durability};
use crate::process::{Failure, Result, run as run_program, watch};
use crate::server::{self, Beside, EMBED, Server, Storage};
use crate::tally::{Counts, Tally};
use crate::workspace::cargo;
use crate::{clients, cluster, console, crash, files, node, schemathesis, tools};

/// How `cargo xtask test` is called.
#[derive(Args)]
pub struct Options {
    /// Only tests (of cargo and of Playwright) whose name contains this
    filter: Vec<String>,
    /// Only these steps
    #[arg(long, value_delimiter = ',', value_name = "STEP,...")]
    only: Vec<String>,
    /// All but these steps
    #[arg(long, value_delimiter = ',', value_name = "STEP,...")]
    skip: Vec<String>,
}

/// A step: its name on the command line, its heading, and what it does.
type Step = (&'static str, &'static str, fn(&Context, &mut Counts) -> Result<()>);

/// Quick and common failures first. What builds the bundle stands before what embeds it.
const STEPS: [Step; 15] = [
    ("fmt", "Format", fmt),
    ("lengths", "Length of files", |_, _| files::check_lengths()),
    ("clippy", "Clippy for the host", clippy),
    ("clippy-wasm", "Clippy for wasm32", clippy_wasm),
    ("doc", "Documentation", doc),
    ("deny", "Licences, bans and sources", deny),
    ("bundle", "Console bundle and its size", bundle),
    ("unit", "Unit, store and API tests, on both engines", cargo_test),
    ("build", "Release server", |context, _| context.program().map(|_| ())),
    ("api", "Made-up API requests, signed out and in", api),
    ("clients", "Server SDKs and UserSig libraries of others", clients),
    ("crash", "Kills under load, on both engines", |context, _| crash::short(context.program()?)),
    ("failover", "A new primary and restarted servers under load", |context, _| {
        cluster::short(context.program()?)
    }),
    ("e2e", "Browser tests on SQLite", e2e),
    ("e2e-postgres", "Browser smoke tests on PostgreSQL", e2e_postgres),
];

/// What steps share.
struct Context {
    filter: Vec<String>,
    /// Before its primary, so that it ends first.
    replica: Option<Cluster>,
    cluster: Option<Cluster>,
    beside: Beside,
    /// Built at most once; empty when that failed.
    program: OnceCell<Option<PathBuf>>,
}

impl Context {
    fn cluster(&self) -> Result<&Cluster> {
        self.cluster
            .as_ref()
            .ok_or_else(|| Failure::new("there is no PostgreSQL cluster: see the step that starts it"))
    }

    /// The release server.
    fn program(&self) -> Result<&Path> {
        let mut failed = None;
        let program = self
            .program
            .get_or_init(|| server::build(self.beside).map_err(|failure| failed = Some(failure)).ok());
        let earlier = || Failure::new("there is no release server: see the step that builds it");
        program.as_deref().ok_or_else(|| failed.unwrap_or_else(earlier))
    }
}

/// Runs the command.
pub fn run(options: &Options) -> Result<()> {
    let wanted = |name: &str| chosen(name, options);
    let unknown =
        options.only.iter().chain(&options.skip).find(|name| !STEPS.iter().any(|(step, ..)| step == name));
    if let Some(unknown) = unknown {
        let names: Vec<&str> = STEPS.iter().map(|(name, ..)| *name).collect();
        return Err(Failure::new(format!("no step is called {unknown}; there are {}", names.join(", "))));
    }
    let mut tally = Tally::new();
    let beside = if wanted("unit") { Beside::Tests } else { Beside::Nothing };
    let filter = options.filter.clone();
    let mut context = Context { filter, replica: None, cluster: None, beside, program: OnceCell::new() };
    if ["unit", "e2e-postgres"].into_iter().any(wanted) {
        tally.step("A throw-away PostgreSQL cluster", |_| {
            context.cluster = Some(Cluster::temporary(Durability::None)?);
            Ok(())
        });
    }
    if wanted("unit") {
        tally.step("A replica of it", |_| {
            context.replica = Some(context.cluster()?.replica()?);
            Ok(())
        });
    }
    for (name, title, body) in STEPS {
        if wanted(name) {
            tally.step(title, |counts| body(&context, counts));
        }
    }
    drop(context);
    if tally.close() {
        Ok(())
    } else {
        Err(Failure::new("not everything passed; the list of failures is above"))
    }
}

fn chosen(name: &str, options: &Options) -> bool {
    // A filter names tests, so the steps without tests have nothing to do.
    let filtered = options.filter.is_empty() || ["unit", "e2e"].contains(&name);
    let asked = if options.only.is_empty() { filtered } else { options.only.iter().any(|only| only == name) };
    asked && !options.skip.iter().any(|skip| skip == name)
}

fn fmt(_: &Context, _: &mut Counts) -> Result<()> {
    run_program(cargo().args(["fmt", "--all", "--", "--check", "-l"]))
        .map_err(|failure| Failure::new(format!("{failure}; `cargo fmt --all` repairs it")))
}

fn clippy(_: &Context, _: &mut Counts) -> Result<()> {
    run_program(cargo().args(["clippy", "--release", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

fn clippy_wasm(_: &Context, _: &mut Counts) -> Result<()> {
    tools::wasm_target()?;
    let wasm = ["clippy", "--release", "--target", "wasm32-unknown-unknown"];
    let console = ["-p", "rollcall-frontend", "--features", "hydrate", "--", "-D", "warnings"];
    run_program(cargo().args(wasm).args(console))?;
    run_program(cargo().args(wasm).args([
        "-p",
        "rollcall-shared",
        "--no-default-features",
        "--",
        "-D",
        "warnings",
    ]))
}

fn doc(_: &Context, _: &mut Counts) -> Result<()> {
    let mut command = cargo();
    command.args(["doc", "--release", "--workspace", "--no-deps", "--document-private-items"]);
    run_program(command.env("RUSTDOCFLAGS", "-D warnings"))
}

fn deny(_: &Context, _: &mut Counts) -> Result<()> {
    let program = tools::cargo_deny()?;
    // Advisories would need a download, and can turn red without a change of ours.
    let mut command = std::process::Command::new(program);
    run_program(command.args(["check", "licenses", "bans", "sources"]).current_dir(crate::workspace::root()))
}

fn bundle(_: &Context, _: &mut Counts) -> Result<()> {
    node::install("frontend")?;
    console::build(console::Profile::Release)?;
    console::check_size()
}

fn cargo_test(context: &Context, counts: &mut Counts) -> Result<()> {
    let mut command = cargo();
    command.args(["test", "--release", "--workspace", "--no-fail-fast"]);
    if console::dist().exists() {
        // The server that ships is the server that is tested; without a bundle (`--only unit`) the rest still is.
        command.args(["--features", EMBED]);
    }
    // Behind the dashes, where there may be several.
    command.arg("--").args(&context.filter);
    command.env("ROLLCALL_TEST_POSTGRES", context.cluster()?.url("postgres"));
    if let Some(replica) = &context.replica {
        command.env("ROLLCALL_TEST_POSTGRES_REPLICA", replica.url("postgres"));
    }
    watch(&mut command, |line| counts.add_cargo(line))
}

fn api(context: &Context, _: &mut Counts) -> Result<()> {
    let program = context.program()?;
    let storage = Storage::fresh("schemathesis", None)?;
    let demo = storage.demo(program, 50)?;
    schemathesis::check_both(&Server::start(program, &storage)?, &demo)
}

fn clients(context: &Context, _: &mut Counts) -> Result<()> {
    let program = context.program()?;
    let storage = Storage::fresh("clients", None)?;
    let demo = storage.demo(program, 50)?;
    clients::check(&Server::start(program, &storage)?, &demo)
}

fn e2e(context: &Context, counts: &mut Counts) -> Result<()> {
    playwright::run(context.program()?, None, &context.filter, counts)
}

fn e2e_postgres(context: &Context, counts: &mut Counts) -> Result<()> {
    let database = context.cluster()?.database("e2e")?;
    playwright::run(context.program()?, Some(database), &["@smoke".to_owned()], counts)
}
