//! `/api/v1/apps/{app}/tokens`: API tokens of an application, shown once and kept as a hash.

use crate::{
    error::{ApiError, ApiResult},
    extract::{AppOwner, Json, Path},
    secrets,
    state::AppState,
};
use axum::{extract::State, http::StatusCode};
use rollcall_shared::{
    app::{ApiToken, CreatedToken, NewToken, SdkAppId},
    error::{FieldError, codes},
    validate,
};
use rollcall_store::Refusal;
use serde::Deserialize;

/// The longest life of a token, in days.
const DAYS_MAX: u32 = 730;

/// The application's tokens, newest first, expired ones included.
#[utoipa::path(get, path = "/api/v1/apps/{app}/tokens", tag = "applications", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    responses((status = 200, body = Vec<ApiToken>)))]
pub async fn list(State(state): State<AppState>, owner: AppOwner) -> ApiResult<Json<Vec<ApiToken>>> {
    state.store.app(owner.app).await?.ok_or_else(ApiError::not_found)?;
    Ok(Json(state.store.tokens(owner.app).await?))
}

/// Makes a token. Its text is in this answer and nowhere else.
#[utoipa::path(post, path = "/api/v1/apps/{app}/tokens", tag = "applications", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    request_body = NewToken, responses((status = 201, body = CreatedToken)))]
pub async fn create(
    State(state): State<AppState>,
    owner: AppOwner,
    Json(new): Json<NewToken>,
) -> ApiResult<(StatusCode, Json<CreatedToken>)> {
    let errors: Vec<FieldError> =
        [validate::name("name", &new.name), days(new.expires_in_days)].into_iter().flatten().collect();
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    let token = format!("{}{}", secrets::TOKEN_PREFIX, secrets::random_text()?);
    let kept = state.store.create_token(&owner.change(), owner.app, &new, &secrets::hash(&token)).await?;
    let info = kept.map_err(|refusal| match refusal {
        // The store says "taken" when there is no room for one more.
        Refusal::Taken => {
            let detail = "The application has as many tokens as it can have. Revoke one first.";
            ApiError::new(StatusCode::CONFLICT, codes::TAKEN, detail)
        }
        other => other.into(),
    })?;
    Ok((StatusCode::CREATED, Json(CreatedToken { info, token })))
}

/// Which token of the application.
#[derive(Deserialize)]
pub struct TokenPath {
    id: i64,
}

/// Ends a token.
#[utoipa::path(delete, path = "/api/v1/apps/{app}/tokens/{id}", tag = "applications", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"),
        ("id" = i64, Path, description = "The token's number")),
    responses((status = 204)))]
pub async fn revoke(
    State(state): State<AppState>,
    owner: AppOwner,
    Path(token): Path<TokenPath>,
) -> ApiResult<StatusCode> {
    let ended = state.store.revoke_token(owner.app, token.id).await?;
    if ended { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::not_found()) }
}

fn days(days: u32) -> Option<FieldError> {
    (!(1..=DAYS_MAX).contains(&days)).then(|| {
        let message = format!("From 1 to {DAYS_MAX} days.");
        FieldError::new("expires_in_days", codes::OUT_OF_RANGE, message).with("min", 1).with("max", DAYS_MAX)
    })
}
