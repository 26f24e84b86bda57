//! Deletes or edits all that match, in short transactions that each check what must hold: a deletion stops when the
//! restriction is put back, both when the application is disabled.

use super::{Stop, Work, pace::Pace};
use crate::error::ApiError;
use rollcall_shared::{
    account::AccountPatch,
    job::{EditJob, JobKind, JobResult},
    list::CountMode,
    selection::Matching,
};
use rollcall_store::{Change, Refusal, accounts::WalkChunk};
use std::time::Instant;

/// What is done to each account.
enum Act {
    Delete,
    Edit(Box<AccountPatch>),
}

pub(super) async fn run(work: &Work) -> Result<JobResult, Stop> {
    let (matching, act) = match work.job.kind {
        JobKind::Edit => {
            let EditJob { matching, patch } = work.request()?;
            (matching, Act::Edit(Box::new(patch)))
        }
        _ => (work.request()?, Act::Delete),
    };
    // Counted by the store, in the transaction of each step.
    work.advance(|progress| progress.steps = true);
    let mut after = work.job.checkpoint["after"].as_str().map(str::to_owned);
    if after.is_none() {
        count(work, &matching).await?;
    }
    let mut pace = Pace::new();
    loop {
        work.go_on()?;
        let begun = Instant::now();
        let chunk = step(work, &matching, &act, after.as_deref(), pace.limit()).await?;
        if chunk.lost {
            return Err(Stop::Lost);
        }
        pace.learn(begun);
        after.clone_from(&chunk.after);
        let stopped = chunk.stopped.clone();
        note(work, &chunk);
        if let Some(refusal) = stopped {
            return Err(stopped_by(work, &refusal));
        }
        if after.is_none() {
            work.advance(|progress| progress.total = progress.done);
            return Ok(JobResult::default());
        }
    }
}

/// Sets the total, so that the bar is true. A count that would cost too much leaves what the operator was shown.
async fn count(work: &Work, matching: &Matching) -> Result<(), Stop> {
    let filter = super::export::as_filter(matching);
    let (store, app) = (&work.state.store, work.job.app);
    let count = work.retry(|| store.count_accounts(app, &filter, CountMode::Exact)).await?;
    if let Some(count) = count {
        work.advance(|progress| progress.total = count.value.saturating_sub(matching.except.len() as u64));
    }
    Ok(())
}

async fn step(
    work: &Work,
    matching: &Matching,
    act: &Act,
    after: Option<&str>,
    limit: u32,
) -> Result<WalkChunk, Stop> {
    let change = Change { actor: work.job.created_by.clone(), now: work.state.clock.now() };
    let (store, app, hold) = (&work.state.store, work.job.app, work.job.hold());
    match act {
        Act::Delete => {
            work.retry(|| store.delete_chunk(&change, app, matching, after, limit, Some(&hold))).await
        }
        Act::Edit(patch) => {
            work.retry(|| store.patch_chunk(&change, app, (matching, patch), after, limit, Some(&hold))).await
        }
    }
}

/// Shows what is written already.
pub(super) fn note(work: &Work, chunk: &WalkChunk) {
    work.advance(|progress| {
        progress.done += chunk.done + chunk.refused.len() as u64;
        progress.total = progress.total.max(progress.done);
        progress.refused += chunk.refused.len() as u64;
    });
}

/// What is told when the store says that the whole job must stop.
pub(super) fn stopped_by(work: &Work, refusal: &Refusal) -> Stop {
    let mut problem = ApiError::from(refusal.clone()).into_problem();
    let done = work.done();
    let dealt_with = if done == 1 { "account was" } else { "accounts were" };
    problem.detail =
        format!("{} {done} {dealt_with} dealt with before; the others were kept.", problem.detail);
    Stop::Failed(Box::new(problem))
}
