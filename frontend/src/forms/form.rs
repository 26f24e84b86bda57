//! The signals of an account's form: a text per field over the account that was read. What the texts mean is
//! [`super::draft`].

use super::draft::{Draft, Field};
use crate::api::ApiError;
use leptos::prelude::*;
use rollcall_shared::account::Account;

/// An account's form.
#[derive(Clone, Copy)]
pub struct AccountForm {
    /// The account as it was read.
    pub base: RwSignal<Account>,
    /// The server's last refusal.
    pub refused: RwSignal<Option<ApiError>>,
    texts: [RwSignal<String>; 12],
}

impl AccountForm {
    /// A form over an account.
    pub fn new(account: Account) -> Self {
        let texts = Field::ALL.map(|field| RwSignal::new(field.text_of(&account)));
        Self { base: RwSignal::new(account), refused: RwSignal::new(None), texts }
    }

    /// The text of a field.
    pub fn text(self, field: Field) -> RwSignal<String> {
        self.texts[field as usize]
    }

    /// Everything that was typed.
    pub fn draft(self) -> Draft {
        let mut draft = Draft::new(self.base.get());
        for field in Field::ALL {
            draft.set(field, self.text(field).get());
        }
        draft
    }

    /// Shows a draft, which may be over another version of the account.
    pub fn load(self, draft: &Draft) {
        self.base.set(draft.base.clone());
        self.refused.set(None);
        for field in Field::ALL {
            self.text(field).set(draft.text(field).to_owned());
        }
    }

    /// What is wrong with a field: its own rule while typing, else what the server said about it.
    pub fn error(self, field: Field) -> Signal<Option<String>> {
        Signal::derive(move || {
            let own = self.draft().error(field).map(|error| error.message);
            own.or_else(|| self.refused.with(|refused| refused.as_ref().and_then(|e| e.field(field.name()))))
        })
    }
}
