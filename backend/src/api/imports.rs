//! `/api/v1/apps/{app}/imports`: files of accounts that are brought, one by one. Their parts, tasks and findings have files of their
//! own here; what tasks do lives in [`crate::jobs`].

use crate::{
    error::{ApiError, ApiResult},
    extract::{AppReader, AppWriter, ImportId, Json},
    imports,
    secrets::random_text,
    state::AppState,
};
use axum::{extract::State, http::StatusCode};
use rollcall_shared::{
    app::{App, SdkAppId},
    error::{FieldError, Problem, codes},
    import::{FILE_BYTES_MAX, FILE_NAME_MAX, IMPORTS_MAX, Import, ImportState, NewImport, Reading},
    validate,
};
use rollcall_store::imports::{Announced, ImportRecord};

/// The application's imports, newest first, at most 50. One is forgotten 7 days after it began, or after it was applied.
#[utoipa::path(get, path = "/api/v1/apps/{app}/imports", tag = "imports",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    responses((status = 200, body = Vec<Import>)))]
pub async fn list(State(state): State<AppState>, reader: AppReader) -> ApiResult<Json<Vec<Import>>> {
    Ok(Json(state.store.imports(reader.id()).await?))
}

/// Announces a file, which is then uploaded in parts: CSV in UTF-8, UTF-16 or GB18030 with any usual delimiter, XLSX, or NDJSON.
#[utoipa::path(post, path = "/api/v1/apps/{app}/imports", tag = "imports",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    request_body = NewImport,
    responses((status = 201, body = Import),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "app_disabled"),
        (status = 409, body = Problem, content_type = "application/problem+json",
            description = "too_many: discard one of the 50 first"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields")))]
pub async fn announce(
    State(state): State<AppState>,
    writer: AppWriter,
    Json(new): Json<NewImport>,
) -> ApiResult<(StatusCode, Json<Import>)> {
    let errors = wrong(&new);
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    let id = random_text()?;
    match state.store.announce_import(&writer.change(), writer.app, &id, &new).await? {
        Announced::Kept => {}
        Announced::TooMany => {
            let detail = format!("There are {IMPORTS_MAX} imports. Discard one that is not needed any more.");
            return Err(ApiError::new(StatusCode::CONFLICT, codes::TOO_MANY, detail));
        }
        Announced::Refused(refusal) => return Err(refusal.into()),
    }
    Ok((StatusCode::CREATED, Json(found(&state, writer.app, &id).await?)))
}

fn wrong(new: &NewImport) -> Vec<FieldError> {
    let name = match new.file_name.trim() {
        "" => Some(FieldError::new("file_name", codes::REQUIRED, "Name the file.")),
        name => validate::text("file_name", name, FILE_NAME_MAX),
    };
    let range = format!("1 to {FILE_BYTES_MAX} bytes.");
    let size = (!(1..=FILE_BYTES_MAX).contains(&new.bytes)).then(|| {
        FieldError::new("bytes", codes::OUT_OF_RANGE, range).with("min", 1).with("max", FILE_BYTES_MAX)
    });
    name.into_iter().chain(size).collect()
}

/// One import: where it stands, what is in its file, what it would do, and what it did.
#[utoipa::path(get, path = "/api/v1/apps/{app}/imports/{id}", tag = "imports",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("id" = String, Path, description = "The import's id")),
    responses((status = 200, body = Import),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found")))]
pub async fn show(
    State(state): State<AppState>,
    reader: AppReader,
    ImportId(id): ImportId,
) -> ApiResult<Json<Import>> {
    found(&state, reader.id(), &id).await.map(Json)
}

/// Forgets an import and its file. What it did stays, and cannot be undone any more.
#[utoipa::path(delete, path = "/api/v1/apps/{app}/imports/{id}", tag = "imports",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("id" = String, Path, description = "The import's id")),
    responses((status = 204, description = "It is forgotten"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found"),
        (status = 409, body = Problem, content_type = "application/problem+json",
            description = "not_now: a task works for it; cancel that first")))]
pub async fn discard(
    State(state): State<AppState>,
    writer: AppWriter,
    ImportId(id): ImportId,
) -> ApiResult<StatusCode> {
    let import = found(&state, writer.app, &id).await?;
    if !state.store.discard_import(writer.app, &id).await? {
        return Err(not_now(import.state));
    }
    imports::remove(&state, writer.app, &id).await.map_err(|error| ApiError::internal(&error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reads the file otherwise: with another delimiter, encoding or sheet, or without a header. A review that was made is forgotten.
#[utoipa::path(post, path = "/api/v1/apps/{app}/imports/{id}/reading", tag = "imports",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("id" = String, Path, description = "The import's id")),
    request_body = Reading,
    responses((status = 200, body = Import),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not_now"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields")))]
pub async fn read_otherwise(
    State(state): State<AppState>,
    writer: AppWriter,
    ImportId(id): ImportId,
    Json(reading): Json<Reading>,
) -> ApiResult<Json<Import>> {
    let import = found(&state, writer.app, &id).await?;
    if !matches!(import.state, ImportState::Uploaded | ImportState::Reviewed) {
        return Err(not_now(import.state));
    }
    imports::options(&import.file_name, &reading).map_err(ApiError::invalid)?;
    look(&state, writer.app, &id, Some(reading)).await?;
    found(&state, writer.app, &id).await.map(Json)
}

/// Looks at the file, as it was read before unless said otherwise.
pub(super) async fn look(
    state: &AppState,
    app: SdkAppId,
    id: &str,
    reading: Option<Reading>,
) -> ApiResult<()> {
    let app = application(state, app).await?;
    let mut record = self::record(state, app.sdkappid, id).await?;
    if let Some(reading) = reading {
        record.reading = reading;
    }
    imports::look(state, &app, record).await
}

/// The application, if there is one.
pub(super) async fn application(state: &AppState, app: SdkAppId) -> ApiResult<App> {
    state.store.app(app).await?.ok_or_else(ApiError::not_found)
}

/// The import as it is stored, if the application has it.
pub(super) async fn record(state: &AppState, app: SdkAppId, id: &str) -> ApiResult<ImportRecord> {
    state.store.import_record(app, id).await?.ok_or_else(ApiError::not_found)
}

/// The import, if the application has it.
pub(super) async fn found(state: &AppState, app: SdkAppId, id: &str) -> ApiResult<Import> {
    state.store.import(app, id).await?.ok_or_else(ApiError::not_found)
}

/// What is told when something cannot be done where an import stands.
pub(super) fn not_now(state: ImportState) -> ApiError {
    let detail = match state {
        ImportState::Uploading => "Parts of the file are missing. Upload them first.",
        ImportState::Uploaded => "The file was not reviewed yet. Review it first.",
        ImportState::Reviewing => "The file is being reviewed. Wait, or cancel that task.",
        ImportState::Reviewed => "The file was reviewed and not applied.",
        ImportState::Applying => "The import is being applied. Wait, or cancel that task.",
        ImportState::Applied => "The import was applied. It can be undone, and another file can be brought.",
        ImportState::Undoing => "The import is being undone. Wait, or cancel that task.",
        ImportState::Undone => "The import was undone. Bring the file again to import it.",
    };
    ApiError::new(StatusCode::CONFLICT, codes::NOT_NOW, detail)
}
