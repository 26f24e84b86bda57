//! `/api/v1/apps/{app}/imports/{id}/parts/{part}`: the file of an import, part by part, so that an upload which broke off goes on
//! where it stopped.

use super::imports::{found, look, not_now};
use crate::{
    error::{ApiError, ApiResult},
    extract::{AppWriter, Blob, ImportId, Json, Path},
    imports,
    state::AppState,
};
use axum::{extract::State, http::StatusCode};
use object_store::ObjectStoreExt as _;
use rollcall_shared::{
    app::SdkAppId,
    error::{Problem, codes},
    import::{Import, PART_BYTES},
};
use serde::Deserialize;

/// Which part.
#[derive(Deserialize)]
pub struct PartPath {
    part: u64,
}

/// Takes a part of the file, numbered from 0: exactly 8 MiB, and what is left for the last one. Parts come in order; one that is
/// there already is as good as taken. With the last one the file is looked at.
#[utoipa::path(put, path = "/api/v1/apps/{app}/imports/{id}/parts/{part}", tag = "imports",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("id" = String, Path, description = "The import's id"),
        ("part" = u64, Path, description = "The number of the part")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Import),
        (status = 400, body = Problem, content_type = "application/problem+json",
            description = "malformed: the part has not the size that it must have"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found"),
        (status = 409, body = Problem, content_type = "application/problem+json",
            description = "not_now: parts before it are missing"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "body_too_large")))]
pub async fn put(
    State(state): State<AppState>,
    writer: AppWriter,
    ImportId(id): ImportId,
    Path(PartPath { part }): Path<PartPath>,
    Blob(body): Blob,
) -> ApiResult<Json<Import>> {
    let import = found(&state, writer.app, &id).await?;
    let from =
        part.checked_mul(PART_BYTES).filter(|from| *from < import.bytes).ok_or_else(ApiError::not_found)?;
    if from > import.received {
        return Err(not_now(import.state));
    }
    let wanted = PART_BYTES.min(import.bytes - from);
    if from == import.received {
        if body.len() as u64 != wanted {
            let detail = format!("Part {part} of this file has {wanted} bytes, and {} came.", body.len());
            return Err(ApiError::new(StatusCode::BAD_REQUEST, codes::MALFORMED, detail));
        }
        let location = imports::part(writer.app, &id, part);
        state.files.put(&location, body.into()).await.map_err(|error| full(&error))?;
        state.store.import_received(writer.app, &id, from, wanted).await?;
    }
    let import = found(&state, writer.app, &id).await?;
    // Also when a server died between the last part and its look at the file.
    if import.received == import.bytes && import.preview.is_none() && import.problem.is_none() {
        look(&state, writer.app, &id, None).await?;
        return found(&state, writer.app, &id).await.map(Json);
    }
    Ok(Json(import))
}

/// The part could not be kept.
fn full(error: &object_store::Error) -> ApiError {
    tracing::error!(%error, "a part of a file could not be kept");
    ApiError::unavailable(
        "The part could not be kept. Is the server's disk full? The parts before it are kept; send it again.",
    )
}
