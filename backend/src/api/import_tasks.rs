//! `/api/v1/apps/{app}/imports/{id}/review`, `…/apply` and `…/undo`: the tasks of an import. What they do lives in [`crate::jobs`].

use super::{
    imports::{application, found, not_now},
    jobs::{Accepted, accepted},
};
use crate::{
    error::{ApiError, ApiResult},
    extract::{AppWriter, ImportId, Json},
    imports,
    secrets::random_text,
    state::AppState,
};
use axum::{extract::State, http::StatusCode};
use rollcall_shared::{
    app::SdkAppId,
    error::{FieldError, Problem, codes},
    import::{ApplyRequest, Mapping, ReviewRequest},
    job::Job,
};
use rollcall_store::imports::{Begin, Begun};

/// Finds out, as a task, what the file would do. Nothing is changed. What its columns mean is remembered for the next file.
#[utoipa::path(post, path = "/api/v1/apps/{app}/imports/{id}/review", tag = "imports",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("id" = String, Path, description = "The import's id")),
    request_body = ReviewRequest,
    responses((status = 202, body = Job, headers(("Location" = String))),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not_now"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields")))]
pub async fn review(
    State(state): State<AppState>,
    writer: AppWriter,
    ImportId(id): ImportId,
    Json(request): Json<ReviewRequest>,
) -> ApiResult<Accepted> {
    let import = found(&state, writer.app, &id).await?;
    let Some(preview) = &import.preview else { return Err(not_now(import.state)) };
    Mapping::new(request.mapping.clone()).map_err(ApiError::invalid)?;
    if request.mapping.len() != preview.columns.len() {
        let rule = format!("Say what each of the {} columns means.", preview.columns.len());
        return Err(ApiError::invalid(vec![FieldError::new("mapping", codes::INVALID, rule)]));
    }
    let app = application(&state, writer.app).await?;
    let undefined = imports::undefined(&request.mapping, &app.custom_fields);
    if !undefined.is_empty() {
        return Err(ApiError::invalid(undefined));
    }
    begin(&state, &writer, &id, Begin::Review(request)).await
}

/// Does what was reviewed, as a task, and nothing else: the review is named by its digest. Accounts that changed since are kept and
/// refused. A task that was stopped goes on.
#[utoipa::path(post, path = "/api/v1/apps/{app}/imports/{id}/apply", tag = "imports",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("id" = String, Path, description = "The import's id")),
    request_body = ApplyRequest,
    responses((status = 202, body = Job, headers(("Location" = String))),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found"),
        (status = 409, body = Problem, content_type = "application/problem+json",
            description = "not_now; changed_meanwhile: there is another review")))]
pub async fn apply(
    State(state): State<AppState>,
    writer: AppWriter,
    ImportId(id): ImportId,
    Json(request): Json<ApplyRequest>,
) -> ApiResult<Accepted> {
    begin(&state, &writer, &id, Begin::Apply(request.digest)).await
}

/// Takes back what the import did, as a task, until 7 days after it was applied: what it created is removed, what it changed is as it
/// was. Accounts that someone changed since are kept and refused. A task that was stopped goes on.
#[utoipa::path(post, path = "/api/v1/apps/{app}/imports/{id}/undo", tag = "imports",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("id" = String, Path, description = "The import's id")),
    responses((status = 202, body = Job, headers(("Location" = String))),
        (status = 404, body = Problem, content_type = "application/problem+json",
            description = "not_found: or its time is over"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not_now")))]
pub async fn undo(
    State(state): State<AppState>,
    writer: AppWriter,
    ImportId(id): ImportId,
) -> ApiResult<Accepted> {
    begin(&state, &writer, &id, Begin::Undo).await
}

async fn begin(state: &AppState, writer: &AppWriter, id: &str, begin: Begin) -> ApiResult<Accepted> {
    let begun = state.store.begin_import(&writer.change(), writer.app, id, begin, &random_text()?).await?;
    let job = match begun {
        Begun::Job(job) => *job,
        Begun::Missing => return Err(ApiError::not_found()),
        Begun::NotNow(stands) => return Err(not_now(stands)),
        Begun::OtherReview => {
            let detail = "The file was reviewed again meanwhile. Look at that review; nothing was applied.";
            return Err(ApiError::new(StatusCode::CONFLICT, codes::CHANGED_MEANWHILE, detail));
        }
        Begun::Refused(refusal) => return Err(refusal.into()),
    };
    Ok(accepted(state, writer.app, job))
}
