//! `/api/v1/sessions`: the operator's own sessions, seen and revoked.

use crate::{
    error::{ApiError, ApiResult},
    extract::{Json, Operator, Path},
    state::AppState,
};
use axum::{extract::State, http::StatusCode};
use rollcall_shared::session::SessionInfo;

/// The operator's sessions, newest first.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "session", security(("session" = [])),
    responses((status = 200, body = Vec<SessionInfo>)))]
pub async fn list(State(state): State<AppState>, operator: Operator) -> ApiResult<Json<Vec<SessionInfo>>> {
    let session = &operator.session;
    Ok(Json(state.store.sessions(session.operator.id, session.id, operator.now).await?))
}

/// Ends one of them.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "session", security(("session" = [])),
    params(("id" = i64, Path, description = "The session's number in the list")),
    responses((status = 204)))]
pub async fn revoke(
    State(state): State<AppState>,
    operator: Operator,
    Path(id): Path<i64>,
) -> ApiResult<StatusCode> {
    let ended = state.store.end_session(operator.session.operator.id, id).await?;
    if ended { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::not_found()) }
}
