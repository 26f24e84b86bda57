//! `/api/v1/apps/{app}/account-erasures` and the certificates of erasures: `…/erasures`, `…/erasure-verifications`.

use crate::{
    changes::ChangeKind,
    chat_api,
    error::{ApiError, ApiResult},
    extract::{AppOwner, Json, Path, Query},
    secrets,
    state::AppState,
};
use axum::extract::State;
use rollcall_shared::{
    app::SdkAppId,
    error::{FieldError, Problem, codes},
    list::{LIMIT_DEFAULT, LIMIT_MAX, LIMIT_MIN, Page},
    person::{Certificate, CertificateCheck, CertificateVerdict, ErasureRequest},
};
use rollcall_store::persons::{Erased, NewErasure};
use serde::Deserialize;

/// Erases an account and whatever names it, and certifies it. It cannot be undone. One that was cut off goes on when the same is
/// asked for again.
#[utoipa::path(post, path = "/api/v1/apps/{app}/account-erasures", tag = "accounts", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    request_body = ErasureRequest,
    responses((status = 200, body = Certificate),
        (status = 403, body = Problem, content_type = "application/problem+json",
            description = "deletion_not_permitted or protected_account"),
        (status = 404, body = Problem, content_type = "application/problem+json",
            description = "not_found: nothing is held about it"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields")))]
pub async fn create(
    State(state): State<AppState>,
    owner: AppOwner,
    Json(request): Json<ErasureRequest>,
) -> ApiResult<Json<Certificate>> {
    let errors = request.errors();
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    // What waits to be logged may name it.
    chat_api::log::write(&state).await?;
    let ErasureRequest { user_id, reason, confirm: _ } = request;
    let new = NewErasure { id: secrets::random_text()?, app: owner.app, user_id: user_id.clone(), reason };
    let erased = state.store.erase(&owner.change(), &new).await??;
    state.changes.accounts(owner.app, ChangeKind::Deleted, vec![user_id]);
    let certificate = state.sealer.signer().sign(certificate(owner.app, erased));
    Ok(Json(state.store.keep_certificate(&certificate).await?))
}

fn certificate(app: SdkAppId, erased: Erased) -> Certificate {
    let Erased { id, user_hash, erased_at, erased_by, reason, removed, kept } = erased;
    Certificate {
        id,
        sdkappid: app,
        user_id_sha256: user_hash,
        erased_at,
        erased_by,
        reason,
        removed,
        kept,
        server_version: env!("CARGO_PKG_VERSION").to_owned(),
        signature: String::new(),
    }
}

/// Which page of the list.
#[derive(Deserialize)]
pub struct ErasuresQuery {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// A page of certificates of erasures, newest first.
#[utoipa::path(get, path = "/api/v1/apps/{app}/erasures", tag = "accounts", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"),
        ("cursor" = Option<String>, Query, description = "`next` or `previous` of another page"),
        ("limit" = Option<u32>, Query, description = "1 to 200; 50 unless said otherwise")),
    responses((status = 200, body = Page<Certificate>),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields")))]
pub async fn list(
    State(state): State<AppState>,
    owner: AppOwner,
    Query(ErasuresQuery { cursor, limit }): Query<ErasuresQuery>,
) -> ApiResult<Json<Page<Certificate>>> {
    let limit = limit.unwrap_or(LIMIT_DEFAULT);
    if !(LIMIT_MIN..=LIMIT_MAX).contains(&limit) {
        let message = format!("A number from {LIMIT_MIN} to {LIMIT_MAX}.");
        let error = FieldError::new("limit", codes::OUT_OF_RANGE, message);
        return Err(ApiError::invalid(vec![error.with("min", LIMIT_MIN).with("max", LIMIT_MAX)]));
    }
    state.store.app(owner.app).await?.ok_or_else(ApiError::not_found)?;
    Ok(Json(state.store.erasures(owner.app, cursor.as_deref(), limit).await?))
}

/// Which erasure.
#[derive(Deserialize)]
pub struct ErasurePath {
    id: String,
}

/// The certificate of an erasure.
#[utoipa::path(get, path = "/api/v1/apps/{app}/erasures/{id}", tag = "accounts", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"),
        ("id" = String, Path, description = "The certificate's id")),
    responses((status = 200, body = Certificate),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found")))]
pub async fn show(
    State(state): State<AppState>,
    owner: AppOwner,
    Path(ErasurePath { id }): Path<ErasurePath>,
) -> ApiResult<Json<Certificate>> {
    Ok(Json(state.store.erasure(owner.app, &id).await?.ok_or_else(ApiError::not_found)?))
}

/// Says whether a certificate was given out here for this application, unchanged. It needs the master key by which it was
/// signed, and neither the account nor the application.
#[utoipa::path(post, path = "/api/v1/apps/{app}/erasure-verifications", tag = "accounts",
    security(("session" = [])), params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    request_body = CertificateCheck,
    responses((status = 200, body = CertificateVerdict)))]
pub async fn verify(
    State(state): State<AppState>,
    owner: AppOwner,
    Json(CertificateCheck { certificate }): Json<CertificateCheck>,
) -> Json<CertificateVerdict> {
    Json(CertificateVerdict { valid: state.sealer.signer().verifies(owner.app, &certificate) })
}
