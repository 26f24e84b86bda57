//! Development tools: UserSigs made and checked, and a call of the server API to copy.

mod check;
mod example;
mod make;

use crate::{
    api::ApiResult,
    pages::not_found::Missing,
    session::Workspace,
    text::{self, shell, tools as t},
    ui::notice::LoadError,
};
use leptos::prelude::*;
use leptos_meta::Title;
use rollcall_shared::app::App;

/// The page.
#[component]
pub fn ToolsPage() -> impl IntoView {
    let workspace = Workspace::get();
    view! {
        <Title text=shell::TOOLS />
        <header class="head"><div><h1>{shell::TOOLS}</h1><p class="muted">{t::INTRO}</p></div></header>
        <Transition fallback=|| view! { <p class="muted">{text::LOADING}</p> }>
            {move || match workspace.app.get() {
                Some(Some(app)) => view! { <Tools app /> }.into_any(),
                Some(None) => view! { <Missing title=shell::APP_NOT_FOUND /> }.into_any(),
                None => ().into_any(),
            }}
        </Transition>
    }
}

#[component]
fn Tools(app: ApiResult<App>) -> impl IntoView {
    let workspace = Workspace::get();
    match app {
        Err(error) if error.status() == 404 => view! { <Missing title=shell::APP_NOT_FOUND /> }.into_any(),
        Err(error) => view! { <LoadError error retry=move |()| workspace.refresh() /> }.into_any(),
        Ok(app) => view! {
            <make::Make app=app.sdkappid />
            <check::Check app=app.sdkappid />
            <example::Example app=app.sdkappid />
        }
        .into_any(),
    }
}
