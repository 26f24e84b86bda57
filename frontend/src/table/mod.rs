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

pub mod window;

use crate::text::accounts as t;
use leptos::prelude::*;
use rollcall_shared::{
    account::Account,
    job::AnyColumn,
    list::{Sort, SortField},
    profile::AccountType,
};
use ticks::Ticks;
use window::{Scrolling, Side, Window};

/// What the table shows.
#[derive(Clone, Copy)]
pub struct TableState {
    /// The rows that are there.
    pub rows: Memo<Window>,
    /// How the list scrolls, if it does.
    pub scrolling: Scrolling,
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
    /// The row that the Tab key reaches, by its position in the list.
    pub active: RwSignal<usize>,
    /// The row where a range began, by its position in the list.
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
    /// Ticks everything that matches, or nothing.
    pub tick_all: Callback<bool>,
    /// Says why the rows between two cannot be ticked.
    pub range_refused: Callback<()>,
}

impl TableState {
    /// Ticks or unticks the rows between two positions, both included: whether they are all known.
    pub fn tick_range(self, from: usize, to: usize, on: bool) -> bool {
        let (first, last) = (from.min(to), from.max(to));
        let shown = self.rows.with_untracked(|rows| rows.between(first, last).map(<[Account]>::to_vec));
        let rows = shown.or_else(|| self.scrolling.between(first, last));
        if let Some(rows) = &rows {
            self.ticks.update(|ticks| ticks.set(rows, on));
        }
        rows.is_some()
    }

    /// Ticks or unticks the rows that are there.
    pub fn tick_page(self, on: bool) {
        self.rows.with_untracked(|rows| self.ticks.update(|ticks| ticks.set(&rows.rows, on)));
    }

    /// Ticks or unticks a row, or the range from the last ticked one to it.
    pub fn tick(self, index: usize, on: bool, range: bool, actions: Actions) {
        let from = if range { self.anchor.get_value() } else { index };
        if !self.tick_range(from, index, on) {
            self.tick_range(index, index, on);
            actions.range_refused.run(());
        }
        self.anchor.set_value(index);
        self.active.set(index);
    }

    /// Whether a row is ticked, without being told of changes.
    pub fn is_ticked(self, index: usize) -> bool {
        self.rows.with_untracked(|rows| {
            rows.at(index).is_some_and(|row| self.ticks.with_untracked(|t| t.has(row)))
        })
    }

    /// Keeps one row in the reach of the Tab key: other pages begin at their first row, and a list that scrolls has one of
    /// those that are there.
    fn keep_one_active(self) {
        let ids = Memo::new(move |_| self.rows.with(Window::ids));
        Effect::new(move |_| {
            let there = ids.with(|(first, ids)| *first..*first + ids.len());
            if !self.scrolling.on.get_untracked() {
                self.active.set(0);
                self.anchor.set_value(0);
            } else if !there.contains(&self.active.get_untracked()) {
                self.active.set(there.start);
            }
        });
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
    state.keep_one_active();
    let numbered = move || state.rows.get().numbered();
    // The position is part of the key, because a row carries it for the keyboard. The version is not: a row that
    // was edited stays the element that has the focus.
    let key = |(i, account): &(usize, Account)| (*i, account.user_id.clone(), account.created_at);
    let scrolling = state.scrolling;
    let on = scrolling.on;
    view! {
        <div
            class="grid accounts"
            class:scroller=on
            node_ref=scrolling.node
            role=move || on.get().then_some("group")
            aria-label=move || on.get().then_some(t::LIST)
            tabindex=move || on.get().then_some("0")
        >
            <table aria-rowcount=move || state.rows.with(Window::row_count)>
                <caption class="hidden">{t::LIST}</caption>
                <head::TableHead state actions />
                <window::Space side=Side::Above rows=state.rows on />
                <tbody on:keydown=move |event| keys::in_table(&event, state, actions)>
                    <For each=numbered key let:numbered>
                        <row::Row numbered state actions />
                    </For>
                </tbody>
                <window::Space side=Side::Below rows=state.rows on />
            </table>
        </div>
    }
}
