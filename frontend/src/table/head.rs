//! The table's head: the checkbox of the page, and a sort link in every column that can be sorted by.

use super::{Actions, TableState, columns, ticks::PageTicks};
use crate::text::accounts as t;
use leptos::{either::Either, ev, html, prelude::*};
use rollcall_shared::job::AnyColumn;

/// The head.
#[component]
pub fn TableHead(
    /// What the table shows.
    state: TableState,
    /// What can be done from it.
    actions: Actions,
) -> impl IntoView {
    let head = move |column: AnyColumn| view! { <ColumnHead column state actions /> };
    view! {
        <thead>
            <tr>
                <th class="tick" scope="col"><PageTick state actions /></th>
                {move || state.columns.get().into_iter().map(head).collect_view()}
                <th class="ops" scope="col">{t::OPERATION}</th>
            </tr>
        </thead>
    }
}

#[component]
fn PageTick(state: TableState, actions: Actions) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let scrolls = state.scrolling.on;
    // Where the list scrolls, no page ends: the whole of it is meant.
    let of_page = Memo::new(move |_| {
        state.ticks.with(|ticks| match scrolls.get() {
            true => ticks.of_all(),
            false => state.rows.with(|rows| ticks.of_page(&rows.rows)),
        })
    });
    // "Some" exists as a property only.
    Effect::new(move |_| {
        if let Some(input) = node.get() {
            input.set_indeterminate(of_page.get() == PageTicks::Some);
        }
    });
    let toggle = move |_: ev::Event| {
        let on = of_page.get_untracked() != PageTicks::All;
        if scrolls.get_untracked() {
            actions.tick_all.run(on);
        } else {
            state.tick_page(on);
        }
    };
    view! {
        <input
            type="checkbox"
            aria-label=move || if scrolls.get() { t::SELECT_ALL_MATCHING } else { t::SELECT_PAGE }
            node_ref=node
            prop:checked=move || of_page.get() == PageTicks::All
            on:change=toggle
        />
    }
}

#[component]
fn ColumnHead(column: AnyColumn, state: TableState, actions: Actions) -> impl IntoView {
    let class = columns::class(column);
    let label = t::column(column);
    let Some(field) = columns::sort_of(column) else {
        return Either::Left(view! { <th class=class scope="col">{label}</th> });
    };
    let direction = move || {
        let sort = state.sort.get();
        (sort.field == field).then_some(if sort.descending {
            ("descending", "↓")
        } else {
            ("ascending", "↑")
        })
    };
    Either::Right(view! {
        <th class=class scope="col" aria-sort=move || direction().map(|(name, _)| name)>
            <a data-noscroll="" href=move || actions.sort_href.run(field)>
                {label}
                <span aria-hidden="true">{move || direction().map(|(_, arrow)| arrow)}</span>
            </a>
        </th>
    })
}
