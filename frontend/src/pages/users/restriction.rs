//! The deletion restriction: the notice that says whether it holds, and the dialogs that lift it or put it back.

use super::state::Users;
use crate::{
    api, browser,
    stores::{
        confirm::{Confirm, Question},
        toasts::Toasts,
    },
    text::{self, accounts as t},
    ui::icon::{Glyph, Icon},
};
use leptos::prelude::*;
use rollcall_shared::app::AppStatus;

/// The notice.
#[component]
pub fn Restriction() -> impl IntoView {
    let users = Users::get();
    let (confirm, toasts) = (Confirm::get(), Toasts::get());
    let set = Callback::new(move |lifted| set_restriction(users, toasts, lifted));
    let ask = move |_| {
        confirm.ask(Question {
            title: t::LIFT_TITLE.to_owned(),
            body: t::LIFT_RISKS.map(str::to_owned).to_vec(),
            confirm: text::CONFIRM.to_owned(),
            danger: true,
            typed: None,
            then: Callback::new(move |()| set.run(true)),
        });
    };
    let notice = move |permitted: bool| {
        if permitted {
            view! {
                <div class="notice open">
                    <Glyph icon=Icon::Unlock />
                    <span>{t::PERMITTED}" "<button class="link" on:click=move |_| set.run(false)>{t::PUT_BACK}</button></span>
                </div>
            }
            .into_any()
        } else {
            view! {
                <div class="notice warn">
                    <Glyph icon=Icon::Lock />
                    <span>
                        {t::NOT_PERMITTED_BEFORE}
                        <button class="link" on:click=ask>{t::CLICK_HERE}</button>
                        {t::NOT_PERMITTED_AFTER}
                    </span>
                </div>
            }
            .into_any()
        }
    };
    move || {
        let app = users.application().filter(|app| app.status == AppStatus::Enabled);
        app.map(|app| notice(app.deletion_permitted))
    }
}

fn set_restriction(users: Users, toasts: Toasts, lifted: bool) {
    let Some(app) = users.app.get_untracked() else { return };
    browser::spawn(async move {
        match api::set_deletion_restriction(app, lifted).await {
            Ok(_) => {
                users.refresh();
                toasts.done(if lifted { t::LIFTED } else { t::RESTRICTED });
            }
            Err(error) => toasts.failed(error.message()),
        }
    });
}
