//! `cargo xtask openapi`: writes the contract that the server generates to openapi.json.

use std::fs;

use crate::process::{Result, output, say};
use crate::workspace::{cargo, root};

/// Runs the command.
pub fn write() -> Result<()> {
    let mut contract = output(cargo().args([
        "run",
        "--quiet",
        "--package",
        "rollcall-backend",
        "--bin",
        "rollcall",
        "--",
        "openapi",
    ]))?;
    contract.push('\n');
    let file = root().join("openapi.json");
    fs::write(&file, contract)?;
    say(format_args!("wrote {}", file.display()));
    Ok(())
}
