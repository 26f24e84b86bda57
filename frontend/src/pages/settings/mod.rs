//! An application's settings: a panel each for what belongs together.

mod call_limits;
mod custom_fields;
mod danger;
mod erasures;
mod general;
mod loaded;
mod schedules;
mod secret_key;
mod tokens;
mod webhook;

use crate::{pages::of_app::OfApp, session::Workspace, text::shell};
use leptos::prelude::*;
use leptos_meta::Title;
use rollcall_shared::app::{App, AppStatus, SdkAppId};

/// The page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    loaded::Loaded::provide();
    view! {
        <Title text=shell::SETTINGS />
        <header class="head"><div><h1>{shell::SETTINGS}</h1></div></header>
        <OfApp show=|app| view! { <Settings app /> }.into_any() />
    }
}

/// The panels. They stay, with what was typed, while the application is read again.
#[component]
fn Settings(app: App) -> impl IntoView {
    let id = app.sdkappid;
    let now = newest(app.clone());
    let enabled = Signal::derive(move || now.with(|app| app.status == AppStatus::Enabled));
    view! {
        <general::General app now />
        <custom_fields::CustomFieldsPanel now />
        <secret_key::SecretKeyPanel app=id enabled />
        <tokens::Tokens app=id />
        <call_limits::CallLimitsPanel app=id />
        <webhook::WebhookPanel app=id />
        <schedules::SchedulesPanel app=id now />
        <danger::Restriction now />
        <erasures::Erasures app=id />
        <danger::Status now />
        <danger::Deletion now />
    }
}

/// The application as it was read last, for as long as the page shows this one.
fn newest(first: App) -> Memo<App> {
    let workspace = Workspace::get();
    let of = |app: &App, id: SdkAppId| app.sdkappid == id;
    Memo::new(move |before: Option<&App>| {
        let read = workspace.app.get().flatten().and_then(Result::ok);
        read.filter(|app| of(app, first.sdkappid)).unwrap_or_else(|| before.unwrap_or(&first).clone())
    })
}
