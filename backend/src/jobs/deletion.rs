//! Deletes all that match, in short transactions that each check the restriction: putting it back stops the job.

use super::{Stop, Work, pace::Pace};
use crate::error::ApiError;
use rollcall_shared::{
    job::{JobResult, RefusedItem},
    list::CountMode,
    selection::Matching,
};
use rollcall_store::{Change, Refusal, accounts::DeleteChunk};
use serde_json::json;
use std::time::Instant;

pub(super) async fn run(work: &Work) -> Result<JobResult, Stop> {
    let matching: Matching = work.request()?;
    let mut after = work.job.checkpoint["after"].as_str().map(str::to_owned);
    if after.is_none() {
        count(work, &matching).await?;
    }
    let mut pace = Pace::new();
    loop {
        work.go_on()?;
        let begun = Instant::now();
        let chunk = step(work, &matching, after.as_deref(), pace.limit()).await?;
        pace.learn(begun);
        after.clone_from(&chunk.after);
        let stopped = chunk.stopped.clone();
        note(work, chunk);
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
    after: Option<&str>,
    limit: u32,
) -> Result<DeleteChunk, Stop> {
    let change = Change { actor: work.job.created_by.clone(), now: work.state.clock.now() };
    let (store, app) = (&work.state.store, work.job.app);
    work.retry(|| store.delete_chunk(&change, app, matching, after, limit)).await
}

fn note(work: &Work, chunk: DeleteChunk) {
    work.advance(|progress| {
        progress.done += chunk.deleted + chunk.refused.len() as u64;
        progress.total = progress.total.max(progress.done);
        progress.refused += chunk.refused.len() as u64;
        progress.checkpoint = json!({ "after": chunk.after });
        progress.refused_items.extend(
            chunk
                .refused
                .into_iter()
                .map(|(user_id, refusal)| RefusedItem { user_id, errors: vec![refusal.field_error()] }),
        );
    });
}

fn stopped_by(work: &Work, refusal: &Refusal) -> Stop {
    let mut problem = ApiError::from(refusal.clone()).into_problem();
    let done = work.done();
    problem.detail =
        format!("{} {done} accounts were dealt with before; the others were kept.", problem.detail);
    Stop::Failed(Box::new(problem))
}
