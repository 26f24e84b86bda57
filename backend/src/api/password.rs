//! `/api/v1/password`: the operator's own password.

use super::session;
use crate::{
    error::{ApiError, ApiResult},
    extract::{Json, Operator, client},
    state::AppState,
};
use axum::{
    extract::State,
    http::{Extensions, HeaderMap, StatusCode},
};
use rollcall_shared::{
    error::{FieldError, codes},
    session::PasswordChange,
    validate,
};

/// Replaces the password and ends the operator's other sessions. A wrong current password counts as a failed
/// sign-in, so a stolen session cannot guess it.
#[utoipa::path(put, path = "/api/v1/password", tag = "session", security(("session" = [])),
    request_body = PasswordChange, responses((status = 204)))]
pub async fn change(
    State(state): State<AppState>,
    operator: Operator,
    extensions: Extensions,
    headers: HeaderMap,
    Json(PasswordChange { current_password, new_password }): Json<PasswordChange>,
) -> ApiResult<StatusCode> {
    if let Some(error) = validate::password("new_password", &new_password) {
        return Err(ApiError::invalid(vec![error]));
    }
    let (id, email) = (operator.session.operator.id, &operator.session.operator.email);
    let address = client::address(&state, &headers, &extensions);
    session::attempt(&state, email, &address, operator.now).await?;
    let known = state.store.credentials_by_id(id).await?;
    if !state.passwords.verify(known.map(|known| known.password_hash), current_password).await? {
        let message = "This is not your password.";
        return Err(ApiError::invalid(vec![FieldError::new("current_password", codes::INVALID, message)]));
    }
    state.store.attempt_succeeded(email, &address).await?;
    let phc = state.passwords.hash(new_password).await?;
    state.store.change_password(id, &phc, operator.session.id, operator.now).await?;
    Ok(StatusCode::NO_CONTENT)
}
