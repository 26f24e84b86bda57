//! What changes what an application permits, or ends it: restriction, status, deletion.

use crate::{
    api, browser, paths,
    session::Workspace,
    stores::{
        confirm::{Confirm, Question},
        toasts::Toasts,
    },
    text::{self, settings as t},
};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use rollcall_shared::app::{App, AppPatch, AppStatus};

/// The deletion restriction: lifted after a confirmation, put back at once.
#[component]
pub fn Restriction(
    /// The application as it is.
    now: Memo<App>,
) -> impl IntoView {
    let (workspace, toasts, confirm) = (Workspace::get(), Toasts::get(), Confirm::get());
    let id = now.with_untracked(|app| app.sdkappid);
    let permitted = move || now.with(|app| app.deletion_permitted);
    let set = Callback::new(move |lifted: bool| {
        browser::spawn(async move {
            match api::set_deletion_restriction(id, lifted).await {
                Ok(_) => toasts.done(t::SAVED),
                Err(error) => toasts.failed(error.message()),
            }
            workspace.refresh();
        });
    });
    let click = move |_| {
        if now.with_untracked(|app| app.deletion_permitted) {
            set.run(false);
            return;
        }
        confirm.ask(Question {
            title: t::LIFT_TITLE.to_owned(),
            body: vec![t::LIFT_BODY.to_owned()],
            confirm: text::CONFIRM.to_owned(),
            danger: true,
            typed: None,
            then: Callback::new(move |()| set.run(true)),
        });
    };
    let disabled = move || now.with(|app| app.status == AppStatus::Disabled);
    view! {
        <section class="panel">
            <h2>{t::RESTRICTION}</h2>
            <p class="muted">{move || if permitted() { t::RESTRICTION_OFF } else { t::RESTRICTION_ON }}</p>
            <div>
                <button class="btn" disabled=disabled on:click=click>{move || if permitted() { t::PUT_BACK } else { t::LIFT }}</button>
            </div>
        </section>
    }
}

/// Enabled or disabled.
#[component]
pub fn Status(
    /// The application as it is.
    now: Memo<App>,
) -> impl IntoView {
    let (workspace, toasts) = (Workspace::get(), Toasts::get());
    let enabled = move || now.with(|app| app.status == AppStatus::Enabled);
    let click = move |_| {
        let app = now.get_untracked();
        let next = if app.status == AppStatus::Enabled { AppStatus::Disabled } else { AppStatus::Enabled };
        browser::spawn(async move {
            let patch = AppPatch { status: Some(next), ..AppPatch::default() };
            match api::patch_app(&app, &patch).await {
                Ok(_) => toasts.done(t::SAVED),
                Err(error) => toasts.failed(error.message()),
            }
            workspace.refresh();
        });
    };
    view! {
        <section class="panel">
            <h2>{t::STATUS}</h2>
            <p class="muted">{t::DISABLED_INTRO}</p>
            <div><button class="btn" on:click=click>{move || if enabled() { t::DISABLE } else { t::ENABLE }}</button></div>
        </section>
    }
}

/// The end of an application, guarded by typing its name.
#[component]
pub fn Deletion(
    /// The application as it is.
    now: Memo<App>,
) -> impl IntoView {
    let (workspace, toasts, confirm) = (Workspace::get(), Toasts::get(), Confirm::get());
    let navigate = StoredValue::new(use_navigate());
    let id = now.with_untracked(|app| app.sdkappid);
    let name = move || now.with_untracked(|app| app.name.clone());
    let delete = Callback::new(move |()| {
        browser::spawn(async move {
            match api::delete_app(id, &name()).await {
                Ok(_) => {
                    toasts.done(t::APP_DELETED);
                    workspace.apps.refetch();
                    navigate.with_value(|go| go(paths::APPS, Default::default()));
                }
                Err(error) => toasts.failed(error.message()),
            }
        });
    });
    let ask = move |_| {
        let name = name();
        let accounts = now.with_untracked(|app| u64::try_from(app.accounts).unwrap_or_default());
        confirm.ask(Question {
            title: t::DELETE_APP.to_owned(),
            body: vec![t::delete_app_body(&name, accounts)],
            confirm: t::DELETE_APP.to_owned(),
            danger: true,
            typed: Some((t::TYPE_NAME.to_owned(), name)),
            then: delete,
        });
    };
    view! {
        <section class="panel">
            <h2>{t::DELETE_APP}</h2>
            <p class="muted">{t::DELETE_APP_INTRO}</p>
            <div><button class="btn danger" on:click=ask>{t::DELETE_APP}</button></div>
        </section>
    }
}
