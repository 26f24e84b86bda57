//! Measures a release server and says for each number whether it meets its aim. `cargo xtask bench` builds and calls it.
//! What is measured is in `measure/`; the aims stand beside the measurements.

mod client;
mod cpu;
mod dataset;
mod draw;
mod measure;
mod report;
mod server;
mod sql;
mod stats;
mod warm;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;

use crate::measure::Setting;
use crate::measure::list::Smaller;
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
    /// Accounts of a smaller database, which larger ones are compared with
    #[arg(long, default_value_t = 1_000_000)]
    smaller_rows: u64,
    /// The PostgreSQL database for the smaller one; without it there is no comparison on PostgreSQL
    #[arg(long, value_name = "URL")]
    smaller_postgres: Option<String>,
    /// Only the measurements whose name contains one of these words; the names are start, sizes, list, jump, search,
    /// create, export, import, load, scroll, clients, servers, jobs, insertion and calls. `fill` only fills the databases
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
    for engines in engines(options)? {
        let (name, begun) = (engines.engine.name(), Instant::now());
        println!("\n=== {name} with {} accounts", options.rows);
        // What was measured on one engine is not lost because the other could not be.
        let lines =
            measure_on(&engines, options).await.unwrap_or_else(|failure| vec![Line::failed(name, &failure)]);
        println!("    ({name} took {:.1} min)", begun.elapsed().as_secs_f64() / 60.0);
        report.add(name, lines);
    }
    report.print();
    println!("written to {}", report.write(&options.results)?.display());
    Ok(report.gates_hold())
}

/// An engine, and the same engine with a smaller database if there is something to compare.
struct Engines {
    engine: Engine,
    smaller: Option<Engine>,
}

fn engines(options: &Options) -> Result<Vec<Engines>> {
    let folder = |name: &str, rows: u64| options.data.join(format!("{name}-{rows}"));
    let compared = (options.rows > options.smaller_rows).then_some(options.smaller_rows);
    let mut engines = Vec::new();
    if options.sqlite {
        let smaller = compared.map(|rows| Engine::sqlite(&folder("sqlite", rows))).transpose()?;
        engines.push(Engines { engine: Engine::sqlite(&folder("sqlite", options.rows))?, smaller });
    }
    if let Some(url) = &options.postgres {
        let smaller = compared.zip(options.smaller_postgres.as_ref());
        let smaller =
            smaller.map(|(rows, url)| Engine::postgres(&folder("postgres", rows), url)).transpose()?;
        engines.push(Engines { engine: Engine::postgres(&folder("postgres", options.rows), url)?, smaller });
    }
    Ok(engines)
}

/// Notes how long a part took, so that one knows what a run costs.
struct Parts<'a> {
    only: &'a [String],
    lines: Vec<Line>,
}

impl Parts<'_> {
    fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|word| name.contains(word.as_str()))
    }

    /// Measures a part, if it is asked for. One that fails is a line of the table, and the others are measured.
    async fn add(&mut self, name: &str, measurement: impl Future<Output = Result<Vec<Line>>>) {
        if !self.wants(name) {
            return;
        }
        let begun = Instant::now();
        match measurement.await {
            Ok(lines) => self.lines.extend(lines),
            Err(failure) => self.lines.push(Line::failed(name, &failure)),
        }
        println!("    ({name} took {:.0} s)", begun.elapsed().as_secs_f64());
    }
}

async fn measure_on(engines: &Engines, options: &Options) -> Result<Vec<Line>> {
    let mut parts = Parts { only: &options.only, lines: Vec::new() };
    let begun = Instant::now();
    let engine = &engines.engine;
    let jobs = parts.wants("jobs")
        || options.only.iter().any(|word| word == "fill")
        || (parts.wants("export") && options.rows > dataset::FOR_JOBS);
    let demo = dataset::prepare(engine, options, options.rows, jobs).await?;
    let beside = match &engines.smaller {
        Some(smaller) if parts.wants("list") => {
            let demo = dataset::prepare(smaller, options, options.smaller_rows, false).await?;
            warm::read_through(smaller).await?;
            Some((smaller, demo))
        }
        _ => None,
    };
    warm::read_through(engine).await?;
    println!("    (preparations took {:.0} s)", begun.elapsed().as_secs_f64());

    parts.add("start", measure::footprint::start(engine, options)).await;
    let setting = Setting::new(engine, options, demo).await?;
    parts.add("sizes", measure::sizes::all(&setting)).await;
    parts.add("list", list(&setting, beside, options)).await;
    parts.add("jump", measure::jump::all(&setting, options.rows)).await;
    parts.add("search", measure::search::all(&setting, options.rows)).await;
    parts.add("create", measure::create::all(&setting)).await;
    parts.add("export", measure::export::all(&setting)).await;
    parts.add("import", measure::import::all(&setting, options.rows)).await;
    parts.add("load", async { measure::load::all(&setting, options) }).await;
    parts.add("scroll", async { measure::scroll::all(&setting, options) }).await;
    parts.lines.extend(measure::footprint::afterwards(&setting)?);
    parts.add("clients", measure::clients::all(&setting)).await;
    if engine.has_processes() {
        parts.add("servers", measure::servers::all(&setting, options)).await;
    }
    parts.add("jobs", measure::jobs::all(&setting)).await;
    parts.add("insertion", measure::insertion::all(&setting)).await;
    // Last, because it stops the server.
    parts.add("calls", measure::calls::all(setting, options)).await;
    Ok(parts.lines)
}

/// The lists, beside those of a smaller database if there is one, whose server is there for that only.
async fn list(
    setting: &Setting<'_>,
    smaller: Option<(&Engine, dataset::Demo)>,
    options: &Options,
) -> Result<Vec<Line>> {
    let Some((engine, demo)) = smaller else { return measure::list::all(setting, None).await };
    let beside = Setting::new(engine, options, demo).await?;
    let smaller = Smaller { setting: &beside, rows: options.smaller_rows };
    measure::list::all(setting, Some(&smaller)).await
}
