//! The table: each number with its aim and whether it was met, on the screen and as Markdown.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Failure, Result};

/// Whether a number is as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was asked of it.
    Noted,
    /// The aim is met.
    Met,
    /// The aim is missed, which is a pity.
    Missed,
    /// A gate is missed, which is a failure.
    GateMissed,
    /// The measurement itself ended with an error.
    Failed,
}

impl Verdict {
    const fn shown(self) -> &'static str {
        match self {
            Self::Noted => "",
            Self::Met => "met",
            Self::Missed => "missed",
            Self::GateMissed => "GATE MISSED",
            Self::Failed => "FAILED",
        }
    }
}

/// One measurement.
pub struct Line {
    what: String,
    value: String,
    aim: String,
    verdict: Verdict,
}

impl Line {
    /// A number of which nothing is asked. It is printed at once, so that one sees how far things are.
    pub fn noted(what: impl Into<String>, value: impl Into<String>) -> Self {
        Self::new(what.into(), value.into(), String::new(), Verdict::Noted)
    }

    /// A measurement that ended with an error; the others go on.
    pub fn failed(what: impl Into<String>, failure: &Failure) -> Self {
        // A table has one line for it.
        let sentence = failure.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        Self::new(what.into(), sentence, String::new(), Verdict::Failed)
    }

    /// A number that should be at most `aim`, and must be at most `gate` if there is one.
    pub fn at_most(
        what: impl Into<String>,
        value: impl Into<String>,
        number: f64,
        aim: f64,
        gate: Option<f64>,
        unit: &str,
    ) -> Self {
        let mut text = format!("≤ {aim} {unit}");
        if let Some(gate) = gate {
            // Writing to a string cannot fail.
            let _ = write!(text, ", gate {gate} {unit}");
        }
        let verdict = match gate {
            Some(gate) if number > gate => Verdict::GateMissed,
            _ if number > aim => Verdict::Missed,
            _ => Verdict::Met,
        };
        Self::new(what.into(), value.into(), text, verdict)
    }

    /// A number that should be at least `aim`.
    pub fn at_least(
        what: impl Into<String>,
        value: impl Into<String>,
        number: f64,
        aim: f64,
        unit: &str,
    ) -> Self {
        let verdict = if number < aim { Verdict::Missed } else { Verdict::Met };
        Self::new(what.into(), value.into(), format!("≥ {aim} {unit}"), verdict)
    }

    fn new(what: String, value: String, aim: String, verdict: Verdict) -> Self {
        println!("    {what}: {value} {}", verdict.shown());
        Self { what, value, aim, verdict }
    }
}

/// Everything that was measured.
pub struct Report {
    rows: u64,
    engines: Vec<(&'static str, Vec<Line>)>,
}

impl Report {
    /// Nothing yet.
    pub const fn new(rows: u64) -> Self {
        Self { rows, engines: Vec::new() }
    }

    /// Adds what was measured on one engine.
    pub fn add(&mut self, engine: &'static str, lines: Vec<Line>) {
        self.engines.push((engine, lines));
    }

    /// Whether no gate was missed and everything was measured.
    pub fn gates_hold(&self) -> bool {
        let fails = |line: &Line| matches!(line.verdict, Verdict::GateMissed | Verdict::Failed);
        !self.engines.iter().flat_map(|(_, lines)| lines).any(fails)
    }

    /// Prints the table.
    pub fn print(&self) {
        println!("\n{}", self.tables());
    }

    fn tables(&self) -> String {
        let mut text = String::new();
        for (engine, lines) in &self.engines {
            text.push_str(&format!(
                "## {engine}\n\n| What | Measured | Aim | Verdict |\n| --- | --- | --- | --- |\n"
            ));
            for line in lines {
                let Line { what, value, aim, verdict } = line;
                text.push_str(&format!("| {what} | {value} | {aim} | {} |\n", verdict.shown()));
            }
            text.push('\n');
        }
        text
    }

    /// Writes the table with the machine's description into `folder`; the file's path.
    pub fn write(&self, folder: &Path) -> Result<PathBuf> {
        fs::create_dir_all(folder)?;
        let day = said("date", &["-u", "+%F"]);
        let file = folder.join(format!("{day}-{}.md", self.rows));
        let title = format!("# {} accounts, {day}", self.rows);
        fs::write(
            &file,
            format!("{title}\n\n{}\n\n{}", machine(), self.tables().trim_end().to_owned() + "\n"),
        )?;
        Ok(file)
    }
}

/// Which machine the numbers are of.
fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let model = model.trim_start_matches([' ', '\t', ':']);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kilobytes: u64 =
        memory.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or_default();
    let (kernel, commit) = (said("uname", &["-sr"]), said("git", &["rev-parse", "--short", "HEAD"]));
    format!(
        "{model}, {cores} cores, {} GiB, {kernel}; commit {commit}, release build, client and server on the same machine. \
         Latencies are medians of three rounds. The databases were read once before, so what fits into memory was there.",
        kilobytes / 1_048_576
    )
}

/// What a small program prints, or nothing: the description is no reason to fail.
fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}
