//! Exports that are made again and again.

use super::{ApiResult, Method, Request, get, post};
use rollcall_shared::{
    app::SdkAppId,
    job::Job,
    paths,
    schedule::{CalendarCheck, ComingRuns, ExportSchedule, ExportSchedules, ScheduleSettings},
};

/// The application's schedules, and where their files can go.
pub async fn export_schedules(app: SdkAppId) -> ApiResult<ExportSchedules> {
    get(paths::export_schedules(app)).send().await
}

/// Makes a schedule.
pub async fn create_schedule(app: SdkAppId, settings: &ScheduleSettings) -> ApiResult<ExportSchedule> {
    post(paths::export_schedules(app)).json(settings).send().await
}

/// Changes a schedule, if it is still as `before` says.
pub async fn put_schedule(
    app: SdkAppId,
    before: &ExportSchedule,
    settings: &ScheduleSettings,
) -> ApiResult<ExportSchedule> {
    let request = Request::new(Method::Put, paths::export_schedule(app, before.id));
    request.json(settings).header("If-Match", before.etag()).send().await
}

/// Deletes a schedule, if it is still as `before` says.
pub async fn delete_schedule(app: SdkAppId, before: &ExportSchedule) -> ApiResult<()> {
    let request = Request::new(Method::Delete, paths::export_schedule(app, before.id));
    request.header("If-Match", before.etag()).send_empty().await
}

/// Runs a schedule now.
pub async fn run_schedule(app: SdkAppId, id: i64) -> ApiResult<Job> {
    post(paths::export_schedule_run(app, id)).send().await
}

/// When a calendar's next runs are.
pub async fn check_calendar(app: SdkAppId, check: &CalendarCheck) -> ApiResult<ComingRuns> {
    post(paths::export_calendar_checks(app)).json(check).send().await
}
