//! Requests that failed: answered with 500 or above, or not at all. In most runs they must; in a rolling restart none may.

use std::sync::{Arc, Mutex, PoisonError};

/// Failures that are kept to be shown.
const SHOWN: usize = 3;

#[derive(Default)]
struct Inner {
    count: u64,
    last: Vec<String>,
}

/// Counts them, for everyone who has a clone.
#[derive(Clone, Default)]
pub struct Failures(Arc<Mutex<Inner>>);

impl Failures {
    /// One more.
    pub fn add(&self, sentence: String) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.count += 1;
        if inner.last.len() == SHOWN {
            inner.last.remove(0);
        }
        inner.last.push(sentence);
    }

    /// How many there were.
    pub fn count(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).count
    }

    /// The last of them.
    pub fn shown(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).last.join("; ")
    }
}
