//! The columns of a scheduled export: all, or chosen ones in the order in which they were chosen before.

use super::fields::Fields;
use crate::text::{accounts, schedules as t};
use leptos::prelude::*;
use rollcall_shared::job::AnyColumn;

/// The choice, and what is wrong with it.
#[component]
pub fn Columns(
    /// The form.
    fields: Fields,
    /// What is wrong, if anything.
    error: Signal<Option<String>>,
) -> impl IntoView {
    let radio = move |own: bool, label: &'static str| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="schedule-columns"
                    prop:checked=move || fields.own.get() == own
                    on:change=move |_| fields.own.set(own)
                />
                {label}
            </label>
        }
    };
    let all = move || fields.columns.get().into_iter().map(|(column, _)| column).collect::<Vec<_>>();
    view! {
        <fieldset class="wide" aria-describedby="schedule-columns-note">
            <legend>{t::COLUMNS}</legend>
            {radio(false, t::ALL_COLUMNS)}
            {radio(true, t::OWN_COLUMNS)}
            <Show when=move || fields.own.get()>
                <div>
                    <For each=all key=|column| *column let:column>
                        <Column fields column />
                    </For>
                </div>
            </Show>
            <p id="schedule-columns-note" class="error">{move || error.get()}</p>
        </fieldset>
    }
}

#[component]
fn Column(fields: Fields, column: AnyColumn) -> impl IntoView {
    let chosen = move || fields.columns.with(|all| all.contains(&(column, true)));
    let toggle = move |_| {
        fields.columns.update(|all| {
            all.iter_mut().filter(|(other, _)| *other == column).for_each(|(_, chosen)| *chosen = !*chosen);
        });
    };
    view! {
        <label class="choice">
            <input type="checkbox" prop:checked=chosen on:change=toggle />
            {accounts::column(column)}
        </label>
    }
}
