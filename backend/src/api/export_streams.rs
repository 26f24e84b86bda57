//! `/api/v1/apps/{app}/export-streams`: few accounts as a file at once, without a job. It is written before the answer
//! begins, so that there is an error or a whole file, and a slow client holds nothing open in the database.

use super::exports::{checked, download};
use crate::{
    error::{ApiError, ApiResult},
    export::{Failure, Made, Plan, Seen, make},
    extract::{AppReader, Json},
    jobs::{as_filter, files},
    state::AppState,
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rollcall_shared::{
    app::SdkAppId,
    error::{FieldError, Problem, codes},
    export::STREAM_MAX,
    job::ExportRequest,
    list::CountMode,
    paths,
    selection::Selection,
};
use std::{
    fs::{self, File},
    io::{self, Seek as _},
    path::Path,
};
use tokio_util::io::ReaderStream;

/// The hash of what is answered (RFC 9530).
const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");

/// A file of at most 10,000 accounts at once, all as they stand at one time. Named accounts that do not exist are left out.
/// For more, or to fetch the file again, ask for an export.
#[utoipa::path(post, path = "/api/v1/apps/{app}/export-streams", tag = "bulk",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    request_body = ExportRequest,
    responses((status = 200, description = "The file", headers(("Repr-Digest" = String)), content((String = "text/csv"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (String = "application/x-ndjson"), (String = "application/gzip"), (String = "application/zstd"))),
        (status = 422, body = Problem, content_type = "application/problem+json",
            description = "invalid_fields; too_long of selection: more than 10,000 accounts")))]
pub async fn create(
    State(state): State<AppState>,
    reader: AppReader,
    Json(request): Json<ExportRequest>,
) -> ApiResult<Response> {
    let request = checked(request, &reader)?;
    refuse_many(&state, &reader, request.selection.as_ref()).await?;
    let plan = Plan::new(&request, &reader.app, state.scratch.clone())
        .map_err(|unknown| ApiError::invalid(vec![unknown.into()]))?;
    let (file, made) = written(&state, &reader, &plan, request.selection.as_ref()).await?;
    let name = files::name(&reader.app.name, reader.now, request.format, request.compression);
    let mut headers = download(&name, made.file.bytes)?;
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.extend(digest(&made.file.sha256).map(|value| (REPR_DIGEST, value)));
    Ok((headers, Body::from_stream(ReaderStream::new(file))).into_response())
}

/// Refuses more accounts than are answered at once, where that is known without reading them.
async fn refuse_many(state: &AppState, reader: &AppReader, selection: Option<&Selection>) -> ApiResult<()> {
    let many = match selection {
        None => reader.app.accounts.unsigned_abs(),
        Some(Selection::UserIds { user_ids }) => user_ids.len() as u64,
        Some(Selection::Matching(matching)) => {
            let counted =
                state.store.count_accounts(reader.id(), &as_filter(matching), CountMode::Capped).await?;
            let excepted = matching.except.len() as u64;
            counted.map_or(0, |count| count.value.saturating_sub(excepted))
        }
    };
    if many > STREAM_MAX { Err(too_many(reader.id())) } else { Ok(()) }
}

fn too_many(app: SdkAppId) -> ApiError {
    let message = format!(
        "At most {STREAM_MAX} accounts are answered at once. Ask for a file of more with POST {}.",
        paths::exports(app)
    );
    ApiError::invalid(vec![FieldError::new("selection", codes::TOO_LONG, message).with("max", STREAM_MAX)])
}

/// Writes the file, which has no name and is gone once it is closed.
async fn written(
    state: &AppState,
    reader: &AppReader,
    plan: &Plan,
    selection: Option<&Selection>,
) -> ApiResult<(tokio::fs::File, Made)> {
    let scratch = state.scratch.clone();
    let out =
        tokio::task::spawn_blocking(move || nameless(&scratch)).await.map_err(|e| ApiError::internal(&e))?;
    let out = out.map_err(|error| ApiError::internal(&error))?;
    let mut snapshot = state.store.export_snapshot(reader.id()).await?;
    let mut rows = 0;
    let seen = |seen| {
        if let Seen::Accounts(more) = seen {
            rows += more;
        }
        if rows > STREAM_MAX { Err(too_many(reader.id())) } else { Ok(()) }
    };
    let made = make(&mut snapshot, plan, selection, out, seen).await;
    snapshot.close().await;
    let (mut file, made) = made.map_err(|unmade| match unmade.failure {
        Failure::Stopped(refused) => refused,
        Failure::Store(error) => error.into(),
        Failure::Write(error) => ApiError::internal(&error),
        Failure::Panicked(panic) => ApiError::internal(&panic),
    })?;
    file.rewind().map_err(|error| ApiError::internal(&error))?;
    Ok((tokio::fs::File::from_std(file), made))
}

fn nameless(scratch: &Path) -> io::Result<File> {
    fs::create_dir_all(scratch)?;
    tempfile::tempfile_in(scratch)
}

/// A hash in hex as the header has it.
fn digest(sha256: &str) -> Option<HeaderValue> {
    let pairs = sha256.as_bytes().chunks_exact(2);
    let bytes: Option<Vec<u8>> =
        pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
    HeaderValue::try_from(format!("sha-256=:{}:", STANDARD.encode(bytes?))).ok()
}
