//! `/api/v1/apps/{app}/api-calls`: the newest calls of the server API, for developers.

use crate::{
    error::{ApiError, ApiResult},
    extract::{AppOwner, Json, Query},
    state::AppState,
};
use axum::extract::State;
use rollcall_shared::{
    api_call::{ApiCall, CallFilter},
    app::SdkAppId,
    error::{FieldError, Problem, codes},
};
use serde::Deserialize;

/// Which calls.
#[derive(Deserialize)]
pub struct CallsQuery {
    #[serde(default)]
    show: String,
}

/// The newest calls, newest first; at most 100, and none older than a day. Of a busy application a few of each second are kept.
#[utoipa::path(get, path = "/api/v1/apps/{app}/api-calls", tag = "usersigs", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"),
        ("show" = Option<String>, Query, description = "Nothing for all, `failed`, or an ErrorCode")),
    responses((status = 200, body = Vec<ApiCall>),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields")))]
pub async fn list(
    State(state): State<AppState>,
    owner: AppOwner,
    Query(CallsQuery { show }): Query<CallsQuery>,
) -> ApiResult<Json<Vec<ApiCall>>> {
    let wrong = || FieldError::new("show", codes::UNKNOWN_VALUE, "Use `failed`, or the number of a code.");
    let filter = CallFilter::of(&show).ok_or_else(|| ApiError::invalid(vec![wrong()]))?;
    state.store.app(owner.app).await?.ok_or_else(ApiError::not_found)?;
    Ok(Json(state.store.calls(owner.app, filter).await?))
}
