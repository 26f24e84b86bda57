//! The console's WASM in parts: one that the first visit downloads, and those that follow on demand. Where one ends and
//! another begins is said in `frontend` (`#[wasm_split]`); here the linked module is taken apart and made small.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Profile, bundle_files, dist};
use crate::process::{Result, run as run_program, say};
use crate::workspace::{root, target};
use crate::{node, tools};

/// What the server, and Leptos after it, call the bundle's script.
const NAME: &str = "frontend";
/// What cargo calls the linked module.
const LINKED: &str = "rollcall_frontend.wasm";

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
/// Rust never counts on a load or a division to trap, and nothing of it lies in the first kilobyte of the memory.
const PROMISES: [&str; 2] = ["--ignore-implicit-traps", "--low-memory-unused"];

/// Puts the parts and their scripts into the bundle, in place of the one module that Trunk has put there.
pub fn build(profile: Profile, small: bool) -> Result<()> {
    for file in bundle_files("js")?.into_iter().chain(bundle_files("wasm")?) {
        fs::remove_file(file)?;
    }
    let folder = split(&linked(profile), small)?;
    for entry in fs::read_dir(&folder)? {
        let file = entry?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if is_later(&name) || name.ends_with(".js") {
            fs::copy(&file, dist().join(name))?;
        }
    }
    let mut command = Command::new(tools::wasm_bindgen()?);
    command.args([
        "--target",
        "web",
        "--keep-lld-exports",
        "--no-typescript",
        "--out-name",
        NAME,
        "--out-dir",
    ]);
    run_program(command.arg(dist()).arg(folder.join(NAME).with_extension("wasm")))?;
    if small { optimise() } else { Ok(()) }
}

/// The styles that a page of its own asks for.
const LATER_STYLES: &str = "imports.css";

/// Whether a file of the bundle is downloaded on demand.
pub fn is_later(name: &str) -> bool {
    let is_part = name.starts_with("split_") || name.starts_with("chunk_");
    name == LATER_STYLES || (is_part && name.ends_with(".wasm"))
}

/// The module that the linker wrote.
fn linked(profile: Profile) -> PathBuf {
    let folder = match profile {
        Profile::Release => "wasm-release",
        Profile::Debug => "debug",
    };
    target().join("wasm/wasm32-unknown-unknown").join(folder).join(LINKED)
}

/// Installs what makes the parts small, if it can. Without Node the bundle works as well and is only larger.
pub fn can_be_small() -> bool {
    let installed = node::install("frontend");
    if let Err(failure) = &installed {
        say(format_args!("the bundle stays a third larger than need be: {failure}"));
    }
    installed.is_ok()
}

/// Takes the module apart, in a folder of its own.
fn split(linked: &Path, small: bool) -> Result<PathBuf> {
    let folder = target().join("console");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let module = folder.join("linked.wasm");
    fs::copy(linked, &module)?;
    if small {
        run_program(Command::new("node").arg(script("shrink.mjs")).arg(&module))?;
    }
    let mut command = Command::new(tools::wasm_split()?);
    run_program(command.args(["--target", "web", "--out-name", NAME]).arg(&module).arg(&folder))?;
    Ok(folder)
}

/// Makes the parts small, and then the script between the first of them and the browser.
fn optimise() -> Result<()> {
    let optimiser = root().join("frontend/node_modules/.bin/wasm-opt");
    for file in bundle_files("wasm")? {
        let mut command = Command::new(&optimiser);
        // Each round finds a little more; after the third it is a few bytes.
        command.args(["-Oz", "-Oz", "-Oz"]).args(PROMISES).args(FEATURES);
        run_program(command.arg(&file).arg("-o").arg(&file))?;
    }
    run_program(Command::new("node").arg(script("glue.mjs")).arg(dist()))
}

fn script(name: &str) -> PathBuf {
    root().join("frontend/bundle").join(name)
}
