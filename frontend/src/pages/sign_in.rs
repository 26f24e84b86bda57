//! Sign-in. The inputs are the browser's own, so that what was typed before the page was taken over stays.

use crate::{api, browser, paths, text::shell};
use leptos::{ev, html, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use rollcall_shared::session::SignIn;

/// The page.
#[component]
pub fn SignInPage() -> impl IntoView {
    let query = use_query_map();
    let done = Callback::new(move |()| {
        let next = query.with_untracked(|q| q.get("next").unwrap_or_default());
        // A whole new page: nothing of the signed-out one may linger.
        browser::go(paths::safe_next(&next));
    });
    view! {
        <Title text=shell::SIGN_IN />
        <section class="card">
            <div class="brand"><i aria-hidden="true">"R"</i>{crate::text::PRODUCT}</div>
            <h1>{shell::SIGN_IN}</h1>
            <SignInForm done id_prefix="sign-in" />
            <p class="muted small">{shell::SIGN_IN_HELP}</p>
        </section>
    }
}

/// E-mail and password; calls `done` when the session has begun.
#[component]
pub fn SignInForm(
    /// What to do then.
    done: Callback<()>,
    /// Keeps ids apart when the form is on a page twice.
    id_prefix: &'static str,
) -> impl IntoView {
    let (email, password) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let (Some(email), Some(password)) = (email.get_untracked(), password.get_untracked()) else { return };
        let form = SignIn { email: email.value(), password: password.value() };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        browser::spawn(async move {
            match api::sign_in(&form).await {
                Ok(_) => done.run(()),
                Err(refused) => error.set(Some(refused.message())),
            }
            busy.set(false);
        });
    };
    let ids = [format!("{id_prefix}-email"), format!("{id_prefix}-password"), format!("{id_prefix}-error")];
    let [email_id, password_id, error_id] = ids;
    view! {
        <form class="stack" method="post" on:submit=submit>
            <div class="field">
                <label for=email_id.clone()>{shell::EMAIL}</label>
                <input id=email_id type="email" name="email" autocomplete="username" required node_ref=email aria-describedby=error_id.clone() />
            </div>
            <div class="field">
                <label for=password_id.clone()>{shell::PASSWORD}</label>
                <input id=password_id type="password" name="password" autocomplete="current-password" required node_ref=password />
            </div>
            <p id=error_id class="error" role="alert">{move || error.get()}</p>
            <button type="submit" class="btn primary" aria-busy=move || busy.get().then_some("true")>
                {move || if busy.get() { shell::SIGNING_IN } else { shell::SIGN_IN }}
            </button>
        </form>
    }
}
