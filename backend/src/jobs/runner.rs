//! Who does the jobs: workers that claim one after another, report its progress while it runs, and end it.

use super::{Stop, Work, app_deletion, bulk, export, files, import};
use crate::{chat_api, clients, error::ApiError, relay, schedules, state::AppState, webhooks};
use rollcall_shared::{
    error::Problem,
    job::{JobKind, JobResult},
};
use rollcall_store::{
    StoreError,
    accounts::Tidying,
    jobs::{ClaimedJob, JobOutcome},
};
use std::{sync::Arc, time::Duration};
use tokio::{task::JoinError, time};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How many jobs one server works on at once.
const WORKERS: usize = 2;
/// How long a claim lasts without a report. A crashed worker's job waits this long for the next.
pub(super) const LEASE: Duration = Duration::from_secs(30);
/// How often progress is written: often enough for a bar that moves.
const REPORT: Duration = Duration::from_millis(250);
/// How often a worker looks for jobs that were enqueued elsewhere or left behind.
const POLL: Duration = Duration::from_secs(2);
/// How often files that expired are removed.
const SWEEP: Duration = Duration::from_secs(10 * 60);

/// How long calls of the server API are kept: a day.
const CALLS_KEPT: i64 = 24 * 60 * 60 * 1000;
/// How many deliveries of old pushes are forgotten together.
const DELIVERIES: u32 = 1_000;
/// How often it is asked whether the search index wants tidying, and whether milestones of lists are old.
const TIDY: Duration = Duration::from_secs(20);
/// How long a claim to take milestones lasts: a walk over all accounts, with pauses.
const SAMPLING: Duration = Duration::from_secs(10 * 60);

/// The workers of this server.
#[derive(Debug)]
pub struct Workers {
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Workers {
    /// Stops the server's long work and waits until every job has been put down.
    pub async fn finished(self) {
        self.stop.cancel();
        self.tasks.wait().await;
    }
}

/// Starts the workers. They stop with the server.
pub fn start(state: &AppState) -> Workers {
    let tasks = TaskTracker::new();
    for _ in 0..WORKERS {
        tasks.spawn(worker(state.clone()));
    }
    tasks.spawn(sweeper(state.clone()));
    tasks.spawn(tidier(state.clone()));
    tasks.spawn(schedules::run(state.clone()));
    tasks.spawn(webhooks::run(state.clone()));
    tasks.spawn(chat_api::log::run(state.clone()));
    tasks.spawn(clients::run(state.clone()));
    tasks.spawn(clients::run_pushes(state.clone()));
    tasks.spawn(clients::run_receipts(state.clone()));
    tasks.spawn(relay::run(state.clone()));
    tasks.close();
    Workers { tasks, stop: state.stop.clone() }
}

async fn worker(state: AppState) {
    loop {
        if let Err(error) = drain(&state).await {
            tracing::warn!(%error, "no job could be claimed");
        }
        tokio::select! {
            () = state.stop.cancelled() => return,
            () = state.jobs.notified() => {}
            () = time::sleep(POLL) => {}
        }
    }
}

async fn sweeper(state: AppState) {
    let mut ticks = time::interval(SWEEP);
    loop {
        tokio::select! {
            () = state.stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Err(error) = files::sweep(&state).await {
            tracing::warn!(%error, "expired exports could not be removed");
        }
        if let Err(error) = state.store.forget_calls(state.clock.now().plus_millis(-CALLS_KEPT)).await {
            tracing::warn!(%error, "old calls of the server API could not be forgotten");
        }
        if let Err(error) = forget_deliveries(&state).await {
            tracing::warn!(%error, "deliveries of old pushes could not be forgotten");
        }
    }
}

async fn forget_deliveries(state: &AppState) -> Result<(), StoreError> {
    while !state.stop.is_cancelled() && state.store.forget_deliveries(state.clock.now(), DELIVERIES).await? {}
    Ok(())
}

/// Tidies the search index and takes milestones when that pays, and leaves others twice the time that it takes itself.
async fn tidier(state: AppState) {
    let mut ticks = time::interval(TIDY);
    loop {
        tokio::select! {
            () = state.stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Err(error) = tidy(&state).await {
            tracing::warn!(%error, "the search index could not be tidied");
        }
        if let Err(error) = sample(&state).await {
            tracing::warn!(%error, "milestones of lists could not be taken");
        }
    }
}

async fn tidy(state: &AppState) -> Result<(), StoreError> {
    if !state.store.wants_tidying().await? {
        return Ok(());
    }
    let mut stage = Tidying::Begins;
    while stage != Tidying::Done && !state.stop.is_cancelled() {
        let begun = time::Instant::now();
        stage = state.store.tidy(stage).await?;
        time::sleep(begun.elapsed() * 2).await;
    }
    Ok(())
}

/// Takes the milestones that are missing or old, at the same pace.
async fn sample(state: &AppState) -> Result<(), StoreError> {
    while !state.stop.is_cancelled() {
        let now = state.clock.now();
        let until = now.plus_millis(SAMPLING.as_millis() as i64);
        let Some(mut sampling) = state.store.claim_sampling(now, until).await? else { return Ok(()) };
        let mut is_done = false;
        while !is_done && !state.stop.is_cancelled() {
            let begun = time::Instant::now();
            is_done = state.store.sample(&mut sampling).await?;
            time::sleep(begun.elapsed() * 2).await;
        }
    }
    Ok(())
}

/// Does every job that waits, one after another.
///
/// # Errors
/// No job could be claimed. A job that fails is no error: it is kept as failed.
pub async fn drain(state: &AppState) -> Result<(), StoreError> {
    while !state.stop.is_cancelled() {
        let now = state.clock.now();
        let Some(job) = state.store.claim_job(now, lease_until(state)).await? else {
            return Ok(());
        };
        run(state, job).await;
    }
    Ok(())
}

/// Until when a claim made or prolonged now holds.
pub(super) fn lease_until(state: &AppState) -> rollcall_shared::time::Timestamp {
    state.clock.now().plus_millis(LEASE.as_millis() as i64)
}

async fn run(state: &AppState, job: ClaimedJob) {
    tracing::info!(job = job.id, kind = %job.kind, app = %job.app, "a job begins");
    let work = Arc::new(Work::new(state.clone(), job));
    // A task of its own, so that a panic ends the job and not the worker.
    let mut task = tokio::spawn(run_kind(Arc::clone(&work)));
    let mut ticks = time::interval(REPORT);
    ticks.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
    let ended = loop {
        tokio::select! {
            ended = &mut task => break ended,
            _ = ticks.tick() => work.report().await,
        }
    };
    conclude(&work, ended).await;
}

async fn run_kind(work: Arc<Work>) -> Result<JobResult, Stop> {
    match work.job.kind {
        JobKind::Export => export::run(&work).await,
        JobKind::Deletion | JobKind::Edit => bulk::run(&work).await,
        JobKind::AppDeletion => app_deletion::run(&work).await,
        JobKind::Import => import::run(&work).await,
    }
}

async fn conclude(work: &Work, ended: Result<Result<JobResult, Stop>, JoinError>) {
    let ended = ended.unwrap_or_else(|panic| Err(Stop::failed(&ApiError::internal(&panic))));
    let outcome = match ended {
        Ok(result) => JobOutcome::Done(result),
        Err(Stop::Cancelled) => JobOutcome::Cancelled,
        Err(Stop::Failed(problem)) => JobOutcome::Failed(*problem),
        Err(Stop::Store(error)) => JobOutcome::Failed(lost_database(work, error)),
        Err(Stop::Lost) => return tracing::warn!(job = work.job.id, "another worker took the job over"),
        Err(Stop::Shutdown) => return work.put_down().await,
    };
    if let Err(error) = work.finish(outcome).await {
        // The lease runs out, and a worker that reaches the database does the rest again.
        tracing::error!(%error, job = work.job.id, "the end of a job could not be written");
    }
}

fn lost_database(work: &Work, error: StoreError) -> Problem {
    let mut problem = ApiError::from(error).into_problem();
    let done = work.done();
    problem.detail =
        format!("The database failed after {done} accounts. What was done stays done; start again.");
    problem
}
