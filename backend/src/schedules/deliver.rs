//! The way of a scheduled export's file to its destination. It appears there complete or not at all, with its manifest beside it.

use super::retain;
use crate::{
    error::ApiError,
    jobs::{Stop, Work, files},
};
use axum::http::StatusCode;
use futures::TryStreamExt as _;
use object_store::{Error, ObjectStore, ObjectStoreExt as _, PutPayload, buffered::BufWriter};
use rollcall_shared::{
    error::codes,
    export::ExportManifest,
    schedule::{ExportSchedule, KEEP_DAYS_MAX},
    time::Timestamp,
};
use rollcall_store::schedules::ScheduleFile;
use std::sync::Arc;
use tokio::io::AsyncWriteExt as _;

/// The size of the parts that go to the destination, of which two may be under way.
const PART: usize = 5 * 1024 * 1024;
const DAY: i64 = 24 * 60 * 60 * 1000;

/// The schedule that the job works for.
///
/// # Errors
/// It is gone, so nobody wants the file any more.
pub(crate) async fn of_job(work: &Work) -> Result<Option<ExportSchedule>, Stop> {
    let Some(id) = work.job.schedule else { return Ok(None) };
    let (store, now) = (&work.state.store, work.state.clock.now());
    work.retry(|| store.schedule(work.job.app, id, now)).await?.map(Some).ok_or(Stop::Cancelled)
}

/// The name of a file that was asked for at this time: the schedule's words and the time, so that the files of a schedule stand in
/// their order. `plain` is what the file would be called without a schedule, which knows how it ends.
pub(crate) fn file_name(schedule: &ExportSchedule, asked_at: Timestamp, plain: &str) -> String {
    let ending = plain.split_once('.').map_or("", |(_, ending)| ending);
    let time = asked_at.to_string()[..19].replace(':', "-");
    let words = files::words(&schedule.settings.name);
    let words = if words.is_empty() { "export" } else { words.as_str() };
    format!("{words}-{time}Z.{ending}")
}

/// Until when the server keeps the file of a schedule at the latest: its own as the retention says, others as any export.
pub(crate) fn until(schedule: &ExportSchedule, now: Timestamp) -> Timestamp {
    if schedule.settings.destination.is_some() {
        return now.plus_millis(files::KEEP_MILLIS);
    }
    now.plus_millis(i64::from(schedule.settings.retention.days.unwrap_or(KEEP_DAYS_MAX)) * DAY)
}

/// Brings the file of a job to the schedule's destination, and removes what is not kept any more.
///
/// # Errors
/// It could not be brought there: the server has no such file any more either.
pub(crate) async fn deliver(
    work: &Work,
    schedule: &ExportSchedule,
    manifest: &ExportManifest,
) -> Result<(), Stop> {
    let (state, app, id) = (&work.state, work.job.app, &work.job.id);
    let mut file = ScheduleFile {
        app,
        schedule: schedule.id,
        job: id.clone(),
        destination: schedule.settings.destination.clone().unwrap_or_default(),
        location: String::new(),
        created_at: state.clock.now(),
    };
    if !file.destination.is_empty() {
        file.location = format!("{app}/{}/{}", schedule.id, manifest.name);
        if let Err(stop) = bring(work, &file, manifest).await {
            if let Err(error) = files::remove(state, app, id).await {
                tracing::warn!(%error, "a file that could not be delivered could not be removed");
            }
            return Err(stop);
        }
    }
    let retention = schedule.settings.retention;
    work.retry(|| state.store.keep_schedule_file(&file, retention)).await?;
    let (store, now) = (&state.store, state.clock.now());
    let surplus = work.retry(|| store.surplus_schedule_files(app, schedule.id, retention, now)).await?;
    retain::remove_all(state, surplus).await;
    Ok(())
}

async fn bring(work: &Work, file: &ScheduleFile, manifest: &ExportManifest) -> Result<(), Stop> {
    let name = &file.destination;
    let Some(opened) = work.state.destinations.open(name) else {
        let detail = format!(
            "This server has no destination \u{201c}{name}\u{201d}. Choose another one, or ask its administrator."
        );
        return Err(failed(detail));
    };
    let copied = match opened {
        Ok(to) => copy(work, &to, &file.location, manifest).await,
        Err(error) => Err(Undelivered::Files(error)),
    };
    copied.map_err(|undelivered| match undelivered {
        Undelivered::Stopped(stop) => stop,
        Undelivered::Files(error) => {
            tracing::error!(%error, job = work.job.id, destination = name, "a file could not be delivered");
            let why = reason(&error);
            failed(format!("The file could not be put into \u{201c}{name}\u{201d}: {why}. Files that are there already stay."))
        }
    })
}

/// Why a file is not where it should be.
enum Undelivered {
    Stopped(Stop),
    Files(Error),
}

impl From<Error> for Undelivered {
    fn from(error: Error) -> Self {
        Self::Files(error)
    }
}

impl From<std::io::Error> for Undelivered {
    fn from(error: std::io::Error) -> Self {
        Self::Files(Error::Generic { store: "destination", source: error.into() })
    }
}

async fn copy(
    work: &Work,
    to: &Arc<dyn ObjectStore>,
    location: &str,
    manifest: &ExportManifest,
) -> Result<(), Undelivered> {
    let [location, beside] = retain::paths_of(location)?;
    let text = serde_json::to_vec(manifest).map_err(std::io::Error::from)?;
    to.put(&beside, PutPayload::from(text)).await?;
    let from = files::location(work.job.app, &work.job.id);
    let mut blocks = work.state.files.get(&from).await?.into_stream();
    let mut out = BufWriter::with_capacity(Arc::clone(to), location, PART).with_max_concurrency(2);
    let copied = async {
        while let Some(block) = blocks.try_next().await? {
            work.go_on().map_err(Undelivered::Stopped)?;
            out.put(block).await?;
        }
        Ok::<(), Undelivered>(())
    };
    let copied = copied.await;
    match copied {
        Ok(()) => Ok(out.shutdown().await?),
        Err(undelivered) => {
            files::discard(&mut out).await;
            Err(undelivered)
        }
    }
}

fn failed(detail: String) -> Stop {
    Stop::failed(&ApiError::new(StatusCode::BAD_GATEWAY, codes::UNAVAILABLE, detail))
}

/// What an operator is told: where the destination is, and what it answered, is the administrator's business.
const fn reason(error: &Error) -> &'static str {
    match error {
        Error::NotFound { .. } => "it is not there",
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => "it does not let the server write",
        _ => "it could not be reached or written; the server's log says why",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_shared::schedule::ScheduleSettings;

    #[test]
    fn files_of_a_schedule_stand_in_their_order() {
        let settings =
            ScheduleSettings { name: "Nightly: all/每晚".to_owned(), ..ScheduleSettings::default() };
        let at = "2026-11-22T18:00:00Z".parse().unwrap();
        let schedule = ExportSchedule {
            id: 3,
            settings,
            next_at: None,
            job: None,
            last: None,
            created_at: at,
            created_by: "operator:1".to_owned(),
            version: 1,
        };
        let name = file_name(&schedule, at, "aurora-live-users-2026-11-22.csv.gz");
        assert_eq!(name, "nightly-all-每晚-2026-11-22T18-00-00Z.csv.gz");
    }
}
