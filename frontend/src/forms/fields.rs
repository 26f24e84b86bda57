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

/// All controls of one account's form.
#[component]
pub fn AccountFields(
    /// What they write into.
    form: AccountForm,
    /// The application's custom fields.
    custom: Vec<FieldName>,
    /// What stands below them.
    children: Children,
) -> impl IntoView {
    let base = form.base;
    let edited = Callback::new(move |()| form.refused.set(None));
    let account_type = Signal::derive(move || base.with(|a| t::account_type(a.account_type).to_owned()));
    let fields = Field::OWN.into_iter().chain(custom.into_iter().map(Field::Custom));
    view! {
        <div class="fields">
            <ReadOnlyField id="edit-user-id" label=t::USERNAME value=Signal::derive(move || base.with(|a| a.user_id.clone())) />
            <ReadOnlyField id="edit-type" label=t::ACCOUNT_TYPE value=account_type />
            {fields.map(|field| view! { <Control form field prefix="edit" edited /> }).collect_view()}
            {children()}
        </div>
    }
}

/// The control of a field.
#[component]
pub fn Control(
    /// What it writes into.
    form: AccountForm,
    /// The field.
    field: Field,
    /// What the element's id begins with; the field's name follows.
    prefix: &'static str,
    /// Called after each change by the operator.
    edited: Callback<()>,
) -> impl IntoView {
    let id: Oco<'static, str> = format!("{prefix}-{}", field.name().replace(['_', '.'], "-")).into();
    let options = match field {
        Field::Gender => genders(),
        Field::FriendVerification => verifications(),
        Field::Language => language_options(form.base.get_untracked().language),
        Field::MessageSettings => message_options(),
        Field::Friending => friendings(),
        Field::BirthDate => return view! { <BirthDate form id edited /> }.into_any(),
        Field::PhotoUrl => {
            let (value, error) = (form.text(field), form.error(field));
            return view! { <PhotoField id value error on_edit=edited /> }.into_any();
        }
        Field::Nickname | Field::Custom(_) => {
            return view! { <Text form id field max=TEXT_MAX edited /> }.into_any();
        }
        Field::Location => return view! { <Text form id field max=LOCATION_MAX edited /> }.into_any(),
        Field::WhatsUp => return view! { <Text form id field max=TEXT_MAX wide=true edited /> }.into_any(),
        Field::Level | Field::Role => return view! { <Text form id field edited /> }.into_any(),
    };
    let (label, value) = (t::field(field).into_owned(), form.text(field));
    view! { <SelectField id label value options=Signal::stored(options) on_edit=edited /> }.into_any()
}

#[component]
fn Text(
    form: AccountForm,
    id: Oco<'static, str>,
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

/// A date field; a stored number that is no date is said, and stays until something is chosen.
#[component]
fn BirthDate(form: AccountForm, id: Oco<'static, str>, edited: Callback<()>) -> impl IntoView {
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
    let note = format!("{id}-note");
    view! {
        <div class="field" class:bad=move || error.with(Option::is_some)>
            <label for=id.clone()>{t::field(Field::BirthDate)}</label>
            <input
                id=id.clone()
                type="date"
                min="0001-01-01"
                max="9999-12-31"
                aria-describedby=note.clone()
                prop:value=date
                on:change=input
            />
            <small id=note.clone()>
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
