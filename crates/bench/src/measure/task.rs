//! A task of the server, watched until it has ended, and what it costs in memory.

use std::time::{Duration, Instant};

use rollcall_shared::app::SdkAppId;
use rollcall_shared::job::{Job, JobState};
use rollcall_shared::paths;
use serde_json::Value;

use crate::Result;
use crate::client::Client;
use crate::measure::Setting;
use crate::report::Line;

/// A task that takes longer is broken.
const PATIENCE: Duration = Duration::from_secs(1_800);

const MEBIBYTE: f64 = 1_048_576.0;

/// A task that is done.
pub struct Done {
    /// As it ended.
    pub job: Job,
    /// From the request to the end.
    pub seconds: f64,
    /// By how many MiB the server's memory grew at its worst.
    pub growth: f64,
}

/// Asks for a task and waits for its end.
pub async fn run(
    setting: &Setting<'_>,
    client: &mut Client,
    app: SdkAppId,
    path: &str,
    body: &Value,
) -> Result<Done> {
    let before = setting.server.memory()?;
    setting.server.forget_peak()?;
    let begun = Instant::now();
    let mut job: Job = client.post(path, body).await?;
    while !job.state.is_final() {
        if begun.elapsed() > PATIENCE {
            return Err(format!("the task at {path} is at {} of {}", job.done, job.total).into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        job = client.get(&paths::job(app, &job.id)).await?;
    }
    if job.state != JobState::Done {
        return Err(format!("the task at {path} ended as {:?}: {:?}", job.state, job.error).into());
    }
    let growth = setting.server.peak_memory()?.saturating_sub(before) as f64 / MEBIBYTE;
    Ok(Done { job, seconds: begun.elapsed().as_secs_f64(), growth })
}

/// How much the memory grew, with its aim in MiB.
pub fn growth(name: &str, done: &Done, aim: f64) -> Line {
    let what = format!("{name}, growth of memory");
    Line::at_most(what, format!("{:.1} MiB", done.growth), done.growth, aim, None, "MiB")
}
