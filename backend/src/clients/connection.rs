//! One client's connection: its sign-in, what is said over it, and its end.

use super::{hub::Order, pulse::announce, pushes};
use crate::{
    chat_api::client_of,
    error::{ApiError, ApiResult},
    secrets::random_text,
    state::AppState,
};
use axum::{
    extract::{
        RawQuery, State,
        ws::{
            CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, rejection::WebSocketUpgradeRejection,
        },
    },
    http::StatusCode,
    response::Response,
};
use rollcall_shared::error::codes;
use rollcall_store::{clients::ClientSession, webhooks::StateChange};
use serde::Deserialize;
use serde_json::json;
use tokio::{
    sync::mpsc::Receiver,
    time::{Instant, interval_at, timeout},
};

/// At so many of the first pings it is seen again what waits for the account: a server that was lost may have claimed it.
const LOOKS: u32 = 3;
/// The most bytes of a message from a client, which has little to say.
const MESSAGE_MAX: usize = 4 * 1024;
/// The most bytes of a platform's name.
const PLATFORM_MAX: usize = 32;
/// What a client is taken for that does not say.
const UNKNOWN_PLATFORM: &str = "Web";
/// Why a connection is closed: the account was kicked or deleted, or its application disabled. The client must not come back
/// with this UserSig.
const ENDED: u16 = 4001;
/// Why a connection is closed: the server stops, or was taken for dead. The client should connect again.
const AGAIN: u16 = 1012;

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

/// How a connection ended.
enum End {
    /// The client said so.
    Said,
    /// It was closed, or this server closed it.
    Closed,
    /// Nothing was heard any more.
    Lost,
    /// The server stops.
    Stopped,
}

impl Joined {
    async fn serve(mut self, mut socket: WebSocket, mut orders: Receiver<Order>) {
        let pace = self.state.clients.pace;
        let ready = json!({"type": "ready", "session_id": self.session.session_id});
        let end = if send(&mut socket, Message::text(ready.to_string())).await
            && self.catch_up(&mut socket).await
        {
            self.talk(&mut socket, &mut orders).await
        } else {
            End::Closed
        };
        let change = match end {
            End::Said => StateChange::Logout,
            End::Closed => StateChange::Closed,
            End::Lost => StateChange::Lost,
            End::Stopped => return,
        };
        left(self.state.clone(), self.session.clone(), change).await;
        self.is_noted = true;
        // Whoever reads nothing is not waited for.
        let _ = timeout(pace.ask, socket.send(Message::Close(None))).await;
    }

    async fn talk(&self, socket: &mut WebSocket, orders: &mut Receiver<Order>) -> End {
        let pace = self.state.clients.pace;
        let mut ask = interval_at(Instant::now() + pace.ask, pace.ask);
        let mut heard = Instant::now();
        let mut looks = LOOKS;
        loop {
            tokio::select! {
                message = socket.recv() => match message {
                    Some(Ok(Message::Close(_))) => return End::Said,
                    Some(Ok(said)) => {
                        heard = Instant::now();
                        self.hear(&said);
                    }
                    Some(Err(_)) | None => return End::Closed,
                },
                order = orders.recv() => {
                    if !self.obeys(socket, order).await {
                        return End::Closed;
                    }
                }
                _ = ask.tick() => {
                    if heard.elapsed() >= pace.patience {
                        return End::Lost;
                    }
                    // The first to be sent to a connection that is gone may still succeed; silence tells in the end.
                    let look = looks > 0;
                    looks = looks.saturating_sub(1);
                    if !send(socket, Message::Ping(Default::default())).await || (look && !self.catch_up(socket).await) {
                        return End::Closed;
                    }
                }
                () = self.state.stop.cancelled() => {
                    close(socket, AGAIN, "the server stops").await;
                    return End::Stopped;
                }
            }
        }
    }
}

impl Joined {
    /// Does what is ordered; false when that ends the connection.
    async fn obeys(&self, socket: &mut WebSocket, order: Option<Order>) -> bool {
        let (code, why) = match order {
            Some(Order::Say(text)) => return send(socket, Message::Text(text)).await,
            Some(Order::Look) => return self.catch_up(socket).await,
            Some(Order::End) => (ENDED, "ended"),
            // Also where it was told more than its client reads.
            Some(Order::Renew) | None => (AGAIN, "connect again"),
        };
        close(socket, code, why).await;
        false
    }

    /// Sends what waits for the account; false when the connection is gone.
    async fn catch_up(&self, socket: &mut WebSocket) -> bool {
        let pending = pushes::pending(&self.state, &self.session).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "it could not be read what waits for a client");
            Vec::new()
        });
        for text in pending {
            if !send(socket, Message::Text(text)).await {
                return false;
            }
        }
        true
    }

    /// Takes what a client says. What we do not know is for servers that will.
    fn hear(&self, said: &Message) {
        let Message::Text(text) = said else { return };
        if let Ok(Said::Received { task_id }) = serde_json::from_str(text) {
            self.state.clients.receipts.note(&self.session, &task_id);
        }
    }
}

/// What clients say.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Said {
    /// That they have a push.
    Received {
        /// Which.
        task_id: String,
    },
}

async fn close(socket: &mut WebSocket, code: u16, why: &'static str) {
    let frame = CloseFrame { code, reason: Utf8Bytes::from_static(why) };
    send(socket, Message::Close(Some(frame))).await;
}

/// Whether it was sent.
async fn send(socket: &mut WebSocket, message: Message) -> bool {
    socket.send(message).await.is_ok()
}
