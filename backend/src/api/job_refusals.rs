//! `/api/v1/apps/{app}/jobs/{id}/refused.csv`: what a job refused, as a file. Page by page it is in [`super::jobs`].

use super::jobs::JobPath;
use crate::{
    error::{ApiError, ApiResult},
    extract::{AppReader, Path},
    state::AppState,
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures::{Stream, stream};
use rollcall_shared::{app::SdkAppId, error::Problem, job::RefusedItem};
use rollcall_store::Store;
use std::io;
use tabular::{Cell, Csv, Guard, Table};

/// How many accounts are read at once.
const CHUNK: u32 = 1_000;
/// The file's columns.
const COLUMNS: [&str; 4] = ["user_id", "field", "code", "reason"];

/// Every account that a job refused, a line for each reason, as CSV. Cells that a spreadsheet would run are made harmless.
#[utoipa::path(get, path = "/api/v1/apps/{app}/jobs/{id}/refused.csv", tag = "jobs",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"), ("id" = String, Path, description = "The job's id")),
    responses((status = 200, description = "The file", content_type = "text/csv", body = String),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found")))]
pub async fn file(
    State(state): State<AppState>,
    reader: AppReader,
    Path(JobPath { id }): Path<JobPath>,
) -> ApiResult<Response> {
    let app = reader.id();
    state.store.job(app, &id).await?.ok_or_else(ApiError::not_found)?;
    let headers = HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"refused.csv\"")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ]);
    Ok((headers, Body::from_stream(parts(state.store.clone(), app, id))).into_response())
}

/// Where the file goes on.
enum Next {
    Begin,
    After(String),
    End,
}

/// The parts of the file. A fault of the database breaks it off, which the client sees.
fn parts(store: Store, app: SdkAppId, job: String) -> impl Stream<Item = io::Result<Vec<u8>>> {
    stream::try_unfold(Next::Begin, move |next| {
        let (store, job) = (store.clone(), job.clone());
        async move {
            let (after, first) = match next {
                Next::Begin => (None, true),
                Next::After(user_id) => (Some(user_id), false),
                Next::End => return Ok(None),
            };
            let items = store.job_refused(app, &job, after.as_deref(), CHUNK).await;
            let items = items.map_err(io::Error::other)?;
            let next = match items.last() {
                Some(last) if items.len() == CHUNK as usize => Next::After(last.user_id.clone()),
                _ => Next::End,
            };
            Ok(Some((part(&items, first).map_err(io::Error::other)?, next)))
        }
    })
}

/// The lines of these accounts; the first part begins with the header.
fn part(items: &[RefusedItem], first: bool) -> tabular::Result<Vec<u8>> {
    let bytes = table(items)?;
    let header = if first { 0 } else { table(&[])?.len() };
    Ok(bytes.get(header..).unwrap_or_default().to_vec())
}

fn table(items: &[RefusedItem]) -> tabular::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut table = Box::new(Csv::new(&mut bytes, &COLUMNS, Guard::Formulas)?);
    for item in items {
        for error in &item.errors {
            for text in [&item.user_id, &error.field, &error.code, &error.message] {
                table.cell(Cell::Text(text))?;
            }
            table.end_row()?;
        }
    }
    table.finish()?;
    Ok(bytes)
}
