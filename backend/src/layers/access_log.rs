//! One log line for each request. Query strings stay out: cursors and search texts hold people's names.

use super::trace;
use axum::{extract::Request, middleware::Next, response::Response};
use std::time::Instant;

/// Logs method, path, status and duration.
pub async fn layer(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let begun = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    tracing::info!(target: "access", %method, path, status, micros, trace_id = trace::current());
    response
}
