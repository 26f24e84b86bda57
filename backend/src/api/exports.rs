//! `/api/v1/apps/{app}/exports`: files of accounts, made by a job and fetched in ranges.

use super::{
    conditional::{Part, none_match, part},
    jobs, selections,
};
use crate::{
    error::{ApiError, ApiResult},
    export::Zone,
    extract::{AppReader, Json, Path},
    jobs::files,
    state::AppState,
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use object_store::{GetOptions, GetRange, ObjectStore as _};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rollcall_shared::{
    app::SdkAppId,
    error::{FieldError, Problem},
    export::ExportManifest,
    job::{ExportFile, ExportRequest, Job, JobKind, JobState},
    selection::Selection,
};
use rollcall_store::Change;
use serde::Deserialize;

/// Asks for a file of accounts. A disabled application can be exported too.
#[utoipa::path(post, path = "/api/v1/apps/{app}/exports", tag = "bulk",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    request_body = ExportRequest,
    responses((status = 202, body = Job, headers(("Location" = String))),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields")))]
pub async fn create(
    State(state): State<AppState>,
    reader: AppReader,
    Json(request): Json<ExportRequest>,
) -> ApiResult<jobs::Accepted> {
    let request = checked(request, &reader)?;
    let total = match &request.selection {
        None => reader.app.accounts.unsigned_abs(),
        Some(Selection::UserIds { user_ids }) => user_ids.len() as u64,
        Some(Selection::Matching(matching)) => matching.expected.unwrap_or_default(),
    };
    let change = Change { actor: reader.caller.actor(), now: reader.now };
    jobs::enqueue(&state, reader.id(), JobKind::Export, &request, total, change).await
}

/// The request as it is carried out, or what is wrong with it.
pub(super) fn checked(request: ExportRequest, reader: &AppReader) -> ApiResult<ExportRequest> {
    let mut errors = request.form_errors(&reader.app.custom_fields);
    errors.extend(Zone::named(request.time_zone.as_deref()).err().map(FieldError::from));
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    let check = |selection| selections::checked(selection, "selection.", reader.now);
    let selection = request.selection.map(check).transpose()?;
    Ok(ExportRequest { selection, ..request })
}

/// Which export of the application.
#[derive(Deserialize)]
pub struct ExportPath {
    id: String,
}

/// The job of an export. When it is done, `result.file` says where the file is.
#[utoipa::path(get, path = "/api/v1/apps/{app}/exports/{id}", tag = "bulk",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("id" = String, Path, description = "The job's id")),
    responses((status = 200, body = Job),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found")))]
pub async fn show(
    State(state): State<AppState>,
    reader: AppReader,
    Path(ExportPath { id }): Path<ExportPath>,
) -> ApiResult<Json<Job>> {
    export(&state, reader.id(), &id).await.map(Json)
}

/// The file of an export, whole or a range of it. The URL never names another file; after seven days the file
/// is gone.
#[utoipa::path(get, path = "/api/v1/apps/{app}/exports/{id}/file", tag = "bulk",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("id" = String, Path, description = "The job's id"),
        ("Range" = Option<String>, Header, description = "One range of bytes"),
        ("If-Range" = Option<String>, Header, description = "The ETag that the range belongs to"),
        ("If-None-Match" = Option<String>, Header, description = "The ETag that the client has")),
    responses((status = 200, description = "The file", content((String = "text/csv"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (String = "application/x-ndjson"), (String = "application/gzip"), (String = "application/zstd"))),
        (status = 206, description = "The range"),
        (status = 304, description = "The client has it"),
        (status = 404, body = Problem, content_type = "application/problem+json",
            description = "not_found: no such export, not complete, or its time is over"),
        (status = 416, description = "The file has no such bytes")))]
pub async fn file(
    State(state): State<AppState>,
    reader: AppReader,
    Path(ExportPath { id }): Path<ExportPath>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let file = complete(&state, &reader, &id).await?;
    let etag = format!("\"{}\"", file.sha256);
    if none_match(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response());
    }
    let (status, range) = match part(&headers, &etag, file.bytes) {
        Part::Whole => (StatusCode::OK, None),
        Part::Bytes(range) => (StatusCode::PARTIAL_CONTENT, Some(range)),
        Part::Unsatisfiable => {
            let all = [(header::CONTENT_RANGE, format!("bytes */{}", file.bytes))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, all).into_response());
        }
    };
    let options = GetOptions { range: range.clone().map(GetRange::Bounded), ..GetOptions::default() };
    let found = match state.files.get_opts(&files::location(reader.id(), &id), options).await {
        Ok(found) => found,
        Err(object_store::Error::NotFound { .. }) => return Err(ApiError::not_found()),
        Err(error) => return Err(ApiError::internal(&error)),
    };
    let range_header = range.map(|range| format!("bytes {}-{}/{}", range.start, range.end - 1, file.bytes));
    let length = found.range.end - found.range.start;
    let mut response =
        (status, headers_of(&file, &etag, length)?, Body::from_stream(found.into_stream())).into_response();
    if let Some(value) = range_header.and_then(|text| HeaderValue::try_from(text).ok()) {
        response.headers_mut().insert(header::CONTENT_RANGE, value);
    }
    Ok(response)
}

/// What is proven of the file of an export: rows, hashes, how it was written, and as of when. It goes with the file.
#[utoipa::path(get, path = "/api/v1/apps/{app}/exports/{id}/manifest", tag = "bulk",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("id" = String, Path, description = "The job's id")),
    responses((status = 200, body = ExportManifest),
        (status = 404, body = Problem, content_type = "application/problem+json",
            description = "not_found: no such export, not complete, or its time is over")))]
pub async fn manifest(
    State(state): State<AppState>,
    reader: AppReader,
    Path(ExportPath { id }): Path<ExportPath>,
) -> ApiResult<Json<ExportManifest>> {
    complete(&state, &reader, &id).await?;
    let manifest = files::manifest(&state, reader.id(), &id).await;
    manifest.map_err(|error| ApiError::internal(&error))?.map(Json).ok_or_else(ApiError::not_found)
}

/// The file of an export that is complete and still there.
async fn complete(state: &AppState, reader: &AppReader, id: &str) -> ApiResult<ExportFile> {
    let job = export(state, reader.id(), id).await?;
    let file = job.result.and_then(|result| result.file).filter(|_| job.state == JobState::Done);
    file.filter(|file| file.expires_at > reader.now).ok_or_else(ApiError::not_found)
}

async fn export(state: &AppState, app: SdkAppId, id: &str) -> ApiResult<Job> {
    let job = state.store.job(app, id).await?.filter(|job| job.kind == JobKind::Export);
    job.ok_or_else(ApiError::not_found)
}

fn headers_of(file: &ExportFile, etag: &str, length: u64) -> ApiResult<HeaderMap> {
    let mut headers = download(&file.name, length)?;
    let etag = HeaderValue::from_str(etag).map_err(|error| ApiError::internal(&error))?;
    headers.extend([
        (header::ETAG, etag),
        (header::ACCEPT_RANGES, HeaderValue::from_static("bytes")),
        // The bytes never change, but who may have them does: every use asks again, and is answered with 304.
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
    ]);
    Ok(headers)
}

/// The headers of every file of accounts: what it is, how long, and under what name it is kept.
pub(super) fn download(name: &str, length: u64) -> ApiResult<HeaderMap> {
    let plain: String = name.chars().map(|c| if c.is_ascii_graphic() { c } else { '_' }).collect();
    let exact = utf8_percent_encode(name, NON_ALPHANUMERIC);
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}");
    let disposition = HeaderValue::from_str(&disposition).map_err(|error| ApiError::internal(&error))?;
    Ok(HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static(files::media_type(name))),
        (header::CONTENT_LENGTH, HeaderValue::from(length)),
        (header::CONTENT_DISPOSITION, disposition),
    ]))
}
