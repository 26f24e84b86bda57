//! From samples to the few numbers that a table has room for.

use std::time::Duration;

/// The usual and the unlucky case of many requests.
#[derive(Clone, Copy, Debug)]
pub struct Latency {
    /// Half of them are faster.
    pub p50: Duration,
    /// Nineteen of twenty are faster.
    pub p95: Duration,
    /// Ninety-nine of a hundred are faster.
    pub p99: Duration,
}

impl Latency {
    /// Of one round.
    pub fn of(mut samples: Vec<Duration>) -> Self {
        samples.sort_unstable();
        Self { p50: quantile(&samples, 50), p95: quantile(&samples, 95), p99: quantile(&samples, 99) }
    }

    /// The median of several rounds, each number by itself, so that one disturbed round does not decide.
    pub fn median_of(rounds: &[Self]) -> Self {
        let median = |pick: fn(&Self) -> Duration| median(rounds.iter().map(pick).collect());
        Self {
            p50: median(|round| round.p50),
            p95: median(|round| round.p95),
            p99: median(|round| round.p99),
        }
    }

    /// The usual case and the unlucky one, for the table.
    pub fn shown(&self) -> String {
        format!("p50 {:.2} ms, p95 {:.2} ms", millis(self.p50), millis(self.p95))
    }

    /// The usual case and the very unlucky one, for the table: of thousands of requests a second, many are very unlucky.
    pub fn shown_to_p99(&self) -> String {
        format!("p50 {:.2} ms, p99 {:.2} ms", millis(self.p50), millis(self.p99))
    }
}

/// The middle sample.
pub fn median(mut samples: Vec<Duration>) -> Duration {
    samples.sort_unstable();
    quantile(&samples, 50)
}

/// The sample below which `percent` of the sorted samples lie; zero when there are none.
fn quantile(sorted: &[Duration], percent: usize) -> Duration {
    let index = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(index).copied().unwrap_or_default()
}

/// Milliseconds with their fraction.
pub fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_a_hundred_samples() {
        let latency = Latency::of((1..=100).rev().map(Duration::from_millis).collect());
        assert_eq!(latency.p50, Duration::from_millis(51));
        assert_eq!(latency.p95, Duration::from_millis(96));
        assert_eq!(latency.p99, Duration::from_millis(100));
    }

    #[test]
    fn one_disturbed_round_does_not_decide() {
        let round = |millis| Latency {
            p50: Duration::from_millis(millis),
            p95: Duration::from_millis(2 * millis),
            p99: Duration::from_millis(3 * millis),
        };
        let median = Latency::median_of(&[round(5), round(900), round(4)]);
        assert_eq!((median.p50, median.p95), (Duration::from_millis(5), Duration::from_millis(10)));
        assert_eq!(median.p99, Duration::from_millis(15));
    }
}
