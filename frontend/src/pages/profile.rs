//! The operator's own page: theme, shortcuts, password, sessions.

use crate::{
    api::{self, ApiResult},
    browser,
    prefs::{Prefs, Theme},
    stores::toasts::Toasts,
    text::{self, shell},
    ui::{field::TextField, notice::LoadError, time::Time},
};
use leptos::{ev, prelude::*};
use leptos_meta::Title;
use rollcall_shared::{
    session::{PasswordChange, SessionInfo},
    validate,
};

/// The page.
#[component]
pub fn ProfilePage() -> impl IntoView {
    view! {
        <Title text=shell::PROFILE />
        <header class="head"><div><h1>{shell::PROFILE}</h1></div></header>
        <ThemeChoice />
        <Shortcuts />
        <Password />
        <Sessions />
    }
}

#[component]
fn ThemeChoice() -> impl IntoView {
    let prefs = expect_context::<Prefs>();
    let choice = move |theme: Theme| {
        let label = match theme {
            Theme::System => shell::THEME_SYSTEM,
            Theme::Light => shell::THEME_LIGHT,
            Theme::Dark => shell::THEME_DARK,
        };
        let checked = move || prefs.theme.get() == theme;
        view! {
            <label class="choice">
                <input type="radio" name="theme" checked=checked() prop:checked=checked on:change=move |_| prefs.set_theme(theme) />
                {label}
            </label>
        }
    };
    view! {
        <section class="panel">
            <h2>{shell::THEME}</h2>
            <fieldset class="bar">
                <legend class="hidden">{shell::THEME}</legend>
                {Theme::ALL.map(choice).collect_view()}
            </fieldset>
        </section>
    }
}

#[component]
fn Shortcuts() -> impl IntoView {
    let prefs = expect_context::<Prefs>();
    let checked = move || prefs.shortcuts.get();
    view! {
        <section class="panel">
            <h2>{shell::SHORTCUTS}</h2>
            <label class="choice">
                <input
                    type="checkbox"
                    checked=checked()
                    prop:checked=checked
                    aria-describedby="shortcuts-note"
                    on:change=move |_| prefs.set_shortcuts(!prefs.shortcuts.get_untracked())
                />
                {shell::SHORTCUTS_LABEL}
            </label>
            <p class="muted" id="shortcuts-note">{shell::SHORTCUTS_NOTE}</p>
        </section>
    }
}

#[component]
fn Password() -> impl IntoView {
    let toasts = Toasts::get();
    let (current, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (current_error, new_error) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    let busy = RwSignal::new(false);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let form =
            PasswordChange { current_password: current.get_untracked(), new_password: new.get_untracked() };
        current_error.set(None);
        new_error.set(validate::password("new_password", &form.new_password).map(|e| e.message));
        if new_error.with_untracked(Option::is_some) || busy.get_untracked() {
            return;
        }
        busy.set(true);
        browser::spawn(async move {
            match api::change_password(&form).await {
                Ok(()) => {
                    current.set(String::new());
                    new.set(String::new());
                    toasts.done(shell::PASSWORD_CHANGED);
                }
                Err(refused) => {
                    new_error.set(refused.field("new_password"));
                    let other = refused.field("current_password");
                    let known = new_error.with_untracked(Option::is_some) || other.is_some();
                    current_error.set(if known { other } else { Some(refused.message()) });
                }
            }
            busy.set(false);
        });
    };
    view! {
        <section class="panel">
            <h2>{shell::CHANGE_PASSWORD}</h2>
            <form class="stack" method="post" on:submit=submit>
                <TextField id="current-password" label=shell::CURRENT_PASSWORD value=current error=current_error kind="password" autocomplete="current-password" required=true />
                <TextField id="new-password" label=shell::NEW_PASSWORD value=new error=new_error kind="password" autocomplete="new-password" hint=shell::PASSWORD_HINT required=true />
                <div><button type="submit" class="btn" aria-busy=move || busy.get().then_some("true")>{shell::CHANGE_PASSWORD}</button></div>
            </form>
        </section>
    }
}

#[component]
fn Sessions() -> impl IntoView {
    let sessions = Resource::new(|| (), |()| api::sessions());
    let reload = Callback::new(move |()| sessions.refetch());
    view! {
        <section class="panel">
            <h2>{shell::SESSIONS}</h2>
            <p class="muted">{shell::SESSIONS_INTRO}</p>
            <Transition fallback=|| view! { <p class="muted">{text::LOADING}</p> }>
                {move || sessions.get().map(|sessions| view! { <SessionList sessions reload /> })}
            </Transition>
        </section>
    }
}

#[component]
fn SessionList(sessions: ApiResult<Vec<SessionInfo>>, reload: Callback<()>) -> impl IntoView {
    match sessions {
        Err(error) => view! { <LoadError error retry=reload /> }.into_any(),
        Ok(sessions) => view! {
            <div class="grid">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{shell::COLUMN_BROWSER}</th>
                            <th scope="col" class="optional">{shell::COLUMN_ADDRESS}</th>
                            <th scope="col" class="optional">{shell::COLUMN_SIGNED_IN}</th>
                            <th scope="col">{shell::COLUMN_LAST_SEEN}</th>
                            <th scope="col" class="end">{text::settings::OPERATION}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {sessions.into_iter().map(|session| view! { <SessionRow session reload /> }).collect_view()}
                    </tbody>
                </table>
            </div>
        }
        .into_any(),
    }
}

#[component]
fn SessionRow(session: SessionInfo, reload: Callback<()>) -> impl IntoView {
    let toasts = Toasts::get();
    let id = session.id;
    let revoke = move |_| {
        browser::spawn(async move {
            match api::end_session(id).await {
                Ok(()) => toasts.done(shell::SESSION_REVOKED),
                Err(error) => toasts.failed(error.message()),
            }
            reload.run(());
        });
    };
    let browser_name =
        if session.user_agent.is_empty() { shell::UNKNOWN_BROWSER.to_owned() } else { session.user_agent };
    let label = shell::revoke_session(&browser_name);
    let operation = if session.current {
        view! { <span class="tag">{shell::THIS_SESSION}</span> }.into_any()
    } else {
        view! { <button class="link" aria-label=label on:click=revoke>{shell::REVOKE}</button> }.into_any()
    };
    view! {
        <tr>
            <th scope="row" class="clip">{browser_name}</th>
            <td class="optional">{session.address}</td>
            <td class="muted optional"><Time at=session.created_at /></td>
            <td class="muted"><Time at=session.last_seen_at /></td>
            <td class="end">{operation}</td>
        </tr>
    }
}
