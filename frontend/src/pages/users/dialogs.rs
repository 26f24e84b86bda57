//! The dialogs that a link can open: create and edit. They follow the URL, so Back closes them, except while
//! something typed would be lost: then the operator is asked first.

use super::{
    lazy::{self, Content},
    state::{History, Users},
    url::OpenDialog,
};
use crate::{
    forms::{FormEvents, edit},
    stores::{
        confirm::{Confirm, Question},
        toasts::Toasts,
    },
    text::accounts as t,
    ui::dialog::Dialog,
};
use leptos::{ev, prelude::*};
use rollcall_shared::account::Account;

/// The dialogs.
#[component]
pub fn Dialogs() -> impl IntoView {
    let (users, confirm) = (Users::get(), Confirm::get());
    let open = RwSignal::new(None::<OpenDialog>);
    let dirty = RwSignal::new(false);
    let close = Callback::new(move |()| {
        dirty.set(false);
        open.set(None);
        users.show(None);
    });
    let leave = Callback::new(move |()| {
        if dirty.get_untracked() {
            confirm.ask(discard(close));
        } else {
            close.run(());
        }
    });
    let events = FormEvents { dirty, leave, close, changed: Callback::new(move |()| users.refresh()) };
    let created = created(users);
    follow_url(users, open, dirty, leave);
    warn_before_unload(dirty);
    let creating = Signal::derive(move || open.with(|open| *open == Some(OpenDialog::Create)));
    let editing = Signal::derive(move || open.with(|open| matches!(open, Some(OpenDialog::Edit(_)))));
    view! {
        <Dialog open=creating on_cancel=leave labelled_by="create-title" class="narrow">
            {users.app.get_untracked().map(|app| lazy::content(Content::Create { app, events, created }))}
        </Dialog>
        <Dialog open=editing on_cancel=leave labelled_by=edit::TITLE_ID class="wide">
            {move || match (users.app.get_untracked(), open.get()) {
                (Some(app), Some(OpenDialog::Edit(user_id))) => {
                    let known = Box::new(users.row_now(&user_id));
                    let custom = users.custom.get_untracked();
                    lazy::content(Content::Edit { app, user_id, known, custom, events })
                }
                _ => ().into_any(),
            }}
        </Dialog>
    }
}

/// Opens and closes with the URL.
fn follow_url(users: Users, open: RwSignal<Option<OpenDialog>>, dirty: RwSignal<bool>, leave: Callback<()>) {
    Effect::new(move |_| {
        let wanted = users.url.with(|url| url.dialog.clone());
        let now = open.get_untracked();
        if wanted == now {
            return;
        }
        if now.is_some() && dirty.get_untracked() {
            // Back was pressed over something typed: the URL goes on saying what is seen.
            users.go(users.url.get_untracked().with_dialog(now), History::Push);
            leave.run(());
        } else {
            open.set(wanted);
        }
    });
}

/// Closing the tab or loading another page asks first, in the browser's own words.
fn warn_before_unload(dirty: RwSignal<bool>) {
    Effect::new(move |_| {
        let handle = window_event_listener(ev::beforeunload, move |event| {
            if dirty.try_get_untracked() == Some(true) {
                event.prevent_default();
            }
        });
        on_cleanup(move || handle.remove());
    });
}

fn discard(close: Callback<()>) -> Question {
    Question {
        title: t::DISCARD_TITLE.to_owned(),
        body: vec![t::DISCARD_BODY.to_owned()],
        confirm: t::DISCARD.to_owned(),
        danger: true,
        typed: None,
        then: close,
    }
}

/// Says what was created, with the way to it: the order or the filter may hide it.
fn created(users: Users) -> Callback<Account> {
    let toasts = Toasts::get();
    Callback::new(move |account: Account| {
        let id = account.user_id.clone();
        let show = Callback::new(move |()| {
            // The page may have been left since.
            if let Some(url) = users.url.try_get_untracked() {
                users.go(url.unfiltered().search(&id).with_dialog(None), History::Push);
            }
        });
        toasts.done_with(t::created_account(&account.user_id), t::SHOW_IN_LIST, show);
    })
}
