//! The vendor's server API under `/v4` (docs/chat-api.md): its call shape, envelopes and error codes over the same store,
//! rules and events as REST v1. A file per family of commands; which path leads where stands in `command.rs`.
//!
//! Every answer of this API has HTTP status 200; what came of the call stands in `ErrorCode`. What never reaches it (a page
//! of another site, a host that is not ours) is answered as everywhere.

mod accounts;
mod admin;
mod answer;
pub mod callbacks;
pub mod codes;
mod command;
mod fields;
mod groups;
mod limits;
pub mod log;
mod online;
mod profile;
mod push;
mod tags;

use crate::{
    layers::limits::{self as bounds, BODY_MAX},
    state::AppState,
};
pub use limits::Calls;

use admin::Proven;
use answer::{Answer, Envelope, Fault};
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::Uri,
    response::{IntoResponse, Response},
    routing::any,
};
use command::Command;
use fields::Fields;
use http_body_util::LengthLimitError;
use log::Heard;
use std::{any::Any, error::Error as _};
use tokio::time::{Instant, timeout};
use tower_http::catch_panic::CatchPanicLayer;

/// The routes of the API. Commands are told apart here rather than by the router, because an unknown one has an envelope too.
pub fn routes() -> Router<AppState> {
    let routes =
        Router::new().route("/v4", any(call)).route("/v4/", any(call)).route("/v4/{*path}", any(call));
    routes.layer(CatchPanicLayer::custom(panicked))
}

/// The account that a client's query names and proves.
///
/// # Errors
/// The code and reason that a caller of the API would get, 70107 where there is no such account.
pub async fn client_of(state: &AppState, query: &str) -> Result<Proven, Fault> {
    let proven = Proven::of(state, query).await?;
    if proven.account_type.is_none() {
        return Err(Fault::new(codes::NO_ACCOUNT));
    }
    Ok(proven)
}

async fn call(State(state): State<AppState>, request: Request) -> Response {
    let begun = Instant::now();
    let (head, body) = request.into_parts();
    let mut heard = Bytes::new();
    let envelope = envelope(&state, &head.uri, body, &mut heard).await;
    let call = Heard { method: &head.method, uri: &head.uri, body: &heard, took: begun.elapsed() };
    state.call_log.note(&call, &envelope, state.clock.now());
    envelope.into_response()
}

async fn envelope(state: &AppState, uri: &Uri, body: Body, heard: &mut Bytes) -> Envelope {
    let path = uri.path().strip_prefix("/v4/").unwrap_or_default();
    let (service, command) = path.split_once('/').unwrap_or((path, ""));
    let Some(command) = Command::of(service, command) else {
        return Fault::new(Command::unknown(service)).into();
    };
    let display = command.has_display().then_some(("ErrorDisplay", ""));
    let query = uri.query().unwrap_or_default();
    let answer = timeout(state.calls.time(), answer(state, command, query, body, heard)).await;
    match answer.unwrap_or_else(|_| Err(Fault::new(codes::TIMED_OUT))) {
        Ok(answer) => answer.with_all(display).into(),
        Err(fault) => fault.with_all(display).with_arrays(command.arrays()).into(),
    }
}

/// The order of checks is the vendor's: who calls first, then the body, then what is asked. The body is `heard` as soon as
/// it has arrived.
async fn answer(
    state: &AppState,
    command: Command,
    query: &str,
    body: Body,
    heard: &mut Bytes,
) -> Result<Answer, Fault> {
    let admin = admin::AppAdmin::of(state, query).await?;
    // After the proof, so that nobody else can use an application's calls up.
    state.calls.take(&state.store, (admin.app, command.kind()), admin.limits, admin.now).await?;
    *heard = to_bytes(body, BODY_MAX).await.map_err(|error| unread(&error))?;
    let fields = Fields::parse(heard).ok_or_else(|| Fault::new(command.bad_json()))?;
    command.run(state, &admin, &fields).await
}

/// Why a body did not arrive.
fn unread(error: &axum::Error) -> Fault {
    let long = error.source().is_some_and(|source| source.is::<LengthLimitError>());
    Fault::new(if long { codes::BODY_TOO_LONG } else { codes::BAD_HTTP })
}

/// The answer after a panic; its text goes to the log only.
fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    // The general layer logs it; its answer has another form than this API's.
    drop(bounds::panicked(panic));
    Envelope::from(Fault::new(codes::INTERNAL)).into_response()
}
