//! Pushes on their way to clients: to those that are connected at once, to others when they connect, and what they say of having
//! them. Which connection of an account gets a push is decided by the store, so that no two do.

use super::hub::Order;
use crate::{changes::News, state::AppState};
use axum::extract::ws::Utf8Bytes;
use rollcall_shared::{app::SdkAppId, push::Push};
use rollcall_store::{StoreError, clients::ClientSession};
use serde_json::json;
use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{
        Notify,
        broadcast::{Receiver, error::RecvError},
    },
    time,
};

/// How often pushes are looked for that other servers took.
const POLL: Duration = Duration::from_secs(1);
/// How long receipts are gathered before they are written.
const GATHER: Duration = Duration::from_millis(50);
/// How many connections claim a push together.
const TOGETHER: usize = 1_000;
/// How far back pushes of other servers are looked for, in milliseconds: their clocks differ, and their writes take time.
const BACK: i64 = 60_000;
/// The most receipts that wait to be written. A client whose receipt is dropped gets the push again.
const RECEIPTS_MAX: usize = 200_000;

/// What clients have said that they have, until it is written.
#[derive(Debug, Default)]
pub struct Receipts {
    noted: Mutex<Noted>,
    any: Notify,
}

#[derive(Debug, Default)]
struct Noted {
    count: usize,
    /// Who has each push.
    accounts: HashMap<(SdkAppId, String), Vec<String>>,
}

impl Receipts {
    /// Notes that the account has a push.
    pub fn note(&self, session: &ClientSession, task_id: &str) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.count < RECEIPTS_MAX {
            noted.count += 1;
            noted
                .accounts
                .entry((session.app, task_id.to_owned()))
                .or_default()
                .push(session.user_id.clone());
            self.any.notify_one();
        }
    }

    fn take(&self) -> HashMap<(SdkAppId, String), Vec<String>> {
        std::mem::take(&mut *self.noted.lock().unwrap_or_else(PoisonError::into_inner)).accounts
    }
}

/// Sends pushes and writes receipts until the server stops.
pub async fn run_pushes(state: AppState) {
    let mut news = state.changes.listen();
    let mut seen = HashSet::new();
    loop {
        tokio::select! {
            () = state.stop.cancelled() => return,
            () = time::sleep(POLL) => {}
            () = pushed(&mut news) => {}
            () = state.clients.receipts.any.notified() => {
                time::sleep(GATHER).await;
                note_received(&state).await;
                continue;
            }
        }
        if let Err(error) = fan_out(&state, &mut seen).await {
            tracing::warn!(%error, "a push could not be sent to the clients of this server");
        }
    }
}

/// A push was made at this server.
async fn pushed(news: &mut Receiver<(SdkAppId, News)>) {
    while !matches!(news.recv().await, Ok((_, News::Pushed)) | Err(RecvError::Lagged(_))) {}
}

/// Sends new pushes to the clients of this server. `seen` are those that were sent before; one that is not there is sent again
/// only to those that have not claimed it.
///
/// # Errors
/// The database failed. What was not claimed is sent the next time.
pub async fn fan_out(state: &AppState, seen: &mut HashSet<String>) -> Result<(), StoreError> {
    let mut recent = HashSet::new();
    for app in state.clients.apps() {
        for push in state.store.pushes_since(app, state.clock.now().plus_millis(-BACK)).await? {
            if !seen.contains(&push.task_id) {
                send_to_all(state, app, &push).await?;
            }
            recent.insert(push.task_id);
        }
    }
    *seen = recent;
    Ok(())
}

async fn send_to_all(state: &AppState, app: SdkAppId, push: &Push) -> Result<(), StoreError> {
    let said = said(push);
    for sessions in state.clients.newest_of(app).chunks(TOGETHER) {
        let ids: HashMap<&str, &str> =
            sessions.iter().map(|(user, id)| (user.as_str(), id.as_str())).collect();
        let now = state.clock.now();
        for user_id in state.store.claim_push(app, &push.task_id, sessions.to_vec(), now).await? {
            let session_id = ids.get(user_id.as_str()).copied().unwrap_or_default().to_owned();
            state.clients.order(&ClientSession { app, user_id, session_id }, Order::Say(said.clone()));
        }
    }
    Ok(())
}

/// What waits for the account of a connection, claimed for it.
pub(super) async fn pending(state: &AppState, session: &ClientSession) -> Result<Vec<Utf8Bytes>, StoreError> {
    let mut texts = Vec::new();
    let now = state.clock.now();
    for push in state.store.pushes_pending(session, now).await? {
        let asked = vec![(session.user_id.clone(), session.session_id.clone())];
        if !state.store.claim_push(session.app, &push.task_id, asked, now).await?.is_empty() {
            texts.push(said(&push));
        }
    }
    Ok(texts)
}

/// A push as clients are told it.
fn said(push: &Push) -> Utf8Bytes {
    let Push { task_id, from, random, body, created_at, .. } = push;
    let push = json!({
        "type": "push", "task_id": task_id, "from": from, "random": random, "created_at": created_at, "body": body,
    });
    push.to_string().into()
}

/// Writes what clients have said that they have. What cannot be written is forgotten: its clients get the push again.
pub async fn note_received(state: &AppState) {
    for ((app, task_id), user_ids) in state.clients.receipts.take() {
        for user_ids in user_ids.chunks(TOGETHER) {
            let noted =
                state.store.pushes_received(app, &task_id, user_ids.to_vec(), state.clock.now()).await;
            if let Err(error) = noted {
                tracing::warn!(%error, %app, "it could not be written who has a push");
            }
        }
    }
}
