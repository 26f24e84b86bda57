//! A run on a cluster: the primary is broken or a server restarted in the middle of the load, again and again, and the
//! books are compared on whatever node is primary then.

mod strikes;

use std::time::{Duration, Instant};

use tokio::time::{sleep, timeout};

use crate::cluster::{Cluster, Plan};
use crate::load::{Load, Pace, Target};
use crate::random::{self, Random};
use crate::report::{self, Ended, Round};
use crate::run::{LEAST, jobs_end, target};
use crate::{Result, check, integrity, job, process};
pub use strikes::Options;
use strikes::Strike;

/// The longest wait for a write to be acknowledged, and for clients.
const PATIENCE: Duration = Duration::from_secs(120);

/// What an outage of writes should stay below: near Patroni's smallest time to live, 20 s. It is measured, not asserted.
const AIM: Duration = Duration::from_secs(35);

/// How long the load goes on after the first acknowledgement.
const AFTERWARDS: Duration = Duration::from_secs(1);

/// A job is under way in the first of so many failovers of a kind.
const JOB_EVERY: u32 = 3;

/// A run.
struct Run {
    cluster: Cluster,
    target: Target,
    load: Load,
    random: Random,
    jobs: u32,
    /// The longest time without an acknowledged write, of all failovers.
    longest: Duration,
}

/// Runs it; whether everything is as it must be.
pub async fn run(options: &Options, plan: Plan) -> Result<bool> {
    let seed = options.seed.unwrap_or_else(random::seed);
    println!("seed {seed}");
    let folder = plan.folder.clone();
    let begun = Instant::now();
    let mut cluster = Cluster::start(plan).await?;
    let demo = cluster.serve(options.accounts).await?;
    println!(
        "the cluster serves after {:.1} s; its logs are in {}",
        begun.elapsed().as_secs_f64(),
        folder.display()
    );
    let mut random = Random::new(seed, 1_003);
    let target = target(cluster.port, demo, Pace::STEADY).await?;
    let load = Load::start(&target, random.next());
    let mut run = Run { cluster, target, load, random, jobs: 0, longest: Duration::ZERO };
    let mut rounds = Vec::new();
    // What stops a run is one finding more: those before it are told all the same.
    if let Err(failure) = run.rounds(options, &mut rounds).await {
        run.target.book().wrong.push(failure.to_string());
    }
    let ended = run.end(rounds);
    let clean = report::print(&[ended]);
    if !run.longest.is_zero() {
        let longest = run.longest.as_secs_f64();
        let verdict = if run.longest < AIM { "kept" } else { "missed" };
        println!(
            "the longest outage of writes was {longest:.1} s; the aim, under {} s, is {verdict}",
            AIM.as_secs()
        );
    }
    Ok(clean)
}

impl Run {
    async fn rounds(&mut self, options: &Options, rounds: &mut Vec<Round>) -> Result<()> {
        for number in 0..options.rounds {
            for strike in options.each() {
                let before = self.target.book().sums();
                let (outage, whole) = match strike {
                    Strike::Restart => self.restarts().await?,
                    _ => self.failover(strike, number % JOB_EVERY == 0).await?,
                };
                let round = Round::new(strike.name(), outage, whole, &before, &self.target.book().sums());
                println!("cluster {}/{}: {}", number + 1, options.rounds, round.shown());
                self.proves(strike, &round);
                rounds.push(round);
            }
        }
        jobs_end(&self.target).await?;
        check::everything(&self.target, &mut self.random).await?;
        self.integrity().await
    }

    /// A round in which nothing was under way is none.
    fn proves(&self, strike: Strike, round: &Round) {
        let idle = matches!(strike, Strike::Kill | Strike::Stop | Strike::Cut) && round.done.in_doubt == 0;
        if round.done.acknowledged < LEAST || idle {
            let sentence = format!("a round proves nothing: {}", round.shown());
            self.target.book().wrong.push(sentence);
        }
    }

    /// Breaks the primary, waits for another one, brings the old one back and compares the books; how long no write was
    /// acknowledged, and how long it took until all nodes were in their places.
    async fn failover(&mut self, strike: Strike, with_job: bool) -> Result<(Duration, Duration)> {
        let primary = self.cluster.is_whole().await?;
        self.load.go();
        self.target.book().count_gaps();
        if with_job {
            self.jobs += 1;
            let (name, user_ids) = job::prepare(&self.target, self.jobs).await;
            job::begin(&self.target, &name, user_ids).await;
        }
        sleep(Duration::from_millis(500 + self.random.below(4_000))).await;
        let since = Instant::now();
        let stopped = self.strike(primary, strike)?;
        self.target.book().outage_began(since);
        let outage = self.recovery().await;
        self.repair(primary, strike, &stopped)?;
        let outage = outage?;
        // The load goes on: the old primary must come back without doing harm.
        let now = self.cluster.is_whole().await?;
        if now == primary {
            let sentence =
                format!("{}: the old primary is primary again, nothing failed over", strike.name());
            self.target.book().wrong.push(sentence);
        }
        let whole = since.elapsed();
        sleep(AFTERWARDS).await;
        let gap = self.target.book().longest_gap().max(outage);
        self.longest = self.longest.max(gap);
        self.settle().await?;
        Ok((gap, whole))
    }

    /// Does it; the processes that were stopped.
    fn strike(&mut self, primary: usize, strike: Strike) -> Result<Vec<u32>> {
        let node = self.cluster.nodes.get_mut(primary).ok_or("there is no such node")?;
        match strike {
            Strike::Kill => node.kill().map(|()| Vec::new()),
            Strike::Cut => node.cut().map(|()| Vec::new()),
            _ => node.freeze(),
        }
    }

    fn repair(&mut self, primary: usize, strike: Strike, stopped: &[u32]) -> Result<()> {
        let node = self.cluster.nodes.get_mut(primary).ok_or("there is no such node")?;
        match strike {
            Strike::Kill => node.revive(),
            Strike::Cut => node.heal(),
            _ => process::signal("CONT", stopped),
        }
    }

    /// Waits for the first acknowledged write; how long that took since the strike.
    async fn recovery(&self) -> Result<Duration> {
        let begun = Instant::now();
        loop {
            if let Some(outage) = self.target.book().outage() {
                return Ok(outage);
            }
            if begun.elapsed() > PATIENCE {
                return Err(format!("no write was acknowledged for {} s", PATIENCE.as_secs()).into());
            }
            sleep(Duration::from_millis(5)).await;
        }
    }

    /// Restarts one server after the other, while no request may fail.
    async fn restarts(&mut self) -> Result<(Duration, Duration)> {
        let begun = Instant::now();
        let failed = self.target.failures.count();
        self.load.go();
        self.target.book().count_gaps();
        for place in 0..self.cluster.servers.len() {
            sleep(Duration::from_millis(500 + self.random.below(1_000))).await;
            self.restart(place).await?;
        }
        sleep(AFTERWARDS).await;
        let gap = self.target.book().longest_gap();
        self.settle().await?;
        let failed = self.target.failures.count() - failed;
        if failed > 0 {
            let shown = self.target.failures.shown();
            let sentence = format!("{}: {failed} requests failed: {shown}", Strike::Restart.name());
            self.target.book().wrong.push(sentence);
        }
        Ok((gap, begun.elapsed()))
    }

    async fn restart(&mut self, place: usize) -> Result<()> {
        let Cluster { servers, haproxy, .. } = &mut self.cluster;
        let one = servers.get_mut(place).ok_or("there is no such server")?;
        if !one.server.stop_while_others_go_on().await {
            let sentence = format!("{} did not end in good order when it was asked to", one.name);
            self.target.book().wrong.push(sentence);
        }
        one.server.start()?;
        one.server.ready().await?;
        haproxy.up(&one.name).await
    }

    /// Lets the clients finish and compares the books.
    async fn settle(&mut self) -> Result<()> {
        timeout(PATIENCE, self.load.settle()).await.map_err(|_| "a write was never answered")??;
        if let Some(ended) = self.cluster.ended() {
            return Err(ended.into());
        }
        check::everything(&self.target, &mut self.random).await
    }

    /// Asks every node about every table and index.
    async fn integrity(&mut self) -> Result<()> {
        let primary = self.cluster.is_whole().await?;
        // The primary first: the extension that checks comes to the standbys from there.
        let mut nodes: Vec<_> = self.cluster.nodes.iter().enumerate().collect();
        nodes.sort_by_key(|(place, _)| *place != primary);
        for (place, node) in nodes {
            let found = integrity::of_node(&self.cluster.pg_amcheck, node.url(), place == primary)?;
            let found = found.into_iter().map(|line| format!("{}: {line}", node.name()));
            self.target.book().wrong.extend(found);
        }
        Ok(())
    }

    fn end(&mut self, rounds: Vec<Round>) -> Ended {
        for one in &mut self.cluster.servers {
            if !one.server.stop() {
                let sentence = format!("{} did not end in good order when it was asked to", one.name);
                self.target.book().wrong.push(sentence);
            }
        }
        Ended::new("cluster", rounds, &mut self.target.book())
    }
}
