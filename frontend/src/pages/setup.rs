//! The first operator's one-time link.

use crate::{api, browser, paths, text::shell, ui::field::TextField};
use leptos::{ev, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use rollcall_shared::{session::Setup, validate};

/// The page.
#[component]
pub fn SetupPage() -> impl IntoView {
    let token = use_query_map().with_untracked(|q| q.get("token").unwrap_or_default());
    view! {
        <Title text=shell::SETUP_TITLE />
        <section class="card">
            <div class="brand"><i aria-hidden="true">"R"</i>{crate::text::PRODUCT}</div>
            <h1>{shell::SETUP_TITLE}</h1>
            <p class="muted">{shell::SETUP_INTRO}</p>
            <SetupForm token />
        </section>
    }
}

#[component]
fn SetupForm(token: String) -> impl IntoView {
    let fields = [(); 3].map(|()| RwSignal::new(String::new()));
    let [email, name, password] = fields;
    let errors = [(); 3].map(|()| RwSignal::new(None::<String>));
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let form = Setup {
            token: token.clone(),
            email: email.get_untracked(),
            name: name.get_untracked(),
            password: password.get_untracked(),
        };
        let found = [
            validate::email(&form.email),
            validate::name("name", &form.name),
            validate::password("password", &form.password),
        ];
        let fine = found.iter().all(Option::is_none);
        errors.iter().zip(found).for_each(|(slot, e)| slot.set(e.map(|e| e.message)));
        if !fine || busy.get_untracked() {
            return;
        }
        busy.set(true);
        browser::spawn(async move {
            match api::setup(&form).await {
                Ok(_) => browser::go(paths::APPS),
                Err(refused) => {
                    let named = ["email", "name", "password"].map(|f| refused.field(f));
                    errors.iter().zip(named).for_each(|(slot, e)| slot.set(e));
                    error.set(Some(refused.message()));
                }
            }
            busy.set(false);
        });
    };
    view! {
        <form class="stack" method="post" on:submit=submit>
            <TextField id="setup-email" label=shell::EMAIL value=email error=errors[0] kind="email" autocomplete="username" required=true />
            <TextField id="setup-name" label=shell::NAME value=name error=errors[1] autocomplete="name" required=true />
            <TextField id="setup-password" label=shell::PASSWORD value=password error=errors[2] kind="password" autocomplete="new-password" hint=shell::PASSWORD_HINT required=true />
            <p class="error" role="alert">{move || error.get()}</p>
            <button type="submit" class="btn primary" aria-busy=move || busy.get().then_some("true")>{shell::SETUP_BUTTON}</button>
        </form>
    }
}
