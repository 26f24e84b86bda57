//! Running programs: shown before they start, failing with a sentence, and never left behind.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Why a command could not finish: one sentence, with the remedy in it.
#[derive(Debug)]
pub struct Failure(String);

/// What every step answers.
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure that reads as `sentence`.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// Says in one line what is being done now.
pub fn say(what: impl fmt::Display) {
    println!("    {what}");
}

/// The command as one would type it, shortened so that it stays one line.
fn spelled(command: &Command) -> String {
    let mut line =
        Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    if line.chars().count() > 160 {
        line = line.chars().take(157).chain("...".chars()).collect();
    }
    line
}

fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    let program = command.get_program().to_string_lossy();
    Failure::new(format!("`{program}` could not be started ({error}); install it or put it on PATH"))
}

fn succeeded(command: &Command, status: ExitStatus) -> Result<()> {
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("`{}` failed ({status})", spelled(command))))
    }
}

/// Runs the command with its output in view and fails unless it succeeds.
pub fn run(command: &mut Command) -> Result<()> {
    say(format_args!("$ {}", spelled(command)));
    let status = command.stdin(Stdio::null()).status().map_err(|error| not_started(command, &error))?;
    succeeded(command, status)
}

/// Runs the command with its output kept back, and shows it only on failure.
pub fn run_quietly(command: &mut Command) -> Result<()> {
    say(format_args!("$ {}", spelled(command)));
    let output = command.stdin(Stdio::null()).output().map_err(|error| not_started(command, &error))?;
    if !output.status.success() {
        print!("{}", String::from_utf8_lossy(&output.stdout));
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
    }
    succeeded(command, output.status)
}

/// Runs the command silently and returns what it printed, trimmed.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| not_started(command, &error))?;
    if !output.status.success() {
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
    }
    succeeded(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs the command with its output in view and hands every line of standard output to `on_line` as well.
pub fn watch(command: &mut Command, mut on_line: impl FnMut(&str)) -> Result<()> {
    say(format_args!("$ {}", spelled(command)));
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|error| not_started(command, &error))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            on_line(&line);
        }
    }
    let status = child.wait()?;
    succeeded(command, status)
}

/// Whether the program is there and answers `--version`.
pub fn exists(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// A command for a long-running child that the kernel ends with us, even when we are killed (where `setpriv` exists).
/// `signal` is the one that child takes as a wish to stop; `user` is another account to run it as.
pub fn tied(program: &Path, signal: &str, user: Option<&str>) -> Command {
    if !exists("setpriv") {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.arg(format!("--pdeathsig={signal}"));
    if let Some(user) = user {
        command.args([format!("--reuid={user}"), format!("--regid={user}"), "--init-groups".to_owned()]);
    }
    command.arg("--").arg(program);
    command
}

/// A child in the background, stopped when this value goes away.
pub struct Background {
    child: Child,
    signal: &'static str,
}

impl Background {
    /// Starts the command; `signal` asks it to stop.
    pub fn start(command: &mut Command, signal: &'static str) -> Result<Self> {
        command.stdin(Stdio::null());
        let child = command.spawn().map_err(|error| not_started(command, &error))?;
        Ok(Self { child, signal })
    }

    /// The status with which it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Waits until it ends by itself (or by Ctrl-C, which reaches it as well).
    pub fn wait(&mut self) -> Result<ExitStatus> {
        Ok(self.child.wait()?)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if self.ended().is_some() {
            return;
        }
        let kill =
            Command::new("kill").arg(format!("-{}", self.signal)).arg(self.child.id().to_string()).status();
        let patience = Instant::now() + Duration::from_secs(15);
        while kill.is_ok() && self.ended().is_none() && Instant::now() < patience {
            thread::sleep(Duration::from_millis(20));
        }
        if self.ended().is_none() {
            // Nothing gentler is left, and a failure here means that it is gone already.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Asks `ready` every 50 ms until it says yes; fails with `otherwise` after `patience`.
pub fn wait_until(
    patience: Duration,
    otherwise: &str,
    mut ready: impl FnMut() -> Result<bool>,
) -> Result<()> {
    let deadline = Instant::now() + patience;
    while !ready()? {
        if Instant::now() > deadline {
            return Err(Failure::new(otherwise));
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
