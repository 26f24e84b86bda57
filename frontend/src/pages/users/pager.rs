//! Where the page stands in the list, the way to the next and the previous one, and how long a page is. All of
//! it is links.

use super::{
    count,
    state::Users,
    url::{LIMITS, PageUrl},
};
use crate::{prefs::Prefs, text::accounts as t};
use leptos::{either::Either, prelude::*};
use rollcall_shared::{account::Account, list::Page};

/// The pager of a page.
#[component]
pub fn Pager(
    /// The page.
    page: Page<Account>,
) -> impl IntoView {
    let users = Users::get();
    let (rows, from) = (page.items.len() as u64, users.url.with_untracked(|url| url.from));
    let limit = u64::from(
        users.url.with_untracked(|url| url.query(expect_context::<Prefs>().limit.get_untracked()).limit),
    );
    let matched = page.count;
    let position = move || t::position(from, rows, count::total(users, matched).as_deref());
    // A list that changed while paging can end up before its counted beginning; its first page is the truth.
    let before = from.saturating_sub(limit).max(1);
    let previous = page.previous.map(|cursor| plain(users).at(&cursor, before));
    let next = page.next.map(|cursor| plain(users).at(&cursor, from + rows));
    view! {
        <footer class="pager">
            <span class="num">{position}</span>
            {(!page.complete).then(|| view! { <span>{t::INCOMPLETE}</span> })}
            <Limits />
            <nav class="end" aria-label=t::PAGES>
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
    let link = move |limit: u32| {
        let current =
            move || users.url.with(|url| url.query(prefs.limit.get()).limit == limit).then_some("true");
        let href = move || users.href(&users.url.get().with_dialog(None).sized(limit));
        view! { <a href=href data-noscroll="" aria-current=current on:click=move |_| prefs.set_limit(limit)>{limit}</a> }
    };
    view! {
        <span class="limits" role="group" aria-label=t::ROWS>
            {t::ROWS}
            {LIMITS.into_iter().map(link).collect_view()}
        </span>
    }
}
