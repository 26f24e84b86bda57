//! A run on one engine: round after round of load, a kill in the middle of it, recovery, and the comparison of the books.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use rollcall_shared::paths;
use rollcall_shared::usersig::UserSig;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::book::Sums;
use crate::client::{Ask, Client};
use crate::load::{Load, Pace, Target};
use crate::postgres::Postgres;
use crate::random::Random;
use crate::report::{Ended, Round};
use crate::server::{Demo, Server};
use crate::{Options, Result, check, integrity, job, process};

/// The longest outage, and the longest wait for clients and jobs. A job of a killed server waits for the end of its lease.
const PATIENCE: Duration = Duration::from_secs(90);

/// A job begins in the first of so many kills of the server.
const JOB_EVERY: u32 = 3;

/// After so many kills of the server PostgreSQL is killed.
const DATABASE_EVERY: u32 = 3;

/// How long PostgreSQL's processes are stopped.
const STOPPED: Duration = Duration::from_secs(3);

/// How long the load goes on after the first acknowledgement.
const AFTERWARDS: Duration = Duration::from_millis(200);

/// Writes that a round must have acknowledged to prove anything.
pub const LEAST: u64 = 20;

/// What is done in the middle of the load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strike {
    /// SIGKILL of the server.
    Server,
    /// The same while a job runs.
    ServerInJob,
    /// SIGKILL of all processes of PostgreSQL while a job runs.
    Database,
    /// SIGSTOP of PostgreSQL's processes, and SIGCONT later.
    Pause,
}

impl Strike {
    const fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::ServerInJob => "server, in a job",
            Self::Database => "PostgreSQL, in a job",
            Self::Pause => "PostgreSQL stopped for 3 s",
        }
    }
}

/// What is done in which order.
fn plan(kills: u32, postgres: bool) -> Vec<Strike> {
    let mut plan = Vec::new();
    for kill in 0..kills {
        plan.push(if kill % JOB_EVERY == 0 { Strike::ServerInJob } else { Strike::Server });
        if postgres && kill == 0 {
            plan.push(Strike::Pause);
        }
        if postgres && kill % DATABASE_EVERY == DATABASE_EVERY - 1 {
            plan.push(Strike::Database);
        }
    }
    plan
}

/// A run.
struct Run {
    engine: &'static str,
    server: Server,
    postgres: Option<Postgres>,
    target: Target,
    load: Load,
    random: Random,
    jobs: u32,
}

/// Runs on SQLite.
pub async fn sqlite(options: &Options, seed: u64) -> Result<Ended> {
    let data = folder(options, "sqlite")?;
    let url = format!("sqlite://{}", data.join("rollcall.db").display());
    let mut random = Random::new(seed, 1_001);
    let server = Server::new(&options.program, &data, &url, &mut random)?;
    let run = Run::begin("SQLite", options, server, None, random).await?;
    let (mut ended, _) = run.all(options).await?;
    ended.wrong.extend(integrity::of_sqlite(&url).await?);
    Ok(ended)
}

/// Runs on PostgreSQL, at the URL of its maintenance database.
pub async fn postgres(options: &Options, url: &str, seed: u64) -> Result<Ended> {
    let data = folder(options, "postgres")?;
    let postgres = Postgres::start(&options.postgres_command, url, &data).await?;
    let url = postgres.database("crash").await?;
    let mut random = Random::new(seed, 1_002);
    let server = Server::new(&options.program, &data, &url, &mut random)?;
    let run = Run::begin("PostgreSQL", options, server, Some(postgres), random).await?;
    let (mut ended, postgres) = run.all(options).await?;
    if let Some(postgres) = &postgres {
        ended.wrong.extend(integrity::of_postgres(postgres, &url)?);
    }
    Ok(ended)
}

/// The folder of an engine, made if need be.
fn folder(options: &Options, name: &str) -> Result<PathBuf> {
    let folder = options.data.join(name);
    std::fs::create_dir_all(&folder)?;
    Ok(folder.canonicalize()?)
}

impl Run {
    async fn begin(
        engine: &'static str,
        options: &Options,
        mut server: Server,
        postgres: Option<Postgres>,
        mut random: Random,
    ) -> Result<Self> {
        let demo = server.demo(options.accounts)?;
        server.start()?;
        server.ready().await?;
        let target = target(server.port, demo, Pace::FULL).await?;
        let load = Load::start(&target, random.next());
        Ok(Self { engine, server, postgres, target, load, random, jobs: 0 })
    }

    /// Every round, and the end; what came of it, and PostgreSQL, which still runs.
    async fn all(mut self, options: &Options) -> Result<(Ended, Option<Postgres>)> {
        let plan = plan(options.rounds, self.postgres.is_some());
        let mut rounds = Vec::new();
        // What stops a run is one finding more: those before it are told all the same.
        if let Err(failure) = self.rounds(&plan, &mut rounds).await {
            self.target.book().wrong.push(failure.to_string());
        }
        if !self.server.stop() {
            self.target
                .book()
                .wrong
                .push("the server did not end in good order when it was asked to".to_owned());
        }
        if self.sums().in_doubt == 0 {
            let sentence = "no write was under way when anything was killed, which proves nothing";
            self.target.book().wrong.push(sentence.to_owned());
        }
        let ended = Ended::new(self.engine, rounds, &mut self.target.book());
        Ok((ended, self.postgres))
    }

    async fn rounds(&mut self, plan: &[Strike], rounds: &mut Vec<Round>) -> Result<()> {
        for (number, strike) in plan.iter().enumerate() {
            let round = self.round(*strike).await?;
            println!("{} {}/{}: {}", self.engine, number + 1, plan.len(), round.shown());
            rounds.push(round);
        }
        jobs_end(&self.target).await?;
        check::everything(&self.target, &mut self.random).await
    }

    async fn round(&mut self, strike: Strike) -> Result<Round> {
        let before = self.sums();
        self.load.go();
        if matches!(strike, Strike::ServerInJob | Strike::Database) {
            self.jobs += 1;
            let (name, user_ids) = job::prepare(&self.target, self.jobs).await;
            job::begin(&self.target, &name, user_ids).await;
            self.wait(0, 400).await;
        } else {
            self.wait(300, 1_500).await;
        }
        let database = self.strike(strike).await?;
        let outage = self.recovery().await?;
        sleep(AFTERWARDS).await;
        timeout(PATIENCE, self.load.settle()).await.map_err(|_| "a write was never answered")??;
        self.server.ready().await?;
        check::everything(&self.target, &mut self.random).await?;
        let round = Round::new(strike.name(), outage, database, &before, &self.sums());
        if round.done.acknowledged < LEAST {
            let sentence =
                format!("a round acknowledged {} writes, which proves nothing", round.done.acknowledged);
            self.target.book().wrong.push(sentence);
        }
        Ok(round)
    }

    /// Does it; how long PostgreSQL itself was away.
    async fn strike(&mut self, strike: Strike) -> Result<Duration> {
        let since = Instant::now();
        match (strike, &mut self.postgres) {
            (Strike::Database, Some(postgres)) => {
                postgres.crash()?;
                self.target.book().outage_began(since);
                postgres.answers().await?;
                Ok(since.elapsed())
            }
            (Strike::Pause, Some(postgres)) => {
                let stopped = postgres.pause()?;
                self.target.book().outage_began(since);
                sleep(STOPPED).await;
                process::signal("CONT", &stopped)?;
                Ok(STOPPED)
            }
            _ => {
                self.server.kill()?;
                self.target.book().outage_began(since);
                self.server.start()?;
                Ok(Duration::ZERO)
            }
        }
    }

    /// Waits for the first acknowledged write; how long that took since the strike.
    async fn recovery(&mut self) -> Result<Duration> {
        let begun = Instant::now();
        loop {
            if let Some(outage) = self.target.book().outage() {
                return Ok(outage);
            }
            if let Some(status) = self.server.ended() {
                let sentence = format!("the server ended by itself: {status}");
                self.target.book().wrong.push(sentence);
                self.server.start()?;
            }
            if begun.elapsed() > PATIENCE {
                return Err(format!("no write was acknowledged for {} s", PATIENCE.as_secs()).into());
            }
            sleep(Duration::from_millis(5)).await;
        }
    }

    async fn wait(&mut self, from: u64, to: u64) {
        sleep(Duration::from_millis(from + self.random.below(to - from))).await;
    }

    fn sums(&self) -> Sums {
        self.target.book().sums()
    }
}

/// Signs in, prepares the application for everything that clients do, and writes down what is there.
pub async fn target(port: u16, demo: Demo, pace: Pace) -> Result<Target> {
    let cookie = Client::sign_in(port, demo.operator).await?;
    let mut client = Client::new(port, cookie.clone());
    let lifted = json!({ "lifted": true, "reason": "crash run" });
    let permit =
        Ask { method: hyper::Method::PUT, ..Ask::post(paths::deletion_restriction(demo.app), lifted) };
    client.call::<Value>(&permit).await?;
    let admin = json!({ "user_id": "administrator", "days": 1 });
    let sig: UserSig = client.call(&Ask::post(paths::usersigs(demo.app), admin)).await?;
    let caller = format!("sdkappid={}&identifier=administrator&usersig={}", demo.app, sig.usersig);
    let target = Target::new(port, cookie, demo.app, caller, pace);
    check::begin(&target).await?;
    Ok(target)
}

/// Waits until every job has ended.
pub async fn jobs_end(target: &Target) -> Result<()> {
    let mut client = target.client();
    let begun = Instant::now();
    while job::look(target, &mut client).await? > 0 {
        if begun.elapsed() > PATIENCE {
            let mut book = target.book();
            let sentence = format!("{} jobs did not end", book.dooms.len());
            book.wrong.push(sentence);
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_run_has_every_kind_of_strike() {
        let counted =
            |kills, postgres, strike| plan(kills, postgres).iter().filter(|s| **s == strike).count();
        assert_eq!(plan(3, false), [Strike::ServerInJob, Strike::Server, Strike::Server]);
        for strike in [Strike::Server, Strike::ServerInJob, Strike::Database, Strike::Pause] {
            assert!(counted(3, true, strike) > 0, "{strike:?}");
        }
        assert_eq!(counted(50, true, Strike::Server) + counted(50, true, Strike::ServerInJob), 50);
        assert_eq!((counted(50, true, Strike::Database), counted(50, true, Strike::Pause)), (16, 1));
    }
}
