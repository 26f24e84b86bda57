//! The repository's own files: how long they are, and when they last changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::process::{Failure, Result, output};
use crate::workspace::root;

/// Longer files must say why.
const LONGEST: usize = 400;

/// How a long file says it, among its first lines.
const REASON: &str = "Over 400 lines because";

/// The kinds of files that people read and write.
const KINDS: [&str; 8] = ["rs", "ts", "js", "mjs", "css", "sql", "sh", "html"];

/// Fails when a source file is over 400 lines and its head gives no reason.
pub fn check_lengths() -> Result<()> {
    let listed = output(
        Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard"])
            .current_dir(root()),
    )?;
    let mut too_long = Vec::new();
    for name in listed.lines().filter(|name| KINDS.iter().any(|kind| name.ends_with(&format!(".{kind}")))) {
        // A file that is listed but deleted in the work tree has no length.
        let Ok(text) = fs::read_to_string(root().join(name)) else { continue };
        let lines = text.lines().count();
        if lines > LONGEST && !text.lines().take(20).any(|line| line.contains(REASON)) {
            too_long.push(format!("{name} ({lines} lines)"));
        }
    }
    if too_long.is_empty() {
        return Ok(());
    }
    let list = too_long.join(", ");
    Err(Failure::new(format!(
        "too long: {list}. Split by purpose, or say \"{REASON} ...\" in the first lines"
    )))
}

/// When anything under `paths` (relative to the workspace) changed last.
pub fn newest(paths: &[&str]) -> SystemTime {
    let mut newest = SystemTime::UNIX_EPOCH;
    let mut waiting: Vec<PathBuf> = paths.iter().map(|path| root().join(path)).collect();
    while let Some(path) = waiting.pop() {
        let Ok(meta) = fs::symlink_metadata(&path) else { continue };
        newest = newest.max(meta.modified().unwrap_or(SystemTime::UNIX_EPOCH));
        if meta.is_dir() && !is_output(&path) {
            waiting.extend(
                fs::read_dir(&path)
                    .into_iter()
                    .flatten()
                    .flatten()
                    .map(|entry| entry.path())
                    .filter(|path| !is_output(path)),
            );
        }
    }
    newest
}

/// What is made from the sources, not written by anyone.
fn is_output(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "node_modules" || name == "dist" || name == "target")
}
