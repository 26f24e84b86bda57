//! What the panels show beside the application. Read with the page and not by the panels themselves, which stand within
//! what waits for the application and may be made more than once: so it lies in the first HTML.

use crate::{
    api,
    pages::reading::{OfCurrent, of_current},
};
use leptos::prelude::*;
use rollcall_shared::{
    app::{ApiToken, CallLimits},
    list::Page,
    person::Certificate,
    schedule::ExportSchedules,
    webhook::{Webhook, WebhookDeliveries},
};

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
    /// Scheduled exports.
    pub schedules: OfCurrent<ExportSchedules>,
    /// Certificates of erasures, the newest ones.
    pub erasures: OfCurrent<Page<Certificate>>,
}

impl Loaded {
    /// Begins to read, for the panels below.
    pub fn provide() {
        provide_context(Self {
            tokens: of_current(api::tokens),
            limits: of_current(api::call_limits),
            webhook: of_current(api::webhook),
            deliveries: of_current(api::webhook_deliveries),
            schedules: of_current(api::export_schedules),
            erasures: of_current(api::erasures),
        });
    }

    /// What this page has read.
    pub fn get() -> Self {
        expect_context()
    }
}
