//! `/api/v1/apps/{app}/usersigs` and `…/usersig-checks`: UserSigs made and checked with the application's key, for
//! developers who connect their servers and clients. Neither is kept.

use super::app_secrets::secret_key;
use crate::{
    chat_api::codes::VOID_SIG,
    error::{ApiError, ApiResult},
    extract::{AppOwner, Json},
    state::AppState,
};
use axum::extract::State;
use rollcall_shared::{
    app::SdkAppId,
    error::Problem,
    time::Timestamp,
    usersig::{NewUserSig, UserSig, UserSigCheck, UserSigClaims, UserSigReport},
    validate,
};
use usersig::{Claims, Expected};

const DAY: i64 = 24 * 60 * 60;
/// The last second of the year 9999: what a UserSig says may lie beyond any calendar.
const LAST_SECOND: i64 = 253_402_300_799;

/// Makes a UserSig of a user.
#[utoipa::path(post, path = "/api/v1/apps/{app}/usersigs", tag = "usersigs",
    security(("session" = [])), params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    request_body = NewUserSig,
    responses((status = 200, body = UserSig),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields")))]
pub async fn make(
    State(state): State<AppState>,
    owner: AppOwner,
    Json(new): Json<NewUserSig>,
) -> ApiResult<Json<UserSig>> {
    let errors = new.errors();
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    let key = secret_key(&state, owner.app).await?;
    let made = owner.now.seconds();
    let claims = Claims::new(owner.app.0, new.user_id, made, i64::from(new.days) * DAY);
    Ok(Json(UserSig { usersig: claims.sign(&key), expires_at: instant(claims.expires_at()) }))
}

/// Says whether a UserSig is good now, or why not and what helps, as the server API would judge it.
#[utoipa::path(post, path = "/api/v1/apps/{app}/usersig-checks", tag = "usersigs",
    security(("session" = [])), params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    request_body = UserSigCheck,
    responses((status = 200, body = UserSigReport),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields")))]
pub async fn check(
    State(state): State<AppState>,
    owner: AppOwner,
    Json(asked): Json<UserSigCheck>,
) -> ApiResult<Json<UserSigReport>> {
    if let Some(error) = validate::text("usersig", &asked.usersig, usersig::MAX_LEN) {
        return Err(ApiError::invalid(vec![error]));
    }
    let key = secret_key(&state, owner.app).await?;
    let sig = match usersig::UserSig::parse(asked.usersig.trim()) {
        Ok(sig) => sig,
        Err(error) => return Ok(Json(refused(error, None))),
    };
    let claims = sig.claims();
    let said = UserSigClaims {
        sdkappid: claims.sdkappid,
        user_id: claims.identifier.clone(),
        made_at: instant(claims.time),
        expires_at: instant(claims.expires_at()),
    };
    let identifier = if asked.user_id.is_empty() { &claims.identifier } else { &asked.user_id };
    let expected = Expected { sdkappid: owner.app.0, identifier };
    if let Err(error) = sig.verify(&expected, &key, owner.now.seconds()) {
        return Ok(Json(refused(error, Some(said))));
    }
    let caller = state.store.chat_caller(owner.app, identifier).await?.ok_or_else(ApiError::not_found)?;
    let (code, reason) = if caller.voids(claims.time) { VOID_SIG } else { (0, "") };
    Ok(Json(UserSigReport { code, reason: reason.to_owned(), claims: Some(said) }))
}

fn refused(error: usersig::Error, claims: Option<UserSigClaims>) -> UserSigReport {
    UserSigReport { code: error.code(), reason: error.to_string(), claims }
}

fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds.clamp(0, LAST_SECOND) * 1_000)
}
