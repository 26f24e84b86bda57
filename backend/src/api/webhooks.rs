//! `/api/v1/apps/{app}/webhook…`: where an application's events are told, which, what became of them, and a test.

use crate::{
    error::{ApiError, ApiResult},
    extract::{AppOwner, Json},
    state::AppState,
    webhooks,
};
use axum::{extract::State, http::StatusCode};
use rollcall_shared::{
    app::SdkAppId,
    error::Problem,
    webhook::{Webhook, WebhookAnswer, WebhookDeliveries, WebhookSettings},
};
use rollcall_store::webhooks::{NewWebhook, Sender, StoredWebhook};

/// The webhook; without one, its URL is empty.
#[utoipa::path(get, path = "/api/v1/apps/{app}/webhook", tag = "webhooks", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")), responses((status = 200, body = Webhook)))]
pub async fn show(State(state): State<AppState>, owner: AppOwner) -> ApiResult<Json<Webhook>> {
    state.store.app(owner.app).await?.ok_or_else(ApiError::not_found)?;
    Ok(Json(state.store.webhook(owner.app).await?.map(shown).unwrap_or_default()))
}

fn shown(StoredWebhook { url, token, events }: StoredWebhook) -> Webhook {
    Webhook { url, has_token: !token.is_empty(), events }
}

/// Sets the webhook. Events that happen from now on are told, and what waits is sent to the new address.
#[utoipa::path(put, path = "/api/v1/apps/{app}/webhook", tag = "webhooks", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")), request_body = WebhookSettings,
    responses((status = 200, body = Webhook),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields")))]
pub async fn set(
    State(state): State<AppState>,
    owner: AppOwner,
    Json(settings): Json<WebhookSettings>,
) -> ApiResult<Json<Webhook>> {
    let errors = settings.errors();
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    let WebhookSettings { url, token, events } = settings;
    let token = match token.as_deref() {
        None => None,
        Some("") => Some(Vec::new()),
        Some(token) => Some(state.sealer.seal(token)?(owner.app)),
    };
    let webhook = NewWebhook { url, token, events };
    state.store.set_webhook(&owner.change(), owner.app, &webhook).await??;
    show(State(state), owner).await
}

/// Removes the webhook, and what waits to be sent.
#[utoipa::path(delete, path = "/api/v1/apps/{app}/webhook", tag = "webhooks", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    responses((status = 204, description = "There is none now")))]
pub async fn remove(State(state): State<AppState>, owner: AppOwner) -> ApiResult<StatusCode> {
    state.store.remove_webhook(owner.app).await??;
    Ok(StatusCode::NO_CONTENT)
}

/// The newest events that were sent, with the last answers, and how many wait.
#[utoipa::path(get, path = "/api/v1/apps/{app}/webhook-deliveries", tag = "webhooks", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    responses((status = 200, body = WebhookDeliveries)))]
pub async fn deliveries(
    State(state): State<AppState>,
    owner: AppOwner,
) -> ApiResult<Json<WebhookDeliveries>> {
    state.store.app(owner.app).await?.ok_or_else(ApiError::not_found)?;
    Ok(Json(state.store.webhook_deliveries(owner.app, state.clock.now()).await?))
}

/// Sends a test to the webhook and answers what came of it. It is sent once, and not kept.
#[utoipa::path(post, path = "/api/v1/apps/{app}/webhook-tests", tag = "webhooks", security(("session" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID")),
    responses((status = 200, body = WebhookAnswer),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found")))]
pub async fn test(State(state): State<AppState>, owner: AppOwner) -> ApiResult<Json<WebhookAnswer>> {
    let StoredWebhook { url, token, .. } =
        state.store.webhook(owner.app).await?.ok_or_else(ApiError::not_found)?;
    let sender = Sender { app: owner.app, lease: 0, url, token };
    Ok(Json(webhooks::test(&state, &sender).await))
}
