//! Development tools: UserSigs made and checked, and a call of the server API to copy.

mod calls;
mod check;
mod example;
mod make;

use crate::{
    pages::of_app::OfApp,
    text::{shell, tools as t},
};
use leptos::prelude::*;
use leptos_meta::Title;
use rollcall_shared::app::App;

/// The page.
#[component]
pub fn ToolsPage() -> impl IntoView {
    view! {
        <Title text=shell::TOOLS />
        <header class="head"><div><h1>{shell::TOOLS}</h1><p class="muted">{t::INTRO}</p></div></header>
        <OfApp show=|app| view! { <Tools app /> }.into_any() />
    }
}

#[component]
fn Tools(app: App) -> impl IntoView {
    let app = app.sdkappid;
    view! {
        <make::Make app />
        <check::Check app />
        <example::Example app />
        <calls::Calls app />
    }
}
