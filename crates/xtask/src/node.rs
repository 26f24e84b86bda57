//! Node packages: `npm ci` when the lock file has changed since the last time, and never a browser download.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::apt;
use crate::process::{Failure, Result, exists, output, run_quietly};
use crate::workspace::root;

/// Makes sure that Node and npm are there.
pub fn ensure() -> Result<()> {
    if exists("node") && exists("npm") {
        return Ok(());
    }
    apt::install(&["nodejs", "npm"], "building the console's bundle and testing it")
}

/// Installs the packages of `folder` (relative to the workspace) as its lock file says.
pub fn install(folder: &str) -> Result<()> {
    ensure()?;
    let folder = root().join(folder);
    let lock = fs::read(folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    run_quietly(npm.current_dir(&folder)).map_err(|failure| {
        Failure::new(format!("{failure}; `npm ci` needs the npm registry, so check the network"))
    })?;
    fs::write(stamp, lock)?;
    Ok(())
}

/// How large the file is after brotli at its highest level, as Node compresses it.
pub fn brotli_size(file: &Path) -> Result<u64> {
    let script = "const fs=require('fs'),z=require('zlib');\
        console.log(z.brotliCompressSync(fs.readFileSync(process.argv[1]),\
        {params:{[z.constants.BROTLI_PARAM_QUALITY]:11,[z.constants.BROTLI_PARAM_LGWIN]:22}}).length)";
    let size = output(Command::new("node").args([OsStr::new("-e"), OsStr::new(script), file.as_os_str()]))?;
    size.parse().map_err(|_| Failure::new(format!("node printed {size:?} instead of a size")))
}
