//! What the calls of many callers took of time and CPU.

use std::time::{Duration, Instant};

use crate::Result;
use crate::cpu::Cpu;
use crate::measure::drive::{Caller, run};
use crate::server::Engine;
use crate::stats::{Latency, median};

/// How long a round lasts, and how long its warm-up.
const ROUND: Duration = Duration::from_secs(2);
const WARM_UP: Duration = Duration::from_millis(500);

/// What the calls of a round took. Each number is of one call.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// The round's time divided by the number of calls.
    pub time: Duration,
    /// From asking to having the answer.
    pub latency: Latency,
    /// CPU time of who does the work.
    pub cpu: Cpu,
}

impl Load {
    /// Of a round of `callers`, whose work is done by this process with the engine's database.
    pub async fn of(callers: Vec<impl Caller>, process: u32, engine: &Engine) -> Result<Self> {
        let (callers, _) = run(callers, WARM_UP).await?;
        let before = Cpu::now(process, engine).await?;
        let begun = Instant::now();
        let (_, samples) = run(callers, ROUND).await?;
        // Until the last answer, because the CPU time is so too.
        let took = begun.elapsed();
        let cpu = Cpu::now(process, engine).await?.since(before);
        let calls = u32::try_from(samples.len())?;
        let cpu = Cpu { process: cpu.process / calls, database: cpu.database / calls };
        Ok(Self { time: took / calls, latency: Latency::of(samples), cpu })
    }

    /// The median of several rounds, each number by itself.
    pub fn median_of(rounds: &[Self]) -> Self {
        let latencies: Vec<Latency> = rounds.iter().map(|round| round.latency).collect();
        let median = |pick: fn(&Self) -> Duration| median(rounds.iter().map(pick).collect());
        Self {
            time: median(|round| round.time),
            latency: Latency::median_of(&latencies),
            cpu: Cpu {
                process: median(|round| round.cpu.process),
                database: median(|round| round.cpu.database),
            },
        }
    }

    /// How many calls were answered in a second.
    pub fn rate(&self) -> f64 {
        1.0 / self.time.as_secs_f64()
    }
}
