//! The page's head: its name, the totals, and the two actions that need no ticked row.

use super::{export::Exports, state::Users, url::OpenDialog};
use crate::{
    paths,
    text::{accounts as t, shell},
    ui::icon::{Glyph, Icon},
};
use leptos::{ev, prelude::*};

/// The head.
#[component]
pub fn Head() -> impl IntoView {
    let (users, exports) = (Users::get(), Exports::get());
    let totals = move || users.application().map(|app| format!(" {}", t::totals(app.accounts, app.admins)));
    view! {
        <header class="head">
            <div>
                <h1>{t::TITLE}</h1>
                <p class="muted">{t::SHARED_SYSTEM}<span class="num">{totals}</span></p>
            </div>
            <a class="btn" href=move || users.app.get().map(paths::imports)>{shell::IMPORT}</a>
            <button class="btn" on:click=move |_| exports.ask_all()>{t::EXPORT_ALL}</button>
            <CreateLink />
        </header>
        {move || (!users.is_enabled()).then(|| view! {
            <div class="notice warn">
                <Glyph icon=Icon::Lock />
                <span>{t::APP_DISABLED}</span>
            </div>
        })}
    }
}

/// Opens the form of a new account: a link, so that it works from the first byte on and can be shared.
#[component]
pub fn CreateLink() -> impl IntoView {
    let users = Users::get();
    let enabled = move || users.is_enabled();
    let href = move || {
        let to = users.url.get().with_dialog(Some(OpenDialog::Create));
        enabled().then(|| users.href(&to))
    };
    let open = move |event: ev::MouseEvent| {
        if !event.ctrl_key() && !event.meta_key() {
            event.prevent_default();
            users.create();
        }
    };
    // It says that it is a button, so Space presses it too.
    let press = move |event: ev::KeyboardEvent| {
        if event.key() == " " {
            event.prevent_default();
            users.create();
        }
    };
    view! {
        <a
            class="btn primary"
            role="button"
            href=href
            aria-disabled=move || (!enabled()).then_some("true")
            title=move || (!enabled()).then_some(t::REASON_DISABLED)
            on:click=open
            on:keydown=press
        >
            {t::CREATE}
            <kbd aria-hidden="true">"C"</kbd>
        </a>
    }
}
