//! `/api/v1/apps`: applications. Secret keys and tokens have files of their own.

use super::app_secrets::new_secret_key;
use crate::{
    error::{ApiError, ApiResult},
    extract::{AppOwner, AppReader, IfMatch, Json, Operator, Query},
    secrets::random_text,
    state::AppState,
};
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use rollcall_shared::{
    app::{App, AppPatch, CreatedApp, DeletionRestriction, NewApp, SdkAppId},
    error::{FieldError, codes},
    job::Job,
    profile::TEXT_MAX,
    validate,
};
use rollcall_store::apps::Versioned;
use serde::Deserialize;

/// Every application, with exact totals.
#[utoipa::path(get, path = "/api/v1/apps", tag = "applications", security(("session" = [])),
    responses((status = 200, body = Vec<App>)))]
pub async fn list(State(state): State<AppState>, _operator: Operator) -> ApiResult<Json<Vec<App>>> {
    Ok(Json(state.store.apps().await?))
}

/// Creates an application with its account `administrator`. The answer holds the secret key.
#[utoipa::path(post, path = "/api/v1/apps", tag = "applications", security(("session" = [])),
    request_body = NewApp, responses((status = 201, body = CreatedApp)))]
pub async fn create(
    State(state): State<AppState>,
    operator: Operator,
    Json(NewApp { name }): Json<NewApp>,
) -> ApiResult<impl IntoResponse> {
    if let Some(error) = validate::name("name", &name) {
        return Err(ApiError::invalid(vec![error]));
    }
    let secret_key = new_secret_key()?;
    let seal = state.sealer.seal(&secret_key)?;
    let app = state.store.create_app(&operator.change(), &name, seal).await?;
    let etag = [(header::ETAG, app.etag())];
    Ok((StatusCode::CREATED, etag, Json(CreatedApp { app, secret_key })))
}

/// One application.
#[utoipa::path(get, path = "/api/v1/apps/{app}", tag = "applications",
    security(("session" = []), ("token" = [])), params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    responses((status = 200, body = App)))]
pub async fn show(reader: AppReader) -> impl IntoResponse {
    ([(header::ETAG, reader.app.etag())], Json(reader.app))
}

/// Changes settings. A disabled application takes nothing but `status`.
#[utoipa::path(patch, path = "/api/v1/apps/{app}", tag = "applications", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the version that is meant")),
    request_body = AppPatch, responses((status = 200, body = App)))]
pub async fn edit(
    State(state): State<AppState>,
    owner: AppOwner,
    expected: Option<IfMatch>,
    Json(patch): Json<AppPatch>,
) -> ApiResult<impl IntoResponse> {
    if let Some(error) = patch.name.as_deref().and_then(|name| validate::name("name", name)) {
        return Err(ApiError::invalid(vec![error]));
    }
    let expected = expected.map(|IfMatch(expected)| expected);
    let app = done(state.store.patch_app(&owner.change(), owner.app, expected, &patch).await?)?;
    Ok(([(header::ETAG, app.etag())], Json(app)))
}

/// What a deletion must name.
#[derive(Deserialize)]
pub struct Confirmation {
    #[serde(default)]
    confirm: String,
}

/// Deletes an application with everything that it owns: it is gone at once, its rows are removed by a job.
/// SDKAppIDs are never used again.
#[utoipa::path(delete, path = "/api/v1/apps/{app}", tag = "applications", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"),
        ("confirm" = String, Query, description = "The application's name")),
    responses((status = 202, body = Job)))]
pub async fn remove(
    State(state): State<AppState>,
    owner: AppOwner,
    Query(Confirmation { confirm }): Query<Confirmation>,
) -> ApiResult<(StatusCode, Json<Job>)> {
    let id = random_text()?;
    match state.store.delete_app(&owner.change(), owner.app, &confirm, &id).await? {
        Versioned::Done(()) => {}
        Versioned::Changed(()) => {
            let message = "Type the application's name exactly.";
            return Err(ApiError::invalid(vec![FieldError::new("confirm", codes::INVALID, message)]));
        }
        Versioned::Refused(refusal) => return Err(refusal.into()),
    }
    state.jobs.notify_one();
    let job = state.store.job(owner.app, &id).await?.ok_or_else(ApiError::not_found)?;
    Ok((StatusCode::ACCEPTED, Json(job)))
}

/// Lifts the deletion restriction, or puts it back. Running deletions stop when it is put back.
#[utoipa::path(put, path = "/api/v1/apps/{app}/deletion-restriction", tag = "applications",
    security(("session" = [])), params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    request_body = DeletionRestriction, responses((status = 200, body = App)))]
pub async fn set_deletion_restriction(
    State(state): State<AppState>,
    owner: AppOwner,
    Json(restriction): Json<DeletionRestriction>,
) -> ApiResult<impl IntoResponse> {
    if let Some(error) = validate::text("reason", &restriction.reason, TEXT_MAX) {
        return Err(ApiError::invalid(vec![error]));
    }
    let app = state.store.set_deletion_restriction(&owner.change(), owner.app, &restriction).await??;
    Ok(([(header::ETAG, app.etag())], Json(app)))
}

fn done(outcome: Versioned<App>) -> ApiResult<App> {
    match outcome {
        Versioned::Done(app) => Ok(app),
        Versioned::Changed(current) => Err(ApiError::changed(&current)),
        Versioned::Refused(refusal) => Err(refusal.into()),
    }
}
