//! `/api/v1/apps/{app}/account-bundles`: everything that is held about one account, as a ZIP. What is in it is made in
//! [`crate::bundle`].

use crate::{
    bundle::{self, Asked},
    chat_api,
    error::{ApiError, ApiResult},
    extract::{AppOwner, Json},
    state::AppState,
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use rollcall_shared::{app::SdkAppId, error::Problem, person::BundleRequest};
use tokio_util::io::ReaderStream;

/// Everything that is held about an account, also about one that was deleted and of which marks remain, as a ZIP. Its
/// README.txt says what each file holds and what is not held.
#[utoipa::path(post, path = "/api/v1/apps/{app}/account-bundles", tag = "accounts", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    request_body = BundleRequest,
    responses((status = 200, description = "The ZIP", content_type = "application/zip", body = Vec<u8>),
        (status = 404, body = Problem, content_type = "application/problem+json",
            description = "not_found: nothing is held about it"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields")))]
pub async fn create(
    State(state): State<AppState>,
    owner: AppOwner,
    Json(request): Json<BundleRequest>,
) -> ApiResult<Response> {
    let errors = request.errors();
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    let app = state.store.app(owner.app).await?.ok_or_else(ApiError::not_found)?;
    // So that it has the calls of the last second.
    chat_api::log::write(&state).await?;
    let operator = &owner.session.operator;
    let by = format!("{} (operator:{})", operator.name, operator.id);
    let asked = Asked { app, user_id: request.user_id, by, now: owner.now };
    let name = bundle::name(&asked.user_id, owner.now);
    let (file, length) = bundle::make(&state, asked).await?.ok_or_else(ApiError::not_found)?;
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"{name}\""));
    let headers = HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static("application/zip")),
        (header::CONTENT_LENGTH, HeaderValue::from(length)),
        (header::CONTENT_DISPOSITION, disposition.map_err(|error| ApiError::internal(&error))?),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ]);
    let body = Body::from_stream(ReaderStream::new(tokio::fs::File::from_std(file)));
    Ok((headers, body).into_response())
}
