//! How hard a search tries before it says that it stopped. What it tries is in `reader.rs`.

use crate::db::Engine;

/// How hard a search tries, in rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchBounds {
    /// So many candidates are fetched and sorted without trying anything else.
    pub few: u32,
    /// So many rows are walked first.
    pub first_walk: u32,
    /// So many after that, before candidates are tried again.
    pub next_walk: u32,
    /// So many candidates are fetched and sorted after walks that found too few.
    pub many: u32,
    /// So many rows are walked after that, before the page is cut short; and before, if a full page is expected within them.
    pub last_walk: u32,
    /// Applications of at most so many accounts are walked to the end instead, on SQLite and if candidates are few enough to pass by
    /// all other rows.
    pub whole: u32,
}

/// A set of so many candidates is made in some twenty milliseconds, and tells of twenty million rows a second whether they are in it.
pub(super) const SET: u32 = 100_000;

/// PostgreSQL's planner is believed when it expects so many times as many candidates as are fetched and sorted: it takes tokens for
/// independent of each other, which those of a name are not.
pub(super) const FAR_TOO_MANY: u64 = 5;

/// From so many tokens on a search text is like a name, and the planner's expectation may be wrong by any factor.
pub(super) const NAMELIKE: usize = 3;

/// A sample is believed when it tells of so many times as many matches as are fetched and sorted.
pub(super) const SURELY_TOO_MANY: u64 = 2;

impl SearchBounds {
    /// What suits the engine. PostgreSQL's index of tokens gives all candidates or none, so it walks further before it asks.
    pub(crate) const fn of(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self {
                few: 2_000,
                first_walk: 1_000,
                next_walk: 20_000,
                many: 5_000,
                last_walk: 60_000,
                whole: 1_100_000,
            },
            Engine::Postgres => Self {
                few: 2_000,
                first_walk: 5_000,
                next_walk: 20_000,
                many: 20_000,
                last_walk: 50_000,
                whole: 0,
            },
        }
    }
}
