//! Webhooks: where an application's events are told, and which are. The events themselves are in the submodule `outbox`, their
//! way to the receiver in `sending`. Requests and their form are the server's.

mod outbox;
mod sending;

pub(crate) use outbox::tell;
pub use outbox::{Happened, StateChange};
pub use sending::{PendingEvent, Sender, Sent};

use crate::{
    Change, Refusal, Result, Store,
    apps::lock_enabled,
    db::{Conn, sql},
};
use rollcall_shared::{app::SdkAppId, webhook::WebhookEvent};

/// A webhook as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredWebhook {
    /// Where events are sent.
    pub url: String,
    /// The token, sealed; empty for none.
    pub token: Vec<u8>,
    /// What is told.
    pub events: Vec<WebhookEvent>,
}

/// A webhook to be set. `token` is sealed; `None` keeps what is there.
#[derive(Clone, Debug)]
pub struct NewWebhook {
    /// Where to send events.
    pub url: String,
    /// The token, sealed; empty for none.
    pub token: Option<Vec<u8>>,
    /// What to tell.
    pub events: Vec<WebhookEvent>,
}

impl Store {
    /// The application's webhook.
    ///
    /// # Errors
    /// The database failed.
    pub async fn webhook(&self, app: SdkAppId) -> Result<Option<StoredWebhook>> {
        let find = sql("SELECT w.url, w.token, a.webhook_events FROM webhooks w \
             JOIN apps a ON a.app_id = w.app_id WHERE w.app_id = $1 AND a.deleted_at = 0");
        let row = self.read().await?.fetch_optional(find.bind(app)).await?;
        row.map(|row| {
            let bits = row.u32(2)?;
            let told = WebhookEvent::ALL.iter().copied().filter(|event| bits & event.bit() != 0);
            Ok(StoredWebhook { url: row.text(0)?, token: row.bytes(1)?, events: told.collect() })
        })
        .transpose()
    }

    /// Sets the webhook. What waits is sent to the new address, at once.
    ///
    /// # Errors
    /// The database failed.
    pub async fn set_webhook(
        &self,
        change: &Change,
        app: SdkAppId,
        webhook: &NewWebhook,
    ) -> Result<Result<(), Refusal>> {
        let input = (change.clone(), app, webhook.clone());
        self.write(input, |conn, (change, app, webhook)| Box::pin(set(conn, change, *app, webhook))).await
    }

    /// Removes the webhook, and what waits to be sent to it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn remove_webhook(&self, app: SdkAppId) -> Result<Result<(), Refusal>> {
        self.write(app, |conn, app| Box::pin(remove(conn, *app))).await
    }
}

async fn set(
    conn: &mut Conn,
    change: &Change,
    app: SdkAppId,
    webhook: &NewWebhook,
) -> Result<Result<(), Refusal>> {
    if let Err(refusal) = lock_enabled(conn, app).await? {
        return Ok(Err(refusal));
    }
    let NewWebhook { url, token, events } = webhook;
    let mut put = sql("INSERT INTO webhooks (app_id, url, token, lease_until, lease, next_at, updated_at, \
         updated_by) VALUES ($1, $2, $3, 0, 0, 0, $4, $5) ON CONFLICT (app_id) DO UPDATE \
         SET url = excluded.url, next_at = 0, updated_at = excluded.updated_at, \
         updated_by = excluded.updated_by")
    .bind(app)
    .bind(url.as_str())
    .bind(token.as_deref().unwrap_or_default())
    .bind(change.now)
    .bind(change.actor.to_string());
    if token.is_some() {
        put.push(", token = excluded.token");
    }
    conn.execute(put).await?;
    tell_of(conn, app, events.iter().map(|event| event.bit()).sum()).await?;
    Ok(Ok(()))
}

async fn remove(conn: &mut Conn, app: SdkAppId) -> Result<Result<(), Refusal>> {
    if let Err(refusal) = lock_enabled(conn, app).await? {
        return Ok(Err(refusal));
    }
    tell_of(conn, app, 0).await?;
    conn.execute(sql("DELETE FROM outbox WHERE app_id = $1").bind(app)).await?;
    conn.execute(sql("DELETE FROM webhooks WHERE app_id = $1").bind(app)).await?;
    Ok(Ok(()))
}

async fn tell_of(conn: &mut Conn, app: SdkAppId, bits: u32) -> Result<()> {
    let set = sql("UPDATE apps SET webhook_events = $2 WHERE app_id = $1").bind(app).bind(bits);
    conn.execute(set).await.map(drop)
}
