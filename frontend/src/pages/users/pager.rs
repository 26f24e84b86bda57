//! Where the page stands in the list, the way to the next and the previous one, and how long a page is. All of
//! it is links.

use super::{
    count, goto,
    scroll::Seen,
    state::{History, Users},
    url::{LIMITS, PageUrl},
};
use crate::{prefs::Prefs, text::accounts as t};
use leptos::{either::Either, prelude::*};
use rollcall_shared::{
    account::Account,
    list::{CountRelation, Page},
};

/// The pager of a page.
#[component]
pub fn Pager(
    /// The page.
    page: Page<Account>,
) -> impl IntoView {
    let users = Users::get();
    let scrolls = users.scroll.table.on;
    let (rows, matched, at) = (page.items.len() as u64, page.count, page.position);
    let from = at.map_or_else(|| users.url.with_untracked(|url| url.from), |at| at.value + 1);
    let exact = at.is_none_or(|at| at.relation == CountRelation::Eq);
    let position = move || {
        let total = count::total(users, matched);
        match users.scroll.seen.get() {
            Some(Seen { from, to, exact, .. }) => t::position(from, to, exact, total.as_deref()),
            None => t::position(from, from + rows.saturating_sub(1), exact, total.as_deref()),
        }
    };
    let waiting = move || users.scroll.seen.with(|seen| seen.is_some_and(|seen| seen.waiting));
    let limit = u64::from(
        users.url.with_untracked(|url| url.query(expect_context::<Prefs>().limit.get_untracked()).limit),
    );
    // A list that changed while paging can end up before its counted beginning; its first page is the truth.
    let before = from.saturating_sub(limit).max(1);
    let previous = page.previous.map(|cursor| plain(users).at(&cursor, before));
    let next = page.next.map(|cursor| plain(users).at(&cursor, from + rows));
    let complete = page.complete;
    view! {
        <footer class="pager" class:waiting=waiting>
            <span class="num">{position}</span>
            {(!complete).then(|| view! { <span>{t::INCOMPLETE}</span> })}
            <goto::GoTo />
            <Limits />
            // Where the list scrolls, these are for browsers without scripts.
            <nav class="end" class:unscripted=scrolls aria-label=t::PAGES>
                <Step to=previous label=t::PREVIOUS rel="prev" />
                <Step to=next label=t::NEXT rel="next" />
            </nav>
        </footer>
    }
}

fn plain(users: Users) -> PageUrl {
    users.url.get_untracked().with_dialog(None)
}

#[component]
fn Step(to: Option<PageUrl>, label: &'static str, rel: &'static str) -> impl IntoView {
    let users = Users::get();
    match to {
        Some(to) => {
            Either::Left(view! { <a class="btn" rel=rel data-noscroll="" href=users.href(&to)>{label}</a> })
        }
        // A link without a target, so that the place where Next was stays the same.
        None => Either::Right(view! { <a class="btn" role="link" aria-disabled="true">{label}</a> }),
    }
}

#[component]
fn Limits() -> impl IntoView {
    let (users, prefs) = (Users::get(), expect_context::<Prefs>());
    let scrolls = users.scroll.table.on;
    let link = move |limit: u32| {
        let current = move || {
            let chosen = users.url.with(|url| url.query(prefs.limit.get()).limit == limit);
            (chosen && !scrolls.get()).then_some("true")
        };
        let href = move || users.href(&users.url.get().with_dialog(None).sized(limit));
        view! { <a href=href data-noscroll="" aria-current=current on:click=move |_| prefs.set_limit(limit)>{limit}</a> }
    };
    // A place that is seen now is where the other way of looking at the list begins.
    let here = move || {
        let url = users.url.get_untracked().with_dialog(None);
        let seen = users.scroll.seen.get_untracked();
        let from = seen.map_or(url.from, |seen| seen.from);
        PageUrl { limit: None, ..url.from(from) }
    };
    let scroll = move |_| {
        let here = here();
        prefs.set_scroll(true);
        users.go(here, History::Replace);
    };
    view! {
        <span class="limits" role="group" aria-label=t::ROWS>
            {t::ROWS}
            {LIMITS.into_iter().map(link).collect_view()}
            <button type="button" class="link scripted" aria-pressed=move || scrolls.get().to_string() on:click=scroll>
                {t::SCROLL}
            </button>
        </span>
    }
}
