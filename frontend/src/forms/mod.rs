//! The forms of accounts: create, edit one or many, and the comparison after two people edited one account. They know
//! accounts and their rules, and neither the route nor the list around them.

pub mod batch_edit;
pub mod birth_date;
pub mod conflict;
pub mod conflict_view;
pub mod create;
pub mod draft;
pub mod edit;
pub mod erase;
pub mod fields;
pub mod form;
pub mod languages;
pub mod photo;

use crate::api::ApiError;
use leptos::prelude::*;
use std::borrow::Cow;

/// What a form tells the page around it.
#[derive(Clone, Copy)]
pub struct FormEvents {
    /// Whether something typed is not saved yet.
    pub dirty: RwSignal<bool>,
    /// Asked to leave; the page warns when something is not saved.
    pub leave: Callback<()>,
    /// Saved, or nothing to save: the dialog can go.
    pub close: Callback<()>,
    /// The list is not what it was.
    pub changed: Callback<()>,
}

impl FormEvents {
    /// It was saved. The page may have been left while that was on its way; then there is nobody to tell.
    pub fn saved(self) {
        if self.dirty.try_set(false).is_none() {
            self.close.run(());
            self.changed.run(());
        }
    }
}

/// What went wrong with the whole form, above its buttons.
#[component]
pub fn FormError(
    /// The refusal.
    error: Signal<Option<ApiError>>,
    /// The fields that show their own part of it.
    fields: Vec<Cow<'static, str>>,
) -> impl IntoView {
    let message = move || {
        let error = error.get()?;
        let shown = fields.iter().any(|field| error.field(field).is_some());
        (!shown).then(|| error.message())
    };
    view! { <div class="error" role="alert">{message}</div> }
}

/// Sends the form on Ctrl+Enter, also from a field where Enter alone does something else.
pub fn on_ctrl_enter(event: &leptos::ev::KeyboardEvent, send: impl FnOnce()) {
    if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
        event.prevent_default();
        send();
    }
}
