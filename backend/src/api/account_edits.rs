//! `/api/v1/apps/{app}/account-edits`: the same change for many accounts. Named ones at once, all that match by a job.

use super::{jobs, selections};
use crate::{
    changes::ChangeKind,
    error::{ApiError, ApiResult},
    extract::{AppWriter, Json},
    state::AppState,
};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use rollcall_shared::{
    account::AccountPatch,
    app::{App, SdkAppId},
    custom_field,
    error::{FieldError, Problem},
    job::{EditJob, Job, JobKind},
    selection::{AccountEdit, BatchResults, ItemStatus, Selection},
};
use rollcall_store::Refusal;

/// Writes the same values over many accounts, as they stand: nobody's version is asked for. Named accounts are changed together
/// and answered with a result each; all that match a filter are changed by a job, which can be cancelled.
#[utoipa::path(post, path = "/api/v1/apps/{app}/account-edits", tag = "bulk",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    request_body = AccountEdit,
    responses((status = 200, body = BatchResults, description = "For `user_ids`"),
        (status = 202, body = Job, description = "For a `filter`", headers(("Location" = String))),
        (status = 403, body = Problem, content_type = "application/problem+json",
            description = "app_disabled; nothing was changed"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields")))]
pub async fn create(
    State(state): State<AppState>,
    writer: AppWriter,
    Json(edit): Json<AccountEdit>,
) -> ApiResult<Response> {
    let errors = edit.patch_errors();
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    match selections::checked(edit.selection, "selection.", writer.now)? {
        Selection::UserIds { user_ids } => {
            named(&state, &writer, &user_ids, &edit.patch).await.map(IntoResponse::into_response)
        }
        Selection::Matching(matching) => {
            let job = EditJob { matching, patch: edit.patch };
            all(&state, &writer, &job).await.map(IntoResponse::into_response)
        }
    }
}

async fn named(
    state: &AppState,
    writer: &AppWriter,
    user_ids: &[String],
    patch: &AccountPatch,
) -> ApiResult<Json<BatchResults>> {
    let done = state.store.patch_accounts(&writer.change(), writer.app, user_ids, patch).await?;
    let results = done.map_err(|refusal| match refusal {
        Refusal::Fields(errors) => Refusal::Fields(errors.into_iter().map(of_patch).collect()),
        other => other,
    })?;
    Ok(selections::results(state, writer.app, results, (ChangeKind::Updated, ItemStatus::Updated)))
}

async fn all(state: &AppState, writer: &AppWriter, job: &EditJob) -> ApiResult<jobs::Accepted> {
    let app = selections::changeable(state, writer.app).await?;
    let undefined = undefined(&app, &job.patch);
    if !undefined.is_empty() {
        return Err(ApiError::invalid(undefined));
    }
    let total = job.matching.expected.unwrap_or_default();
    jobs::enqueue(state, writer.app, JobKind::Edit, job, total, writer.change()).await
}

/// The error under the path that the field has in the body.
fn of_patch(error: FieldError) -> FieldError {
    FieldError { field: format!("patch.{}", error.field), ..error }
}

/// The custom fields of the patch that the application does not have.
fn undefined(app: &App, patch: &AccountPatch) -> Vec<FieldError> {
    let names = patch.custom.value().into_iter().flat_map(|values| values.keys());
    let missing = names.filter(|name| !app.custom_fields.iter().any(|field| field.name == **name));
    missing.map(|name| of_patch(custom_field::undefined(name))).collect()
}
