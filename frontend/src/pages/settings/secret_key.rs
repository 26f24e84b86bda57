//! The secret key: hidden until asked for, copied, rotated.

use crate::{
    api, browser,
    stores::{
        confirm::{Confirm, Question},
        toasts::Toasts,
    },
    text::{self, settings as t},
};
use leptos::prelude::*;
use rollcall_shared::app::SdkAppId;

/// The panel.
#[component]
pub fn SecretKeyPanel(
    /// The application.
    app: SdkAppId,
    /// Whether the key can be rotated.
    #[prop(into)]
    enabled: Signal<bool>,
) -> impl IntoView {
    let (toasts, confirm) = (Toasts::get(), Confirm::get());
    let shown = RwSignal::new(None::<String>);
    let toggle = move |_| {
        if shown.with_untracked(Option::is_some) {
            shown.set(None);
            return;
        }
        browser::spawn(async move {
            match api::reveal_secret_key(app).await {
                Ok(key) => shown.set(Some(key.secret_key)),
                Err(error) => toasts.failed(error.message()),
            }
        });
    };
    let copy = move |_| browser::spawn(copy_key(app, shown, toasts));
    let rotate = Callback::new(move |()| {
        browser::spawn(async move {
            match api::rotate_secret_key(app).await {
                Ok(key) => {
                    shown.set(Some(key.secret_key));
                    toasts.done(t::ROTATED);
                }
                Err(error) => toasts.failed(error.message()),
            }
        });
    });
    let ask = move |_| {
        confirm.ask(Question {
            title: t::ROTATE_TITLE.to_owned(),
            body: vec![t::ROTATE_BODY.to_owned()],
            confirm: text::CONFIRM.to_owned(),
            danger: true,
            typed: None,
            then: rotate,
        });
    };
    let revealed = move || shown.with(Option::is_some);
    view! {
        <section class="panel">
            <h2>{t::SECRET_KEY}</h2>
            <p class="muted">{t::SECRET_KEY_INTRO}</p>
            <code class="secret" data-testid="secret-key">{move || shown.get().unwrap_or_else(|| t::HIDDEN.to_owned())}</code>
            <div class="bar">
                <button class="btn" on:click=toggle>{move || if revealed() { t::HIDE } else { t::REVEAL }}</button>
                <button class="btn" on:click=copy>{text::COPY}</button>
                <button class="btn danger" disabled=move || !enabled.get() on:click=ask>{t::ROTATE}</button>
            </div>
        </section>
    }
}

/// Copies the key, asking for it first when it is hidden.
async fn copy_key(app: SdkAppId, shown: RwSignal<Option<String>>, toasts: Toasts) {
    let key = match shown.get_untracked() {
        Some(key) => key,
        None => match api::reveal_secret_key(app).await {
            Ok(key) => key.secret_key,
            Err(error) => return toasts.failed(error.message()),
        },
    };
    if browser::copy(key).await { toasts.done(text::COPIED) } else { toasts.failed(text::COPY_REFUSED) }
}
