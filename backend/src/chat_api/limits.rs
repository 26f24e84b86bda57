//! How many calls a second an application takes, at all servers together. On PostgreSQL each server takes a part of the second's calls out
//! of the database and spends it; on SQLite the only server counts by itself.

use super::{answer::Fault, codes};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use rollcall_shared::{
    app::{CallLimits, SdkAppId},
    time::Timestamp,
};
use rollcall_store::{Store, call_windows::CallLease};
use std::{
    collections::HashMap,
    fmt,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// How long a call may take.
const CALL_TIME: Duration = Duration::from_secs(50);
/// Which part of a second's calls a server takes at once at most. It begins with one and doubles what it takes, so that a server with few
/// calls leaves the others theirs, and one with many asks seldom.
const PART: u32 = 8;

/// The two kinds of commands, which are limited apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `multiaccount_import`, `account_delete`, `account_check`.
    Bulk,
    /// Every other one.
    Other,
}

impl Kind {
    /// The number that is stored; it never changes its meaning.
    const fn code(self) -> i32 {
        match self {
            Self::Bulk => 0,
            Self::Other => 1,
        }
    }
}

/// What a server may spend in a second.
#[derive(Default)]
struct Window {
    second: i64,
    left: u32,
    /// How many were asked for last.
    wanted: u32,
    /// The limit was reached: nothing more is to be had in this second.
    spent: bool,
    /// Counts where the database does not, with the limit that it was made for.
    own: Option<(NonZeroU32, DefaultDirectRateLimiter)>,
}

/// One call after another spends of it.
type SharedWindow = Arc<tokio::sync::Mutex<Window>>;

/// The calls of this server.
pub struct Calls {
    windows: Mutex<HashMap<(SdkAppId, Kind), SharedWindow>>,
    time: Duration,
}

impl Default for Calls {
    fn default() -> Self {
        Self::within(CALL_TIME)
    }
}

impl fmt::Debug for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Calls")
    }
}

impl Calls {
    /// Calls that are each answered within this time, done or not.
    pub fn within(time: Duration) -> Self {
        Self { windows: Mutex::default(), time }
    }

    /// How long a call may take before it is answered without being done.
    pub const fn time(&self) -> Duration {
        self.time
    }

    /// Counts a call, or refuses it.
    pub async fn take(
        &self,
        store: &Store,
        (app, kind): (SdkAppId, Kind),
        limits: CallLimits,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let limit = match kind {
            Kind::Bulk => limits.bulk,
            Kind::Other => limits.other,
        };
        let Some(limit) = NonZeroU32::new(limit) else { return Ok(()) };
        let window = self.window((app, kind));
        // While one call asks the database, the others of its kind wait for what it brings.
        let mut window = window.lock().await;
        let lease =
            CallLease { app, kind: kind.code(), second: now.seconds(), wanted: 1, limit: limit.get() };
        if window.spend(store, lease, limit).await? { Ok(()) } else { Err(Fault::new(codes::TOO_MANY_CALLS)) }
    }

    fn window(&self, key: (SdkAppId, Kind)) -> SharedWindow {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(windows.entry(key).or_default())
    }
}

impl Window {
    async fn spend(&mut self, store: &Store, lease: CallLease, limit: NonZeroU32) -> Result<bool, Fault> {
        // A call that came in the second before and waited spends of this one. Only a clock that was set back begins anew.
        if lease.second > self.second || lease.second < self.second - 1 {
            (self.second, self.left, self.wanted, self.spent) = (lease.second, 0, 0, false);
        }
        if self.left == 0 && !self.spent {
            self.wanted = (self.wanted * 2).clamp(1, lease.limit.div_ceil(PART));
            let lease = CallLease { wanted: self.wanted, second: self.second, ..lease };
            match store.lease_calls(lease).await? {
                None => return Ok(self.count(limit)),
                Some(left) => (self.left, self.spent) = (left, left == 0),
            }
        }
        let may = self.left > 0;
        self.left = self.left.saturating_sub(1);
        Ok(may)
    }

    /// Counts here.
    fn count(&mut self, limit: NonZeroU32) -> bool {
        if self.own.as_ref().is_none_or(|(made_for, _)| *made_for != limit) {
            self.own = Some((limit, RateLimiter::direct(Quota::per_second(limit))));
        }
        self.own.as_ref().is_some_and(|(_, limiter)| limiter.check().is_ok())
    }
}
