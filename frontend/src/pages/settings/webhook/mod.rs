//! The application's webhook: where, what, a test, and what became of what was sent.

mod deliveries;
mod form;

use crate::{
    api::{self, ApiResult},
    text::{self, webhooks as t},
    ui::notice::LoadError,
};
use leptos::prelude::*;
use rollcall_shared::{app::SdkAppId, webhook::Webhook};

/// The panel.
#[component]
pub fn WebhookPanel(
    /// The application.
    app: SdkAppId,
) -> impl IntoView {
    let webhook = Resource::new(move || app, api::webhook);
    let reload = Callback::new(move |()| webhook.refetch());
    view! {
        <section class="panel" aria-labelledby="webhook-title">
            <h2 id="webhook-title">{t::TITLE}</h2>
            <p class="muted">{t::INTRO}</p>
            <Transition fallback=|| view! { <p class="muted">{text::LOADING}</p> }>
                <Ready app webhook reload />
            </Transition>
        </section>
    }
}

/// What was typed stays when the same is read again, as it is when the page is taken over.
#[component]
fn Ready(app: SdkAppId, webhook: Resource<ApiResult<Webhook>>, reload: Callback<()>) -> impl IntoView {
    let read = Memo::new(move |_| webhook.get());
    move || read.get().map(|webhook| view! { <Loaded app webhook reload /> })
}

#[component]
fn Loaded(app: SdkAppId, webhook: ApiResult<Webhook>, reload: Callback<()>) -> impl IntoView {
    match webhook {
        Err(error) => view! { <LoadError error retry=reload /> }.into_any(),
        Ok(webhook) => {
            let is_set = !webhook.url.is_empty();
            view! {
                <form::WebhookForm app webhook reload />
                {is_set.then(|| view! { <deliveries::Deliveries app /> })}
            }
            .into_any()
        }
    }
}
