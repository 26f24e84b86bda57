//! The application's webhook: where, what, a test, and what became of what was sent.

mod deliveries;
mod form;

use super::loaded::Loaded;
use crate::{pages::reading::Reading, text::webhooks as t};
use leptos::prelude::*;
use rollcall_shared::{app::SdkAppId, webhook::Webhook};

/// The panel.
#[component]
pub fn WebhookPanel(
    /// The application.
    app: SdkAppId,
) -> impl IntoView {
    let Loaded { webhook, deliveries, .. } = Loaded::get();
    let reload = Callback::new(move |()| {
        webhook.refetch();
        deliveries.refetch();
    });
    view! {
        <section class="panel" aria-labelledby="webhook-title">
            <h2 id="webhook-title">{t::TITLE}</h2>
            <p class="muted">{t::INTRO}</p>
            <Reading read=webhook show=move |webhook| view! { <Shown app webhook reload /> }.into_any() />
        </section>
    }
}

#[component]
fn Shown(app: SdkAppId, webhook: Webhook, reload: Callback<()>) -> impl IntoView {
    let is_set = !webhook.url.is_empty();
    view! {
        <form::WebhookForm app webhook reload />
        {is_set.then(|| view! { <deliveries::Deliveries /> })}
    }
}
