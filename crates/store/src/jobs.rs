//! Long work as rows: claimed with a lease, resumed after a crash, cancellable. What a job does lives in the
//! server; the store keeps where it stands.

use crate::{Actor, Result, Store};
use rollcall_shared::{app::SdkAppId, error::Problem, job::{Job, JobKind, JobResult, RefusedItem}, time::Timestamp};

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
    /// Names this claim; a worker whose lease was taken over cannot write any more.
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

impl Store {
    /// Keeps a job.
    pub async fn enqueue(&self, job: &NewJob) -> Result<()> { let _ = job; unimplemented!() }
    /// Claims the oldest job that waits or whose lease ran out.
    pub async fn claim_job(&self, now: Timestamp, lease_until: Timestamp) -> Result<Option<ClaimedJob>> { let _ = (now, lease_until); unimplemented!() }
    /// Writes progress and prolongs the lease.
    pub async fn job_progress(&self, job: &str, lease: i64, progress: &Progress, lease_until: Timestamp) -> Result<Directive> { let _ = (job, lease, progress, lease_until); unimplemented!() }
    /// Ends a job as done, failed or (with neither) cancelled; false when the lease is another's.
    pub async fn finish_job(&self, job: &str, lease: i64, outcome: JobOutcome, now: Timestamp) -> Result<bool> { let _ = (job, lease, outcome, now); unimplemented!() }
    /// The application's jobs, newest first, at most `limit`.
    pub async fn jobs(&self, app: SdkAppId, limit: u32) -> Result<Vec<Job>> { let _ = (app, limit); unimplemented!() }
    /// One job of the application.
    pub async fn job(&self, app: SdkAppId, id: &str) -> Result<Option<Job>> { let _ = (app, id); unimplemented!() }
    /// Asks a job to stop: a queued one is cancelled at once. None when there is no such job.
    pub async fn cancel_job(&self, app: SdkAppId, id: &str, now: Timestamp) -> Result<Option<Job>> { let _ = (app, id, now); unimplemented!() }
    /// A page of what the job refused, by username; `after` is the last one seen.
    pub async fn job_refused(&self, app: SdkAppId, id: &str, after: Option<&str>, limit: u32) -> Result<Vec<RefusedItem>> { let _ = (app, id, after, limit); unimplemented!() }
    /// Finished exports whose file expired before `now`: their ids, so that the files can be removed; clears the result.
    pub async fn take_expired_exports(&self, now: Timestamp) -> Result<Vec<(SdkAppId, String)>> { let _ = now; unimplemented!() }
    /// Removes finished jobs older than `before`, with what they refused.
    pub async fn prune_jobs(&self, before: Timestamp) -> Result<u64> { let _ = before; unimplemented!() }
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
