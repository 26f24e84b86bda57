//! Makes a UserSig and shows it once.

use crate::{
    api, browser,
    stores::toasts::Toasts,
    text::{self, tools as t},
    ui::{field::TextField, time::Time},
};
use leptos::{ev, prelude::*};
use rollcall_shared::{
    app::SdkAppId,
    profile::ADMINISTRATOR,
    usersig::{DAYS_DEFAULT, NewUserSig, UserSig},
};

/// The panel.
#[component]
pub fn Make(
    /// The application.
    app: SdkAppId,
) -> impl IntoView {
    let toasts = Toasts::get();
    let user_id = RwSignal::new(ADMINISTRATOR.to_owned());
    let days = RwSignal::new(DAYS_DEFAULT.to_string());
    let (user_error, days_error) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    let (busy, made) = (RwSignal::new(false), RwSignal::new(None::<UserSig>));
    // What was made is of whom it was made for, and nobody else.
    let edited = move |()| made.set(None);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let days = days.get_untracked().trim().parse().unwrap_or(0);
        let form = NewUserSig { user_id: user_id.get_untracked(), days };
        let errors = form.errors();
        let of =
            |field: &str| errors.iter().find(|error| error.field == field).map(|error| error.message.clone());
        user_error.set(of("user_id"));
        days_error.set(of("days"));
        if !errors.is_empty() || busy.get_untracked() {
            return;
        }
        busy.set(true);
        browser::spawn(async move {
            match api::make_usersig(app, &form).await {
                Ok(usersig) => drop(made.try_set(Some(usersig))),
                Err(error) => toasts.failed(error.message()),
            }
            busy.try_set(false);
        });
    };
    view! {
        <section class="panel">
            <h2>{t::MAKE}</h2>
            <p class="muted">{t::MAKE_INTRO}</p>
            <form class="stack" novalidate on:submit=submit>
                <TextField id="usersig-user" label=t::USER_ID value=user_id on_edit=edited error=user_error required=true />
                <TextField id="usersig-days" label=t::DAYS value=days on_edit=edited error=days_error required=true />
                <div><button class="btn primary" aria-busy=move || busy.get().then_some("true")>{t::MAKE_BUTTON}</button></div>
            </form>
            <div role="status">{move || made.get().map(|made| view! { <Made made /> })}</div>
        </section>
    }
}

#[component]
fn Made(made: UserSig) -> impl IntoView {
    let toasts = Toasts::get();
    let text = made.usersig.clone();
    let copy = move |_| {
        let text = text.clone();
        browser::spawn(async move {
            if browser::copy(text).await {
                toasts.done(text::COPIED)
            } else {
                toasts.failed(text::COPY_REFUSED)
            }
        });
    };
    view! {
        <div class="stack">
            <b>{t::MADE}</b>
            <code class="secret" data-testid="usersig">{made.usersig}</code>
            <p class="muted">{t::VALID_UNTIL} " " <Time at=made.expires_at /></p>
            <div><button class="btn" on:click=copy>{text::COPY}</button></div>
        </div>
    }
}
