//! The server under measurement: started on an engine, observed through /proc, stopped when it goes away.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Result;

/// How long a server may take to be ready before we call it broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// A database and the folder beside it.
pub struct Engine {
    name: &'static str,
    /// The folder for the master key, export files and logs.
    pub data: PathBuf,
    /// The database's URL.
    pub url: String,
}

impl Engine {
    /// SQLite in `folder`.
    pub fn sqlite(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let data = folder.canonicalize()?;
        let url = format!("sqlite://{}", data.join("rollcall.db").display());
        Ok(Self { name: "SQLite", data, url })
    }

    /// The PostgreSQL database at `url`.
    pub fn postgres(folder: &Path, url: &str) -> Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self { name: "PostgreSQL", data: folder.canonicalize()?, url: url.to_owned() })
    }

    /// Removes the files that exports have left, which are as large as the database in time.
    pub fn forget_exports(&self) -> Result<()> {
        // A folder for each application.
        for folder in fs::read_dir(self.data.join("exports"))? {
            fs::remove_dir_all(folder?.path())?;
        }
        Ok(())
    }

    /// What people call it.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Whether the database works in processes of its own rather than in those of its callers.
    pub fn has_processes(&self) -> bool {
        !self.url.starts_with("sqlite:")
    }

    /// The server's program, set to use this engine; the kernel ends it with us.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig=TERM", "--"]).arg(program);
        command.env("ROLLCALL_DATA", &self.data).env("DATABASE_URL", &self.url).stdin(Stdio::null());
        command
    }
}

/// A running server.
pub struct Server {
    process: Child,
    /// Its port on the loopback interface.
    pub port: u16,
    /// From the start of the process to its first answer that it is ready.
    pub started_in: Duration,
}

impl Server {
    /// Starts it and waits until it is ready.
    pub async fn start(engine: &Engine, program: &Path) -> Result<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let log = engine.data.join("server.log");
        // A second server beside it goes on writing into the file that it has.
        let _ = fs::remove_file(&log);
        let log = fs::File::create(log)?;
        let mut command = engine.command(program);
        command.args(["serve", "--listen", &format!("127.0.0.1:{port}")]).stdout(Stdio::null()).stderr(log);
        let begun = Instant::now();
        let mut server = Self { process: command.spawn()?, port, started_in: Duration::ZERO };
        while !is_ready(port).await {
            if begun.elapsed() > PATIENCE || server.process.try_wait()?.is_some() {
                let said = fs::read_to_string(engine.data.join("server.log"))?;
                return Err(format!("the server is not ready:\n{said}").into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        server.started_in = begun.elapsed();
        Ok(server)
    }

    /// The number of its process.
    pub fn process(&self) -> u32 {
        self.process.id()
    }

    /// Bytes of memory that it has now.
    pub fn memory(&self) -> Result<u64> {
        self.status("VmRSS:")
    }

    /// The most memory that it had since [`Server::forget_peak`].
    pub fn peak_memory(&self) -> Result<u64> {
        self.status("VmHWM:")
    }

    /// Makes the present the peak.
    pub fn forget_peak(&self) -> Result<()> {
        Ok(fs::write(format!("/proc/{}/clear_refs", self.process.id()), "5")?)
    }

    fn status(&self, field: &str) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(field));
        let kilobytes = line
            .and_then(|line| line.split_whitespace().next())
            .and_then(|number| number.parse::<u64>().ok());
        kilobytes.map(|kilobytes| kilobytes * 1024).ok_or_else(|| format!("/proc has no {field}").into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let asked = Command::new("kill").arg(self.process.id().to_string()).status();
        let begun = Instant::now();
        while asked.is_ok() && begun.elapsed() < Duration::from_secs(15) {
            if self.process.try_wait().is_ok_and(|status| status.is_some()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        // Nothing gentler is left, and a failure here means that it is gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn is_ready(port: u16) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        let request = format!("GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        std::io::Result::Ok(answer.starts_with(b"HTTP/1.1 200"))
    };
    ask.await.unwrap_or(false)
}
