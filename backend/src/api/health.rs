//! `/healthz` and `/readyz`, for supervisors and load balancers.

use crate::{error::ApiResult, state::AppState};
use axum::{extract::State, http::StatusCode};

/// The process answers.
pub async fn live() -> &'static str {
    "ok\n"
}

/// The database answers and has our schema, and the server is not stopping.
pub async fn ready(State(state): State<AppState>) -> ApiResult<(StatusCode, &'static str)> {
    if state.draining.is_cancelled() {
        return Ok((StatusCode::SERVICE_UNAVAILABLE, "stopping\n"));
    }
    state.store.ready().await?;
    Ok((StatusCode::OK, "ready\n"))
}
