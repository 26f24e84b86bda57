//! SplitMix64: what a run does at random, the same again for the same seed (but for what the machine's timing adds).

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

/// A stream of numbers.
pub struct Random(u64);

impl Random {
    /// The stream of one of several users of the same seed.
    pub const fn new(seed: u64, user: u64) -> Self {
        Self(mix(seed ^ mix(user.wrapping_add(1))))
    }

    /// The next 64 bits.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }

    /// One of the items, if there are any.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len() as u64) as usize)
    }
}

const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// A seed that nobody chose.
pub fn seed() -> u64 {
    // The standard library seeds its hash tables from the system.
    RandomState::new().build_hasher().finish()
}
