//! The worker that begins runs when they are due.

use super::next;
use crate::{error::ApiError, export::Zone, secrets, state::AppState};
use rollcall_shared::time::Timestamp;
use rollcall_store::{
    Actor,
    schedules::{DueSchedule, Start, Started},
};
use std::time::Duration;

/// How often it is asked whether one is due.
const POLL: Duration = Duration::from_secs(5);
/// How many begin at once.
const TOGETHER: u32 = 50;
/// When it is looked again at a calendar that has no run any more: in a day, when a newer server may understand it.
const LATER: i64 = 24 * 60 * 60 * 1000;

/// Begins what is due until the server stops.
pub async fn run(state: AppState) {
    loop {
        if let Err(error) = start_due(&state).await {
            let problem = error.into_problem();
            tracing::warn!(problem.detail, "schedules of exports could not be begun");
        }
        tokio::select! {
            () = state.stop.cancelled() => return,
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// Begins every run that is due, each once, however many were missed.
///
/// # Errors
/// The database failed.
pub async fn start_due(state: &AppState) -> Result<(), ApiError> {
    let now = state.clock.now();
    for due in state.store.due_schedules(now, TOGETHER).await? {
        let next_at = after(&due, now).unwrap_or_else(|| now.plus_millis(LATER));
        let start = Start {
            app: due.app,
            id: due.id,
            due: Some((due.due_at, next_at)),
            job_id: secrets::random_text()?,
            actor: Actor::System,
            now,
        };
        match state.store.start_schedule(&start).await? {
            Started::Job(job) => {
                tracing::info!(app = %due.app, schedule = due.id, job = job.id, "a scheduled export is due");
                state.jobs.notify_one();
                state.changes.jobs(due.app);
            }
            Started::Busy => {
                tracing::warn!(app = %due.app, schedule = due.id, "the run before has not ended");
            }
            Started::Gone => {}
        }
    }
    Ok(())
}

fn after(due: &DueSchedule, now: Timestamp) -> Option<Timestamp> {
    let zone = Zone::named(Some(&due.time_zone)).ok()?;
    next(&due.calendar.cron().ok()?, &zone.rules(), now)
}
