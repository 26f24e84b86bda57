//! A general account becomes an admin, or an admin a general account, once it is confirmed.

use super::state::Users;
use crate::{
    api, browser,
    stores::{
        confirm::{Confirm, Question},
        toasts::Toasts,
    },
    text::{self, accounts as t},
};
use leptos::prelude::*;
use rollcall_shared::profile::AccountType;

/// Asks, and does it.
pub fn ask(users: Users, (confirm, toasts): (Confirm, Toasts), user_id: String, to: AccountType) {
    let Some(app) = users.app.get_untracked() else { return };
    let id = user_id.clone();
    let then = Callback::new(move |()| {
        let id = id.clone();
        browser::spawn(async move {
            match api::set_account_type(app, &id, to).await {
                Ok(_) => toasts.done(t::retyped(to, &id)),
                Err(error) => toasts.failed(error.field("type").unwrap_or_else(|| error.message())),
            }
            users.refresh();
        });
    });
    confirm.ask(Question {
        title: t::retype_title(to, &user_id),
        body: vec![t::retype_body(to).to_owned()],
        confirm: text::CONFIRM.to_owned(),
        danger: false,
        typed: None,
        then,
    });
}
