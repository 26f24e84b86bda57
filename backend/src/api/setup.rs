//! `/api/v1/setup`: the first use of a one-time link, which makes an operator.

use super::session;
use crate::{
    error::{ApiError, ApiResult},
    extract::{Json, client},
    secrets,
    state::AppState,
};
use axum::{
    extract::State,
    http::{Extensions, HeaderMap},
    response::IntoResponse,
};
use rollcall_shared::{
    error::FieldError,
    session::{Session, Setup},
    validate,
};

/// Uses the link: the operator chooses a name and a password and is signed in. Of several uses one succeeds.
#[utoipa::path(post, path = "/api/v1/setup", tag = "session", security(), request_body = Setup,
    responses((status = 200, body = Session)))]
pub async fn complete(
    State(state): State<AppState>,
    extensions: Extensions,
    headers: HeaderMap,
    Json(Setup { token, email, name, password }): Json<Setup>,
) -> ApiResult<impl IntoResponse> {
    let (now, hash) = (state.clock.now(), secrets::hash(&token));
    // Strangers without a link learn nothing and cost no password hash.
    if !state.store.setup_link_valid(&hash, now).await? {
        return Err(link_is_bad());
    }
    let errors: Vec<FieldError> =
        [validate::email(&email), validate::name("name", &name), validate::password("password", &password)]
            .into_iter()
            .flatten()
            .collect();
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    let phc = state.passwords.hash(password).await?;
    let operator = state.store.use_setup_link(&hash, &email, name.trim(), &phc, now).await?;
    let operator = operator.ok_or_else(link_is_bad)?;
    let address = client::address(&state, &headers, &extensions);
    session::begin(&state, operator, &headers, address, now).await
}

fn link_is_bad() -> ApiError {
    ApiError::forbidden("This link was used or has expired. Start the server again for a new one.")
}
