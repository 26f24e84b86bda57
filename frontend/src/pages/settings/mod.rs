//! An application's settings: a panel each for what belongs together.

mod call_limits;
mod danger;
mod general;
mod secret_key;
mod tokens;

use crate::{
    api::ApiResult,
    pages::not_found::Missing,
    session::Workspace,
    text::{self, shell},
    ui::notice::LoadError,
};
use leptos::prelude::*;
use leptos_meta::Title;
use rollcall_shared::app::{App, AppStatus};

/// The page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let workspace = Workspace::get();
    // Stays as it is while the others are read again, with what was typed in it.
    let known =
        Memo::new(move |_| workspace.app.get().flatten().and_then(Result::ok).map(|app| app.sdkappid));
    view! {
        <Title text=shell::SETTINGS />
        <header class="head"><div><h1>{shell::SETTINGS}</h1></div></header>
        <Transition fallback=|| view! { <p class="muted">{text::LOADING}</p> }>
            {move || match workspace.app.get() {
                Some(Some(app)) => view! { <Settings app /> }.into_any(),
                Some(None) => view! { <Missing title=shell::APP_NOT_FOUND /> }.into_any(),
                None => ().into_any(),
            }}
            {move || known.get().map(|app| view! { <call_limits::CallLimitsPanel app /> })}
        </Transition>
    }
}

#[component]
fn Settings(app: ApiResult<App>) -> impl IntoView {
    let workspace = Workspace::get();
    match app {
        Err(error) if error.status() == 404 => view! { <Missing title=shell::APP_NOT_FOUND /> }.into_any(),
        Err(error) => view! { <LoadError error retry=move |()| workspace.refresh() /> }.into_any(),
        Ok(app) => {
            let enabled = app.status == AppStatus::Enabled;
            view! {
                <general::General app=app.clone() />
                <secret_key::SecretKeyPanel app=app.sdkappid enabled />
                <tokens::Tokens app=app.sdkappid />
                <danger::Restriction app=app.clone() />
                <danger::Status app=app.clone() />
                <danger::Deletion app />
            }
            .into_any()
        }
    }
}
