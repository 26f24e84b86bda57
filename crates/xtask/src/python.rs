//! Python environments in the cache, one for each set of packages.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::apt;
use crate::process::{Failure, Result, run_quietly, say};
use crate::workspace::cache;

/// An environment called `name` that holds exactly these packages (`name==version`); the folder of its programs.
/// `why` says what needs it.
pub fn environment(name: &str, packages: &[&str], why: &str) -> Result<PathBuf> {
    environment_of(Path::new("python3"), name, packages, why)
}

/// The same with another Python than the one on PATH.
pub fn environment_of(python: &Path, name: &str, packages: &[&str], why: &str) -> Result<PathBuf> {
    let folder = cache()?.join("tools").join(name);
    // Written last, so that half an environment is not taken for one.
    let complete = folder.join(".complete");
    let wanted = packages.join("\n");
    if fs::read_to_string(&complete).is_ok_and(|found| found == wanted) {
        return Ok(folder.join("bin"));
    }
    say(format_args!("installing {} into {} (once)", packages.join(", "), folder.display()));
    let make = || run_quietly(Command::new(python).args(["-m", "venv", "--clear"]).arg(&folder));
    if make().is_err() {
        apt::install(&["python3", "python3-venv"], why)?;
        make()?;
    }
    run_quietly(Command::new(folder.join("bin/pip")).args(["install", "--quiet"]).args(packages)).map_err(
        |failure| {
            Failure::new(format!("{failure}; pip needs the Python package index, so check the network"))
        },
    )?;
    fs::write(complete, wanted)?;
    Ok(folder.join("bin"))
}
