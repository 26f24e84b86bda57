//! `/api/v1/apps/{app}/export-schedules`: exports that are made again and again. What a run does lives in [`crate::schedules`].

use super::jobs;
use crate::{
    error::{ApiError, ApiResult},
    export::{UnknownZone, Zone},
    extract::{AppOwner, IfMatch, Json, Path},
    jobs::files,
    schedules, secrets,
    state::AppState,
};
use axum::{
    extract::State,
    http::{HeaderName, StatusCode, header},
};
use rollcall_shared::{
    app::SdkAppId,
    error::{FieldError, Problem, codes},
    job::Job,
    paths,
    schedule::{
        COMING, CalendarCheck, ComingRuns, ExportSchedule, ExportSchedules, SCHEDULES_MAX, ScheduleSettings,
    },
    time::Timestamp,
};
use rollcall_store::{
    Refusal,
    apps::Versioned,
    schedules::{Start, Started},
};
use serde::Deserialize;

/// A schedule with its entity tag.
type Tagged = ([(HeaderName, String); 1], Json<ExportSchedule>);

fn tagged(schedule: ExportSchedule) -> Tagged {
    ([(header::ETAG, schedule.etag())], Json(schedule))
}

/// The schedules with what came of their last runs, and the destinations that files can go to.
#[utoipa::path(get, path = "/api/v1/apps/{app}/export-schedules", tag = "bulk", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    responses((status = 200, body = ExportSchedules)))]
pub async fn list(State(state): State<AppState>, owner: AppOwner) -> ApiResult<Json<ExportSchedules>> {
    state.store.app(owner.app).await?.ok_or_else(ApiError::not_found)?;
    let items = state.store.schedules(owner.app, owner.now).await?;
    Ok(Json(ExportSchedules { items, destinations: state.destinations.shown() }))
}

/// Makes a schedule; at most 20 of an application.
#[utoipa::path(post, path = "/api/v1/apps/{app}/export-schedules", tag = "bulk", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")), request_body = ScheduleSettings,
    responses((status = 201, body = ExportSchedule, headers(("ETag" = String), ("Location" = String))),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "too_many"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields")))]
pub async fn create(
    State(state): State<AppState>,
    owner: AppOwner,
    Json(settings): Json<ScheduleSettings>,
) -> ApiResult<(StatusCode, [(HeaderName, String); 1], Tagged)> {
    let (settings, next_at) = checked(&state, &owner, settings, None).await?;
    let made = state.store.create_schedule(&owner.change(), owner.app, &settings, next_at).await?;
    let made = made.map_err(|refusal| match refusal {
        // The store says "taken" when there is no room for one more.
        Refusal::Taken => {
            let detail = format!("An application has at most {SCHEDULES_MAX} schedules. Delete one first.");
            ApiError::new(StatusCode::CONFLICT, codes::TOO_MANY, detail)
        }
        other => other.into(),
    })?;
    let location = paths::export_schedule(owner.app, made.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], tagged(made)))
}

/// Which schedule of the application.
#[derive(Deserialize)]
pub struct SchedulePath {
    id: i64,
}

/// One schedule.
#[utoipa::path(get, path = "/api/v1/apps/{app}/export-schedules/{id}", tag = "bulk", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("id" = i64, Path, description = "The schedule's number")),
    responses((status = 200, body = ExportSchedule, headers(("ETag" = String))),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found")))]
pub async fn show(
    State(state): State<AppState>,
    owner: AppOwner,
    Path(SchedulePath { id }): Path<SchedulePath>,
) -> ApiResult<Tagged> {
    find(&state, &owner, id).await.map(tagged)
}

/// Changes a schedule, all of it. One that is resumed, or has another calendar, runs next when its calendar says; runs that are
/// under way end as they began.
#[utoipa::path(put, path = "/api/v1/apps/{app}/export-schedules/{id}", tag = "bulk", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("id" = i64, Path, description = "The schedule's number"),
        ("If-Match" = String, Header, description = "The ETag of the version that is meant")),
    request_body = ScheduleSettings,
    responses((status = 200, body = ExportSchedule, headers(("ETag" = String))),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found"),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "changed_meanwhile"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields")))]
pub async fn edit(
    State(state): State<AppState>,
    owner: AppOwner,
    Path(SchedulePath { id }): Path<SchedulePath>,
    IfMatch(expected): IfMatch,
    Json(settings): Json<ScheduleSettings>,
) -> ApiResult<Tagged> {
    let before = find(&state, &owner, id).await?.settings;
    let (settings, next_at) = checked(&state, &owner, settings, Some(&before)).await?;
    let (change, store) = (owner.change(), &state.store);
    let edited = store.update_schedule(&change, owner.app, id, expected, &settings, next_at).await?;
    done(edited).map(tagged)
}

/// Deletes a schedule and stops the run that is under way. Files that are at a destination stay there; those among the server's
/// own go within seven days.
#[utoipa::path(delete, path = "/api/v1/apps/{app}/export-schedules/{id}", tag = "bulk", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("id" = i64, Path, description = "The schedule's number"),
        ("If-Match" = String, Header, description = "The ETag of the version that is meant")),
    responses((status = 204),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found"),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "changed_meanwhile")))]
pub async fn remove(
    State(state): State<AppState>,
    owner: AppOwner,
    Path(SchedulePath { id }): Path<SchedulePath>,
    IfMatch(expected): IfMatch,
) -> ApiResult<StatusCode> {
    let (change, store) = (owner.change(), &state.store);
    done(store.delete_schedule(&change, owner.app, id, expected, files::KEEP_MILLIS).await?)?;
    state.changes.jobs(owner.app);
    Ok(StatusCode::NO_CONTENT)
}

/// Runs a schedule now, paused or not. When it runs next stays as it is.
#[utoipa::path(post, path = "/api/v1/apps/{app}/export-schedules/{id}/run", tag = "bulk", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("id" = i64, Path, description = "The schedule's number")),
    responses((status = 202, body = Job, headers(("Location" = String))),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found"),
        (status = 409, body = Problem, content_type = "application/problem+json",
            description = "not_now: the run before has not ended")))]
pub async fn run(
    State(state): State<AppState>,
    owner: AppOwner,
    Path(SchedulePath { id }): Path<SchedulePath>,
) -> ApiResult<jobs::Accepted> {
    let (actor, job_id) = (owner.change().actor, secrets::random_text()?);
    let start = Start { app: owner.app, id, due: None, job_id, actor, now: owner.now };
    match state.store.start_schedule(&start).await? {
        Started::Job(job) => Ok(jobs::accepted(&state, owner.app, *job)),
        Started::Busy => {
            let detail = "It runs already. Wait until that run has ended, or stop it.";
            Err(ApiError::new(StatusCode::CONFLICT, codes::NOT_NOW, detail))
        }
        Started::Gone => Err(ApiError::not_found()),
    }
}

/// When the next three runs of a calendar are. Nothing is kept.
#[utoipa::path(post, path = "/api/v1/apps/{app}/export-calendar-checks", tag = "bulk", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")), request_body = CalendarCheck,
    responses((status = 200, body = ComingRuns),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields")))]
pub async fn check(
    owner: AppOwner,
    Json(CalendarCheck { calendar, time_zone }): Json<CalendarCheck>,
) -> ApiResult<Json<ComingRuns>> {
    match (calendar.cron(), Zone::named(Some(&time_zone))) {
        (Ok(cron), Ok(zone)) => {
            let next = schedules::coming(&cron, &zone.rules(), owner.now, COMING);
            Ok(Json(ComingRuns { next }))
        }
        (cron, zone) => {
            let errors = [cron.err(), zone.err().map(FieldError::from)];
            Err(ApiError::invalid(errors.into_iter().flatten().collect()))
        }
    }
}

async fn find(state: &AppState, owner: &AppOwner, id: i64) -> ApiResult<ExportSchedule> {
    state.store.schedule(owner.app, id, owner.now).await?.ok_or_else(ApiError::not_found)
}

fn done(outcome: Versioned<ExportSchedule>) -> ApiResult<ExportSchedule> {
    match outcome {
        Versioned::Done(schedule) => Ok(schedule),
        Versioned::Changed(current) => Err(ApiError::changed(&current)),
        Versioned::Refused(refusal) => Err(refusal.into()),
    }
}

/// The settings as they are kept, and when they run first; or everything that is wrong with them. What was so before is not
/// asked again: a destination that is gone does not keep anybody from pausing the schedule.
async fn checked(
    state: &AppState,
    owner: &AppOwner,
    settings: ScheduleSettings,
    before: Option<&ScheduleSettings>,
) -> ApiResult<(ScheduleSettings, Timestamp)> {
    let app = state.store.app(owner.app).await?.ok_or_else(ApiError::not_found)?;
    let mut errors = settings.errors(&app.custom_fields);
    let zone = named(&settings.time_zone, "time_zone", &mut errors);
    if let Some(zone) = &settings.export.time_zone {
        named(zone, "export.time_zone", &mut errors);
    }
    let destination = settings.destination.as_deref().unwrap_or_default();
    let had = before.and_then(|before| before.destination.as_deref()).unwrap_or_default();
    if destination != had && !destination.is_empty() && !state.destinations.has(destination) {
        let message = "Choose a destination that the administrator of the server named.";
        errors.push(FieldError::new("destination", codes::UNKNOWN_VALUE, message));
    }
    let (Ok(cron), Some(zone), true) = (settings.calendar.cron(), zone, errors.is_empty()) else {
        return Err(ApiError::invalid(errors));
    };
    let next_at = schedules::next(&cron, &zone.rules(), owner.now).ok_or_else(|| {
        let message = "There is no such time in the next 40 years.";
        ApiError::invalid(vec![FieldError::new("calendar", codes::INVALID, message)])
    })?;
    let mut kept = ScheduleSettings { time_zone: zone.name().to_owned(), ..settings };
    kept.export.filter = kept.export.filter.normalised();
    kept.destination = kept.destination.filter(|name| !name.is_empty());
    Ok((kept, next_at))
}

fn named(zone: &str, field: &str, errors: &mut Vec<FieldError>) -> Option<Zone> {
    let unknown = |unknown: UnknownZone| FieldError { field: field.to_owned(), ..unknown.into() };
    Zone::named(Some(zone)).map_err(|error| errors.push(unknown(error))).ok()
}
