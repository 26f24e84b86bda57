//! What the panels show beside the application. Read with the page and not by the panels themselves, which stand within
//! what waits for the application and may be made more than once: so it lies in the first HTML.

use crate::{
    api::{self, ApiResult},
    session::Workspace,
};
use leptos::prelude::*;
use rollcall_shared::{
    app::{ApiToken, CallLimits, SdkAppId},
    webhook::{Webhook, WebhookDeliveries},
};
use serde::{Serialize, de::DeserializeOwned};

/// Something of the application that the URL names; none outside one.
pub type OfCurrent<T> = Resource<Option<ApiResult<T>>>;

/// All of it.
#[derive(Clone, Copy)]
pub struct Loaded {
    /// API tokens.
    pub tokens: OfCurrent<Vec<ApiToken>>,
    /// Limits of calls.
    pub limits: OfCurrent<CallLimits>,
    /// The webhook.
    pub webhook: OfCurrent<Webhook>,
    /// What became of what it was sent.
    pub deliveries: OfCurrent<WebhookDeliveries>,
}

impl Loaded {
    /// Begins to read, for the panels below.
    pub fn provide() {
        provide_context(Self {
            tokens: of_current(api::tokens),
            limits: of_current(api::call_limits),
            webhook: of_current(api::webhook),
            deliveries: of_current(api::webhook_deliveries),
        });
    }

    /// What this page has read.
    pub fn get() -> Self {
        expect_context()
    }
}

fn of_current<T, F>(read: fn(SdkAppId) -> F) -> OfCurrent<T>
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
    F: Future<Output = ApiResult<T>> + Send + 'static,
{
    let current = Workspace::get().current;
    Resource::new(
        move || current.get(),
        move |app| async move {
            match app {
                Some(app) => Some(read(app).await),
                None => None,
            }
        },
    )
}
