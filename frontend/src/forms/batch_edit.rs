//! The form of the same change for many accounts: which fields, and what they shall hold. Fields that are not chosen stay as they
//! are in each account.

use super::{
    draft::{Draft, Field},
    fields::Control,
    form::AccountForm,
    on_ctrl_enter,
};
use crate::text::{self, accounts as t};
use leptos::{ev, prelude::*};
use rollcall_shared::{
    account::{AccountPatch, NewAccount},
    custom_field::FieldName,
    profile::FriendVerification,
    time::Timestamp,
};
use std::collections::BTreeSet;

/// A change, and what it says to people: a field and its new value each.
pub type Chosen = (AccountPatch, Vec<(String, String)>);

/// The form.
#[component]
pub fn BatchEditForm(
    /// The id of its heading.
    title_id: &'static str,
    /// How many accounts are meant, if that is known.
    count: Option<u64>,
    /// The application's custom fields.
    custom: Vec<FieldName>,
    /// Takes what was chosen.
    go_on: Callback<Chosen>,
    /// Asked to leave.
    leave: Callback<()>,
) -> impl IntoView {
    let form = AccountForm::of(&blank(&custom));
    let chosen = RwSignal::new(BTreeSet::<Field>::new());
    let fields = move || chosen.get().into_iter().collect::<Vec<_>>();
    let wrong = Memo::new(move |_| form.draft().errors_of(&fields()).len());
    let status = move || match (wrong.get(), chosen.with(BTreeSet::len)) {
        (0, 0) => t::CHOOSE_FIELDS.to_owned(),
        (0, fields) => t::will_change(fields),
        (wrong, _) => t::to_correct(wrong),
    };
    let ready = move || chosen.with(|chosen| !chosen.is_empty()) && wrong.get() == 0;
    let send = move || {
        if untrack(ready) {
            go_on.run(untrack(|| summary(&form.draft(), &fields())));
        }
    };
    // Of the message settings the console knows one bit; in many accounts the others differ, and would be lost.
    let own = Field::OWN.into_iter().filter(|field| *field != Field::MessageSettings);
    let offered: Vec<Field> = own.chain(custom.into_iter().map(Field::Custom)).collect();
    let order = StoredValue::new(offered.clone());
    let shown = move || {
        let chosen = chosen.get();
        order.with_value(|order| {
            order.iter().copied().filter(|field| chosen.contains(field)).collect::<Vec<_>>()
        })
    };
    view! {
        <form
            novalidate
            on:submit=move |event: ev::SubmitEvent| {
                event.prevent_default();
                send();
            }
            on:keydown=move |event| on_ctrl_enter(&event, send)
        >
            <h2 id=title_id>{t::batch_edit_title(count)}</h2>
            <p class="sub">{t::BATCH_EDIT_SUB}</p>
            <div class="fields">
                <fieldset class="picks wide">
                    <legend>{t::FIELDS_TO_CHANGE}</legend>
                    {offered.into_iter().map(|field| view! { <Pick field chosen /> }).collect_view()}
                </fieldset>
                <For each=shown key=|field| *field let:field>
                    <Control form field prefix="batch" edited=Callback::new(|()| ()) />
                </For>
            </div>
            <div class="foot">
                <span class="muted" role="status">{status}</span>
                <button type="button" class="btn" on:click=move |_| leave.run(())>{text::CANCEL}</button>
                <button type="submit" class="btn primary" disabled=move || !ready()>{t::GO_ON}</button>
            </div>
        </form>
    }
}

#[component]
fn Pick(field: Field, chosen: RwSignal<BTreeSet<Field>>) -> impl IntoView {
    let on = move || chosen.with(|chosen| chosen.contains(&field));
    let toggle = move |event: ev::Event| {
        let on = event_target_checked(&event);
        chosen.update(|chosen| {
            if on {
                chosen.insert(field)
            } else {
                chosen.remove(&field)
            };
        });
    };
    view! {
        <label class="choice">
            <input type="checkbox" prop:checked=on on:change=toggle />
            {t::field(field)}
        </label>
    }
}

/// A draft over nobody: every field as a new account has it.
fn blank(custom: &[FieldName]) -> Draft {
    let nobody = NewAccount::default().into_account(Timestamp::default(), FriendVerification::default());
    Draft::new(nobody, custom)
}

fn summary(draft: &Draft, fields: &[Field]) -> Chosen {
    let line = |field: &Field| {
        let value = t::readable(*field, draft.text(*field));
        (t::field(*field).into_owned(), if value.is_empty() { t::EMPTY_VALUE.to_owned() } else { value })
    };
    (draft.patch_of(fields), fields.iter().map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_is_said_and_sent_and_nothing_else() {
        let hobby: FieldName = "Hobby".parse().unwrap();
        let mut draft = blank(&[hobby]);
        draft.set(Field::Gender, "female".to_owned());
        draft.set(Field::Level, "7".to_owned());
        let (patch, lines) = summary(&draft, &[Field::Gender, Field::Location, Field::Custom(hobby)]);
        let sent = serde_json::json!({"gender": "female", "location": "", "custom": {"Hobby": null}});
        assert_eq!(serde_json::to_value(patch).unwrap(), sent);
        let said: Vec<String> = lines.into_iter().map(|(field, value)| format!("{field}: {value}")).collect();
        assert_eq!(said, ["Gender: Female", "Location: nothing", "Hobby: nothing"]);
        draft.set(Field::Level, "seven".to_owned());
        assert!(draft.errors_of(&[Field::Gender]).is_empty());
        assert_eq!(draft.errors_of(&[Field::Level])[0].field, "level");
    }
}
