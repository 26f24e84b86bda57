//! `/api/v1/apps/{app}/imports/{id}/refused.csv`, ready to be mended and uploaded again, and the template of a file of accounts.

use super::import_findings::reviewed;
use crate::{
    error::{ApiError, ApiResult},
    extract::{AppReader, ImportId},
    imports::{Refusals, table},
    state::AppState,
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use rollcall_shared::{
    app::SdkAppId,
    custom_field::CustomField,
    error::Problem,
    job::{AnyColumn, Column},
};

/// The rows that were refused, as CSV with the columns of the file and a column `reason`: those of the review, and after the import was
/// applied the accounts that had changed since. Cells that a spreadsheet would run are made harmless, and read back as they were.
#[utoipa::path(get, path = "/api/v1/apps/{app}/imports/{id}/refused.csv", tag = "imports",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("id" = String, Path, description = "The import's id")),
    responses((status = 200, description = "The file", content_type = "text/csv", body = String),
        (status = 404, body = Problem, content_type = "application/problem+json",
            description = "not_found: no such import, or it was not reviewed")))]
pub async fn refused_file(
    State(state): State<AppState>,
    reader: AppReader,
    ImportId(id): ImportId,
) -> ApiResult<Response> {
    let (record, _) = reviewed(&state, reader.id(), &id).await?;
    let name = HeaderValue::from_static("attachment; filename=\"refused.csv\"");
    let from =
        Refusals::new(&state, reader.id(), record).await.map_err(|error| ApiError::internal(&error))?;
    Ok((headers(name), Body::from_stream(from.parts())).into_response())
}

/// An empty table with every column that a file of accounts can have, as CSV.
#[utoipa::path(get, path = "/api/v1/apps/{app}/import-template.csv", tag = "imports",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    responses((status = 200, description = "The file", content_type = "text/csv", body = String)))]
pub async fn template(reader: AppReader) -> ApiResult<Response> {
    let custom = reader.app.custom_fields.iter().filter_map(CustomField::field_name);
    let mut columns = AnyColumn::all(custom);
    columns.retain(|column| !matches!(column, AnyColumn::Own(Column::CreatedAt | Column::UpdatedAt)));
    let names: Vec<String> = columns.iter().map(ToString::to_string).collect();
    let bytes = table(&names, &[]).map_err(|error| ApiError::internal(&error))?;
    let name = HeaderValue::from_static("attachment; filename=\"accounts-template.csv\"");
    Ok((headers(name), bytes).into_response())
}

fn headers(disposition: HeaderValue) -> HeaderMap {
    HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ])
}
