//! `/api/v1/apps/{app}/secret-key/…`: the secret key, shown or replaced on request. Both are POST: a page that is
//! loaded ahead or shown again must not reveal it.

use crate::{
    error::{ApiError, ApiResult},
    extract::{AppOwner, Json},
    secrets::{SecretError, hex, random},
    state::AppState,
};
use axum::extract::State;
use rollcall_shared::app::{SdkAppId, SecretKey};

/// A new secret key: 64 hex digits.
///
/// # Errors
/// The machine gave no random bytes.
pub fn new_secret_key() -> Result<String, SecretError> {
    Ok(hex(&random::<32>()?))
}

/// Shows the secret key.
#[utoipa::path(post, path = "/api/v1/apps/{app}/secret-key/reveal", tag = "applications",
    security(("session" = [])), params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    responses((status = 200, body = SecretKey)))]
pub async fn reveal(State(state): State<AppState>, owner: AppOwner) -> ApiResult<Json<SecretKey>> {
    Ok(Json(SecretKey { secret_key: secret_key(&state, owner.app).await? }))
}

/// The secret key of an application.
pub(super) async fn secret_key(state: &AppState, app: SdkAppId) -> ApiResult<String> {
    let sealed = state.store.secret_key(app).await?.ok_or_else(ApiError::not_found)?;
    Ok(state.sealer.open(app, &sealed)?)
}

/// Replaces the secret key. UserSigs made with the old one are no longer valid.
#[utoipa::path(post, path = "/api/v1/apps/{app}/secret-key/rotate", tag = "applications",
    security(("session" = [])), params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    responses((status = 200, body = SecretKey)))]
pub async fn rotate(State(state): State<AppState>, owner: AppOwner) -> ApiResult<Json<SecretKey>> {
    let secret_key = new_secret_key()?;
    let sealed = state.sealer.seal(&secret_key)?(owner.app);
    state.store.set_secret_key(&owner.change(), owner.app, &sealed).await??;
    Ok(Json(SecretKey { secret_key }))
}
