//! The programs of the cluster: from Debian, and Patroni from the Python package index.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{Failure, Result, output};
use crate::workspace::is_root;
use crate::{apt, postgres, python};

/// Patroni, the way to etcd, and the driver for PostgreSQL.
const PATRONI: [&str; 2] = ["patroni[etcd3]==4.1.5", "psycopg[binary]==3.3.9"];

/// What needs them.
const WHY: &str = "the cluster of `cargo xtask cluster`";

/// Where they are.
pub struct Programs {
    /// The folder of PostgreSQL's own programs.
    pub postgres: PathBuf,
    /// Python, which runs Patroni.
    pub python: PathBuf,
    /// The folder of Patroni and what it needs.
    pub packages: PathBuf,
    /// etcd.
    pub etcd: PathBuf,
    /// HAProxy.
    pub haproxy: PathBuf,
    /// PgBouncer.
    pub pgbouncer: PathBuf,
}

/// Installs what is missing.
pub fn ensure() -> Result<Programs> {
    let found = [find("etcd"), find("haproxy"), find("pgbouncer")];
    let packages = ["etcd-server", "haproxy", "pgbouncer"];
    let missing: Vec<_> =
        packages.iter().zip(&found).filter(|(_, found)| found.is_none()).map(|(name, _)| *name).collect();
    if !missing.is_empty() {
        apt::install_stopped(&missing, WHY)?;
    }
    // User postgres cannot enter root's home, where a Python of root's own may be: the system's is for everyone.
    let python = if is_root() { PathBuf::from("/usr/bin/python3") } else { PathBuf::from("python3") };
    if is_root() && !python.exists() {
        apt::install(&["python3", "python3-venv"], WHY)?;
    }
    let bin = python::environment_of(&python, "patroni", &PATRONI, WHY)?;
    Ok(Programs {
        postgres: postgres::programs()?,
        packages: packages_beside(&bin)?,
        python: real(&python)?,
        etcd: needed("etcd")?,
        haproxy: needed("haproxy")?,
        pgbouncer: needed("pgbouncer")?,
    })
}

/// Not all of them know `--version`, and Debian keeps those of services off the PATH of users.
fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/bin"].map(PathBuf::from));
    folders.map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn needed(program: &str) -> Result<PathBuf> {
    find(program).ok_or_else(|| {
        Failure::new(format!("{WHY} needs {program}, which is installed but not found: put it on PATH"))
    })
}

fn packages_beside(bin: &Path) -> Result<PathBuf> {
    let libraries = fs::read_dir(bin.with_file_name("lib"))?.flatten();
    let mut folders = libraries.map(|entry| entry.path().join("site-packages"));
    folders
        .find(|folder| folder.join("patroni").exists())
        .ok_or_else(|| Failure::new(format!("there is no Patroni beside {}: remove it", bin.display())))
}

/// The interpreter itself, without the environment around it.
fn real(python: &Path) -> Result<PathBuf> {
    let ask = "import sys; print(sys.executable)";
    Ok(PathBuf::from(output(Command::new(python).args(["-c", ask]))?))
}
