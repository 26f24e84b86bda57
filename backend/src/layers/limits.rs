//! Bounds of one request: its body, its time, where it may come from, and what remains of it after a panic.

use crate::{
    error::ApiError,
    extract::client,
    public_url::{PublicUrl, is_loopback_host},
    state::AppState,
};
use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, Uri},
    middleware::Next,
    response::{IntoResponse, Response},
};
use rollcall_shared::error::codes;
use std::{any::Any, time::Duration};
use tower_http::{
    compression::{
        CompressionLayer, Predicate,
        predicate::{DefaultPredicate, NotForContentType},
    },
    csrf::{ConfigError, CsrfLayer, ProtectionError},
};

/// The largest body, unless a route says otherwise.
pub const BODY_MAX: usize = 1024 * 1024;
/// The largest body of a batch: 1,000 accounts with long texts.
pub const BATCH_BODY_MAX: usize = 4 * 1024 * 1024;
/// The largest body of a part of a file that is uploaded.
pub const PART_BODY_MAX: usize = rollcall_shared::import::PART_BYTES as usize;
/// How long a handler may take. Streams begin within it and go on after it.
const HANDLER_TIME: Duration = Duration::from_secs(60);

/// Answers 503 for a handler that takes too long.
pub async fn time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(HANDLER_TIME, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::unavailable("The request took too long. It may or may not have been done.")
            .into_response(),
    }
}

/// On plain http the server answers for this machine's names only, so that no web page can reach it under a name
/// that it made point here.
pub async fn host(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let named = client::host(&request);
    if state.public_url.is_https() || named.is_none_or(is_loopback_host) {
        return next.run(request).await;
    }
    let detail = "On plain http only this machine is served. Set the public URL to an https address.";
    ApiError::new(StatusCode::MISDIRECTED_REQUEST, codes::FORBIDDEN, detail).into_response()
}

/// Compression of JSON and pages. Files of exports are served in ranges, so they go out as they are.
pub fn compression() -> CompressionLayer<impl Predicate> {
    let predicate = DefaultPredicate::new()
        .and(NotForContentType::new("text/csv"))
        .and(NotForContentType::new("application/x-ndjson"))
        .and(NotForContentType::new("application/gzip"))
        .and(NotForContentType::new("application/zstd"))
        .and(NotForContentType::new("application/zip"))
        .and(NotForContentType::new("application/vnd.openxmlformats"));
    CompressionLayer::new().compress_when(predicate)
}

/// Refuses changes that another site's page asks for.
///
/// # Errors
/// The public URL is no origin.
pub fn same_site(public_url: &PublicUrl) -> Result<CsrfLayer<CrossSite>, ConfigError> {
    let layer = CsrfLayer::new().add_trusted_origin(public_url.to_string())?;
    Ok(layer.with_rejection_response(cross_site as CrossSite))
}

/// Makes the answer to a change that another site asked for.
pub type CrossSite = fn(ProtectionError) -> Response;

fn cross_site(_: ProtectionError) -> Response {
    let detail = "A page of another site asked for this change. Nothing was changed.";
    ApiError::new(StatusCode::FORBIDDEN, codes::CROSS_SITE, detail).into_response()
}

/// The answer after a panic; the panic's text goes to the log only.
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    ApiError::internal(&text.unwrap_or_else(|| "a panic without text".to_owned())).into_response()
}

/// The answer where there is no route.
pub async fn no_route() -> ApiError {
    ApiError::not_found()
}

/// The answer where there is a route, but not for this method.
pub async fn no_method(method: Method, uri: Uri) -> ApiError {
    let detail = format!("{} does not take {method}.", uri.path());
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, codes::METHOD_NOT_ALLOWED, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, body::Body, middleware, routing::get};
    use rollcall_shared::error::Problem;
    use tower::ServiceExt;
    use tower_http::catch_panic::CatchPanicLayer;

    async fn broken() -> &'static str {
        panic!("the row of ming")
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_without_its_text() {
        let app = Router::new()
            .route("/", get(broken))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(middleware::from_fn(crate::layers::trace::layer));
        let response = app.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = axum::body::to_bytes(response.into_body(), BODY_MAX).await.unwrap();
        let problem: Problem = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem.code, codes::INTERNAL);
        assert!(!problem.trace_id.is_empty() && !problem.detail.contains("ming"));
    }
}
