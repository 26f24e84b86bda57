//! `/api/v1/apps/{app}/call-limits`: how many calls of the server API an application takes in a second.

use crate::{
    error::{ApiError, ApiResult},
    extract::{AppOwner, Json},
    state::AppState,
};
use axum::extract::State;
use rollcall_shared::{
    app::{CallLimits, SdkAppId},
    error::Problem,
};

/// The limits.
#[utoipa::path(get, path = "/api/v1/apps/{app}/call-limits", tag = "applications", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    responses((status = 200, body = CallLimits)))]
pub async fn show(State(state): State<AppState>, owner: AppOwner) -> ApiResult<Json<CallLimits>> {
    state.store.app(owner.app).await?.ok_or_else(ApiError::not_found)?;
    Ok(Json(state.store.call_limits(owner.app).await?))
}

/// Sets the limits.
#[utoipa::path(put, path = "/api/v1/apps/{app}/call-limits", tag = "applications", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")), request_body = CallLimits,
    responses((status = 200, body = CallLimits),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields")))]
pub async fn set(
    State(state): State<AppState>,
    owner: AppOwner,
    Json(limits): Json<CallLimits>,
) -> ApiResult<Json<CallLimits>> {
    let errors = limits.errors();
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    state.store.set_call_limits(&owner.change(), owner.app, limits).await??;
    Ok(Json(limits))
}
