//! The first visit of a browser with an empty cache, measured in Chromium by `first-load.mjs`.

use serde::Deserialize;

use crate::measure::{Setting, script};
use crate::report::Line;
use crate::{Options, Result};

/// The script, beside this crate's manifest.
const SCRIPT: &str = "crates/bench/first-load.mjs";

/// What the script prints: medians of several visits.
#[derive(Deserialize)]
struct Visit {
    /// Bytes over the wire of scripts, styles and WASM, until nothing more comes.
    bundle_bytes: f64,
    /// With the parts that follow when the page is first used.
    all_bytes: f64,
    /// Bytes over the wire of the page itself.
    html_bytes: f64,
    requests: u64,
    first_row_ms: f64,
    interactive_ms: f64,
}

/// Measures the visit of the large application's list.
pub fn all(setting: &Setting<'_>, options: &Options) -> Result<Vec<Line>> {
    let visit: Visit = script::run(SCRIPT, setting, options)?;
    let kilobytes = visit.bundle_bytes / 1_000.0;
    Ok(vec![
        Line::at_most(
            "First load, WASM + JS + CSS",
            format!("{kilobytes:.0} kB"),
            kilobytes,
            200.0,
            Some(300.0),
            "kB",
        ),
        Line::noted(
            "First load and first use, WASM + JS + CSS",
            format!("{:.0} kB", visit.all_bytes / 1_000.0),
        ),
        Line::noted("First load, page", format!("{:.0} kB", visit.html_bytes / 1_000.0)),
        Line::noted("First load, requests", visit.requests.to_string()),
        Line::noted("First load, first row painted", format!("{:.0} ms", visit.first_row_ms)),
        Line::noted("First load, interactive", format!("{:.0} ms", visit.interactive_ms)),
    ])
}
