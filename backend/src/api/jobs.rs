//! `/api/v1/apps/{app}/jobs`: long work, where it stands and what it refused. What jobs do lives in
//! [`crate::jobs`].

use crate::{
    error::{ApiError, ApiResult},
    extract::{AppReader, AppWriter, Json, Path, Query},
    secrets,
    state::AppState,
};
use axum::{
    extract::State,
    http::{HeaderName, StatusCode, header},
};
use keyset::{Binding, Cursor, Direction, Value};
use rollcall_shared::{
    app::SdkAppId,
    error::{FieldError, Problem, codes},
    job::{Job, JobKind, RefusedItem},
    list::{LIMIT_DEFAULT, LIMIT_MAX, LIMIT_MIN, Page},
    paths,
};
use rollcall_store::{Change, StoreError, jobs::NewJob};
use serde::{Deserialize, Serialize};

/// How many jobs are listed.
const LISTED: u32 = 100;

/// The application's jobs, newest first, at most 100.
#[utoipa::path(get, path = "/api/v1/apps/{app}/jobs", tag = "jobs", security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    responses((status = 200, body = Vec<Job>)))]
pub async fn list(State(state): State<AppState>, reader: AppReader) -> ApiResult<Json<Vec<Job>>> {
    Ok(Json(state.store.jobs(reader.id(), LISTED).await?))
}

/// Which job of the application.
#[derive(Deserialize)]
pub struct JobPath {
    pub(super) id: String,
}

/// One job.
#[utoipa::path(get, path = "/api/v1/apps/{app}/jobs/{id}", tag = "jobs",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("id" = String, Path, description = "The job's id")),
    responses((status = 200, body = Job),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found")))]
pub async fn show(
    State(state): State<AppState>,
    reader: AppReader,
    Path(JobPath { id }): Path<JobPath>,
) -> ApiResult<Json<Job>> {
    state.store.job(reader.id(), &id).await?.map(Json).ok_or_else(ApiError::not_found)
}

/// Asks a job to stop. One that waits is cancelled at once, one that runs soon; one that has ended stays as it is.
/// What it did stays done.
#[utoipa::path(delete, path = "/api/v1/apps/{app}/jobs/{id}", tag = "jobs",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("id" = String, Path, description = "The job's id")),
    responses((status = 200, body = Job),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found")))]
pub async fn cancel(
    State(state): State<AppState>,
    writer: AppWriter,
    Path(JobPath { id }): Path<JobPath>,
) -> ApiResult<Json<Job>> {
    let job = state.store.cancel_job(writer.app, &id, writer.now).await?;
    state.changes.jobs(writer.app);
    job.map(Json).ok_or_else(ApiError::not_found)
}

/// Which page of what a job refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusedQuery {
    limit: Option<u32>,
    cursor: Option<String>,
}

/// What a job refused and why, by username.
#[utoipa::path(get, path = "/api/v1/apps/{app}/jobs/{id}/refused", tag = "jobs",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("id" = String, Path, description = "The job's id"),
        ("limit" = Option<u32>, Query, description = "1 to 200, 50 by default"),
        ("cursor" = Option<String>, Query, description = "next of the page before")),
    responses((status = 200, body = Page<RefusedItem>),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid_cursor"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found")))]
pub async fn refused(
    State(state): State<AppState>,
    reader: AppReader,
    Path(JobPath { id }): Path<JobPath>,
    Query(query): Query<RefusedQuery>,
) -> ApiResult<Json<Page<RefusedItem>>> {
    let limit = query.limit.unwrap_or(LIMIT_DEFAULT);
    if !(LIMIT_MIN..=LIMIT_MAX).contains(&limit) {
        let message = format!("A number from {LIMIT_MIN} to {LIMIT_MAX}.");
        return Err(ApiError::invalid(vec![FieldError::new("limit", codes::OUT_OF_RANGE, message)]));
    }
    let binding = Binding::new([reader.id().to_string().as_str(), &id, "refused"]);
    let after = query.cursor.map(|cursor| last_seen(&cursor, &binding)).transpose()?;
    state.store.job(reader.id(), &id).await?.ok_or_else(ApiError::not_found)?;
    // One more than asked for tells whether there is a next page.
    let mut items = state.store.job_refused(reader.id(), &id, after.as_deref(), limit + 1).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(|last| cursor_after(&last.user_id).encode(&binding));
    Ok(Json(Page { items, next, previous: None, count: None, complete: true, position: None }))
}

fn cursor_after(user_id: &str) -> Cursor {
    Cursor { direction: Direction::Forward, inclusive: false, key: vec![Value::from(user_id)], ordinal: 0 }
}

fn last_seen(text: &str, binding: &Binding) -> ApiResult<String> {
    match Cursor::decode(text, binding).map(|cursor| cursor.key).as_deref() {
        Ok([Value::Text(user_id)]) => Ok(user_id.clone()),
        _ => Err(StoreError::Cursor.into()),
    }
}

/// 202 with where to watch a job.
pub(super) type Accepted = (StatusCode, [(HeaderName, String); 1], Json<Job>);

/// Keeps a job for the workers and answers 202 with where to watch it.
pub(super) async fn enqueue(
    state: &AppState,
    app: SdkAppId,
    kind: JobKind,
    request: &impl Serialize,
    total: u64,
    change: Change,
) -> ApiResult<Accepted> {
    let request = serde_json::to_value(request).map_err(|error| ApiError::internal(&error))?;
    let Change { actor: created_by, now } = change;
    let id = secrets::random_text()?;
    let new = NewJob { id, app, kind, request, total, created_by, now, import: None, schedule: None };
    state.store.enqueue(&new).await?;
    let job = state.store.job(app, &new.id).await?.ok_or_else(ApiError::not_found)?;
    Ok(accepted(state, app, job))
}

/// Tells workers and consoles of a job that was kept, and answers 202 with where to watch it.
pub(super) fn accepted(state: &AppState, app: SdkAppId, job: Job) -> Accepted {
    state.jobs.notify_one();
    state.changes.jobs(app);
    (StatusCode::ACCEPTED, [(header::LOCATION, paths::job(app, &job.id))], Json(job))
}
