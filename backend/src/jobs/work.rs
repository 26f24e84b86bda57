//! A claimed job in a worker's hands: its progress, and whether to go on.

use super::runner::{LEASE, lease_until};
use crate::{error::ApiError, state::AppState};
use rollcall_shared::error::Problem;
use rollcall_store::{
    StoreError,
    jobs::{ClaimedJob, Directive, JobOutcome, Progress},
};
use serde::de::DeserializeOwned;
use std::{
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
    time::{Duration, Instant},
};
use tokio::time;
use tokio_util::sync::CancellationToken;

/// A worker writes at least so often, to keep its lease: four times while one lasts.
const HEARTBEAT: Duration = Duration::from_millis(LEASE.as_millis() as u64 / 4);
/// The longest pause between two tries to reach the database, and with it about a minute in all.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// Why a job ends without a result.
#[derive(Debug)]
pub enum Stop {
    /// Someone cancelled it.
    Cancelled,
    /// Another worker has it.
    Lost,
    /// The server stops; the next worker goes on.
    Shutdown,
    /// It failed; the problem says what was kept.
    Failed(Box<Problem>),
    /// The database failed, again and again.
    Store(StoreError),
}

impl Stop {
    /// A failure that the console shows.
    pub fn failed(error: &ApiError) -> Self {
        Self::Failed(Box::new(error.clone().into_problem()))
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What stands of a job in memory, and what of it is still to be written.
struct Standing {
    progress: Progress,
    changed: bool,
    written_at: Instant,
}

/// A claimed job.
pub struct Work {
    /// The server.
    pub state: AppState,
    /// What was claimed.
    pub job: ClaimedJob,
    standing: Mutex<Standing>,
    /// Why to stop, when the store said so.
    directive: OnceLock<Directive>,
    stop: CancellationToken,
}

impl Work {
    pub(super) fn new(state: AppState, job: ClaimedJob) -> Self {
        let progress = Progress {
            done: job.done,
            total: job.total,
            refused: job.refused,
            checkpoint: job.checkpoint.clone(),
            refused_items: Vec::new(),
            steps: false,
        };
        let standing = Standing { progress, changed: false, written_at: Instant::now() };
        let stop = state.stop.child_token();
        Self { state, job, standing: Mutex::new(standing), directive: OnceLock::new(), stop }
    }

    /// The job's request.
    ///
    /// # Errors
    /// It is none that this version understands.
    pub fn request<T: DeserializeOwned>(&self) -> Result<T, Stop> {
        serde_json::from_value(self.job.request.clone())
            .map_err(|error| Stop::failed(&ApiError::internal(&error)))
    }

    /// Changes the progress; it is written soon.
    pub fn advance(&self, change: impl FnOnce(&mut Progress)) {
        let mut standing = self.standing();
        change(&mut standing.progress);
        standing.changed = true;
    }

    /// How many accounts are dealt with.
    pub fn done(&self) -> u64 {
        self.standing().progress.done
    }

    /// Whether to go on with the next step.
    ///
    /// # Errors
    /// The job is to stop; the error says why.
    pub fn go_on(&self) -> Result<(), Stop> {
        if self.stop.is_cancelled() { Err(self.why()) } else { Ok(()) }
    }

    /// Calls the store, again after a pause while it cannot be reached.
    ///
    /// # Errors
    /// The store failed in another way or for too long, or the job is to stop.
    pub async fn retry<T, F>(&self, mut call: impl FnMut() -> F) -> Result<T, Stop>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let mut pause = Duration::from_millis(100);
        loop {
            match call().await {
                Err(StoreError::Unavailable(_)) if pause < LONGEST_PAUSE => {}
                result => return Ok(result?),
            }
            tokio::select! {
                () = self.stop.cancelled() => return Err(self.why()),
                () = time::sleep(pause) => pause *= 2,
            }
        }
    }

    /// Writes the progress if it changed or the lease needs it, and learns whether to go on.
    pub(super) async fn report(&self) {
        let due = {
            let standing = self.standing();
            standing.changed || standing.written_at.elapsed() >= HEARTBEAT
        };
        if due && let Err(error) = self.write(lease_until(&self.state)).await {
            // The next report tries again; a lease that runs out meanwhile is found lost by it.
            tracing::warn!(%error, job = self.job.id, "progress could not be written");
        }
    }

    /// Gives the job back, so that another worker can go on at once.
    pub(super) async fn put_down(&self) {
        tracing::info!(job = self.job.id, "a job is put down");
        if let Err(error) = self.write(self.state.clock.now()).await {
            tracing::warn!(%error, job = self.job.id, "the job waits until its lease ends");
        }
    }

    /// Writes what the job came to.
    pub(super) async fn finish(&self, outcome: JobOutcome) -> Result<(), StoreError> {
        if self.standing().changed {
            self.write(lease_until(&self.state)).await?;
        }
        let (store, now) = (&self.state.store, self.state.clock.now());
        let ended = store.finish_job(&self.job.id, self.job.lease, outcome, now).await?;
        tracing::info!(job = self.job.id, written = ended, done = self.done(), "a job ended");
        Ok(())
    }

    async fn write(&self, lease_until: rollcall_shared::time::Timestamp) -> Result<(), StoreError> {
        let progress = self.take();
        let (store, job) = (&self.state.store, &self.job);
        match store.job_progress(&job.id, job.lease, &progress, lease_until).await {
            Ok(Directive::Continue) => {}
            Ok(directive) => {
                // The first word counts: a job that was cancelled can be lost afterwards, and ends all the same.
                let _ = self.directive.set(directive);
                self.stop.cancel();
            }
            Err(error) => {
                self.give_back(progress.refused_items);
                return Err(error);
            }
        }
        Ok(())
    }

    fn take(&self) -> Progress {
        let mut standing = self.standing();
        standing.changed = false;
        standing.written_at = Instant::now();
        let refused_items = std::mem::take(&mut standing.progress.refused_items);
        Progress { refused_items, ..standing.progress.clone() }
    }

    fn give_back(&self, refused_items: Vec<rollcall_shared::job::RefusedItem>) {
        let mut standing = self.standing();
        standing.changed = true;
        standing.progress.refused_items.splice(0..0, refused_items);
    }

    fn why(&self) -> Stop {
        match self.directive.get() {
            Some(Directive::Cancel) => Stop::Cancelled,
            Some(Directive::Lost) => Stop::Lost,
            Some(Directive::Continue) | None => Stop::Shutdown,
        }
    }

    /// A panic in a holder leaves numbers that are still true.
    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
