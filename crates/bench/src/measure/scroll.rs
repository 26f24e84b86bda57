//! The list that scrolls, flung through in Chromium by `scroll.mjs`: its frames, and the memory of the tab.

use serde::Deserialize;

use crate::measure::{Setting, script};
use crate::report::Line;
use crate::{Options, Result};

/// The script, beside this crate's manifest.
const SCRIPT: &str = "crates/bench/scroll.mjs";

/// Milliseconds between two frames of a screen with 60 of them a second, and a little for the clock.
const FRAME: f64 = 17.0;

/// What the script prints.
#[derive(Deserialize)]
struct Flung {
    frames: u64,
    frame_p50_ms: f64,
    frame_p95_ms: f64,
    frame_p99_ms: f64,
    /// Work of the page's thread for a frame.
    work_ms: f64,
    /// Rows that were passed by.
    rows: u64,
    /// Of the tab's process: before, and after all.
    memory_before_mib: f64,
    memory_after_mib: f64,
    /// From letting the bar go in the middle until rows of there are seen.
    far_ms: f64,
}

/// Flings through the large application's list.
pub fn all(setting: &Setting<'_>, options: &Options) -> Result<Vec<Line>> {
    let flung: Flung = script::run(SCRIPT, setting, options)?;
    let Flung { frames, frame_p50_ms: p50, frame_p95_ms: p95, frame_p99_ms: p99, work_ms, rows, .. } = flung;
    Ok(vec![
        Line::at_most(
            "Scrolling, between frames while flinging",
            format!("p50 {p50:.1} ms, p95 {p95:.1} ms, p99 {p99:.1} ms ({frames} frames, {rows} rows)"),
            p95,
            FRAME,
            None,
            "ms p95",
        ),
        Line::noted("Scrolling, work of the page's thread for a frame", format!("{work_ms:.1} ms")),
        Line::noted(
            "Scrolling, memory of the tab",
            format!("{:.0} MiB before, {:.0} MiB after", flung.memory_before_mib, flung.memory_after_mib),
        ),
        Line::noted("Scrolling, to the middle until its rows are seen", format!("{:.0} ms", flung.far_ms)),
    ])
}
