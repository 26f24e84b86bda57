//! Pinned command-line tools, built once into the user's cache folder and never on PATH.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::process::{Failure, Result, output, run, say};
use crate::workspace::{cache, cargo, root};

/// A tool from the crate registry.
struct Tool {
    /// The folder's name, which is also what the messages say.
    name: &'static str,
    package: &'static str,
    program: &'static str,
    version: String,
    /// Whether the tool's own lock file is used.
    locked: bool,
    /// What its program needs besides its default features.
    features: &'static str,
    /// They only orchestrate, so a quick build beats quick code; wasm-bindgen alone has real work to do.
    opt_level: &'static str,
}

/// Trunk, which builds the console's bundle. Newer ones need a newer compiler.
pub fn trunk() -> Result<PathBuf> {
    let version = "0.21.14".to_owned();
    install(&Tool {
        name: "trunk",
        package: "trunk",
        program: "trunk",
        version,
        locked: true,
        features: "",
        opt_level: "0",
    })
}

/// wasm-bindgen, in the version of the library in Cargo.lock: any other is useless to Trunk, which would fetch its own.
pub fn wasm_bindgen() -> Result<PathBuf> {
    install(&Tool {
        name: "wasm-bindgen",
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version: locked_version("wasm-bindgen")?,
        locked: false,
        features: "",
        opt_level: "1",
    })
}

/// The splitter of the console's WASM: it understands what the library `wasm_split_helpers` in Cargo.lock marks.
pub fn wasm_split() -> Result<PathBuf> {
    let version = "0.2.4".to_owned();
    install(&Tool {
        name: "wasm-split",
        package: "wasm_split_cli_support",
        program: "wasm-split-cli",
        version,
        locked: true,
        features: "build-binary",
        opt_level: "1",
    })
}

/// cargo-deny, for licences, bans and sources.
pub fn cargo_deny() -> Result<PathBuf> {
    let version = "0.20.2".to_owned();
    install(&Tool {
        name: "cargo-deny",
        package: "cargo-deny",
        program: "cargo-deny",
        version,
        locked: true,
        features: "",
        opt_level: "0",
    })
}

/// The WASM target of the toolchain that rust-toolchain.toml names.
pub fn wasm_target() -> Result<()> {
    let installed =
        output(Command::new("rustup").args(["target", "list", "--installed"]).current_dir(root()));
    if installed.is_ok_and(|list| list.lines().any(|line| line == "wasm32-unknown-unknown")) {
        return Ok(());
    }
    run(Command::new("rustup").args(["target", "add", "wasm32-unknown-unknown"]).current_dir(root())).map_err(
        |failure| Failure::new(format!("{failure}; the console needs the target wasm32-unknown-unknown")),
    )
}

/// Installs the tool unless it is there, and returns the path of its program.
fn install(tool: &Tool) -> Result<PathBuf> {
    let folder = cache()?.join("tools").join(format!("{}-{}", tool.name, tool.version));
    let program = folder.join("bin").join(tool.program);
    if program.exists() {
        return Ok(program);
    }
    say(format_args!("installing {} {} into {} (once)", tool.name, tool.version, folder.display()));
    let build = cache()?.join("tools-build");
    let mut command = cargo();
    command.args(["install", "--quiet", tool.package, "--version", &tool.version]);
    if tool.locked {
        command.arg("--locked");
    }
    if !tool.features.is_empty() {
        command.args(["--features", tool.features]);
    }
    command.arg("--root").arg(&folder).arg("--target-dir").arg(&build);
    command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", tool.opt_level);
    command.envs([("CARGO_PROFILE_RELEASE_LTO", "off"), ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")]);
    command.envs([("CARGO_PROFILE_RELEASE_DEBUG", "false"), ("CARGO_PROFILE_RELEASE_STRIP", "true")]);
    let installed = run(&mut command);
    if build.exists() {
        fs::remove_dir_all(&build)?;
    }
    installed.map_err(|failure| {
        Failure::new(format!(
            "{failure}; {} {} is built from sources that cargo downloads, so check the network",
            tool.package, tool.version
        ))
    })?;
    Ok(program)
}

/// The version of `package` in Cargo.lock.
fn locked_version(package: &str) -> Result<String> {
    let lock = fs::read_to_string(root().join("Cargo.lock"))?;
    let mut lines = lock.lines();
    let header = format!("name = \"{package}\"");
    lines.find(|line| *line == header);
    let version = lines
        .next()
        .and_then(|line| line.strip_prefix("version = \""))
        .and_then(|line| line.strip_suffix('"'));
    version
        .map(str::to_owned)
        .ok_or_else(|| Failure::new(format!("Cargo.lock has no {package}: run `cargo update --workspace`")))
}
