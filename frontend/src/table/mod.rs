//! The table of accounts: rows, ticks, sorting, keyboard. It knows accounts and no route: links and actions are
//! given to it.

pub mod cell;
pub mod columns;
pub mod face;
pub mod head;
pub mod highlight;
pub mod keys;
pub mod row;
pub mod ticks;

use crate::text::accounts as t;
use leptos::prelude::*;
use rollcall_shared::{
    account::Account,
    job::AnyColumn,
    list::{Sort, SortField},
    profile::AccountType,
};
use ticks::Ticks;

/// What the table shows.
#[derive(Clone, Copy)]
pub struct TableState {
    /// The rows of this page.
    pub rows: Memo<Vec<Account>>,
    /// The ticked accounts, of this page and others.
    pub ticks: RwSignal<Ticks>,
    /// The shown columns.
    pub columns: Memo<Vec<AnyColumn>>,
    /// What is searched for.
    pub needle: Memo<String>,
    /// The order.
    pub sort: Memo<Sort>,
    /// Whether accounts can be edited.
    pub editable: Signal<bool>,
    /// The row that the Tab key reaches.
    pub active: RwSignal<usize>,
    /// The row where a range began.
    pub anchor: StoredValue<usize>,
}

/// What can be done from the table.
#[derive(Clone, Copy)]
pub struct Actions {
    /// The link that sorts by a field.
    pub sort_href: Callback<SortField, String>,
    /// The link that opens an account's form.
    pub edit_href: Callback<String, String>,
    /// Opens an account's form.
    pub edit: Callback<String>,
    /// Exports an account.
    pub export: Callback<String>,
    /// Makes an account an admin, or a general account again.
    pub retype: Callback<(String, AccountType)>,
}

impl TableState {
    /// Ticks or unticks the rows between two, both included.
    pub fn tick_range(self, from: usize, to: usize, on: bool) {
        let (first, last) = (from.min(to), from.max(to));
        self.rows.with_untracked(|rows| {
            let last = last.min(rows.len().saturating_sub(1));
            if let Some(range) = rows.get(first..=last) {
                self.ticks.update(|ticks| ticks.set(range, on));
            }
        });
    }

    /// Ticks or unticks a row, or the range from the last ticked one to it.
    pub fn tick(self, index: usize, on: bool, range: bool) {
        let from = if range { self.anchor.get_value() } else { index };
        self.tick_range(from, index, on);
        self.anchor.set_value(index);
        self.active.set(index);
    }

    /// Whether a row is ticked, without being told of changes.
    pub fn is_ticked(self, index: usize) -> bool {
        self.rows.with_untracked(|rows| {
            rows.get(index).is_some_and(|row| self.ticks.with_untracked(|t| t.has(row)))
        })
    }
}

/// The table.
#[component]
pub fn AccountTable(
    /// What it shows.
    state: TableState,
    /// What can be done from it.
    actions: Actions,
) -> impl IntoView {
    // Other rows begin at the first; the same rows with other contents stay where they are.
    let ids = Memo::new(move |_| {
        state.rows.with(|rows| rows.iter().map(|r| r.user_id.clone()).collect::<Vec<_>>())
    });
    Effect::new(move |_| {
        ids.track();
        state.active.set(0);
        state.anchor.set_value(0);
    });
    let numbered = move || state.rows.get().into_iter().enumerate();
    // The position is part of the key, because a row carries it for the keyboard. The version is not: a row that
    // was edited stays the element that has the focus.
    let key = |(i, account): &(usize, Account)| (*i, account.user_id.clone(), account.created_at);
    view! {
        <div class="grid accounts">
            <table>
                <caption class="hidden">{t::LIST}</caption>
                <head::TableHead state actions />
                <tbody on:keydown=move |event| keys::in_table(&event, state, actions)>
                    <For each=numbered key let:numbered>
                        <row::Row numbered state actions />
                    </For>
                </tbody>
            </table>
        </div>
    }
}
