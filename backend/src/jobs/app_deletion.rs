//! Removes what a deleted application owned: its rows in short transactions, then its files. Its name and numbers
//! are gone already when this begins.

use super::{Stop, Work, files, pace::Pace};
use crate::error::ApiError;
use rollcall_shared::job::JobResult;
use rollcall_store::apps::Purged;
use std::time::Instant;

pub(super) async fn run(work: &Work) -> Result<JobResult, Stop> {
    let (store, app) = (&work.state.store, work.job.app);
    let (mut pace, mut purged) = (Pace::new(), Purged::default());
    loop {
        work.go_on()?;
        let (begun, limit) = (Instant::now(), pace.limit());
        purged = work.retry(|| store.purge_app_chunk(app, &purged, limit)).await?;
        pace.learn(begun);
        if purged.removed == 0 {
            break;
        }
        work.advance(|progress| {
            progress.done += purged.removed;
            progress.total = progress.total.max(progress.done);
        });
    }
    files::remove_all(&work.state, app).await.map_err(|error| Stop::failed(&ApiError::internal(&error)))?;
    work.advance(|progress| progress.total = progress.done);
    Ok(JobResult::default())
}
