//! What a caller has written, it reads, from whichever side: the answer to a change says how far the database's log is
//! now, in a header for programs and in a cookie for browsers. Who reads with which is decided in [`crate::extract`].

use crate::{layers::trace, state::AppState};
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use rollcall_store::Position;

/// The header, of answers and of requests.
pub const POSITION: HeaderName = HeaderName::from_static("rollcall-position");

/// Tells the position after the request, if it may have changed something and there is a replica. A request that was
/// refused or failed may have changed something too.
pub async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let is_change = !request.method().is_safe();
    let is_program = request.headers().contains_key(header::AUTHORIZATION);
    let mut response = next.run(request).await;
    if !is_change {
        return response;
    }
    let position = state.store.position().await.unwrap_or_else(|error| {
        tracing::warn!(%error, trace_id = trace::current(), "nobody knows how far the log is");
        Some(Position::LATEST)
    });
    if let Some(position) = position.map(|position| position.to_string()) {
        let headers = response.headers_mut();
        let cookie = HeaderValue::from_str(&state.public_url.seen_cookie(&position));
        if let Some(cookie) = cookie.ok().filter(|_| !is_program) {
            headers.append(header::SET_COOKIE, cookie);
        }
        if let Ok(position) = HeaderValue::from_str(&position) {
            headers.insert(POSITION, position);
        }
    }
    response
}
