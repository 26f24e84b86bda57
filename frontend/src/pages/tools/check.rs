//! Checks a UserSig as the server API would.

use crate::{
    api, browser,
    stores::toasts::Toasts,
    text::tools as t,
    ui::{field::TextField, time::Time},
};
use leptos::{ev, prelude::*};
use rollcall_shared::{
    app::SdkAppId,
    usersig::{UserSigCheck, UserSigClaims, UserSigReport},
};

/// The panel.
#[component]
pub fn Check(
    /// The application.
    app: SdkAppId,
) -> impl IntoView {
    let toasts = Toasts::get();
    let (usersig, user_id) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, report) = (RwSignal::new(false), RwSignal::new(None::<UserSigReport>));
    // What was found is about what was asked, and nothing else.
    let edited = move |()| report.set(None);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let form = UserSigCheck { usersig: usersig.get_untracked(), user_id: user_id.get_untracked() };
        browser::spawn(async move {
            match api::check_usersig(app, &form).await {
                Ok(found) => drop(report.try_set(Some(found))),
                Err(error) => toasts.failed(error.field("usersig").unwrap_or_else(|| error.message())),
            }
            busy.try_set(false);
        });
    };
    view! {
        <section class="panel">
            <h2>{t::CHECK}</h2>
            <p class="muted">{t::CHECK_INTRO}</p>
            <form class="stack" novalidate on:submit=submit>
                <TextField id="check-usersig" label=t::USERSIG value=usersig on_edit=edited required=true />
                <TextField id="check-user" label=t::EXPECTED_USER value=user_id on_edit=edited hint=t::EXPECTED_USER_HINT.to_owned() />
                <div><button class="btn" aria-busy=move || busy.get().then_some("true")>{t::CHECK_BUTTON}</button></div>
            </form>
            <div role="status">{move || report.get().map(|report| view! { <Report report /> })}</div>
        </section>
    }
}

#[component]
fn Report(report: UserSigReport) -> impl IntoView {
    let good = report.code == 0;
    let verdict = if good { t::GOOD.to_owned() } else { t::refused(report.code, &report.reason) };
    view! {
        <div class="stack">
            <p class:error=!good><b>{verdict}</b></p>
            {report.claims.map(|claims| view! { <Claims claims /> })}
        </div>
    }
}

#[component]
fn Claims(claims: UserSigClaims) -> impl IntoView {
    view! {
        <dl class="facts">
            <dt>{t::SDKAPPID}</dt>
            <dd class="num">{claims.sdkappid.to_string()}</dd>
            <dt>{t::USER_ID}</dt>
            <dd><bdi>{claims.user_id}</bdi></dd>
            <dt>{t::MADE_AT}</dt>
            <dd><Time at=claims.made_at /></dd>
            <dt>{t::EXPIRES_AT}</dt>
            <dd><Time at=claims.expires_at /></dd>
        </dl>
    }
}
