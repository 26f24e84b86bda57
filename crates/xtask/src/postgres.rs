//! A PostgreSQL cluster of our own: made in a temporary folder, stopped and removed when the value goes away.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
use std::time::Duration;

use crate::apt;
use crate::process::{Background, Failure, Result, output, run_quietly, say, tied, wait_until};
use crate::workspace::{free_low_port, free_port, is_root};

/// How much a cluster may forget when the machine loses power.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Nothing is flushed: for tests, which stop programs but never the machine.
    None,
    /// As in production: for measurements.
    Full,
}

/// A running cluster that trusts everyone on the loopback interface.
pub struct Cluster {
    /// Dropped first, so that the folder is not pulled from under it.
    server: Option<Background>,
    folder: PathBuf,
    keep: bool,
    port: u16,
}

impl Cluster {
    /// A throw-away cluster.
    pub fn temporary(durability: Durability) -> Result<Self> {
        // PostgreSQL refuses to run as root and its own user cannot enter root's home, hence not below the build folder.
        let folder = std::env::temp_dir().join(format!("rollcall-postgres-{}", process::id()));
        Self::start(folder, false, durability)
    }

    /// A cluster in `folder` that is kept when stopped, and used again when there.
    pub fn kept(folder: PathBuf, durability: Durability) -> Result<Self> {
        Self::start(folder, true, durability)
    }

    /// A throw-away cluster with every guarantee that is not started: for those who start it themselves, with
    /// [`Cluster::command`].
    pub fn prepared() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("rollcall-postgres-{}-crash", process::id()));
        let cluster = Self { server: None, folder, keep: false, port: free_low_port()? };
        cluster.initialise(&programs()?)?;
        Ok(cluster)
    }

    /// A throw-away replica of this cluster, in a folder beside its own. It follows until this cluster stops.
    pub fn replica(&self) -> Result<Self> {
        let mut folder = self.folder.clone().into_os_string();
        folder.push("-replica");
        let mut replica = Self { server: None, folder: folder.into(), keep: false, port: free_port()? };
        replica.make_folder()?;
        let programs = programs()?;
        let mut copy = tied(&programs.join("pg_basebackup"), "TERM", user());
        copy.args(["--host=127.0.0.1", "--username=postgres", "--checkpoint=fast", "--no-sync"]);
        copy.args(["--write-recovery-conf", "--port"]).arg(self.port.to_string());
        run_quietly(copy.arg("--pgdata").arg(replica.data()))?;
        replica.serve(&programs, Durability::None)?;
        Ok(replica)
    }

    fn start(folder: PathBuf, keep: bool, durability: Durability) -> Result<Self> {
        let programs = programs()?;
        let mut cluster = Self { server: None, folder, keep, port: free_port()? };
        cluster.initialise(&programs)?;
        cluster.serve(&programs, durability)?;
        Ok(cluster)
    }

    fn serve(&mut self, programs: &Path, durability: Durability) -> Result<()> {
        say(format_args!("starting PostgreSQL on port {} in {}", self.port, self.folder.display()));
        let log = fs::File::create(self.folder.join("log"))?;
        let mut command = self.command(durability)?;
        // SIGINT is PostgreSQL's fast shutdown: sessions are cut off, data files are left clean.
        self.server = Some(Background::start(command.stdout(Stdio::null()).stderr(log), "INT")?);
        self.wait(programs)
    }

    /// The folder, which belongs to whoever the server runs as.
    fn make_folder(&self) -> Result<()> {
        fs::create_dir_all(&self.folder)?;
        match user() {
            Some(user) => run_quietly(Command::new("chown").arg(user).arg(&self.folder)),
            None => Ok(()),
        }
    }

    /// The server in the foreground.
    pub fn command(&self, durability: Durability) -> Result<Command> {
        let mut command = tied(&programs()?.join("postgres"), "INT", user());
        command.arg("-D").arg(self.data()).arg("-p").arg(self.port.to_string());
        command.args([
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "max_connections=400",
        ]);
        command.args(["-c", "shared_buffers=512MB"]);
        if durability == Durability::None {
            command.args(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]);
        }
        Ok(command)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn initialise(&self, programs: &Path) -> Result<()> {
        if self.data().join("PG_VERSION").exists() {
            return Ok(());
        }
        self.make_folder()?;
        let mut command = tied(&programs.join("initdb"), "TERM", user());
        command.arg("-D").arg(self.data());
        // A default collation that is not "C", as most installations have it: a forgotten COLLATE shows.
        command.args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
            "--locale=C.UTF-8",
        ]);
        command.args(["--locale-provider=icu", "--icu-locale=en-US"]);
        run_quietly(&mut command)
    }

    fn wait(&mut self, programs: &Path) -> Result<()> {
        let log = self.folder.join("log");
        let port = self.port.to_string();
        wait_until(Duration::from_secs(60), "PostgreSQL did not answer within a minute", || {
            if self.server.as_mut().is_some_and(|server| server.ended().is_some()) {
                let said = fs::read_to_string(&log).unwrap_or_default();
                return Err(Failure::new(format!("PostgreSQL ended at once:\n{said}")));
            }
            let mut ready = Command::new(programs.join("pg_isready"));
            ready.args(["--quiet", "--host=127.0.0.1", "--port", &port]);
            Ok(ready.status()?.success())
        })
    }

    /// The URL of `database` for a superuser.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes an empty database unless it is there, and returns its URL.
    pub fn database(&self, name: &str) -> Result<String> {
        let psql = |statement: String| {
            let mut psql = Command::new("psql");
            psql.args([
                "--no-psqlrc",
                "--tuples-only",
                "--quiet",
                "--dbname",
                &self.url("postgres"),
                "--command",
                &statement,
            ]);
            output(&mut psql)
        };
        if psql(format!("SELECT 1 FROM pg_database WHERE datname = '{name}'"))?.is_empty() {
            psql(format!("CREATE DATABASE {name}"))?;
        }
        Ok(self.url(name))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.server = None;
        if !self.keep {
            // A temporary folder that stays behind is untidy and no more; there is nobody to tell.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// The account that the server runs as, when we are root.
pub fn user() -> Option<&'static str> {
    is_root().then_some("postgres")
}

/// The folder of the server's programs, installed if need be.
pub fn programs() -> Result<PathBuf> {
    if let Some(folder) = find_programs() {
        return Ok(folder);
    }
    apt::install(&["postgresql"], "testing on PostgreSQL")?;
    find_programs().ok_or_else(|| {
        Failure::new("PostgreSQL is installed, but initdb is neither on PATH nor in /usr/lib/postgresql")
    })
}

/// Debian keeps them off PATH, a folder per version: the newest is taken.
fn find_programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|version| {
            Some((version.file_name().to_str()?.parse::<u32>().ok()?, version.path().join("bin")))
        })
        .filter(|(_, folder)| folder.join("initdb").exists())
        .max();
    let on_path = || {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path)
            .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
    };
    newest.map(|(_, folder)| folder).or_else(on_path)
}
