//! What came of a run: a table, and a sentence for everything that must not be.

use std::time::Duration;

use crate::book::{Book, Sums};
use crate::run::Strike;

/// Sentences that are shown of each kind.
const SHOWN: usize = 10;

/// What came of a round.
pub struct Round {
    strike: Strike,
    /// Writes that were acknowledged.
    pub acknowledged: u64,
    in_doubt: u64,
    outage: Duration,
}

impl Round {
    /// Between two states of the sums.
    pub const fn new(strike: Strike, outage: Duration, before: &Sums, after: &Sums) -> Self {
        let acknowledged = after.acknowledged - before.acknowledged;
        Self { strike, acknowledged, in_doubt: after.in_doubt - before.in_doubt, outage }
    }

    /// In one line.
    pub fn shown(&self) -> String {
        let Self { acknowledged, in_doubt, .. } = self;
        let (strike, outage) = (name(self.strike), self.outage.as_millis());
        format!("{strike}: {acknowledged} acknowledged, {in_doubt} in doubt, writes again after {outage} ms")
    }
}

/// What came of all rounds on an engine.
pub struct Ended {
    engine: &'static str,
    rounds: Vec<Round>,
    sums: Sums,
    lost: Vec<String>,
    doubled: Vec<String>,
    /// Anything else that must not be, a sentence each.
    pub wrong: Vec<String>,
    notes: Vec<String>,
}

impl Ended {
    /// Takes what the book found.
    pub fn new(engine: &'static str, rounds: Vec<Round>, book: &mut Book) -> Self {
        let take = std::mem::take::<Vec<String>>;
        Self {
            engine,
            rounds,
            sums: book.sums,
            lost: take(&mut book.lost),
            doubled: take(&mut book.doubled),
            wrong: take(&mut book.wrong),
            notes: take(&mut book.notes),
        }
    }

    /// Whether nothing is lost, doubled or wrong.
    pub const fn is_clean(&self) -> bool {
        self.lost.is_empty() && self.doubled.is_empty() && self.wrong.is_empty()
    }

    /// Prints the lines of the table.
    pub fn print(&self) {
        for strike in [Strike::Server, Strike::ServerInJob, Strike::Database, Strike::Pause] {
            let rounds: Vec<_> = self.rounds.iter().filter(|round| round.strike == strike).collect();
            let mut outages: Vec<_> = rounds.iter().map(|round| round.outage.as_millis()).collect();
            outages.sort_unstable();
            let (Some(median), Some(longest)) = (outages.get(outages.len() / 2), outages.last()) else {
                continue;
            };
            println!(
                "| {} | {} | {} | {} | {} | {median} ms | {longest} ms |",
                self.engine,
                name(strike),
                rounds.len(),
                rounds.iter().map(|round| round.acknowledged).sum::<u64>(),
                rounds.iter().map(|round| round.in_doubt).sum::<u64>(),
            );
        }
    }

    /// Prints the sums, and every sentence.
    pub fn print_findings(&self) {
        let Sums { acknowledged, in_doubt, failed_yet_done, jobs } = self.sums;
        println!(
            "{}: {acknowledged} writes acknowledged, {in_doubt} of them once in doubt; {} lost, {} doubled, {} otherwise wrong",
            self.engine,
            self.lost.len(),
            self.doubled.len(),
            self.wrong.len()
        );
        println!("    {jobs} jobs ended; {failed_yet_done} writes were answered as failed and had been done");
        let wrong = [("lost", &self.lost), ("doubled", &self.doubled), ("wrong", &self.wrong)];
        for (what, sentences) in wrong.into_iter().chain([("note", &self.notes)]) {
            for sentence in sentences.iter().take(SHOWN) {
                println!("    {what}: {sentence}");
            }
        }
    }
}

/// Prints everything; whether all of it is clean.
pub fn print(all: &[Ended]) -> bool {
    println!("\n| engine | killed | rounds | acknowledged | in doubt | outage, median | outage, longest |");
    println!("|---|---|---|---|---|---|---|");
    all.iter().for_each(Ended::print);
    println!();
    all.iter().for_each(Ended::print_findings);
    all.iter().all(Ended::is_clean)
}

const fn name(strike: Strike) -> &'static str {
    match strike {
        Strike::Server => "server",
        Strike::ServerInJob => "server, in a job",
        Strike::Database => "PostgreSQL",
        Strike::Pause => "PostgreSQL stopped for 3 s",
    }
}
