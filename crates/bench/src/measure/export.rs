//! Exports of every account in each format: how fast, how much memory they take at their worst, and how CSV compares with what the
//! engine's own tool writes of the same rows in the same order.
//! In the application for jobs, if there is one: a million is enough.

use std::process::{Command, Stdio};
use std::time::Instant;

use rollcall_shared::app::SdkAppId;
use rollcall_shared::job::ExportFormat;
use rollcall_shared::paths;
use serde_json::json;

use crate::measure::task::{self, Done};
use crate::measure::{ROUNDS, Setting};
use crate::report::Line;
use crate::server::Engine;
use crate::stats::median_number;
use crate::{Failure, Result};

/// The growth of memory, at most, in MiB.
const GROWTH: f64 = 64.0;
/// CSV divided by the engine's own tool, at least.
const SQLITE_AIM: f64 = 1.0;
const POSTGRES_AIM: f64 = 0.6;

/// What an export has of an account, but for custom fields.
const COLUMNS: &str = "user_id, nickname, account_type, photo_url, gender, birth_date, location, whats_up, \
                       friend_verification, language, message_settings, friending, level, role, created_at, updated_at";

/// Measures every format; CSV in turn with the engine's tool.
pub async fn all(setting: &Setting<'_>) -> Result<Vec<Line>> {
    let (mut csv, mut tool, mut last) = (Vec::new(), Vec::new(), None);
    for _ in 0..ROUNDS {
        let done = export(setting, ExportFormat::Csv).await?;
        csv.push(done.job.done as f64 / done.seconds);
        tool.push(done.job.done as f64 / by_tool(setting)?);
        last = Some(done);
    }
    let Some(last) = last else { return Ok(Vec::new()) };
    let (csv, tool) = (median_number(csv), median_number(tool));
    let name = "CSV export of every account";
    let (program, aim) = if setting.engine.has_processes() {
        ("psql COPY … CSV", POSTGRES_AIM)
    } else {
        ("sqlite3 -csv", SQLITE_AIM)
    };
    let mut lines = vec![
        Line::at_least(name, shown(csv, &last), csv, 150_000.0, "rows/s"),
        Line::noted(format!("The same rows by `{program}`"), format!("{tool:.0} rows/s")),
        Line::at_least(
            format!("{name}, against the tool"),
            format!("{:.2}", csv / tool),
            csv / tool,
            aim,
            "",
        ),
        task::growth(name, &last, GROWTH),
    ];
    for (format, name) in [
        (ExportFormat::Ndjson, "NDJSON export of every account"),
        (ExportFormat::Xlsx, "XLSX export of every account"),
    ] {
        let done = export(setting, format).await?;
        lines.push(Line::noted(name, shown(done.job.done as f64 / done.seconds, &done)));
        lines.push(task::growth(name, &done, GROWTH));
    }
    Ok(lines)
}

fn shown(rate: f64, done: &Done) -> String {
    format!("{rate:.0} rows/s ({} rows)", done.job.done)
}

/// The application that is exported.
fn exported(setting: &Setting<'_>) -> SdkAppId {
    setting.demo.jobs.unwrap_or(setting.demo.large)
}

async fn export(setting: &Setting<'_>, format: ExportFormat) -> Result<Done> {
    let app = exported(setting);
    let mut client = setting.client().await?;
    let body = json!({ "selection": null, "format": format, "columns": null });
    let done = task::run(setting, &mut client, app, &paths::exports(app), &body).await?;
    setting.engine.forget_exports()?;
    Ok(done)
}

/// The seconds that the engine's own tool takes for the same rows, in the same order, into a file.
fn by_tool(setting: &Setting<'_>) -> Result<f64> {
    let app = exported(setting);
    let file = setting.engine.data.join("by-tool.csv");
    let order = if setting.engine.has_processes() { "user_id COLLATE \"C\"" } else { "user_id" };
    let select = format!("SELECT {COLUMNS} FROM accounts WHERE app_id = {app} ORDER BY {order}");
    let mut command = tool(setting.engine, &select)?;
    let begun = Instant::now();
    let out = std::fs::File::create(&file)?;
    let status = command.stdout(out).stderr(Stdio::inherit()).status()?;
    let seconds = begun.elapsed().as_secs_f64();
    std::fs::remove_file(&file)?;
    if status.success() { Ok(seconds) } else { Err(format!("the engine's tool ended with {status}").into()) }
}

fn tool(engine: &Engine, select: &str) -> Result<Command> {
    if engine.has_processes() {
        let mut command = Command::new("psql");
        command.args(["--no-psqlrc", "--quiet", "--dbname", &engine.url, "--command"]);
        command.arg(format!("COPY ({select}) TO STDOUT WITH (FORMAT CSV, HEADER)"));
        return Ok(command);
    }
    let path = engine.url.strip_prefix("sqlite://").ok_or_else(|| Failure::from("no file"))?;
    let mut command = Command::new("sqlite3");
    command.args(["-csv", "-header", "-readonly", path, select]);
    Ok(command)
}
