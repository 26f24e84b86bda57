//! The controls of an account's form, in the order and with the labels that its users know.

use super::{birth_date, draft::Field, form::AccountForm, languages, photo::PhotoField};
use crate::{
    text::accounts as t,
    ui::field::{ReadOnlyField, SelectField, TextField},
};
use leptos::{ev, oco::Oco, prelude::*};
use rollcall_shared::{
    custom_field::FieldName,
    profile::{FriendVerification, Friending, Gender, LOCATION_MAX, TEXT_MAX},
};

/// All controls.
#[component]
pub fn AccountFields(
    /// What they write into.
    form: AccountForm,
    /// The application's custom fields.
    custom: Vec<FieldName>,
) -> impl IntoView {
    let base = form.base;
    let edited = Callback::new(move |()| form.refused.set(None));
    let account_type = Signal::derive(move || base.with(|a| t::account_type(a.account_type).to_owned()));
    let own = move |name: FieldName| {
        view! { <Text form id=format!("edit-custom-{name}") field=Field::Custom(name) max=TEXT_MAX edited /> }
    };
    view! {
        <div class="fields">
            <ReadOnlyField id="edit-user-id" label=t::USERNAME value=Signal::derive(move || base.with(|a| a.user_id.clone())) />
            <ReadOnlyField id="edit-type" label=t::ACCOUNT_TYPE value=account_type />
            <Text form id="edit-nickname" field=Field::Nickname max=TEXT_MAX edited />
            <Choice form id="edit-gender" field=Field::Gender options=genders() edited />
            <BirthDate form edited />
            <Text form id="edit-location" field=Field::Location max=LOCATION_MAX edited />
            <Text form id="edit-whats-up" field=Field::WhatsUp max=TEXT_MAX wide=true edited />
            <Choice form id="edit-friend-verification" field=Field::FriendVerification options=verifications() edited />
            <Choice form id="edit-language" field=Field::Language options=language_options(base.get_untracked().language) edited />
            <PhotoField
                id="edit-photo-url"
                value=form.text(Field::PhotoUrl)
                error=form.error(Field::PhotoUrl)
                on_edit=edited
            />
            <Choice form id="edit-message-settings" field=Field::MessageSettings options=message_options() edited />
            <Choice form id="edit-friending" field=Field::Friending options=friendings() edited />
            <Text form id="edit-level" field=Field::Level edited />
            <Text form id="edit-role" field=Field::Role edited />
            {custom.into_iter().map(own).collect_view()}
        </div>
    }
}

#[component]
fn Text(
    form: AccountForm,
    #[prop(into)] id: Oco<'static, str>,
    field: Field,
    #[prop(optional)] max: usize,
    #[prop(optional)] wide: bool,
    edited: Callback<()>,
) -> impl IntoView {
    let (label, value, error) = (t::field(field).into_owned(), form.text(field), form.error(field));
    if max > 0 {
        view! { <TextField id label value error wide max_bytes=max on_edit=edited /> }.into_any()
    } else {
        view! { <TextField id label value error wide on_edit=edited /> }.into_any()
    }
}

#[component]
fn Choice(
    form: AccountForm,
    id: &'static str,
    field: Field,
    options: Vec<(String, String)>,
    edited: Callback<()>,
) -> impl IntoView {
    view! {
        <SelectField
            id
            label=t::field(field).into_owned()
            value=form.text(field)
            options=Signal::stored(options)
            on_edit=edited
        />
    }
}

/// A date field; a stored number that is no date is said, and stays until something is chosen.
#[component]
fn BirthDate(form: AccountForm, edited: Callback<()>) -> impl IntoView {
    let (value, error) = (form.text(Field::BirthDate), form.error(Field::BirthDate));
    let date =
        move || value.with(|text| birth_date::from_text(text).map(|_| text.clone())).unwrap_or_default();
    let odd = move || {
        value.with(|text| (!text.is_empty() && birth_date::from_text(text).is_none()).then(|| text.clone()))
    };
    let input = move |event: ev::Event| {
        value.set(event_target_value(&event));
        edited.run(());
    };
    let message = move || error.get().or_else(|| odd().map(|text| t::stored_as(&text)));
    view! {
        <div class="field" class:bad=move || error.with(Option::is_some)>
            <label for="edit-birth-date">{t::field(Field::BirthDate)}</label>
            <input
                id="edit-birth-date"
                type="date"
                min="0001-01-01"
                max="9999-12-31"
                aria-describedby="edit-birth-date-note"
                prop:value=date
                on:change=input
            />
            <small id="edit-birth-date-note">
                <span class="message">{message}</span>
                <Show when=move || odd().is_some()>
                    <button type="button" class="link" on:click=move |_| value.set(String::new())>{t::CLEAR_DATE}</button>
                </Show>
            </small>
        </div>
    }
}

fn genders() -> Vec<(String, String)> {
    Gender::ALL.iter().map(|v| (v.to_string(), t::gender(*v).to_owned())).collect()
}

fn verifications() -> Vec<(String, String)> {
    FriendVerification::ALL.iter().map(|v| (v.to_string(), t::friend_verification(*v).to_owned())).collect()
}

fn friendings() -> Vec<(String, String)> {
    Friending::ALL.iter().map(|v| (v.to_string(), t::friending(*v).to_owned())).collect()
}

fn message_options() -> Vec<(String, String)> {
    [("0", t::RECEIVES), ("1", t::RECEIVES_NOT)].map(|(v, l)| (v.to_owned(), l.to_owned())).to_vec()
}

/// The languages on offer, and the stored one when it is none of them.
fn language_options(stored: u32) -> Vec<(String, String)> {
    let known = languages::LANGUAGES.iter().map(|(number, _)| *number);
    let odd = (!languages::LANGUAGES.iter().any(|(number, _)| *number == stored)).then_some(stored);
    known.chain(odd).map(|number| (number.to_string(), languages::name(number))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_without_a_name_can_be_kept() {
        assert_eq!(language_options(2).len(), languages::LANGUAGES.len());
        assert_eq!(language_options(17).last(), Some(&("17".to_owned(), "Language 17".to_owned())));
    }
}
