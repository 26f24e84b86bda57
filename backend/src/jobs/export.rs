//! The job of an export: a file that appears complete or not at all. One that fails, is cancelled or taken over leaves
//! nothing, and one that is taken up again, or loses its snapshot, begins anew. How a file is made is in [`crate::export`].

use super::{Stop, Work, files};
use crate::{
    error::ApiError,
    export::{Failure, Plan, Seen, Unmade, make},
    schedules,
};
use object_store::buffered::BufWriter;
use rollcall_shared::{
    app::App,
    error::{FieldError, codes},
    export::ExportManifest,
    job::{ExportFile, ExportRequest, JobResult, RefusedItem},
    list::{AccountFilter, CountMode},
    paths,
    schedule::ExportSchedule,
    selection::{Matching, Selection},
};
use rollcall_store::StoreError;
use std::{fmt::Display, sync::Arc};
use tokio::io::AsyncWriteExt as _;
use tokio_util::io::SyncIoBridge;

/// The size of the parts that go to the file, of which two may be under way.
const PART: usize = 5 * 1024 * 1024;

/// What is to be done.
struct Export {
    request: ExportRequest,
    app: App,
    plan: Plan,
    total: u64,
    /// Which schedule asked for it.
    schedule: Option<ExportSchedule>,
}

pub(super) async fn run(work: &Work) -> Result<JobResult, Stop> {
    let request: ExportRequest = work.request()?;
    let app = work.retry(|| work.state.store.app(work.job.app)).await?;
    let app = app.ok_or_else(|| Stop::failed(&ApiError::not_found()))?;
    let plan = Plan::new(&request, &app, work.state.scratch.clone())
        .map_err(|unknown| Stop::failed(&ApiError::invalid(vec![unknown.into()])))?;
    let total = total(work, &app, request.selection.as_ref()).await?;
    let schedule = schedules::of_job(work).await?;
    let export = Export { request, app, plan, total, schedule };
    let manifest = work.retry(|| once(work, &export)).await??;
    if let Some(schedule) = &export.schedule {
        schedules::deliver(work, schedule, &manifest).await?;
    }
    Ok(describe(work, &export, manifest))
}

/// Makes the file, all of it. The outer error is the database's, after which the job begins anew.
async fn once(work: &Work, export: &Export) -> Result<Result<ExportManifest, Stop>, StoreError> {
    let (state, selection) = (&work.state, export.request.selection.as_ref());
    let snapshot_at = state.clock.now();
    let mut snapshot = state.store.export_snapshot(work.job.app).await?;
    work.advance(|progress| (progress.done, progress.refused, progress.total) = (0, 0, export.total));
    let location = files::location(work.job.app, &work.job.id);
    let out = BufWriter::with_capacity(Arc::clone(&state.files), location, PART).with_max_concurrency(2);
    let seen = |seen| note(work, selection, seen);
    let made = make(&mut snapshot, &export.plan, selection, SyncIoBridge::new(out), seen).await;
    let consistency = snapshot.consistency();
    snapshot.close().await;
    match made {
        Ok((out, made)) => {
            let (app, request) = (&export.app, &export.request);
            let name = files::name(&app.name, state.clock.now(), request.format, request.compression);
            let name = match &export.schedule {
                Some(schedule) => schedules::file_name(schedule, work.job.created_at, &name),
                None => name,
            };
            let manifest = export.plan.manifest(name, &made, snapshot_at, consistency);
            Ok(publish(work, out.into_inner(), &manifest).await.map(|()| manifest))
        }
        Err(Unmade { out, failure }) => {
            if let Some(out) = out {
                files::discard(&mut out.into_inner()).await;
            }
            match failure {
                Failure::Store(error) => Err(error),
                Failure::Stopped(stop) => Ok(Err(stop)),
                Failure::Write(error) => Ok(Err(cannot_write(&error))),
                Failure::Panicked(panic) => Ok(Err(Stop::failed(&ApiError::internal(&panic)))),
            }
        }
    }
}

/// Lets the file appear, with its manifest beside it before, or nothing of either.
async fn publish(work: &Work, mut out: BufWriter, manifest: &ExportManifest) -> Result<(), Stop> {
    let (state, app, id) = (&work.state, work.job.app, &work.job.id);
    let published = match files::put_manifest(state, app, id, manifest).await {
        // One that fails to be completed cannot be aborted any more: its beginning is given up by then.
        Ok(()) => out.shutdown().await,
        Err(error) => {
            files::discard(&mut out).await;
            Err(error)
        }
    };
    let Err(error) = published else { return Ok(()) };
    if let Err(error) = files::remove(state, app, id).await {
        tracing::warn!(%error, "the manifest of an incomplete export could not be removed");
    }
    Err(cannot_write(&error))
}

/// How many accounts the file will hold, as exactly as can be had cheaply.
async fn total(work: &Work, app: &App, selection: Option<&Selection>) -> Result<u64, Stop> {
    match selection {
        None => Ok(app.accounts.unsigned_abs()),
        Some(Selection::UserIds { user_ids }) => Ok(user_ids.len() as u64),
        Some(Selection::Matching(matching)) => {
            let (filter, store) = (as_filter(matching), &work.state.store);
            let count = work.retry(|| store.count_accounts(work.job.app, &filter, CountMode::Exact)).await?;
            let excepted = matching.except.len() as u64;
            Ok(count
                .map_or_else(|| matching.expected.unwrap_or(0), |count| count.value.saturating_sub(excepted)))
        }
    }
}

/// The filter of a selection with its `as_of`, for counting. What is excepted still counts.
pub(crate) fn as_filter(matching: &Matching) -> AccountFilter {
    let end = matching.as_of.plus_millis(1);
    let end = matching.filter.created_before.map_or(end, |before| before.min(end));
    AccountFilter { created_before: Some(end), ..matching.filter.clone() }
}

/// Notes how far the reader is, and says whether to go on.
fn note(work: &Work, selection: Option<&Selection>, seen: Seen) -> Result<(), Stop> {
    work.go_on()?;
    work.advance(|progress| match seen {
        Seen::Accounts(more) => {
            progress.done += more;
            // The number of names may be larger than that of the accounts which they name.
            let named = matches!(selection, Some(Selection::UserIds { .. }));
            progress.total = if named { progress.done } else { progress.total.max(progress.done) };
        }
        Seen::Missing(missing) => {
            progress.refused = missing.len() as u64;
            progress.done = progress.refused;
            progress.refused_items = missing.into_iter().map(not_there).collect();
        }
    });
    Ok(())
}

fn not_there(user_id: String) -> RefusedItem {
    let error = FieldError::new("user_id", codes::NOT_FOUND, "There is no such account.");
    RefusedItem { user_id, errors: vec![error] }
}

fn describe(work: &Work, export: &Export, manifest: ExportManifest) -> JobResult {
    let (rows, now) = (manifest.rows, work.state.clock.now());
    let usual = now.plus_millis(files::KEEP_MILLIS);
    work.advance(|progress| {
        (progress.total, progress.done) = (rows + progress.refused, rows + progress.refused);
    });
    let file = ExportFile {
        name: manifest.name,
        bytes: manifest.bytes,
        rows,
        sha256: manifest.sha256,
        expires_at: export.schedule.as_ref().map_or(usual, |schedule| schedules::until(schedule, now)),
        url: paths::export_file(work.job.app, &work.job.id),
    };
    JobResult { file: Some(file) }
}

fn cannot_write(error: &dyn Display) -> Stop {
    tracing::error!(%error, "an export could not be written");
    let mut problem = ApiError::internal(error).into_problem();
    problem.detail =
        "The file could not be written, so there is none. Is the disk full? Start again.".to_owned();
    Stop::Failed(Box::new(problem))
}
