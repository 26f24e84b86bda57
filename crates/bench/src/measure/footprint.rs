//! What the server costs before anyone asks it anything, and what it keeps afterwards.

use crate::measure::Setting;
use crate::report::Line;
use crate::server::{Engine, Server};
use crate::stats::{median, millis};
use crate::{Options, Result};

/// Starts of which the median counts.
const STARTS: usize = 5;

const MEBIBYTE: f64 = 1_048_576.0;

/// Start-up time and the memory right after it.
pub async fn start(engine: &Engine, options: &Options) -> Result<Vec<Line>> {
    let mut times = Vec::new();
    let mut memory = 0;
    for _ in 0..STARTS {
        let server = Server::start(engine, &options.program).await?;
        times.push(server.started_in);
        memory = server.memory()?;
    }
    let time = millis(median(times));
    let memory = memory as f64 / MEBIBYTE;
    Ok(vec![
        Line::at_most("Start-up until ready", format!("{time:.0} ms"), time, 300.0, None, "ms"),
        Line::at_most("Memory after start", format!("{memory:.1} MiB"), memory, 80.0, None, "MiB"),
    ])
}

/// The memory after everything else.
pub fn afterwards(setting: &Setting<'_>) -> Result<Vec<Line>> {
    let memory = setting.server.memory()? as f64 / MEBIBYTE;
    Ok(vec![Line::at_most(
        "Memory after all of the above",
        format!("{memory:.1} MiB"),
        memory,
        80.0,
        None,
        "MiB",
    )])
}
