//! The export of every account as CSV: how fast, and how much memory it takes at its worst.

use std::time::{Duration, Instant};

use rollcall_shared::job::{Job, JobState};
use rollcall_shared::paths;
use serde_json::json;

use crate::Result;
use crate::measure::Setting;
use crate::report::Line;

/// An export that takes longer is broken.
const PATIENCE: Duration = Duration::from_secs(600);

const MEBIBYTE: f64 = 1_048_576.0;

/// Measures one export, from the request to the complete file.
pub async fn all(setting: &Setting<'_>) -> Result<Vec<Line>> {
    let app = setting.demo.large;
    let mut client = setting.client().await?;
    let before = setting.server.memory()?;
    setting.server.forget_peak()?;
    let begun = Instant::now();
    let body = json!({ "selection": null, "format": "csv", "columns": null });
    let mut job: Job = client.post(&paths::exports(app), &body).await?;
    while !job.state.is_final() {
        if begun.elapsed() > PATIENCE {
            return Err(format!("the export is at {} of {} after ten minutes", job.done, job.total).into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        job = client.get(&paths::job(app, &job.id)).await?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let file = job.result.and_then(|result| result.file);
    let Some(file) = file.filter(|_| job.state == JobState::Done) else {
        return Err(format!("the export ended as {:?}: {:?}", job.state, job.error).into());
    };
    setting.engine.forget_exports()?;
    let rate = file.rows as f64 / seconds;
    let growth = setting.server.peak_memory()?.saturating_sub(before) as f64 / MEBIBYTE;
    let shown = format!(
        "{rate:.0} rows/s ({} rows, {:.0} MiB, {seconds:.1} s)",
        file.rows,
        file.bytes as f64 / MEBIBYTE
    );
    Ok(vec![
        Line::at_least("CSV export of every account", shown, rate, 150_000.0, "rows/s"),
        Line::at_most(
            "CSV export, growth of memory",
            format!("{growth:.1} MiB"),
            growth,
            64.0,
            Some(64.0),
            "MiB",
        ),
    ])
}
