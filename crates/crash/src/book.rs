//! What must be there: the book of everything that was acknowledged, and of everything that turned out otherwise.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use rollcall_shared::account::Account;
use rollcall_shared::time::Timestamp;

/// What is known of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// When this incarnation was created, where an answer said so.
    pub created_at: Option<Timestamp>,
    /// Its version.
    pub version: i64,
    /// Its nickname.
    pub nickname: String,
    /// Its level.
    pub level: u32,
}

impl Known {
    /// An account that was just created.
    pub const fn new(nickname: String, level: u32) -> Self {
        Self { created_at: None, version: 1, nickname, level }
    }

    /// Whether the account is as it should be.
    pub fn is(&self, account: &Account) -> bool {
        self.created_at.is_none_or(|at| at == account.created_at)
            && self.version == account.version
            && self.nickname == account.nickname
            && self.level == account.level
    }
}

impl From<&Account> for Known {
    fn from(account: &Account) -> Self {
        Self {
            created_at: Some(account.created_at),
            version: account.version,
            nickname: account.nickname.clone(),
            level: account.level,
        }
    }
}

/// What must be found of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// It is there, like this.
    There(Known),
    /// It was deleted.
    Gone,
    /// A job deletes it: it may be there until the job has ended.
    Doomed,
}

/// A deletion job that was acknowledged.
#[derive(Clone, Debug)]
pub struct Doom {
    /// The job.
    pub id: String,
    /// What it deletes.
    pub user_ids: Vec<String>,
}

/// What was done and seen, summed up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sums {
    /// Writes that were acknowledged.
    pub acknowledged: u64,
    /// Those among them that had no answer, or one that said "failed", before they were sent again.
    pub in_doubt: u64,
    /// Jobs that ended.
    pub jobs: u64,
    /// Sentences about what is lost.
    pub lost: u64,
    /// Sentences about what was done twice.
    pub doubled: u64,
}

/// The book.
#[derive(Default)]
pub struct Book {
    /// Every account that was ever written, by username.
    pub accounts: HashMap<String, Expected>,
    /// Jobs that have not ended yet.
    pub dooms: Vec<Doom>,
    /// The sums, but for what is lost and doubled: see [`Book::sums`].
    pub sums: Sums,
    /// Acknowledged and not there, a sentence each.
    pub lost: Vec<String>,
    /// Done twice, a sentence each.
    pub doubled: Vec<String>,
    /// Anything else that must not be, a sentence each.
    pub wrong: Vec<String>,
    /// What is worth knowing and no failure, a sentence each.
    pub notes: Vec<String>,
    /// When the outage began, and when it was certain that nothing sent before is answered.
    struck: Option<(Instant, Instant)>,
    outage: Option<Duration>,
    /// When the last write was acknowledged, and the longest time between two of them, since it was asked to count.
    gaps: Option<(Instant, Duration)>,
}

impl Book {
    /// An outage began at `since`; the first acknowledgement of a write that is sent from now on ends it.
    pub fn outage_began(&mut self, since: Instant) {
        self.struck = Some((since, Instant::now()));
        self.outage = None;
    }

    /// Counts the time between acknowledged writes from now on.
    pub fn count_gaps(&mut self) {
        self.gaps = Some((Instant::now(), Duration::ZERO));
    }

    /// The longest time without an acknowledged write since [`Book::count_gaps`], also one that has not ended.
    pub fn longest_gap(&self) -> Duration {
        self.gaps.map(|(last, longest)| longest.max(last.elapsed())).unwrap_or_default()
    }

    /// The sums as they are now.
    pub const fn sums(&self) -> Sums {
        Sums { lost: self.lost.len() as u64, doubled: self.doubled.len() as u64, ..self.sums }
    }

    /// How long the last outage was, if it is over.
    pub const fn outage(&self) -> Option<Duration> {
        self.outage
    }

    /// Writes down an acknowledged write: what it leaves behind.
    pub fn acknowledge(&mut self, effects: Vec<(String, Expected)>, sent: Instant) {
        self.sums.acknowledged += 1;
        self.accounts.extend(effects);
        if let Some((last, longest)) = &mut self.gaps {
            *longest = last.elapsed().max(*longest);
            *last = Instant::now();
        }
        if let Some((since, dead)) = self.struck
            && self.outage.is_none()
            && sent > dead
        {
            self.outage = Some(since.elapsed());
        }
    }
}
