//! The form of a webhook: address, token, events; a test, and its removal.

use crate::{
    api, browser,
    stores::{
        confirm::{Confirm, Question},
        toasts::Toasts,
    },
    text::webhooks as t,
    ui::field::TextField,
};
use leptos::{ev, prelude::*};
use rollcall_shared::{
    app::SdkAppId,
    webhook::{WEBHOOK_TOKEN_MAX, WEBHOOK_URL_MAX, Webhook, WebhookEvent, WebhookSettings},
};

/// What is in the fields.
#[derive(Clone, Copy)]
struct Fields {
    url: RwSignal<String>,
    token: RwSignal<String>,
    without_token: RwSignal<bool>,
    events: RwSignal<Vec<WebhookEvent>>,
}

impl Fields {
    fn of(webhook: &Webhook) -> Self {
        let events = if webhook.url.is_empty() { WebhookEvent::ALL.to_vec() } else { webhook.events.clone() };
        Self {
            url: RwSignal::new(webhook.url.clone()),
            token: RwSignal::default(),
            without_token: RwSignal::new(false),
            events: RwSignal::new(events),
        }
    }

    fn settings(self) -> WebhookSettings {
        let typed = Some(self.token.get_untracked()).filter(|token| !token.is_empty());
        let token = if self.without_token.get_untracked() { Some(String::new()) } else { typed };
        WebhookSettings { url: self.url.get_untracked(), token, events: self.events.get_untracked() }
    }
}

/// What is wrong with each.
#[derive(Clone, Copy, Default)]
struct Errors {
    url: RwSignal<Option<String>>,
    token: RwSignal<Option<String>>,
    events: RwSignal<Option<String>>,
}

/// The form.
#[component]
pub fn WebhookForm(
    /// The application.
    app: SdkAppId,
    /// The webhook as it is.
    webhook: Webhook,
    /// Reads it again.
    reload: Callback<()>,
) -> impl IntoView {
    let toasts = Toasts::get();
    let (fields, errors) = (Fields::of(&webhook), Errors::default());
    let busy = RwSignal::new(false);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let settings = fields.settings();
        let wrong = settings.errors();
        let of =
            |field: &str| wrong.iter().find(|error| error.field == field).map(|error| error.message.clone());
        errors.url.set(of("url"));
        errors.token.set(of("token"));
        errors.events.set(of("events"));
        if !wrong.is_empty() || busy.get_untracked() {
            return;
        }
        busy.set(true);
        browser::spawn(async move {
            match api::set_webhook(app, &settings).await {
                Ok(_) => {
                    toasts.done(t::SAVED);
                    reload.try_run(());
                }
                Err(refused) => {
                    errors.url.try_set(Some(refused.field("url").unwrap_or_else(|| refused.message())));
                }
            }
            busy.try_set(false);
        });
    };
    let is_set = !webhook.url.is_empty();
    let hint = if webhook.has_token { t::TOKEN_KEPT } else { t::TOKEN_NONE };
    view! {
        <form class="stack" novalidate on:submit=submit>
            <TextField id="webhook-url" label=t::URL value=fields.url error=errors.url hint=t::URL_HINT.to_owned() max_bytes=WEBHOOK_URL_MAX required=true />
            <TextField id="webhook-token" label=t::TOKEN value=fields.token error=errors.token hint=hint.to_owned() max_bytes=WEBHOOK_TOKEN_MAX kind="password" autocomplete="new-password" />
            {webhook.has_token.then(|| view! { <WithoutToken fields /> })}
            <Events fields errors />
            <div class="bar">
                <button type="submit" class="btn" aria-busy=move || busy.get().then_some("true")>{t::SAVE}</button>
                {is_set.then(|| view! { <Actions app reload /> })}
            </div>
        </form>
    }
}

#[component]
fn WithoutToken(fields: Fields) -> impl IntoView {
    let checked = move || fields.without_token.get();
    view! {
        <label class="choice">
            <input type="checkbox" checked=checked() prop:checked=checked on:change=move |_| fields.without_token.update(|on| *on = !*on) />
            {t::TOKEN_REMOVE}
        </label>
    }
}

#[component]
fn Events(fields: Fields, errors: Errors) -> impl IntoView {
    let item = move |event: WebhookEvent| {
        let chosen = move || fields.events.with(|events| events.contains(&event));
        let toggle = move |_| {
            fields.events.update(|events| {
                if events.contains(&event) {
                    events.retain(|one| *one != event);
                } else {
                    events.push(event);
                }
            });
        };
        view! {
            <label class="choice">
                <input type="checkbox" checked=chosen() prop:checked=chosen on:change=toggle />
                {t::event(event)}
            </label>
        }
    };
    view! {
        <fieldset class="field" class:bad=move || errors.events.with(Option::is_some) aria-describedby="webhook-events-note">
            <legend>{t::EVENTS}</legend>
            {WebhookEvent::ALL.iter().copied().map(item).collect_view()}
            <small id="webhook-events-note"><span class="message">{move || errors.events.get()}</span></small>
        </fieldset>
    }
}

/// What can be done with a webhook that is set.
#[component]
fn Actions(app: SdkAppId, reload: Callback<()>) -> impl IntoView {
    let (toasts, confirm) = (Toasts::get(), Confirm::get());
    let busy = RwSignal::new(false);
    let test = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        browser::spawn(async move {
            match api::test_webhook(app).await {
                Ok(answer) if answer.is_taken() => toasts.done(t::test_taken(&answer)),
                Ok(answer) => toasts.failed(t::test_failed(&answer)),
                Err(error) => toasts.failed(error.message()),
            }
            busy.try_set(false);
        });
    };
    let remove = Callback::new(move |()| {
        browser::spawn(async move {
            match api::remove_webhook(app).await {
                Ok(()) => toasts.done(t::REMOVED),
                Err(error) => toasts.failed(error.message()),
            }
            reload.try_run(());
        });
    });
    let ask = move |_| {
        confirm.ask(Question {
            title: format!("{}?", t::REMOVE),
            body: vec![t::REMOVE_BODY.to_owned()],
            confirm: t::REMOVE.to_owned(),
            danger: true,
            typed: None,
            then: remove,
        });
    };
    view! {
        <button type="button" class="btn" aria-busy=move || busy.get().then_some("true") on:click=test>{t::TEST}</button>
        <button type="button" class="btn danger" on:click=ask>{t::REMOVE}</button>
    }
}
