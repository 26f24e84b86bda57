//! `/api/v1/apps/{app}/pushes`: messages to all members, and how far they have come.

use crate::{
    error::{ApiError, ApiResult},
    extract::{AppReader, AppWriter, Json, TaskId},
    state::AppState,
};
use axum::{extract::State, http::StatusCode};
use rollcall_shared::{
    app::SdkAppId,
    error::{Problem, codes},
    profile::ADMINISTRATOR,
    push::{NewPush, Push},
};
use rollcall_store::pushes::Pushed;

/// The newest pushes: at most 100.
#[utoipa::path(get, path = "/api/v1/apps/{app}/pushes", tag = "pushes", security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")), responses((status = 200, body = Vec<Push>)))]
pub async fn list(reader: AppReader) -> ApiResult<Json<Vec<Push>>> {
    Ok(Json(reader.store.pushes(reader.id()).await?))
}

/// Sends a message from `administrator` to all members: at once to those whose clients are connected, to others when they
/// connect within its lifetime. The same `random` within 7 days is the same push, and is answered with 200.
#[utoipa::path(post, path = "/api/v1/apps/{app}/pushes", tag = "pushes", security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")), request_body = NewPush,
    responses((status = 201, body = Push), (status = 200, body = Push, description = "It was sent before"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields"),
        (status = 429, body = Problem, content_type = "application/problem+json",
            description = "too_soon: no more than a second after the last one; daily_limit: the application's pushes of \
                24 hours are used up. Nothing was sent")))]
pub async fn create(
    State(state): State<AppState>,
    writer: AppWriter,
    Json(new): Json<NewPush>,
) -> ApiResult<(StatusCode, Json<Push>)> {
    let errors = new.errors();
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    let refused = |code, detail: &str| Err(ApiError::new(StatusCode::TOO_MANY_REQUESTS, code, detail));
    match state.store.push(&writer.change(), writer.app, ADMINISTRATOR, &new).await? {
        Pushed::Made(push) => {
            state.changes.pushed(writer.app);
            Ok((StatusCode::CREATED, Json(push)))
        }
        Pushed::Same(push) => Ok((StatusCode::OK, Json(push))),
        Pushed::TooSoon => {
            refused(codes::TOO_SOON, "Pushes are more than a second apart. Nothing was sent; send it again.")
                .map_err(|error| error.retry_after(1))
        }
        Pushed::TooMany => refused(
            codes::DAILY_LIMIT,
            "The application has sent as many pushes in 24 hours as its settings permit. Nothing was sent.",
        ),
        Pushed::Refused(refusal) => Err(refusal.into()),
    }
}

/// One push.
#[utoipa::path(get, path = "/api/v1/apps/{app}/pushes/{task_id}", tag = "pushes",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("task_id" = String, Path, description = "The push")),
    responses((status = 200, body = Push),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found")))]
pub async fn show(reader: AppReader, TaskId(task_id): TaskId) -> ApiResult<Json<Push>> {
    let found = reader.store.find_push(reader.id(), &task_id).await?;
    Ok(Json(found.ok_or_else(ApiError::not_found)?))
}
