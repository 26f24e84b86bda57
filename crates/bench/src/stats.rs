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

/// One latency divided by another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratios {
    /// Of the usual cases: the one that is judged, for few requests decide about the others.
    pub p50: f64,
    /// Of the unlucky ones.
    pub p95: f64,
    /// Of the very unlucky ones.
    pub p99: f64,
}

impl Ratios {
    /// All three, for the table.
    pub fn shown(&self) -> String {
        format!("p50 {:.2}, p95 {:.2}, p99 {:.2}", self.p50, self.p95, self.p99)
    }
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

    /// All three, for the table.
    pub fn shown(&self) -> String {
        let Self { p50, p95, p99 } = self;
        format!("p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms", millis(*p50), millis(*p95), millis(*p99))
    }

    /// How many times as long each of the three takes as in `other`.
    pub fn over(&self, other: &Self) -> Ratios {
        let ratio = |over: Duration, under: Duration| millis(over) / millis(under);
        Ratios {
            p50: ratio(self.p50, other.p50),
            p95: ratio(self.p95, other.p95),
            p99: ratio(self.p99, other.p99),
        }
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

/// The middle one of a few numbers; zero when there are none.
pub fn median_number(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
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
        assert_eq!(median_number(vec![5.0, 900.0, 4.0]), 5.0);
        assert_eq!(median_number(Vec::new()), 0.0);
    }

    #[test]
    fn a_ratio_is_of_each_number_by_itself() {
        let latency = |p50, p95, p99| Latency {
            p50: Duration::from_millis(p50),
            p95: Duration::from_millis(p95),
            p99: Duration::from_millis(p99),
        };
        let ratios = latency(3, 8, 50).over(&latency(2, 8, 10));
        assert_eq!(ratios, Ratios { p50: 1.5, p95: 1.0, p99: 5.0 });
    }
}
