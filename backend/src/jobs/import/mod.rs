//! Tasks of imports: the review of a brought file, which changes nothing, its application, and the way back. Which may begin when is
//! decided by the store; files are read and kept by `crate::imports`.

mod cells;
mod decide;
mod review;
mod steps;

use super::{Stop, Work};
use crate::error::ApiError;
use rollcall_shared::{import::ImportStage, job::JobResult};
use std::sync::Arc;

pub(super) async fn run(work: &Arc<Work>) -> Result<JobResult, Stop> {
    let task = work
        .job
        .import
        .clone()
        .ok_or_else(|| Stop::failed(&ApiError::internal(&"a task without an import")))?;
    let (store, app) = (&work.state.store, work.job.app);
    let record = work.retry(|| store.import_record(app, &task.id)).await?;
    let record = record.ok_or_else(|| Stop::failed(&ApiError::not_found()))?;
    match task.stage {
        ImportStage::Review => review::run(work, record).await?,
        ImportStage::Apply => steps::run(work, &record, steps::Way::There).await?,
        ImportStage::Undo => steps::run(work, &record, steps::Way::Back).await?,
    }
    Ok(JobResult::default())
}
