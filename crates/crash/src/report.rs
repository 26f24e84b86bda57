//! What came of a run: a table, and a sentence for everything that must not be.

use std::time::Duration;

use crate::book::{Book, Sums};

/// Sentences that are shown of each kind.
const SHOWN: usize = 10;

/// What came of a round.
pub struct Round {
    /// What was done.
    strike: &'static str,
    outage: Duration,
    /// How long it took until the database was whole again.
    database: Duration,
    /// What was done and found in it.
    pub done: Sums,
}

impl Round {
    /// Between two states of the sums.
    pub const fn new(
        strike: &'static str,
        outage: Duration,
        database: Duration,
        before: &Sums,
        after: &Sums,
    ) -> Self {
        let done = Sums {
            acknowledged: after.acknowledged - before.acknowledged,
            in_doubt: after.in_doubt - before.in_doubt,
            jobs: after.jobs - before.jobs,
            lost: after.lost - before.lost,
            doubled: after.doubled - before.doubled,
        };
        Self { strike, outage, database, done }
    }

    /// In one line.
    pub fn shown(&self) -> String {
        let Sums { acknowledged, in_doubt, lost, doubled, .. } = self.done;
        let (strike, outage) = (self.strike, self.outage.as_millis());
        format!(
            "{strike}: {acknowledged} acknowledged, {in_doubt} in doubt, {lost} lost, {doubled} doubled, \
             writes again after {outage} ms"
        )
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
            sums: book.sums(),
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
        let mut strikes: Vec<_> = self.rounds.iter().map(|round| round.strike).collect();
        strikes.sort_unstable();
        strikes.dedup();
        for strike in strikes {
            let rounds: Vec<_> = self.rounds.iter().filter(|round| round.strike == strike).collect();
            let (median, longest) = quantiles(&rounds, |round| round.outage);
            let (database, _) = quantiles(&rounds, |round| round.database);
            let sum = |pick: fn(&Sums) -> u64| rounds.iter().map(|round| pick(&round.done)).sum::<u64>();
            let (acknowledged, in_doubt) = (sum(|done| done.acknowledged), sum(|done| done.in_doubt));
            let (lost, doubled) = (sum(|done| done.lost), sum(|done| done.doubled));
            println!(
                "| {} | {} | {} | {acknowledged} | {in_doubt} | {lost} | {doubled} | {median} ms | {longest} ms | {database} ms |",
                self.engine,
                strike,
                rounds.len(),
            );
        }
    }

    /// Prints the sums, and every sentence.
    pub fn print_findings(&self) {
        let Sums { acknowledged, in_doubt, jobs, .. } = self.sums;
        println!(
            "{}: {acknowledged} writes acknowledged, {in_doubt} of them once in doubt; {} lost, {} doubled, {} otherwise wrong",
            self.engine,
            self.lost.len(),
            self.doubled.len(),
            self.wrong.len()
        );
        println!("    {jobs} jobs that were begun before ended");
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
    println!(
        "\n| on | what was done | rounds | acknowledged | in doubt | lost | doubled | outage, median | outage, longest | whole again after, median |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    all.iter().for_each(Ended::print);
    println!();
    all.iter().for_each(Ended::print_findings);
    all.iter().all(Ended::is_clean)
}

/// The median and the longest, in milliseconds.
fn quantiles(rounds: &[&Round], pick: fn(&Round) -> Duration) -> (u128, u128) {
    let mut samples: Vec<_> = rounds.iter().map(|round| pick(round).as_millis()).collect();
    samples.sort_unstable();
    let at = |index: usize| samples.get(index).copied().unwrap_or_default();
    (at(samples.len() / 2), at(samples.len().saturating_sub(1)))
}
