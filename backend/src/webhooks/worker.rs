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
/// How many events are noted together.
const TOGETHER: u32 = 20;
/// How long an application sends before others that wait have their turn.
const TURN: Duration = Duration::from_secs(5);
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
    let mut senders = Senders::new(state.clone());
    loop {
        if let Err(error) = senders.begin().await {
            tracing::warn!(%error, "events of webhooks could not be sent");
        }
        tokio::select! {
            () = state.stop.cancelled() => break,
            () = time::sleep(POLL) => {}
            () = any(&mut news) => time::sleep(GATHER_NEWS).await,
            () = senders.one_ended() => time::sleep(GATHER_NEWS).await,
        }
    }
    senders.all_ended().await;
}

/// Something changed. What changed before is the same news.
async fn any(news: &mut Receiver<(SdkAppId, News)>) {
    *news = news.resubscribe();
    let _ = news.recv().await;
}

/// Sends whatever can be sent now, and all that comes meanwhile.
///
/// # Errors
/// The database failed.
pub async fn deliver_all(state: &AppState) -> Result<(), StoreError> {
    let mut senders = Senders::new(state.clone());
    while senders.begin().await? {
        senders.all_ended().await;
    }
    Ok(())
}

/// The turns of applications that send now: each application for itself, so that none waits for another's receiver.
struct Senders {
    state: AppState,
    turns: JoinSet<()>,
}

impl Senders {
    fn new(state: AppState) -> Self {
        Self { state, turns: JoinSet::new() }
    }

    /// Begins the turns of applications that have something to send, as many as there is room for; whether any began.
    async fn begin(&mut self) -> Result<bool, StoreError> {
        while self.turns.try_join_next().is_some() {}
        let room = AT_ONCE - self.turns.len();
        if room == 0 {
            return Ok(false);
        }
        let due = self.state.store.webhooks_due(self.state.clock.now(), room as u32).await?;
        let any = !due.is_empty();
        for app in due {
            let state = self.state.clone();
            self.turns.spawn(async move {
                if let Err(error) = turn(&state, app).await {
                    tracing::warn!(%error, %app, "events of a webhook could not be sent");
                }
            });
        }
        Ok(any)
    }

    /// Waits until a turn ends; for ever while there is none.
    async fn one_ended(&mut self) {
        if self.turns.join_next().await.is_none() {
            std::future::pending().await
        }
    }

    async fn all_ended(&mut self) {
        while self.turns.join_next().await.is_some() {}
    }
}

/// Sends an application's events, for [`TURN`] at most: then the applications that have waited longest are before it.
async fn turn(state: &AppState, app: SdkAppId) -> Result<(), StoreError> {
    let begun = time::Instant::now();
    let now = state.clock.now();
    let Some(sender) = state.store.claim_webhook(app, now, now.plus_millis(LEASE)).await? else {
        return Ok(());
    };
    loop {
        let events = state.store.pending_events(app, TOGETHER).await?;
        let sent = some(state, &sender, events, begun).await;
        let pause = sent.last().map_or(0, |(sent, attempts)| pause_after(sent, *attempts));
        let go_on = !sent.is_empty() && pause == 0 && begun.elapsed() < TURN && !state.stop.is_cancelled();
        let sent = sent.into_iter().map(|(sent, _)| sent).collect();
        let now = state.clock.now();
        let lease_until = now.plus_millis(if go_on { LEASE } else { 0 });
        let ours = state.store.note_sent(&sender, sent, now.plus_millis(pause), lease_until).await?;
        if !(ours && go_on) {
            return Ok(());
        }
    }
}

/// Sends events one after another, up to the first that must be sent again or the turn's end; what came of each, and how often it was sent.
async fn some(
    state: &AppState,
    sender: &Sender,
    events: Vec<PendingEvent>,
    begun: time::Instant,
) -> Vec<(Sent, u32)> {
    let mut all = Vec::new();
    for event in events {
        let sent = one(state, sender, &event).await;
        let again = sent.state == DeliveryState::Waiting;
        all.push((sent, event.attempts + 1));
        if again || begun.elapsed() >= TURN || state.stop.is_cancelled() {
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
