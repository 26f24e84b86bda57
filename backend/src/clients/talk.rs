//! What is said over one client's connection, until it ends.

use super::{
    hub::Order,
    pushes::{self, CATCH_UP},
};
use crate::state::AppState;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use rollcall_store::{StoreError, clients::ClientSession};
use serde::Deserialize;
use serde_json::json;
use std::{collections::HashSet, time::Duration};
use tokio::{
    sync::mpsc::Receiver,
    time::{Instant, interval_at, timeout},
};

/// At so many of the first pings it is seen again what waits for the account: a server that was lost may have claimed it.
const LOOKS: u32 = 3;
/// How long a client is given to read why its connection ends.
const FAREWELL: Duration = Duration::from_secs(1);
/// Why a connection is closed: the account was kicked or deleted, or its application disabled. The client must not come back
/// with this UserSig.
const ENDED: u16 = 4001;
/// Why a connection is closed: the server stops, or was taken for dead. The client should connect again.
const AGAIN: u16 = 1012;

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The client said so.
    Said,
    /// It was closed, or this server closed it.
    Closed,
    /// Nothing was heard any more.
    Lost,
    /// The server stops.
    Stopped,
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

/// A connection whose client is spoken to.
pub(super) struct Talk<'a> {
    state: &'a AppState,
    session: &'a ClientSession,
    socket: WebSocket,
    /// The pushes that were sent and not yet received. Nothing else can be received.
    sent: HashSet<String>,
}

impl<'a> Talk<'a> {
    pub(super) fn new(state: &'a AppState, session: &'a ClientSession, socket: WebSocket) -> Self {
        Self { state, session, socket, sent: HashSet::new() }
    }

    /// Talks until the connection ends.
    pub(super) async fn until_end(&mut self, orders: &mut Receiver<Order>) -> End {
        let ready = json!({"type": "ready", "session_id": self.session.session_id});
        if !(self.say(Message::text(ready.to_string())).await && self.catch_up().await) {
            return self.broken();
        }
        let pace = self.state.clients.pace;
        let mut ask = interval_at(Instant::now() + pace.ask, pace.ask);
        let (mut heard, mut looks) = (Instant::now(), LOOKS);
        loop {
            tokio::select! {
                message = self.socket.recv() => match message {
                    Some(Ok(Message::Close(_))) => return End::Said,
                    Some(Ok(said)) => {
                        heard = Instant::now();
                        self.hear(&said);
                    }
                    Some(Err(_)) | None => return End::Closed,
                },
                order = orders.recv() => {
                    if !self.obey(order).await {
                        return self.broken();
                    }
                }
                _ = ask.tick() => {
                    if heard.elapsed() >= pace.patience {
                        return End::Lost;
                    }
                    // The first to be sent to a connection that is gone may still succeed; silence tells in the end.
                    let look = looks > 0;
                    looks = looks.saturating_sub(1);
                    if !self.say(Message::Ping(Default::default())).await || (look && !self.catch_up().await) {
                        return self.broken();
                    }
                }
                () = self.state.stop.cancelled() => return self.broken(),
            }
        }
    }

    /// Ends the connection for good. Whoever reads nothing is not waited for.
    pub(super) async fn farewell(&mut self, end: End) {
        let again = CloseFrame { code: AGAIN, reason: Utf8Bytes::from_static("the server stops") };
        let frame = (end == End::Stopped).then_some(again);
        let _ = timeout(FAREWELL, self.socket.send(Message::Close(frame))).await;
    }

    /// How it ended, if nothing can be said any more.
    fn broken(&self) -> End {
        if self.state.stop.is_cancelled() { End::Stopped } else { End::Closed }
    }

    /// Whether it was sent. A client that reads nothing is not waited for longer than for one that says nothing.
    async fn say(&mut self, message: Message) -> bool {
        tokio::select! {
            sent = timeout(self.state.clients.pace.patience, self.socket.send(message)) => matches!(sent, Ok(Ok(()))),
            () = self.state.stop.cancelled() => false,
        }
    }

    /// Does what is ordered; false when that ends the connection.
    async fn obey(&mut self, order: Option<Order>) -> bool {
        let (code, why) = match order {
            Some(Order::Push { task_id, text }) => return self.push(task_id, text).await,
            Some(Order::Look) => return self.catch_up().await,
            Some(Order::End) => (ENDED, "ended"),
            // Also where it was told more than its client reads.
            Some(Order::Renew) | None => (AGAIN, "connect again"),
        };
        let frame = CloseFrame { code, reason: Utf8Bytes::from_static(why) };
        let _ = timeout(FAREWELL, self.socket.send(Message::Close(Some(frame)))).await;
        false
    }

    async fn push(&mut self, task_id: String, text: Utf8Bytes) -> bool {
        self.sent.insert(task_id);
        self.say(Message::Text(text)).await
    }

    /// Sends what waits for the account; false when the connection is gone.
    async fn catch_up(&mut self) -> bool {
        loop {
            match self.some_pending().await {
                Ok((true, true)) => {}
                Ok((said, _)) => return said,
                Err(error) => {
                    tracing::warn!(%error, "it could not be read what waits for a client");
                    return true;
                }
            }
        }
    }

    /// Sends some of what waits, each as soon as it is claimed: whether the connection holds, and whether there may be more.
    async fn some_pending(&mut self) -> Result<(bool, bool), StoreError> {
        let pending = self.state.store.pushes_pending(self.session, CATCH_UP, self.state.clock.now()).await?;
        let mut claimed = 0;
        for push in &pending {
            if let Some(Order::Push { task_id, text }) = pushes::claim(self.state, self.session, push).await?
            {
                claimed += 1;
                if !self.push(task_id, text).await {
                    return Ok((false, false));
                }
            }
        }
        // What waits and cannot be claimed waits for another.
        Ok((true, claimed > 0 && pending.len() == CATCH_UP as usize))
    }

    /// Takes what a client says. What we do not know is for servers that will.
    fn hear(&mut self, said: &Message) {
        let Message::Text(text) = said else { return };
        if let Ok(Said::Received { task_id }) = serde_json::from_str(text)
            && self.sent.remove(&task_id)
        {
            self.state.clients.receipts.note(self.session, task_id);
        }
    }
}
