//! Pushes on their way to clients: to those that are connected at once, to others when they connect, and what they say of having
//! them. Which connection of an account gets a push is decided by the store, so that no two do.

use super::hub::Order;
use crate::{changes::News, state::AppState};
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
    time::{self, MissedTickBehavior},
};

/// How often pushes are looked for that other servers took.
const POLL: Duration = Duration::from_secs(1);
/// How long receipts are gathered before they are written.
const GATHER: Duration = Duration::from_millis(50);
/// How many pushes that wait for an account are read together.
pub(super) const CATCH_UP: u32 = 20;
/// How many connections claim a push together.
const TOGETHER: usize = 1_000;
/// How far back pushes of other servers are looked for, in milliseconds: their clocks differ, and their writes take time.
const BACK: i64 = 60_000;
/// Who has a push, until it is written. Only what a connection was sent comes here, so it stays small.
#[derive(Debug, Default)]
pub struct Receipts {
    noted: Mutex<HashMap<(SdkAppId, String), Vec<String>>>,
    any: Notify,
}

impl Receipts {
    /// Notes that the account has a push.
    pub fn note(&self, session: &ClientSession, task_id: String) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.entry((session.app, task_id)).or_default().push(session.user_id.clone());
        self.any.notify_one();
    }

    fn take(&self) -> HashMap<(SdkAppId, String), Vec<String>> {
        std::mem::take(&mut *self.noted.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Sends pushes until the server stops.
pub async fn run_pushes(state: AppState) {
    let mut news = state.changes.listen();
    let mut ticks = time::interval(POLL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut seen = HashSet::new();
    loop {
        tokio::select! {
            () = state.stop.cancelled() => return,
            _ = ticks.tick() => {}
            () = pushed(&mut news) => {}
        }
        if let Err(error) = fan_out(&state, &mut seen).await {
            tracing::warn!(%error, "a push could not be sent to the clients of this server");
        }
    }
}

/// Writes receipts until the server stops. The last ones are written when the last connection has ended.
pub async fn run_receipts(state: AppState) {
    loop {
        tokio::select! {
            () = state.stop.cancelled() => return,
            () = state.clients.receipts.any.notified() => time::sleep(GATHER).await,
        }
        note_received(&state).await;
    }
}

/// A push was made.
async fn pushed(news: &mut Receiver<(SdkAppId, News)>) {
    while !matches!(news.recv().await, Ok((_, News::Pushed | News::Missed)) | Err(RecvError::Lagged(_))) {}
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
    let order = order(push);
    for sessions in state.clients.newest_of(app).chunks(TOGETHER) {
        let ids: HashMap<&str, &str> =
            sessions.iter().map(|(user, id)| (user.as_str(), id.as_str())).collect();
        let now = state.clock.now();
        for user_id in state.store.claim_push(app, &push.task_id, sessions.to_vec(), now).await? {
            let session_id = ids.get(user_id.as_str()).copied().unwrap_or_default().to_owned();
            let session = ClientSession { app, user_id, session_id };
            // It ended meanwhile.
            if !state.clients.order(&session, &order) {
                state.clients.look_again(&session);
            }
        }
    }
    Ok(())
}

/// Claims a push that waits for the account of a connection; none if another connection was faster.
pub(super) async fn claim(
    state: &AppState,
    session: &ClientSession,
    push: &Push,
) -> Result<Option<Order>, StoreError> {
    let asked = vec![(session.user_id.clone(), session.session_id.clone())];
    let claimed = state.store.claim_push(session.app, &push.task_id, asked, state.clock.now()).await?;
    Ok((!claimed.is_empty()).then(|| order(push)))
}

/// A push as clients are told it.
fn order(push: &Push) -> Order {
    let Push { task_id, from, random, body, created_at, .. } = push;
    let text = json!({
        "type": "push", "task_id": task_id, "from": from, "random": random, "created_at": created_at, "body": body,
    });
    Order::Push { task_id: task_id.clone(), text: text.to_string().into() }
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
