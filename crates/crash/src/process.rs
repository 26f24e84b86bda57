//! Programs that are killed on purpose, and never left behind.

use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use crate::Result;

/// How long a program may take to end when it is asked to.
const PATIENCE: Duration = Duration::from_secs(15);

/// A child in the background.
pub struct Process {
    child: Child,
    /// The signal that asks it to end.
    asks: &'static str,
}

impl Process {
    /// Starts it; `asks` is the signal that asks it to end.
    pub fn start(command: &mut Command, asks: &'static str) -> Result<Self> {
        Ok(Self { child: command.spawn()?, asks })
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Kills it without a warning; returns when it is gone.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to end.
    pub fn ask(&self) -> Result<()> {
        signal(self.asks, &[self.id()])
    }

    /// Asks it to end and waits; how it ended, if it did.
    pub fn end(&mut self) -> Option<ExitStatus> {
        let begun = Instant::now();
        if self.ended().is_none() && self.ask().is_ok() {
            while self.ended().is_none() && begun.elapsed() < PATIENCE {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        self.ended()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.end().is_none() {
            // Nothing gentler is left, and a failure here means that it is gone already.
            let _ = self.kill();
        }
    }
}

/// Sends a signal to processes, to all of them at once. Those that are gone already are no failure.
pub fn signal(name: &str, ids: &[u32]) -> Result<()> {
    let mut kill = Command::new("kill");
    kill.arg(format!("-{name}")).args(ids.iter().map(u32::to_string));
    kill.stderr(std::process::Stdio::null()).status()?;
    Ok(())
}

/// A process and all that descend from it.
pub fn descendants(id: u32) -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let all: Vec<u32> = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    let parents: Vec<_> = all.into_iter().filter_map(|id| Some((id, parent(id)?))).collect();
    let mut found = vec![id];
    let mut next = 0;
    while let Some(of) = found.get(next).copied() {
        found.extend(parents.iter().filter(|(_, parent)| *parent == of).map(|(id, _)| *id));
        next += 1;
    }
    found
}

fn parent(id: u32) -> Option<u32> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("PPid:"))?.trim().parse().ok()
}
