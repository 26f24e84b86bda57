//! `/api/v1/apps/{app}/accounts/{user_id}/set-admin` and `…/cancel-admin`: the one way to change an account's type.

use crate::{
    changes::ChangeKind,
    error::ApiResult,
    extract::{AppWriter, Json, UserId},
    state::AppState,
};
use axum::{extract::State, http::header, response::IntoResponse};
use rollcall_shared::{account::Account, app::SdkAppId, error::Problem, profile::AccountType};

/// Makes the account an admin: it may call the server API. An application has at most 10.
#[utoipa::path(post, path = "/api/v1/apps/{app}/accounts/{user_id}/set-admin", tag = "accounts",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"),
        ("user_id" = String, Path, description = "The username")),
    responses((status = 200, body = Account, headers(("ETag" = String))),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "admin_limit")))]
pub async fn set_admin(
    State(state): State<AppState>,
    writer: AppWriter,
    UserId(user_id): UserId,
) -> ApiResult<impl IntoResponse> {
    change(&state, &writer, user_id, AccountType::Admin).await
}

/// Makes the account a general one again. Its UserSigs still sign it in, but open the server API no more.
#[utoipa::path(post, path = "/api/v1/apps/{app}/accounts/{user_id}/cancel-admin", tag = "accounts",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"),
        ("user_id" = String, Path, description = "The username")),
    responses((status = 200, body = Account, headers(("ETag" = String))),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "protected_account"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found")))]
pub async fn cancel_admin(
    State(state): State<AppState>,
    writer: AppWriter,
    UserId(user_id): UserId,
) -> ApiResult<impl IntoResponse> {
    change(&state, &writer, user_id, AccountType::General).await
}

async fn change(
    state: &AppState,
    writer: &AppWriter,
    user_id: String,
    to: AccountType,
) -> ApiResult<impl IntoResponse + use<>> {
    let account = state.store.set_account_type(&writer.change(), writer.app, &user_id, to).await??;
    state.changes.accounts(writer.app, ChangeKind::Updated, vec![user_id]);
    Ok(([(header::ETAG, account.etag())], Json(account)))
}
