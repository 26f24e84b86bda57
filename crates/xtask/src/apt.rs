//! System packages on Debian and Ubuntu: installed when we are root, named in the message when not.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::process::{Failure, Result, exists, run_quietly, say};
use crate::workspace::is_root;

/// One refresh of the package lists per run is enough.
static REFRESHED: AtomicBool = AtomicBool::new(false);

/// The program that Debian asks whether a service may be started.
const POLICY: &str = "/usr/sbin/policy-rc.d";

/// Installs `packages`, which `purpose` needs. Call it only when they are known to be missing.
pub fn install(packages: &[&str], purpose: &str) -> Result<()> {
    let list = packages.join(" ");
    if !exists("apt-get") {
        return Err(Failure::new(format!(
            "{purpose} needs {list}: install them with this system's package manager"
        )));
    }
    if !is_root() {
        return Err(Failure::new(format!("{purpose} needs {list}: run `sudo apt-get install {list}` once")));
    }
    say(format_args!("installing {list} ({purpose})"));
    if !REFRESHED.swap(true, Ordering::Relaxed) {
        run_quietly(Command::new("apt-get").arg("update"))?;
    }
    run_quietly(
        Command::new("apt-get")
            .args(["install", "--yes", "--no-install-recommends"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )
}

/// The same for packages with services, which Debian would start at once.
pub fn install_stopped(packages: &[&str], purpose: &str) -> Result<()> {
    let present = Path::new(POLICY).exists();
    if is_root() && !present {
        // 101 means no.
        fs::write(POLICY, "#!/bin/sh\nexit 101\n")?;
        fs::set_permissions(POLICY, fs::Permissions::from_mode(0o755))?;
    }
    let installed = install(packages, purpose);
    if is_root() && !present {
        fs::remove_file(POLICY)?;
    }
    installed
}

/// Whether dpkg knows the package as installed.
pub fn installed(package: &str) -> bool {
    let output =
        Command::new("dpkg-query").args(["--show", "--showformat=${db:Status-Status}", package]).output();
    output.is_ok_and(|output| output.stdout == b"installed")
}
