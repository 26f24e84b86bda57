//! How large the next step of a job may be: steps stay near 20 ms, so that lists and edits stay fast meanwhile.

use std::time::{Duration, Instant};

const AIM: Duration = Duration::from_millis(20);
const SMALLEST: u32 = 10;
const LARGEST: u32 = 1000;

/// The size of the steps.
pub(super) struct Pace(u32);

impl Pace {
    pub(super) const fn new() -> Self {
        Self(100)
    }

    /// How many rows the next step may touch.
    pub(super) const fn limit(&self) -> u32 {
        self.0
    }

    /// Learns from a step that began at `begun` and has just ended.
    pub(super) fn learn(&mut self, begun: Instant) {
        self.adapt(begun.elapsed());
    }

    fn adapt(&mut self, took: Duration) {
        let next = if took > AIM {
            self.0 / 2
        } else if took < AIM / 2 {
            self.0 * 2
        } else {
            self.0
        };
        self.0 = next.clamp(SMALLEST, LARGEST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_grow_while_quick_and_shrink_when_slow() {
        let mut pace = Pace::new();
        (0..10).for_each(|_| pace.adapt(Duration::from_millis(1)));
        assert_eq!(pace.limit(), LARGEST);
        pace.adapt(Duration::from_millis(15));
        assert_eq!(pace.limit(), LARGEST);
        (0..10).for_each(|_| pace.adapt(Duration::from_secs(1)));
        assert_eq!(pace.limit(), SMALLEST);
    }
}
