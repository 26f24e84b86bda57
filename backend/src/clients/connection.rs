//! One client's connection: its sign-in and its end. What is said over it is in `talk.rs`.

use super::{
    hub::Order,
    pulse::announce,
    talk::{End, Talk},
};
use crate::{
    chat_api::client_of,
    error::{ApiError, ApiResult},
    secrets::random_text,
    state::AppState,
};
use axum::{
    extract::{
        RawQuery, State,
        ws::{WebSocket, WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::StatusCode,
    response::Response,
};
use rollcall_shared::error::codes;
use rollcall_store::{clients::ClientSession, webhooks::StateChange};
use tokio::sync::mpsc::Receiver;

/// The most bytes of a message from a client, which has little to say.
const MESSAGE_MAX: usize = 4 * 1024;
/// The most bytes of a platform's name.
const PLATFORM_MAX: usize = 32;
/// What a client is taken for that does not say.
const UNKNOWN_PLATFORM: &str = "Web";
/// `GET /v1/client`: signs a client in and keeps its connection.
pub async fn connect(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> ApiResult<Response> {
    let query = query.unwrap_or_default();
    let proven = client_of(&state, &query)
        .await
        .map_err(|why| ApiError::new(StatusCode::UNAUTHORIZED, codes::UNAUTHENTICATED, why.to_string()))?;
    let upgrade =
        upgrade.map_err(|refused| ApiError::malformed(format!("Connect with a WebSocket: {refused}")))?;
    let session = ClientSession { app: proven.app, user_id: proven.identifier, session_id: random_text()? };
    let Some(orders) = state.clients.join(&session) else {
        let detail = "This account has too many connections. Close one of them first.";
        return Err(ApiError::new(StatusCode::CONFLICT, codes::OUT_OF_RANGE, detail));
    };
    // Leaves whichever way this ends: refused, never upgraded, or closed.
    let joined = Joined { state: state.clone(), session, is_noted: false };
    announce(&state).await?;
    let (server, platform) = (&state.clients.server, platform(&query));
    state.store.client_connects(&joined.session, server, &platform, proven.now).await??;
    let upgrade = upgrade.max_message_size(MESSAGE_MAX).max_frame_size(MESSAGE_MAX);
    let upgrade = upgrade.read_buffer_size(MESSAGE_MAX).write_buffer_size(0);
    Ok(upgrade.on_upgrade(move |socket| {
        let tasks = state.clients.tasks.clone();
        tasks.track_future(async move { joined.serve(socket, orders).await })
    }))
}

/// The client's platform, as the query names it.
fn platform(query: &str) -> String {
    let named = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "platform");
    let named = named.map(|(_, value)| value.chars().filter(|c| !c.is_control()).collect::<String>());
    let named = named.filter(|name| !name.is_empty()).unwrap_or_else(|| UNKNOWN_PLATFORM.to_owned());
    named[..named.floor_char_boundary(PLATFORM_MAX)].to_owned()
}

/// A connection that is known to this server and to the database, until it is dropped.
struct Joined {
    state: AppState,
    session: ClientSession,
    /// Whether its end was written.
    is_noted: bool,
}

impl Drop for Joined {
    fn drop(&mut self) {
        self.state.clients.part(&self.session);
        // The server that stops says so once for all of its connections.
        if !self.is_noted && !self.state.stop.is_cancelled() {
            self.state.clients.tasks.spawn(left(
                self.state.clone(),
                self.session.clone(),
                StateChange::Closed,
            ));
        }
    }
}

/// Notes the end of a connection. One that was noted already stays as it was noted.
async fn left(state: AppState, session: ClientSession, change: StateChange) {
    let now = state.clock.now();
    if let Err(error) = state.store.client_leaves(&session, change, now).await {
        tracing::warn!(%error, "the end of a client's connection could not be written");
    }
    // What it had not said that it has, another may have.
    state.clients.look_again(&session);
}

impl Joined {
    async fn serve(mut self, socket: WebSocket, mut orders: Receiver<Order>) {
        let (state, session) = (self.state.clone(), self.session.clone());
        let mut talk = Talk::new(&state, &session, socket);
        let end = talk.until_end(&mut orders).await;
        // From here on nothing is told to it.
        state.clients.part(&session);
        let change = match end {
            End::Said => Some(StateChange::Logout),
            End::Closed => Some(StateChange::Closed),
            End::Lost => Some(StateChange::Lost),
            End::Stopped => None,
        };
        if let Some(change) = change {
            left(state.clone(), session.clone(), change).await;
            self.is_noted = true;
        }
        talk.farewell(end).await;
    }
}
