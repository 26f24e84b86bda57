//! Which accounts a schedule exports: a search, ticked values and days of creation, as the list of accounts is filtered.

use super::{fields::Fields, form::Errors};
use crate::{
    pages::filter::{Choice, Set},
    text::{accounts, schedules as t},
    ui::field::TextField,
};
use leptos::prelude::*;

/// The filter.
#[component]
pub fn Filter(
    /// The form.
    fields: Fields,
    /// What is wrong.
    errors: Errors,
) -> impl IntoView {
    view! {
        <TextField id="schedule-search" label=t::SEARCH value=fields.search error=errors.of("export.filter.q") hint=t::SEARCH_HINT.to_owned() wide=true />
        {Set::ALL.map(|set| view! { <Choices fields set /> }).collect_view()}
        <TextField id="schedule-created-from" label=t::CREATED_FROM value=fields.created_from hint=accounts::DAYS_ARE_UTC.to_owned() kind="date" />
        <TextField id="schedule-created-to" label=t::CREATED_TO value=fields.created_to error=errors.of("export.filter.created_before") kind="date" />
    }
}

#[component]
fn Choices(fields: Fields, set: Set) -> impl IntoView {
    let choice = |(value, label): Choice| {
        view! {
            <label class="choice">
                <input
                    type="checkbox"
                    prop:checked=move || fields.sets.with(|filter| set.has(filter, value))
                    on:change=move |_| fields.sets.update(|filter| set.toggle(filter, value))
                />
                {label}
            </label>
        }
    };
    view! {
        <fieldset>
            <legend>{set.label()}</legend>
            {set.choices().into_iter().map(choice).collect_view()}
        </fieldset>
    }
}
