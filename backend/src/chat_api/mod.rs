//! The vendor's server API under `/v4` (docs/chat-api.md): its call shape, envelopes and error codes over the same store,
//! rules and events as REST v1. A file per family of commands; which path leads where stands in [`command`].
//!
//! Every answer of this API has HTTP status 200; what came of the call stands in `ErrorCode`.

mod accounts;
mod admin;
mod answer;
pub mod codes;
mod command;
mod fields;
mod online;
mod profile;
mod tags;

use crate::{layers::limits::BODY_MAX, state::AppState};
use answer::{Answer, Fault};
use axum::{
    Router,
    body::to_bytes,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::any,
};
use command::Command;
use fields::Fields;

/// The routes of the API. Commands are told apart here rather than by the router, because an unknown one has an envelope too.
pub fn routes() -> Router<AppState> {
    Router::new().route("/v4/{*path}", any(call))
}

async fn call(State(state): State<AppState>, request: Request) -> Response {
    let path = request.uri().path().strip_prefix("/v4/").and_then(|path| path.split_once('/'));
    let Some(command) = path.and_then(|(service, command)| Command::of(service, command)) else {
        return Fault::new(codes::NO_SUCH_COMMAND).into_response();
    };
    let display = command.has_display().then_some(("ErrorDisplay", ""));
    match answer(&state, command, request).await {
        Ok(answer) => answer.with_all(display).into_response(),
        Err(fault) => fault.with_all(display).into_response(),
    }
}

/// The order of checks is the vendor's: who calls first, then the body, then what is asked.
async fn answer(state: &AppState, command: Command, request: Request) -> Result<Answer, Fault> {
    let admin = admin::AppAdmin::of(state, request.uri().query().unwrap_or_default()).await?;
    let body = to_bytes(request.into_body(), BODY_MAX).await.map_err(|_| Fault::new(codes::BODY_TOO_LONG))?;
    let fields = Fields::parse(&body).ok_or_else(|| Fault::new(command.bad_json()))?;
    command.run(state, &admin, &fields).await
}
