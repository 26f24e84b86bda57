//! Which custom fields a change may write: those that the application defines, and through the server API only those that
//! are writable. Read in the transaction of the change, which holds the application. Limits of values are the caller's.

use crate::{Actor, Change, Refusal, Result, apps::HeldApp};
use rollcall_shared::{
    account::{AccountPatch, NewAccount},
    custom_field::{self, CUSTOM_FIELDS_MAX, CustomField},
    error::{FieldError, codes},
};

/// Why the patch cannot be written, if it says anything about custom fields.
pub(super) fn refuse_patch(held: &HeldApp, change: &Change, patch: &AccountPatch) -> Result<Option<Refusal>> {
    let named = patch.custom.value();
    refuse(held, change, named.into_iter().flat_map(|values| values.keys().map(String::as_str)))
}

/// Why the account cannot be created or updated, if it brings custom fields.
pub(super) fn refuse_new(held: &HeldApp, change: &Change, account: &NewAccount) -> Result<Option<Refusal>> {
    refuse(held, change, account.custom.keys().map(String::as_str))
}

fn refuse<'a>(
    held: &HeldApp,
    change: &Change,
    names: impl Iterator<Item = &'a str>,
) -> Result<Option<Refusal>> {
    let mut names = names.peekable();
    if names.peek().is_none() {
        return Ok(None);
    }
    let fields = held.custom_fields()?;
    // Whoever names more than there can be is told of as many.
    let errors = names.filter_map(|name| error(&fields, &change.actor, name)).take(CUSTOM_FIELDS_MAX);
    let errors: Vec<FieldError> = errors.collect();
    Ok((!errors.is_empty()).then_some(Refusal::Fields(errors)))
}

fn error(fields: &[CustomField], actor: &Actor, name: &str) -> Option<FieldError> {
    let Some(field) = fields.iter().find(|field| field.name == name) else {
        return Some(custom_field::undefined(name));
    };
    let bound = matches!(actor, Actor::Admin(_));
    (bound && !field.writable).then(|| {
        let message = format!("The server API may not write the custom field {name}.");
        FieldError::new(&custom_field::path(name), codes::NOT_WRITABLE, message)
    })
}
