//! What the accounts page shows only when asked: the content of its dialogs. Its code is one part of its own.

use super::{
    batch, bulk::Bulk, bulk_dialog, export_dialog, goto::GoToForm, retype, state::Users,
    suggestions::Suggestions,
};
use crate::{
    browser,
    forms::{FormEvents, create::CreateForm, edit::EditForm},
    later::{Fetch, Fetched, later},
    stores::{confirm::Confirm, toasts::Toasts},
    text,
};
use leptos::{prelude::*, wasm_split::wasm_split};
use rollcall_shared::{account::Account, app::SdkAppId, custom_field::FieldName, profile::AccountType};

/// The content of a dialog.
#[derive(Clone)]
pub enum Content {
    /// The form of a new account.
    Create {
        /// The application.
        app: SdkAppId,
        /// What the form tells the page.
        events: FormEvents,
        /// The account that was created.
        created: Callback<Account>,
    },
    /// The form of an account.
    Edit {
        /// The application.
        app: SdkAppId,
        /// The account.
        user_id: String,
        /// The account as the list has it.
        known: Box<Option<Account>>,
        /// The application's custom fields.
        custom: Vec<FieldName>,
        /// What the form tells the page.
        events: FormEvents,
    },
    /// The export of this page.
    Export,
    /// What is done to many accounts of this page.
    Bulk,
    /// The way to a place of the list.
    GoTo,
    /// What a search that found nothing may have meant.
    Suggestions,
}

/// Fetches the part.
pub const FETCH: Fetch = || Box::pin(fetch());

/// Shows the content of a dialog.
pub fn content(content: Content) -> AnyView {
    later(FETCH, move || show(content.clone()))
}

/// What is done only when someone asks for it.
#[derive(Clone)]
pub enum Act {
    /// Asks whether the ticked accounts shall be deleted.
    AskDeletion(Bulk),
    /// Asks whether an account shall have another type.
    AskRetype(Users, Confirm, String, AccountType),
    /// Ticks all that match.
    SelectAll(Users),
}

/// Does it, once its code is here.
pub fn act(toasts: Toasts, act: Act) {
    browser::spawn(async move {
        if done(toasts, act).await.is_err() {
            toasts.failed(text::UNREACHABLE);
        }
    });
}

#[wasm_split(dialogs, wasm_split_path = leptos::wasm_split, fallible)]
fn done(toasts: Toasts, act: Act) -> Fetched<()> {
    match act {
        Act::AskDeletion(bulk) => bulk.ask_deletion_now(),
        Act::AskRetype(users, confirm, user_id, to) => retype::ask(users, (confirm, toasts), user_id, to),
        Act::SelectAll(users) => batch::select_all(users, toasts),
    }
    Ok(())
}

/// Lets the list in `node` scroll, as long as whoever asks is there.
#[cfg(target_arch = "wasm32")]
pub fn start_scrolling(users: Users, node: leptos::web_sys::HtmlElement) {
    let Some(owner) = Owner::current() else { return };
    browser::spawn(async move {
        let toasts = owner.with(Toasts::get);
        if scrolling(users, node, owner).await.is_err() {
            toasts.failed(text::accounts::not_scrolled(text::UNREACHABLE));
        }
    });
}

#[cfg(target_arch = "wasm32")]
#[wasm_split(scrolling, wasm_split_path = leptos::wasm_split, fallible)]
fn scrolling(users: Users, node: leptos::web_sys::HtmlElement, owner: Owner) -> Fetched<()> {
    // It may have been asked for twice while its code was on the way.
    let started = users.scroll.table.further.try_with_value(Option::is_some).unwrap_or(true);
    if node.is_connected() && users.scroll.table.on.get_untracked() && !started {
        super::scroll::start(users, node, &owner);
    }
    Ok(())
}

#[wasm_split(dialogs, wasm_split_path = leptos::wasm_split, fallible, preload(fetch))]
fn show(content: Content) -> Fetched<AnyView> {
    Ok(match content {
        Content::Create { app, events, created } => view! { <CreateForm app events created /> }.into_any(),
        Content::Edit { app, user_id, known, custom, events } => {
            view! { <EditForm app user_id known=*known custom events /> }.into_any()
        }
        Content::Export => export_dialog::content().into_any(),
        Content::Bulk => bulk_dialog::content().into_any(),
        Content::GoTo => view! { <GoToForm /> }.into_any(),
        Content::Suggestions => view! { <Suggestions /> }.into_any(),
    })
}
