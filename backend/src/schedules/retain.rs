//! The end of files that a schedule does not keep any more. Only files that it made are ever removed.

use crate::{jobs::files, state::AppState};
use object_store::{Error, ObjectStoreExt as _, path::Path};
use rollcall_store::{StoreError, schedules::ScheduleFile};

/// Where a file and its manifest lie at a destination: beside each other, under names as people write them.
pub(super) fn paths_of(location: &str) -> object_store::Result<[Path; 2]> {
    Ok([Path::parse(location)?, Path::parse(format!("{location}{}", files::MANIFEST))?])
}

/// Removes the files whose days are over, of all schedules.
///
/// # Errors
/// The database failed; the next sweep tries again.
pub async fn sweep(state: &AppState) -> Result<(), StoreError> {
    remove_all(state, state.store.old_schedule_files(state.clock.now()).await?).await;
    Ok(())
}

/// Removes files. One that cannot be removed now is tried again by a later run or sweep.
pub(super) async fn remove_all(state: &AppState, all: Vec<ScheduleFile>) {
    for file in all {
        if let Err(error) = remove(state, &file).await {
            let ScheduleFile { app, schedule, job, destination, .. } = file;
            tracing::warn!(%error, %app, schedule, job, destination, "an old file could not be removed");
        }
    }
}

async fn remove(state: &AppState, file: &ScheduleFile) -> Result<(), files::SweepError> {
    if file.destination.is_empty() {
        files::remove(state, file.app, &file.job).await?;
    } else if let Some(opened) = state.destinations.open(&file.destination) {
        let at = opened?;
        for location in paths_of(&file.location)? {
            match at.delete(&location).await {
                Ok(()) | Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    // What lies at a destination that there is no more cannot be reached, and is not ours to wait for.
    Ok(state.store.forget_schedule_file(file).await?)
}
