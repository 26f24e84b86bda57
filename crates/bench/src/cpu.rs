//! CPU time from /proc: what work costs, whoever else used the cores meanwhile.

use std::fs;
use std::time::Duration;

use crate::server::Engine;
use crate::{Result, sql};

/// The unit of CPU time in /proc. The kernel promises programs 100 of them in a second, whatever it counts in itself.
const TICK: Duration = Duration::from_millis(10);

/// CPU time of a process, and of the database's processes beside it.
#[derive(Clone, Copy, Debug)]
pub struct Cpu {
    /// Of the process, its own and the kernel's on its behalf. On SQLite the database's work is in here.
    pub process: Duration,
    /// Of the backends that work for it; zero on SQLite.
    pub database: Duration,
}

impl Cpu {
    /// Both until now. The process must be the only one that works with the database.
    pub async fn now(process: u32, engine: &Engine) -> Result<Self> {
        let mut database = Duration::ZERO;
        for backend in sql::backends(engine).await? {
            database += used(backend, Some("postgres"))?;
        }
        Ok(Self { process: used(process, None)?, database })
    }

    /// What was used since `earlier`.
    pub const fn since(self, earlier: Self) -> Self {
        Self {
            process: self.process.saturating_sub(earlier.process),
            database: self.database.saturating_sub(earlier.database),
        }
    }

    /// Of both.
    pub fn all(self) -> Duration {
        self.process + self.database
    }
}

/// What a process has used, which must run the `program` if one is given.
fn used(process: u32, program: Option<&str>) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let (name, ticks) = read(&stat).ok_or_else(|| format!("/proc has no CPU time of process {process}"))?;
    match program {
        Some(program) if program != name => {
            Err(format!("process {process} is {name} and not {program}: the database is on another machine")
                .into())
        }
        _ => Ok(TICK * ticks),
    }
}

/// The program's name and the ticks (user, and kernel on its behalf) of a line of /proc/PID/stat; see proc_pid_stat(5).
fn read(stat: &str) -> Option<(&str, u32)> {
    // The name stands in parentheses and may hold some itself.
    let (name, rest) = stat.split_once('(')?.1.rsplit_once(") ")?;
    let mut times = rest.split(' ').skip(11).map(str::parse::<u32>);
    Some((name, times.next()?.ok()? + times.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_process() {
        let stat = "2457 (a (b) c) S 1 2457 2457 0 -1 4194560 8000 0 0 0 150 50 7 9 20 0 12 0 99 1 2";
        assert_eq!(read(stat), Some(("a (b) c", 200)));
        assert_eq!(read("2457 (a) S 1"), None);
    }
}
