//! Measures a release server and says for each number whether it meets its aim. `cargo xtask bench` builds and calls it.
//! What is measured is in `measure/`; the aims stand beside the measurements.

mod client;
mod cpu;
mod dataset;
mod measure;
mod report;
mod server;
mod sql;
mod stats;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::report::{Line, Report};
use crate::server::Engine;

/// The server's, because calls of the store in this process are compared with the same calls in the server.
#[cfg(all(unix, not(target_env = "musl")))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Anything that stops a measurement, as a sentence.
type Failure = Box<dyn std::error::Error + Send + Sync>;
type Result<T> = std::result::Result<T, Failure>;

/// Measure a Rollcall server.
#[derive(Parser)]
struct Options {
    /// The server's program
    #[arg(long)]
    program: PathBuf,
    /// The browser for the first load
    #[arg(long)]
    chromium: PathBuf,
    /// Accounts in the large application
    #[arg(long, default_value_t = 1_000_000)]
    rows: u64,
    /// Measure on SQLite
    #[arg(long)]
    sqlite: bool,
    /// Measure on this PostgreSQL database
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// Only the measurements whose name contains one of these words; the names are start, list, search, create,
    /// export, load, clients and calls
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Where databases are kept between runs
    #[arg(long, default_value = "bench-data")]
    data: PathBuf,
    /// Where the results are written
    #[arg(long, default_value = "bench/results")]
    results: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Options::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Measures on every engine asked for; whether all gates hold.
async fn run(options: &Options) -> Result<bool> {
    let mut report = Report::new(options.rows);
    for engine in engines(options)? {
        println!("\n=== {} with {} accounts", engine.name(), options.rows);
        let lines = measure_on(&engine, options).await?;
        report.add(engine.name(), lines);
    }
    report.print();
    println!("written to {}", report.write(&options.results)?.display());
    Ok(report.gates_hold())
}

fn engines(options: &Options) -> Result<Vec<Engine>> {
    let folder = |name: &str| options.data.join(format!("{name}-{}", options.rows));
    let mut engines = Vec::new();
    if options.sqlite {
        engines.push(Engine::sqlite(&folder("sqlite"))?);
    }
    if let Some(url) = &options.postgres {
        engines.push(Engine::postgres(&folder("postgres"), url)?);
    }
    Ok(engines)
}

async fn measure_on(engine: &Engine, options: &Options) -> Result<Vec<Line>> {
    let demo = dataset::prepare(engine, options).await?;
    let mut lines = Vec::new();
    let wanted =
        |name: &str| options.only.is_empty() || options.only.iter().any(|word| name.contains(word.as_str()));
    if wanted("start") {
        lines.extend(measure::footprint::start(engine, options).await?);
    }
    let setting = measure::Setting::new(engine, options, demo).await?;
    if wanted("list") {
        lines.extend(measure::list::all(&setting).await?);
    }
    if wanted("search") {
        lines.extend(measure::search::all(&setting).await?);
    }
    if wanted("create") {
        lines.extend(measure::create::all(&setting).await?);
    }
    if wanted("export") {
        lines.extend(measure::export::all(&setting).await?);
    }
    if wanted("load") {
        lines.extend(measure::load::all(&setting, options)?);
    }
    lines.extend(measure::footprint::afterwards(&setting)?);
    if wanted("clients") {
        lines.extend(measure::clients::all(&setting).await?);
    }
    // Last, because it stops the server.
    if wanted("calls") {
        lines.extend(measure::calls::all(setting, options).await?);
    }
    Ok(lines)
}
