//! `/api/v1/apps/{app}/imports/{id}/refused` and `…/changes`: what a review found, in pages by position. As a file it is in
//! [`super::import_files`].

use crate::{
    error::{ApiError, ApiResult},
    extract::{AppReader, ImportId, Json, Query},
    imports::{self, Findings, page},
    state::AppState,
};
use axum::extract::State;
use rollcall_shared::{
    app::SdkAppId,
    error::{FieldError, Problem, codes},
    import::{ChangeKind, RefusedRow, Review, ReviewPage, RowChange},
    list::{LIMIT_DEFAULT, LIMIT_MAX, LIMIT_MIN},
};
use rollcall_store::imports::{ImportRecord, PlannedChange};
use serde::{Deserialize, de::DeserializeOwned};

/// Which rows.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowsQuery {
    #[serde(default)]
    offset: u64,
    limit: Option<u32>,
}

/// Which changes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangesQuery {
    kind: ChangeKind,
    #[serde(default)]
    offset: u64,
    limit: Option<u32>,
}

/// The rows that the review refuses, in the order of the file, each with what is wrong.
#[utoipa::path(get, path = "/api/v1/apps/{app}/imports/{id}/refused", tag = "imports",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("id" = String, Path, description = "The import's id"),
        ("offset" = Option<u64>, Query, description = "The position of the first row, from 0"),
        ("limit" = Option<u32>, Query, description = "1 to 200, 50 by default")),
    responses((status = 200, body = ReviewPage<RefusedRow>),
        (status = 404, body = Problem, content_type = "application/problem+json",
            description = "not_found: no such import, or it was not reviewed"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields")))]
pub async fn refused(
    State(state): State<AppState>,
    reader: AppReader,
    ImportId(id): ImportId,
    Query(RowsQuery { offset, limit }): Query<RowsQuery>,
) -> ApiResult<Json<ReviewPage<RefusedRow>>> {
    let (limit, (record, review)) = (checked(limit)?, reviewed(&state, reader.id(), &id).await?);
    let items = read(&state, reader.id(), &record, Findings::Refused, (offset, limit)).await?;
    Ok(Json(ReviewPage { items, offset, total: review.refused }))
}

/// What the review would do to accounts, by username: those that it creates, or those that it changes, field by field.
#[utoipa::path(get, path = "/api/v1/apps/{app}/imports/{id}/changes", tag = "imports",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("id" = String, Path, description = "The import's id"),
        ("kind" = ChangeKind, Query, description = "create or update"),
        ("offset" = Option<u64>, Query, description = "The position of the first change, from 0"),
        ("limit" = Option<u32>, Query, description = "1 to 200, 50 by default")),
    responses((status = 200, body = ReviewPage<RowChange>),
        (status = 404, body = Problem, content_type = "application/problem+json",
            description = "not_found: no such import, or it was not reviewed"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields")))]
pub async fn changes(
    State(state): State<AppState>,
    reader: AppReader,
    ImportId(id): ImportId,
    Query(ChangesQuery { kind, offset, limit }): Query<ChangesQuery>,
) -> ApiResult<Json<ReviewPage<RowChange>>> {
    let (limit, (record, review)) = (checked(limit)?, reviewed(&state, reader.id(), &id).await?);
    let (findings, total) = match kind {
        ChangeKind::Create => (Findings::Creates, review.create),
        ChangeKind::Update => (Findings::Updates, review.update),
    };
    let items: Vec<PlannedChange> = read(&state, reader.id(), &record, findings, (offset, limit)).await?;
    Ok(Json(ReviewPage { items: items.iter().map(PlannedChange::show).collect(), offset, total }))
}

fn checked(limit: Option<u32>) -> ApiResult<u32> {
    let limit = limit.unwrap_or(LIMIT_DEFAULT);
    if (LIMIT_MIN..=LIMIT_MAX).contains(&limit) {
        return Ok(limit);
    }
    let message = format!("A number from {LIMIT_MIN} to {LIMIT_MAX}.");
    Err(ApiError::invalid(vec![FieldError::new("limit", codes::OUT_OF_RANGE, message)]))
}

/// An import that was reviewed.
pub(super) async fn reviewed(state: &AppState, app: SdkAppId, id: &str) -> ApiResult<(ImportRecord, Review)> {
    let record = super::imports::record(state, app, id).await?;
    let review = record.review.clone().ok_or_else(ApiError::not_found)?;
    Ok((record, review))
}

async fn read<T: DeserializeOwned>(
    state: &AppState,
    app: SdkAppId,
    record: &ImportRecord,
    findings: Findings,
    (offset, limit): (u64, u32),
) -> ApiResult<Vec<T>> {
    let location = imports::findings(app, &record.id, &record.findings, findings);
    page(&state.files, &location, offset, limit).await.map_err(|error| ApiError::internal(&error))
}
