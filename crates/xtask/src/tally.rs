//! Counting what passed and what failed, from the closing lines of the programs that ran it.

use std::time::Instant;

use crate::process::Result;

/// Tests of one step or of all of them.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Counts {
    /// Ran and held.
    pub passed: u64,
    /// Ran and did not hold.
    pub failed: u64,
    /// Did not run.
    pub skipped: u64,
}

impl Counts {
    /// Adds what a closing line of `cargo test` (`test result: ok. 5 passed; 0 failed; 1 ignored; …`) reports.
    pub fn add_cargo(&mut self, line: &str) {
        if let Some((_, report)) =
            line.split_once("test result: ").and_then(|(_, rest)| rest.split_once(". "))
        {
            self.passed += number_before(report, " passed");
            self.failed += number_before(report, " failed");
            self.skipped += number_before(report, " ignored");
        }
    }

    /// Adds what a closing line of Playwright (`  5 passed (3.2s)`) reports.
    pub fn add_playwright(&mut self, line: &str) {
        let line = line.trim();
        if !line.starts_with(|first: char| first.is_ascii_digit()) {
            return;
        }
        let word = line.split(' ').nth(1).unwrap_or_default();
        let number = line.split(' ').next().and_then(|number| number.parse::<u64>().ok()).unwrap_or_default();
        match word {
            "passed" => self.passed += number,
            "failed" | "flaky" | "interrupted" => self.failed += number,
            "skipped" | "did" => self.skipped += number,
            _ => {}
        }
    }

    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// The number in front of `word`.
fn number_before(text: &str, word: &str) -> u64 {
    let before = text.split_once(word).map(|(before, _)| before).unwrap_or_default();
    before
        .rsplit(|character: char| !character.is_ascii_digit())
        .next()
        .and_then(|digits| digits.parse().ok())
        .unwrap_or_default()
}

/// Runs steps under numbered headings and keeps the score.
pub struct Tally {
    steps: usize,
    counts: Counts,
    failures: Vec<String>,
}

impl Tally {
    /// Nothing has run yet.
    pub fn new() -> Self {
        Self { steps: 0, counts: Counts::default(), failures: Vec::new() }
    }

    /// Runs one step; what it counts is added, and a step that counts nothing is one check.
    pub fn step(&mut self, title: &str, body: impl FnOnce(&mut Counts) -> Result<()>) {
        self.steps += 1;
        println!("\n=== {}. {title}", self.steps);
        let started = Instant::now();
        let mut counts = Counts::default();
        let outcome = body(&mut counts);
        let seconds = started.elapsed().as_secs_f64();
        match &outcome {
            Ok(()) => println!("--- {title}: ok in {seconds:.1} s"),
            Err(failure) => {
                println!("--- {title}: FAILED after {seconds:.1} s: {failure}");
                self.failures.push(format!("{title}: {failure}"));
            }
        }
        match outcome {
            Ok(()) if counts == Counts::default() => counts.passed = 1,
            Err(_) if counts.failed == 0 => counts.failed = 1,
            _ => {}
        }
        self.counts.add(counts);
    }

    /// Prints the failures and the closing line; whether everything passed.
    pub fn close(self) -> bool {
        println!();
        for failure in &self.failures {
            println!("failed: {failure}");
        }
        let Counts { passed, failed, skipped } = self.counts;
        println!("{passed} passed, {failed} failed, {skipped} skipped");
        self.failures.is_empty() && failed == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_lines_add_up() {
        let mut counts = Counts::default();
        counts.add_cargo(
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.31s",
        );
        counts.add_cargo("test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out");
        counts.add_cargo("test accounts::create ... ok");
        assert_eq!(counts, Counts { passed: 15, failed: 2, skipped: 1 });
    }

    #[test]
    fn playwright_lines_add_up() {
        let mut counts = Counts::default();
        for line in [
            "Running 9 tests using 2 workers",
            "  2 failed",
            "    [chromium] › a.spec.ts:3:1 › 1 passed",
            "  1 skipped",
            "  6 passed (3.2s)",
        ] {
            counts.add_playwright(line);
        }
        assert_eq!(counts, Counts { passed: 6, failed: 2, skipped: 1 });
    }
}
