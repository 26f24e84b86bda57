//! Who sends: on each server a task that looks for applications with something to send, and sends the events of each in their
//! order. The lease of the store keeps two servers from sending the same.

use crate::{changes::News, chat_api::callbacks, state::AppState};
use rollcall_shared::{
    app::SdkAppId,
    webhook::{DeliveryState, WebhookAnswer},
};
use rollcall_store::{
    StoreError,
    webhooks::{PendingEvent, Sender, Sent},
};
use std::time::Duration;
use tokio::{sync::broadcast::Receiver, task::JoinSet, time};

/// How often events are looked for that other servers kept.
const POLL: Duration = Duration::from_secs(1);
/// How long changes are gathered before the outbox is read, so that a busy server does not read it for each.
const GATHER_NEWS: Duration = Duration::from_millis(50);
/// How long a claim lasts without a note: longer than the events of one note can take.
const LEASE: i64 = 60_000;
/// How many events are noted together, and for how long they are gathered.
const TOGETHER: u32 = 20;
const GATHER: Duration = Duration::from_secs(5);
/// How many applications' events are sent at once.
const AT_ONCE: usize = 32;
/// The pause after a first failure, which doubles with each, and the longest one.
const PAUSE: i64 = 1_000;
const PAUSE_MAX: i64 = 5 * 60 * 1000;
/// How long after it happened an event is still sent.
const LIFETIME: i64 = 24 * 60 * 60 * 1000;
/// How often an event is sent that the receiver refuses.
const REFUSALS_MAX: u32 = 5;

/// Sends events until the server stops.
pub async fn run(state: AppState) {
    let mut news = state.changes.listen();
    loop {
        if let Err(error) = deliver_all(&state).await {
            tracing::warn!(%error, "events of webhooks could not be sent");
        }
        tokio::select! {
            () = state.stop.cancelled() => return,
            () = time::sleep(POLL) => {}
            () = any(&mut news) => time::sleep(GATHER_NEWS).await,
        }
    }
}

/// Something changed. What changed before is the same news.
async fn any(news: &mut Receiver<(SdkAppId, News)>) {
    *news = news.resubscribe();
    let _ = news.recv().await;
}

/// Sends what can be sent now.
///
/// # Errors
/// The database failed.
pub async fn deliver_all(state: &AppState) -> Result<(), StoreError> {
    let mut sending = JoinSet::new();
    for app in state.store.webhooks_due(state.clock.now()).await? {
        if sending.len() == AT_ONCE {
            sending.join_next().await;
        }
        let state = state.clone();
        sending.spawn(async move {
            if let Err(error) = deliver(&state, app).await {
                tracing::warn!(%error, %app, "events of a webhook could not be sent");
            }
        });
    }
    while sending.join_next().await.is_some() {}
    Ok(())
}

async fn deliver(state: &AppState, app: SdkAppId) -> Result<(), StoreError> {
    let now = state.clock.now();
    let Some(sender) = state.store.claim_webhook(app, now, now.plus_millis(LEASE)).await? else {
        return Ok(());
    };
    loop {
        let events = state.store.pending_events(app, TOGETHER).await?;
        let sent = some(state, &sender, events).await;
        let pause = sent.last().map_or(0, |(sent, attempts)| pause_after(sent, *attempts));
        let go_on = !sent.is_empty() && pause == 0 && !state.stop.is_cancelled();
        let sent = sent.into_iter().map(|(sent, _)| sent).collect();
        let now = state.clock.now();
        let lease_until = now.plus_millis(if go_on { LEASE } else { 0 });
        let ours = state.store.note_sent(&sender, sent, now.plus_millis(pause), lease_until).await?;
        if !(ours && go_on) {
            return Ok(());
        }
    }
}

/// Sends events one after another, up to the first that must be sent again; what came of each, and how often it was sent.
async fn some(state: &AppState, sender: &Sender, events: Vec<PendingEvent>) -> Vec<(Sent, u32)> {
    let begun = time::Instant::now();
    let mut all = Vec::new();
    for event in events {
        let sent = one(state, sender, &event).await;
        let again = sent.state == DeliveryState::Waiting;
        all.push((sent, event.attempts + 1));
        if again || begun.elapsed() > GATHER || state.stop.is_cancelled() {
            break;
        }
    }
    all
}

async fn one(state: &AppState, sender: &Sender, event: &PendingEvent) -> Sent {
    let body = callbacks::body(event);
    let answer = send(state, sender, callbacks::platform(&event.created_by), &body).await;
    let at = state.clock.now();
    let late = event.created_at.plus_millis(LIFETIME) <= at;
    let refused = matches!(answer.status, 400..=407 | 409..=428 | 430..=499);
    let outcome = match answer.is_taken() {
        true => DeliveryState::Delivered,
        false if late || (refused && event.attempts + 1 >= REFUSALS_MAX) => DeliveryState::GivenUp,
        false => DeliveryState::Waiting,
    };
    Sent { id: event.id.clone(), state: outcome, answer, at }
}

async fn send(state: &AppState, sender: &Sender, platform: &str, body: &serde_json::Value) -> WebhookAnswer {
    let failed = |text: &str| WebhookAnswer { text: text.to_owned(), ..WebhookAnswer::default() };
    let token = match sender.token.as_slice() {
        [] => None,
        sealed => match state.sealer.open(sender.app, sealed) {
            Ok(token) => Some(token),
            Err(error) => return failed(&error.to_string()),
        },
    };
    let now = state.clock.now();
    match callbacks::url(&sender.url, sender.app, platform, body, token.as_deref().map(|token| (token, now)))
    {
        Some(url) => state.webhooks.post(url, body).await,
        None => failed("the address cannot be read"),
    }
}

/// How long nothing is sent after this, in milliseconds.
fn pause_after(sent: &Sent, attempts: u32) -> i64 {
    match sent.state {
        DeliveryState::Waiting => (PAUSE << attempts.saturating_sub(1).min(16)).min(PAUSE_MAX),
        DeliveryState::Delivered | DeliveryState::GivenUp => 0,
    }
}

/// Sends a test, at once and whatever else waits.
pub async fn test(state: &AppState, sender: &Sender) -> WebhookAnswer {
    let body = callbacks::test(state.clock.now());
    send(state, sender, callbacks::CONSOLE, &body).await
}
