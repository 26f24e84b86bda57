//! What the accounts page shows only when asked: the content of its dialogs. Its code is one part of its own.

use super::{bulk::Bulk, bulk_dialog, export_dialog};
use crate::{
    forms::{FormEvents, create::CreateForm, edit::EditForm},
    later::{Fetch, Fetched, later},
};
use leptos::{prelude::*, wasm_split::wasm_split};
use rollcall_shared::{account::Account, app::SdkAppId, custom_field::FieldName};

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
}

/// Fetches the part.
pub const FETCH: Fetch = || Box::pin(fetch());

/// Shows the content of a dialog.
pub fn content(content: Content) -> AnyView {
    later(FETCH, move || show(content.clone()))
}

/// Asks whether the ticked accounts shall be deleted.
#[wasm_split(dialogs, wasm_split_path = leptos::wasm_split, fallible)]
pub fn ask_deletion(bulk: Bulk) -> Fetched<()> {
    bulk.ask_deletion_now();
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
    })
}
