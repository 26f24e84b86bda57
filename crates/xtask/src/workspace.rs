//! Where things lie: the repository, the build folder, the user's cache; and how cargo is called.

use std::env;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{Failure, Result};

/// The folder with the workspace's Cargo.toml.
pub fn root() -> PathBuf {
    // cargo sets the variable at run time too, so a build folder shared by two clones cannot mix them up.
    let manifest = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.ancestors().nth(2).map_or(manifest.clone(), Path::to_path_buf)
}

/// Cargo's build folder.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// The folder of the user's where installed tools stay between runs and clones.
pub fn cache() -> Result<PathBuf> {
    let base = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let base = base.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")));
    let base = base.ok_or_else(|| {
        Failure::new("neither XDG_CACHE_HOME nor HOME is set, so there is no folder for tools")
    })?;
    Ok(base.join("rollcall"))
}

/// The cargo that started us, running in the workspace.
pub fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    // What `cargo run` sets about this package would look like a change to the packages that we build.
    for (name, _) in env::vars_os() {
        if name
            .to_str()
            .is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
        {
            cargo.env_remove(&name);
        }
    }
    cargo
}

/// PATH with `folders` in front.
pub fn path_with(folders: &[PathBuf]) -> Result<std::ffi::OsString> {
    let old = env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().cloned().chain(env::split_paths(&old));
    env::join_paths(all)
        .map_err(|error| Failure::new(format!("a folder for PATH has a colon in its name: {error}")))
}

/// A TCP port that is free now.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// A TCP port that is free now, below those that Linux gives to connections: while nobody listens there, one who knocks
/// cannot be given the port itself.
pub fn free_low_port() -> Result<u16> {
    free_low_ports().map(|[port]| port)
}

/// Several of them.
pub fn free_low_ports<const N: usize>() -> Result<[u16; N]> {
    let ports = (0..1_000_u32).map(|step| 21_000 + ((std::process::id() * 16 + step) % 11_000) as u16);
    let free: Vec<_> = ports.filter(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).take(N).collect();
    free.try_into().map_err(|_| Failure::new(format!("there are no {N} free ports between 21000 and 32000")))
}

/// Whether we may install system packages without asking.
pub fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
