//! The way of events to their receiver: one server at a time sends those of an application, in the order in which they
//! happened (to the millisecond), and notes what came of it. An event whose server died after sending is sent again.

use super::Happened;
use crate::{
    Result, Store,
    db::{Conn, Row, sql},
};
use rollcall_shared::{
    app::SdkAppId,
    time::Timestamp,
    webhook::{
        DELIVERIES_KEPT, DeliveryState, WebhookAnswer, WebhookDeliveries, WebhookDelivery, WebhookEvent,
    },
};

/// As far as events that wait are counted.
const WAITING_COUNTED: u32 = 10_000;

/// The right to send an application's events, until its lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The application.
    pub app: SdkAppId,
    /// Names this claim: one that was taken over notes nothing any more.
    pub lease: i64,
    /// Where to send.
    pub url: String,
    /// The token, sealed; empty for none.
    pub token: Vec<u8>,
}

/// An event to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct PendingEvent {
    /// Its id within the application.
    pub id: String,
    /// What is told.
    pub event: WebhookEvent,
    /// What happened.
    pub happened: Happened,
    /// When.
    pub created_at: Timestamp,
    /// Who did it.
    pub created_by: crate::Actor,
    /// How often it was sent.
    pub attempts: u32,
}

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The event.
    pub id: String,
    /// Where it stands now.
    pub state: DeliveryState,
    /// The answer.
    pub answer: WebhookAnswer,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// Applications that have something to send, that nobody sends, and whose receiver may be tried: at most
    /// `limit`, those that wait longest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn webhooks_due(&self, now: Timestamp, limit: u32) -> Result<Vec<SdkAppId>> {
        let due = sql("SELECT w.app_id FROM webhooks w WHERE w.lease_until <= $1 AND w.next_at <= $1 \
             AND EXISTS (SELECT 1 FROM outbox o WHERE o.app_id = w.app_id AND o.state = $2) \
             ORDER BY w.next_at, w.app_id LIMIT $3");
        let due = due.bind(now).bind(DeliveryState::Waiting.code()).bind(limit);
        self.read().await?.fetch_map(due, |row| Ok(SdkAppId(row.i64(0)?))).await
    }

    /// Claims the right to send, unless another server was faster.
    ///
    /// # Errors
    /// The database failed.
    pub async fn claim_webhook(
        &self,
        app: SdkAppId,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<Sender>> {
        self.write((app, now, lease_until), |conn, (app, now, until)| {
            Box::pin(claim(conn, *app, *now, *until))
        })
        .await
    }

    /// The next events of an application, oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn pending_events(&self, app: SdkAppId, limit: u32) -> Result<Vec<PendingEvent>> {
        let next = sql("SELECT id, event, happened, created_at, created_by, attempts FROM outbox \
             WHERE app_id = $1 AND state = $2 ORDER BY created_at, id LIMIT $3");
        let next = next.bind(app).bind(DeliveryState::Waiting.code()).bind(limit);
        self.read().await?.fetch_map(next, |row| pending(&row)).await
    }

    /// Notes what came of tries, and goes on or not: nothing is sent before `next_at`, and a lease that ends at
    /// `lease_until` is given up when that is not in the future. False when another server has taken over.
    ///
    /// # Errors
    /// The database failed.
    pub async fn note_sent(
        &self,
        sender: &Sender,
        sent: Vec<Sent>,
        next_at: Timestamp,
        lease_until: Timestamp,
    ) -> Result<bool> {
        let input = (sender.app, sender.lease, sent, next_at, lease_until);
        self.write(input, |conn, (app, lease, sent, next_at, until)| {
            Box::pin(async move {
                for sent in sent {
                    note(conn, *app, sent).await?;
                }
                forget_old(conn, *app).await?;
                let go_on = sql("UPDATE webhooks SET next_at = $3, lease_until = $4 \
                     WHERE app_id = $1 AND lease = $2");
                let go_on = go_on.bind(*app).bind(*lease).bind(*next_at).bind(*until);
                Ok(conn.execute(go_on).await? == 1)
            })
        })
        .await
    }

    /// What became of events: the newest 100 that were tried, and how many wait.
    ///
    /// # Errors
    /// The database failed.
    pub async fn webhook_deliveries(&self, app: SdkAppId, now: Timestamp) -> Result<WebhookDeliveries> {
        let mut conn = self.read().await?;
        let mut items = Vec::new();
        for state in DeliveryState::ALL {
            items.extend(tried(&mut conn, app, *state).await?);
        }
        items.sort_by_key(|item| std::cmp::Reverse((item.created_at, item.tried_at)));
        items.truncate(DELIVERIES_KEPT as usize);
        let mut count =
            sql("SELECT count(*), COALESCE((SELECT next_at FROM webhooks WHERE app_id = $1), 0) \
             FROM (SELECT 1 FROM outbox WHERE app_id = $1 AND state = $2");
        count.push(&format!(" LIMIT {WAITING_COUNTED}) AS waiting"));
        let row = conn.fetch_one(count.bind(app).bind(DeliveryState::Waiting.code())).await?;
        let next_try_at = row.time_or_none(1)?.filter(|at| *at > now);
        Ok(WebhookDeliveries { waiting: row.u32(0)?, next_try_at, items })
    }
}

async fn claim(conn: &mut Conn, app: SdkAppId, now: Timestamp, until: Timestamp) -> Result<Option<Sender>> {
    let claim = sql("UPDATE webhooks SET lease = lease + 1, lease_until = $3 \
         WHERE app_id = $1 AND lease_until <= $2 AND next_at <= $2 RETURNING lease, url, token");
    let row = conn.fetch_optional(claim.bind(app).bind(now).bind(until)).await?;
    row.map(|row| Ok(Sender { app, lease: row.i64(0)?, url: row.text(1)?, token: row.bytes(2)? })).transpose()
}

fn pending(row: &Row) -> Result<PendingEvent> {
    Ok(PendingEvent {
        id: row.text(0)?,
        event: row.code(1, WebhookEvent::from_code)?,
        happened: row.json(2)?,
        created_at: row.time(3)?,
        created_by: row.str(4)?.parse()?,
        attempts: row.u32(5)?,
    })
}

async fn note(conn: &mut Conn, app: SdkAppId, sent: &Sent) -> Result<()> {
    let Sent { id, state, answer: WebhookAnswer { status, text, millis }, at } = sent;
    let note = sql("UPDATE outbox SET attempts = attempts + 1, state = $3, tried_at = $4, status = $5, \
         answer = $6, millis = $7 WHERE app_id = $1 AND id = $2");
    let note = note.bind(app).bind(id.as_str()).bind(state.code()).bind(*at).bind(*status);
    conn.execute(note.bind(text.as_str()).bind(*millis)).await.map(drop)
}

/// Keeps the newest of those that came to their end, of each end, and none that names an account which was erased.
async fn forget_old(conn: &mut Conn, app: SdkAppId) -> Result<()> {
    let erased = sql("DELETE FROM outbox WHERE app_id = $1 AND state IN ($2, $3) AND forget = 1");
    let erased = erased.bind(app).bind(DeliveryState::Delivered.code()).bind(DeliveryState::GivenUp.code());
    conn.execute(erased).await?;
    for state in [DeliveryState::Delivered, DeliveryState::GivenUp] {
        let mut forget = sql("DELETE FROM outbox WHERE app_id = $1 AND state = $2 AND (created_at, id) < \
             (SELECT created_at, id FROM outbox WHERE app_id = $1 AND state = $2 \
             ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET ");
        forget.push(&format!("{})", DELIVERIES_KEPT - 1));
        conn.execute(forget.bind(app).bind(state.code())).await?;
    }
    Ok(())
}

/// Those in this state that were tried.
async fn tried(conn: &mut Conn, app: SdkAppId, state: DeliveryState) -> Result<Vec<WebhookDelivery>> {
    let mut all = sql("SELECT event, created_at, attempts, status, answer, millis, tried_at FROM outbox \
         WHERE app_id = $1 AND state = $2 ORDER BY created_at");
    // Of those that wait, the oldest are tried.
    all.push(if state == DeliveryState::Waiting { ", id LIMIT " } else { " DESC, id DESC LIMIT " });
    all.push(&DELIVERIES_KEPT.to_string());
    let delivery = |row: Row| {
        Ok(WebhookDelivery {
            event: row.code(0, WebhookEvent::from_code)?,
            created_at: row.time(1)?,
            state,
            attempts: row.u32(2)?,
            last: WebhookAnswer { status: row.u32(3)?, text: row.text(4)?, millis: row.u32(5)? },
            tried_at: row.time(6)?,
        })
    };
    let mut tried = conn.fetch_map(all.bind(app).bind(state.code()), delivery).await?;
    tried.retain(|item| item.attempts > 0);
    Ok(tried)
}
