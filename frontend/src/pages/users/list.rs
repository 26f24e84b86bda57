//! The list: the table with its pager, or why there is none.

use super::{
    export::Exports,
    head::CreateLink,
    lazy::{self, Act, Content},
    pager::Pager,
    scroll::{self, Seen},
    state::{History, Users},
    url::OpenDialog,
};
use crate::{
    pages::not_found::Missing,
    stores::{confirm::Confirm, toasts::Toasts},
    table::{AccountTable, Actions, TableState, ticks::Ticks},
    text::{accounts as t, shell},
    ui::{
        notice::{Empty, LoadError},
        time::Hydrated,
    },
};
use leptos::prelude::*;

/// What stands where the list belongs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Showing {
    Nothing,
    Failed,
    NoAccounts,
    NoMatch,
    Rows,
}

/// The list. Old rows stay while new ones are on their way.
#[component]
pub fn AccountList(
    /// Whether rows are on their way.
    busy: RwSignal<bool>,
) -> impl IntoView {
    let users = Users::get();
    let hydrated = expect_context::<Hydrated>().0;
    // The rows wait for the application too, which says what columns there are.
    let read = move || {
        users.application();
        users.page.get()
    };
    let showing = Memo::new(move |_| match read() {
        None => Showing::Nothing,
        Some(Err(_)) => Showing::Failed,
        Some(Ok(page)) if !page.items.is_empty() => Showing::Rows,
        Some(Ok(_)) if users.url.with(|url| url.list.filter.is_empty() && url.list.cursor.is_none()) => {
            Showing::NoAccounts
        }
        Some(Ok(_)) => Showing::NoMatch,
    });
    // The first render is the same on both sides: nothing is on its way in a page that just arrived.
    let busy = move || hydrated.get() && busy.get();
    view! {
        <section class="list" class:busy=busy aria-label=t::LIST aria-busy=move || busy().then_some("true")>
            {move || match showing.get() {
                Showing::Nothing => ().into_any(),
                Showing::Failed => view! { <Failed /> }.into_any(),
                Showing::NoAccounts => view! { <Empty title=t::NO_ACCOUNTS body=t::NO_ACCOUNTS_BODY><CreateLink /></Empty> }.into_any(),
                Showing::NoMatch => view! { <NoMatch /> }.into_any(),
                Showing::Rows => view! { <Rows /> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Failed() -> impl IntoView {
    let users = Users::get();
    move || {
        let error = users.page.get().and_then(Result::err)?;
        let retry = move |()| {
            // A cursor of another time is refused for ever; the first page is not.
            if error_is_of_the_cursor(users) {
                users.go(users.url.get_untracked().first_page(), History::Replace);
            }
            users.refresh();
        };
        Some(match error.status() {
            404 => view! { <Missing title=shell::APP_NOT_FOUND /> }.into_any(),
            _ => view! { <LoadError error retry /> }.into_any(),
        })
    }
}

fn error_is_of_the_cursor(users: Users) -> bool {
    let error = users.page.get_untracked().and_then(Result::err);
    error.is_some_and(|error| error.code() == rollcall_shared::error::codes::INVALID_CURSOR)
}

#[component]
fn NoMatch() -> impl IntoView {
    let users = Users::get();
    let hydrated = expect_context::<Hydrated>().0;
    let searched = move || users.url.with(|url| !url.list.filter.q.is_empty());
    let filtered = move || users.url.with(|url| !url.clone().search("").list.filter.is_empty());
    let without_search = move || users.href(&users.url.get().search("").with_dialog(None));
    let without_all = move || users.href(&users.url.get().unfiltered().with_dialog(None));
    view! {
        <Empty title=t::NO_MATCH body=t::NO_MATCH_BODY>
            {move || (hydrated.get() && searched()).then(|| lazy::content(Content::Suggestions))}
            <div class="bar center">
                {move || (searched() && filtered()).then(|| view! {
                    <a class="btn" data-noscroll="" href=without_search>{t::CLEAR_SEARCH}</a>
                })}
                <a class="btn" data-noscroll="" href=without_all>
                    {move || match (searched(), filtered()) {
                        (true, true) => t::CLEAR_SEARCH_AND_FILTERS,
                        (true, false) => t::CLEAR_SEARCH,
                        _ => t::CLEAR_FILTERS,
                    }}
                </a>
            </div>
        </Empty>
    }
}

#[component]
fn Rows() -> impl IntoView {
    let (users, exports) = (Users::get(), Exports::get());
    let (confirm, toasts) = (Confirm::get(), Toasts::get());
    let state = TableState {
        rows: Memo::new(move |_| users.rows()),
        scrolling: users.scroll.table,
        ticks: users.ticks,
        columns: users.columns,
        needle: Memo::new(move |_| users.url.with(|url| url.list.filter.q.clone())),
        sort: Memo::new(move |_| users.url.with(|url| url.list.sort)),
        editable: Signal::derive(move || users.is_enabled()),
        active: RwSignal::new(0),
        anchor: StoredValue::new(0),
    };
    let actions = Actions {
        sort_href: Callback::new(move |field| {
            users.href(&users.url.get().with_dialog(None).sorted_by(field))
        }),
        edit_href: Callback::new(move |id| {
            users.href(&users.url.get().with_dialog(Some(OpenDialog::Edit(id))))
        }),
        edit: Callback::new(move |id| {
            if users.can_change_now() {
                users.show(Some(OpenDialog::Edit(id)));
            } else {
                toasts.failed(t::REASON_DISABLED);
            }
        }),
        export: Callback::new(move |id| exports.ask_one(id)),
        retype: Callback::new(move |(id, to)| lazy::act(toasts, Act::AskRetype(users, confirm, id, to))),
        tick_all: Callback::new(move |on| match on {
            true => lazy::act(toasts, Act::SelectAll(users)),
            false => users.ticks.set(Ticks::None),
        }),
        range_refused: Callback::new(move |()| toasts.failed(t::RANGE_NOT_READ)),
    };
    scroll::attach(users);
    view! {
        <AccountTable state actions />
        {move || users.scroll.seen.get().filter(|seen| seen.waiting).map(|Seen { from, to, .. }| view! {
            // The pager says the same, for those who do not look here.
            <div class="place num" aria-hidden="true">{t::position(from, to, false, None)}</div>
        })}
        {move || users.page.get().and_then(Result::ok).map(|page| view! { <Pager page /> })}
    }
}
