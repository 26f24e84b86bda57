//! The menu that shows and hides columns; the choice is kept in a cookie, so that the next first HTML has it.

use super::state::Users;
use crate::{
    prefs::Prefs,
    table::columns::{offered, toggled},
    text::accounts as t,
};
use leptos::prelude::*;
use rollcall_shared::job::AnyColumn;

/// The menu.
#[component]
pub fn ColumnsMenu() -> impl IntoView {
    let (users, prefs) = (Users::get(), expect_context::<Prefs>());
    let item = move |column: AnyColumn| {
        let shown = move || users.columns.with(|shown| shown.contains(&column));
        let toggle =
            move |_| prefs.set_columns(users.chosen.with_untracked(|chosen| toggled(chosen, column)));
        view! {
            <label class="choice">
                <input type="checkbox" checked=shown() prop:checked=shown on:change=toggle />
                {t::column(column)}
            </label>
        }
    };
    view! {
        <details class="columns" name="filter">
            <summary class="btn quiet">{t::COLUMNS}</summary>
            <fieldset class="pop">
                <legend class="hidden">{t::COLUMNS}</legend>
                {move || users.custom.with(|custom| offered(custom)).into_iter().map(item).collect_view()}
            </fieldset>
        </details>
    }
}
