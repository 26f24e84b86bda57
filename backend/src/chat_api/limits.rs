//! How many calls a second an application takes. Counted in this process: each of several servers takes as many.

use super::{answer::Fault, codes};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use rollcall_shared::app::{CallLimits, SdkAppId};
use std::{
    collections::HashMap,
    fmt,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
};

/// The two kinds of commands, which are limited apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `multiaccount_import`, `account_delete`, `account_check`.
    Bulk,
    /// Every other one.
    Other,
}

/// A limiter, and the limit that it was made for.
type Limiter = (NonZeroU32, Arc<DefaultDirectRateLimiter>);

/// The calls of this process.
#[derive(Default)]
pub struct Calls(Mutex<HashMap<(SdkAppId, Kind), Limiter>>);

impl fmt::Debug for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Calls")
    }
}

impl Calls {
    /// Counts a call, or refuses it.
    pub fn take(&self, app: SdkAppId, kind: Kind, limits: CallLimits) -> Result<(), Fault> {
        let limit = match kind {
            Kind::Bulk => limits.bulk,
            Kind::Other => limits.other,
        };
        let Some(limit) = NonZeroU32::new(limit) else { return Ok(()) };
        self.limiter((app, kind), limit).check().map_err(|_| Fault::new(codes::TOO_MANY_CALLS))
    }

    fn limiter(&self, key: (SdkAppId, Kind), limit: NonZeroU32) -> Arc<DefaultDirectRateLimiter> {
        let mut limiters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let made = || (limit, Arc::new(RateLimiter::direct(Quota::per_second(limit))));
        let entry = limiters.entry(key).or_insert_with(made);
        if entry.0 != limit {
            *entry = made();
        }
        Arc::clone(&entry.1)
    }
}
