//! `cargo xtask console`: the bundle in `frontend/dist`: Trunk, then wasm-opt, then the sizes, which have a limit.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use clap::Args;

use crate::process::{Failure, Result, exists, run as run_program, say};
use crate::workspace::{cargo, path_with, root, target};
use crate::{files, node, tools};

/// How `cargo xtask console` is called.
#[derive(Args)]
pub struct Options {
    /// Build quickly and without optimisation
    #[arg(long)]
    debug: bool,
}

/// How the bundle is built.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Profile {
    /// As small as it gets, for users.
    Release,
    /// As soon as it gets, for developers.
    Debug,
}

/// What all files together in brotli should weigh at most: people open the console on bad networks.
pub const SIZE_AIM: u64 = 300_000;
/// More than this is a failed build. The aim is missed so far, and this number only goes down until it is met.
pub const SIZE_LIMIT: u64 = 405_000;

/// What goes into the bundle, relative to the workspace.
pub const SOURCES: [&str; 7] = [
    "frontend",
    "shared",
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    "rust-toolchain.toml",
    "crates/xtask/src/console.rs",
];

/// What today's rustc emits; wasm-opt must be told.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Runs the command.
pub fn run(options: &Options) -> Result<()> {
    build(if options.debug { Profile::Debug } else { Profile::Release })?;
    print_sizes().map(|_| ())
}

/// The folder that Trunk fills and the server embeds.
pub fn dist() -> PathBuf {
    root().join("frontend/dist")
}

/// Builds the bundle unless it is newer than everything that it is made of.
pub fn build(profile: Profile) -> Result<()> {
    let stamp = target().join("console.stamp");
    let meaning = format!("{profile:?} {}", root().display());
    if is_current(&stamp, &meaning) {
        say("the bundle in frontend/dist is up to date");
        return Ok(());
    }
    // Made first and named last: a source that changes while we build is newer than the stamp.
    let unfinished = target().join("console.stamp.unfinished");
    fs::create_dir_all(target())?;
    fs::write(&unfinished, meaning)?;
    trunk(profile)?;
    rename("js")?;
    rename("wasm")?;
    if profile == Profile::Release {
        optimise()?;
    }
    // Trunk's page has an inline script, which the server's Content-Security-Policy forbids; the server renders its own.
    fs::remove_file(dist().join("index.html"))?;
    fs::rename(unfinished, stamp)?;
    Ok(())
}

fn is_current(stamp: &Path, meaning: &str) -> bool {
    let built = fs::metadata(stamp).and_then(|meta| meta.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    dist().exists()
        && fs::read_to_string(stamp).is_ok_and(|text| text == meaning)
        && files::newest(&SOURCES) < built
}

fn trunk(profile: Profile) -> Result<()> {
    tools::wasm_target()?;
    let trunk = tools::trunk()?;
    let folders: Vec<PathBuf> = tools::wasm_bindgen()?.parent().map(Path::to_path_buf).into_iter().collect();
    let mut command = cargo_env(Command::new(trunk));
    command.args(["build", "--config", "Trunk.toml"]);
    match profile {
        Profile::Release => command.args(["--release", "--cargo-profile", "wasm-release"]),
        Profile::Debug => command.args(["--cargo-profile", "dev"]),
    };
    // A build folder of its own, so that neither build waits for the other's lock.
    command.env("CARGO_TARGET_DIR", target().join("wasm"));
    command.env("PATH", path_with(&folders)?).env("TRUNK_SKIP_VERSION_CHECK", "true").env_remove("NO_COLOR");
    run_program(&mut command)
}

/// What `cargo()` clears from its environment must not reach the cargo that Trunk starts either.
fn cargo_env(mut command: Command) -> Command {
    for (name, _) in cargo().get_envs().filter(|(_, value)| value.is_none()) {
        command.env_remove(name);
    }
    command.current_dir(root());
    command
}

/// Trunk names the files after the package; the server, and Leptos after it, call them `frontend`.
fn rename(kind: &str) -> Result<()> {
    for file in bundle_files(kind)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if let Some(short) = name.strip_prefix("rollcall-") {
            fs::rename(&file, file.with_file_name(short))?;
        }
    }
    Ok(())
}

/// Shrinks the WASM. Without Node the bundle works as well and is only larger.
fn optimise() -> Result<()> {
    if let Err(failure) = node::install("frontend") {
        say(format_args!("the bundle stays a third larger than need be: {failure}"));
        return Ok(());
    }
    let optimiser = root().join("frontend/node_modules/.bin/wasm-opt");
    let shrink = root().join("frontend/shrink.mjs");
    for file in bundle_files("wasm")? {
        run_program(Command::new("node").arg(&shrink).arg(&file))?;
        run_program(Command::new(&optimiser).arg("-Oz").args(FEATURES).arg(&file).arg("-o").arg(&file))?;
    }
    Ok(())
}

/// The files of one kind in the bundle.
fn bundle_files(kind: &str) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(dist())?.collect::<std::io::Result<Vec<_>>>()?;
    let mut files: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == kind));
    files.sort();
    Ok(files)
}

/// Prints what each file weighs in brotli, and answers their sum: what a first visit downloads of them.
pub fn print_sizes() -> Result<u64> {
    if !exists("node") {
        say("no sizes: Node, which compresses for us, is not installed");
        return Ok(0);
    }
    let mut sum = 0;
    for kind in ["wasm", "js", "css"] {
        for file in bundle_files(kind)? {
            let (raw, small) = (fs::metadata(&file)?.len(), node::brotli_size(&file)?);
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            say(format_args!("{name:<28} {raw:>9} bytes, {small:>7} in brotli"));
            sum += small;
        }
    }
    say(format_args!("{:<28} {:>9}        {sum:>7} in brotli (aim {SIZE_AIM})", "together", ""));
    Ok(sum)
}

/// Fails when the bundle is above its limit.
pub fn check_size() -> Result<()> {
    let sum = print_sizes()?;
    if sum == 0 {
        return Err(Failure::new("the bundle's size is unknown: install Node"));
    }
    if sum > SIZE_LIMIT {
        return Err(Failure::new(format!(
            "the bundle weighs {sum} bytes in brotli, over {SIZE_LIMIT}: look for what came in last (`twiggy top`)"
        )));
    }
    Ok(())
}
