//! Long work as rows: claimed with a lease, resumed after a crash, cancellable. What a job does lives in the
//! server; the store keeps where it stands. Here are the words for it; `work` and `end` are for workers, `list` for readers.

mod end;
mod list;
mod work;

pub(crate) use end::{end_files_of, stop, stop_all};
pub(crate) use list::{find_some, refused_among};
pub(crate) use work::{checkpoint, count_step, insert, is_held, resume};

use crate::Actor;
use rollcall_shared::{
    app::SdkAppId,
    error::Problem,
    import::ImportTask,
    job::{JobKind, JobResult, RefusedItem},
    time::Timestamp,
};

/// A job to be done.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Opaque id, hard to guess, made by the caller.
    pub id: String,
    /// The application.
    pub app: SdkAppId,
    /// What it does.
    pub kind: JobKind,
    /// The request, as JSON.
    pub request: serde_json::Value,
    /// How many accounts there are to deal with, as far as known.
    pub total: u64,
    /// Who asked.
    pub created_by: Actor,
    /// When.
    pub now: Timestamp,
    /// Which import it works for.
    pub import: Option<ImportTask>,
    /// Which schedule it works for.
    pub schedule: Option<i64>,
}

/// A job that this worker holds until the lease ends.
#[derive(Clone, Debug)]
pub struct ClaimedJob {
    /// Its id.
    pub id: String,
    /// The application.
    pub app: SdkAppId,
    /// What it does.
    pub kind: JobKind,
    /// The request.
    pub request: serde_json::Value,
    /// Where an earlier worker stopped; null at first.
    pub checkpoint: serde_json::Value,
    /// Accounts dealt with so far.
    pub done: u64,
    /// How many were refused so far.
    pub refused: u64,
    /// How many there are.
    pub total: u64,
    /// Who asked, in the text of `created_by`.
    pub created_by: Actor,
    /// Which import it works for.
    pub import: Option<ImportTask>,
    /// Which schedule it works for.
    pub schedule: Option<i64>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Names this claim; a worker whose lease was taken over cannot write any more.
    pub lease: i64,
}

impl ClaimedJob {
    /// What a step of it names.
    pub fn hold(&self) -> JobHold {
        JobHold { id: self.id.clone(), lease: self.lease }
    }
}

/// A worker's hold on a job, for steps that are counted in the transaction of what they do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobHold {
    /// The job.
    pub id: String,
    /// See [`ClaimedJob::lease`].
    pub lease: i64,
}

/// Progress of a claimed job.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// Accounts dealt with.
    pub done: u64,
    /// How many there are.
    pub total: u64,
    /// How many were refused, in all.
    pub refused: u64,
    /// Where to go on after a crash.
    pub checkpoint: serde_json::Value,
    /// Newly refused accounts.
    pub refused_items: Vec<RefusedItem>,
    /// Its steps count themselves: of this only the total is written.
    pub steps: bool,
}

/// What the worker must do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Directive {
    /// Go on.
    Continue,
    /// Stop: someone cancelled.
    Cancel,
    /// Stop without writing: another worker has the job.
    Lost,
}

/// How a job ended.
#[derive(Clone, Debug)]
pub enum JobOutcome {
    /// Complete.
    Done(JobResult),
    /// By an error.
    Failed(Problem),
    /// On request.
    Cancelled,
}
