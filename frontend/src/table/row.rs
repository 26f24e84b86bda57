//! A row: its checkbox, its cells, and the operations.

use super::{Actions, TableState, cell::Cell};
use crate::text::accounts as t;
use leptos::{ev, prelude::*};
use rollcall_shared::{
    account::Account,
    profile::{ADMINISTRATOR, AccountType},
};
use std::sync::Arc;

/// The element's id of a row, for moving the focus.
pub fn row_id(index: usize) -> String {
    format!("row-{index}")
}

/// A row.
#[component]
pub fn Row(
    /// The row's position in the list, or on its page, and its account.
    numbered: (usize, Account),
    /// What the table shows.
    state: TableState,
    /// What can be done from it.
    actions: Actions,
) -> impl IntoView {
    let (index, first) = numbered;
    let user_id = first.user_id.clone();
    let account = current(index, first, state);
    let ticked = Memo::new(move |_| state.ticks.with(|ticks| account.with(|account| ticks.has(account))));
    let click = move |event: ev::MouseEvent| {
        state.tick(index, event_target_checked(&event), event.shift_key(), actions)
    };
    let cells = move || {
        let account = account.get();
        let cell = |column| view! { <Cell column account=account.clone() needle=state.needle /> };
        state.columns.get().into_iter().map(cell).collect_view()
    };
    view! {
        <tr
            id=row_id(index)
            data-index=index
            // The head is the first row.
            aria-rowindex=move || state.scrolling.on.get().then(|| index + 2)
            class:ticked=move || ticked.get()
            tabindex=move || if state.active.get() == index { "0" } else { "-1" }
            on:focusin=move |_| state.active.set(index)
        >
            <td class="tick">
                <input
                    type="checkbox"
                    aria-label=t::select_row(&user_id)
                    prop:checked=move || ticked.get()
                    on:click=click
                />
            </td>
            {cells}
            <td class="ops"><Operations user_id=user_id.clone() row=account state actions /></td>
        </tr>
    }
}

/// The row's account as it was read last: an edit changes the cells and keeps the row.
fn current(index: usize, first: Account, state: TableState) -> Memo<Arc<Account>> {
    let first = Arc::new(first);
    Memo::new(move |before: Option<&Arc<Account>>| {
        let now = state.rows.with(|rows| rows.at(index).filter(|row| row.user_id == first.user_id).cloned());
        now.map(Arc::new).or_else(|| before.cloned()).unwrap_or_else(|| first.clone())
    })
}

#[component]
fn Operations(
    user_id: String,
    row: Memo<Arc<Account>>,
    state: TableState,
    actions: Actions,
) -> impl IntoView {
    // The first admin stays one.
    let retypable = user_id != ADMINISTRATOR;
    let to = Memo::new(move |_| match row.with(|row| row.account_type) {
        AccountType::General => AccountType::Admin,
        AccountType::Admin => AccountType::General,
    });
    let (edit_label, export_label) = (t::edit_row(&user_id), t::export_row(&user_id));
    let id = StoredValue::new(user_id);
    let href = move || state.editable.get().then(|| actions.edit_href.run(id.get_value()));
    let edit = move |event: ev::MouseEvent| {
        if !event.ctrl_key() && !event.meta_key() {
            event.prevent_default();
            actions.edit.run(id.get_value());
        }
    };
    view! {
        <a
            class="op"
            data-noscroll=""
            href=href
            aria-label=edit_label
            aria-disabled=move || (!state.editable.get()).then_some("true")
            title=move || (!state.editable.get()).then_some(t::REASON_DISABLED)
            on:click=edit
        >
            {t::EDIT}
        </a>
        <button class="op link" aria-label=export_label on:click=move |_| actions.export.run(id.get_value())>
            {t::EXPORT}
        </button>
        <button
            class="op link retype"
            class:unseen=!retypable
            disabled=move || !retypable || !state.editable.get()
            aria-label=move || id.with_value(|id| t::retype_row(to.get(), id))
            on:click=move |_| actions.retype.run((id.get_value(), to.get_untracked()))
        >
            {move || t::retype(to.get())}
        </button>
    }
}
