//! `/api/v1/apps/{app}/account-deletions`: deletes a selection. Named accounts at once, all that match by a job.

use super::{jobs, selections};
use crate::{
    changes::ChangeKind,
    error::ApiResult,
    extract::{AppWriter, Json},
    state::AppState,
};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use rollcall_shared::{
    app::SdkAppId,
    error::Problem,
    job::{Job, JobKind},
    selection::{BatchResults, ItemStatus, Matching, Selection},
};
use rollcall_store::Refusal;

/// Deletes accounts, if the application permits deletion. Named accounts are deleted together and answered with a
/// result each; all that match a filter are deleted by a job, which stops when the restriction is put back.
#[utoipa::path(post, path = "/api/v1/apps/{app}/account-deletions", tag = "bulk",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    request_body = Selection,
    responses((status = 200, body = BatchResults, description = "For `user_ids`"),
        (status = 202, body = Job, description = "For a `filter`", headers(("Location" = String))),
        (status = 403, body = Problem, content_type = "application/problem+json",
            description = "deletion_not_permitted or app_disabled; nothing was deleted"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields")))]
pub async fn create(
    State(state): State<AppState>,
    writer: AppWriter,
    Json(selection): Json<Selection>,
) -> ApiResult<Response> {
    match selections::checked(selection, "", writer.now)? {
        Selection::UserIds { user_ids } => {
            named(&state, &writer, &user_ids).await.map(IntoResponse::into_response)
        }
        Selection::Matching(matching) => {
            all(&state, &writer, &matching).await.map(IntoResponse::into_response)
        }
    }
}

async fn named(state: &AppState, writer: &AppWriter, user_ids: &[String]) -> ApiResult<Json<BatchResults>> {
    let results = state.store.delete_accounts(&writer.change(), writer.app, user_ids).await??;
    Ok(selections::results(state, writer.app, results, (ChangeKind::Deleted, ItemStatus::Deleted)))
}

async fn all(state: &AppState, writer: &AppWriter, matching: &Matching) -> ApiResult<jobs::Accepted> {
    let app = selections::changeable(state, writer.app).await?;
    if !app.deletion_permitted {
        return Err(Refusal::DeletionNotPermitted.into());
    }
    let total = matching.expected.unwrap_or_default();
    jobs::enqueue(state, writer.app, JobKind::Deletion, matching, total, writer.change()).await
}
