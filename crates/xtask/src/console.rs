//! `cargo xtask console`: the bundle in `frontend/dist`: Trunk, then the WASM in parts, then the sizes, which have a limit.

mod parts;

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

/// What the first visit should download at most before its page is live, in brotli: people open the console on bad
/// networks. What is opened later follows when the page is first used.
pub const SIZE_AIM: u64 = 300_000;
/// A first visit that downloads more than this is a failed build. It grows only with what the list itself can do.
pub const SIZE_LIMIT: u64 = 304_000;

/// What goes into the bundle, relative to the workspace.
pub const SOURCES: [&str; 8] = [
    "frontend",
    "shared",
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    "rust-toolchain.toml",
    "crates/xtask/src/console.rs",
    "crates/xtask/src/console",
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
    // Made before the stamp: their making changes the time of their folder, which is a source.
    fs::create_dir_all(dist())?;
    let small = profile == Profile::Release && parts::can_be_small();
    // Made first and named last: a source that changes while we build is newer than the stamp.
    let unfinished = target().join("console.stamp.unfinished");
    fs::create_dir_all(target())?;
    fs::write(&unfinished, meaning)?;
    trunk(profile)?;
    parts::build(profile, small)?;
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

/// The files of one kind in the bundle.
fn bundle_files(kind: &str) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(dist())?.collect::<std::io::Result<Vec<_>>>()?;
    let mut files: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == kind));
    files.sort();
    Ok(files)
}

/// Prints what each file weighs in brotli, and answers the sum of those that a first visit waits for.
pub fn print_sizes() -> Result<u64> {
    if !exists("node") {
        say("no sizes: Node, which compresses for us, is not installed");
        return Ok(0);
    }
    let (mut first, mut later) = (0, 0);
    for kind in ["wasm", "js", "css"] {
        for file in bundle_files(kind)? {
            let (raw, small) = (fs::metadata(&file)?.len(), node::brotli_size(&file)?);
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let (sum, when) =
                if parts::is_later(&name) { (&mut later, ", when used") } else { (&mut first, "") };
            say(format_args!("{name:<28} {raw:>9} bytes, {small:>7} in brotli{when}"));
            *sum += small;
        }
    }
    say(format_args!(
        "{:<28} {:>9}        {first:>7} in brotli (aim {SIZE_AIM})",
        "until the page is live", ""
    ));
    say(format_args!("{:<28} {:>9}        {:>7} in brotli", "with all that follows", "", first + later));
    Ok(first)
}

/// Fails when the bundle is above its limit.
pub fn check_size() -> Result<()> {
    let sum = print_sizes()?;
    if sum == 0 {
        return Err(Failure::new("the bundle's size is unknown: install Node"));
    }
    if sum > SIZE_LIMIT {
        return Err(Failure::new(format!(
            "a first visit waits for {sum} bytes in brotli, over {SIZE_LIMIT}: look for what came in last (`twiggy top`)"
        )));
    }
    Ok(())
}
