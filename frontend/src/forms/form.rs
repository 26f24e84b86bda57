//! The signals of an account's form: a text per field over the account that was read. What the texts mean is
//! [`super::draft`].

use super::draft::{Draft, Field};
use crate::api::ApiError;
use leptos::prelude::*;
use rollcall_shared::{account::Account, custom_field::FieldName};
use std::collections::BTreeMap;

/// An account's form.
#[derive(Clone, Copy)]
pub struct AccountForm {
    /// The account as it was read.
    pub base: RwSignal<Account>,
    /// The server's last refusal.
    pub refused: RwSignal<Option<ApiError>>,
    texts: StoredValue<BTreeMap<Field, RwSignal<String>>>,
}

impl AccountForm {
    /// A form over an account, with the application's custom fields.
    pub fn new(account: Account, custom: &[FieldName]) -> Self {
        Self::of(&Draft::new(account, custom))
    }

    /// A form that shows a draft.
    pub fn of(draft: &Draft) -> Self {
        let texts = draft.fields().map(|field| (field, RwSignal::new(draft.text(field).to_owned())));
        Self {
            base: RwSignal::new(draft.base.clone()),
            refused: RwSignal::new(None),
            texts: StoredValue::new(texts.collect()),
        }
    }

    /// The text of a field.
    pub fn text(self, field: Field) -> RwSignal<String> {
        // A form has every field that its own draft names; another one would keep what is typed to itself.
        self.texts.with_value(|texts| texts.get(&field).copied()).unwrap_or_default()
    }

    /// The names of its custom fields.
    pub fn custom(self) -> Vec<FieldName> {
        self.texts.with_value(|texts| texts.keys().filter_map(|field| field.custom()).collect())
    }

    /// Everything that was typed.
    pub fn draft(self) -> Draft {
        let mut draft = Draft::new(self.base.get(), &self.custom());
        let texts: Vec<_> = self.texts.with_value(|texts| texts.iter().map(|(k, v)| (*k, *v)).collect());
        for (field, text) in texts {
            draft.set(field, text.get());
        }
        draft
    }

    /// Shows a draft, which may be over another version of the account.
    pub fn load(self, draft: &Draft) {
        self.base.set(draft.base.clone());
        self.refused.set(None);
        for field in draft.fields() {
            self.text(field).set(draft.text(field).to_owned());
        }
    }

    /// What is wrong with a field: its own rule while typing, else what the server said about it.
    pub fn error(self, field: Field) -> Signal<Option<String>> {
        Signal::derive(move || {
            let own = self.draft().error(field).map(|error| error.message);
            own.or_else(|| self.refused.with(|refused| refused.as_ref().and_then(|e| e.field(&field.name()))))
        })
    }
}
