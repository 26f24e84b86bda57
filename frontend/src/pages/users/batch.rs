//! The bar above the list: how many are ticked, and what can be done with them. Its buttons are always there;
//! while one is off, the reason stands beside it.

use super::{
    bulk::Bulk,
    export::Exports,
    lazy::{self, Act},
    state::Users,
};
use crate::{
    api, browser,
    stores::toasts::Toasts,
    table::ticks::Ticks,
    text::{self, accounts as t},
};
use leptos::prelude::*;
use rollcall_shared::{
    app::{AppStatus, SdkAppId},
    list::{CountMode, CountRelation, ListQuery},
    selection::BATCH_MAX,
    time::Timestamp,
};

/// The bar.
#[component]
pub fn BatchBar() -> impl IntoView {
    let (users, exports, bulk, toasts) = (Users::get(), Exports::get(), Bulk::get(), Toasts::get());
    let no_export = Signal::derive(move || users.ticks.with(why_not));
    let no_edit = Signal::derive(move || disabled(users).or_else(|| no_export.get()));
    let no_delete = Signal::derive(move || no_deletion(users).or_else(|| no_export.get()));
    let any = Memo::new(move |_| !users.ticks.with(Ticks::is_empty));
    let all = Memo::new(move |_| users.ticks.with(|ticks| matches!(ticks, Ticks::AllMatching(_))));
    view! {
        <div class="bar batch">
            {move || any.get().then(|| view! { <Counter /> })}
            <Show when=move || !all.get()>
                <button class="link" on:click=move |_| lazy::act(toasts, Act::SelectAll(users))>{t::SELECT_ALL_MATCHING}</button>
            </Show>
            <button
                class="btn"
                disabled=move || no_export.get().is_some()
                title=move || no_export.get()
                aria-describedby="batch-reason"
                on:click=move |_| exports.ask_ticked()
            >
                {t::BATCH_EXPORT}
            </button>
            <button
                class="btn"
                disabled=move || no_edit.get().is_some()
                title=move || no_edit.get()
                on:click=move |_| bulk.choose()
            >
                {t::BATCH_EDIT}
            </button>
            <button
                class="btn danger"
                disabled=move || no_delete.get().is_some()
                title=move || no_delete.get()
                aria-describedby="batch-reason"
                on:click=move |_| bulk.ask_deletion()
            >
                {t::BATCH_DELETE}
            </button>
            <Show when=move || any.get()>
                <button class="btn quiet" on:click=move |_| users.ticks.set(Ticks::None)>{t::CLEAR}</button>
            </Show>
            <span id="batch-reason" class="muted reason">{move || no_delete.get()}</span>
        </div>
    }
}

#[component]
fn Counter() -> impl IntoView {
    let users = Users::get();
    let count = move || users.ticks.with(Ticks::count).map(text::number);
    view! {
        <span role="status">
            {move || match count() {
                Some(count) => view! { <b class="num">{count}</b>" "{t::SELECTED} }.into_any(),
                None => view! { {t::ALL_MATCHING_SELECTED}" "{t::SELECTED} }.into_any(),
            }}
        </span>
    }
}

/// Why nothing can be done with the ticked rows.
fn why_not(ticks: &Ticks) -> Option<&'static str> {
    match ticks {
        Ticks::None => Some(t::REASON_NOTHING_TICKED),
        Ticks::Some(ids) if ids.len() > BATCH_MAX => Some(t::REASON_TOO_MANY),
        Ticks::Some(_) | Ticks::AllMatching(_) => None,
    }
}

/// Why nothing can be changed at all.
fn disabled(users: Users) -> Option<&'static str> {
    users.application().filter(|app| app.status == AppStatus::Disabled).map(|_| t::REASON_DISABLED)
}

/// Why nothing can be deleted at all.
fn no_deletion(users: Users) -> Option<&'static str> {
    let app = users.application()?;
    disabled(users).or_else(|| (!app.deletion_permitted).then_some(t::REASON_NOT_PERMITTED))
}

/// Ticks all that match, with the number that the operator is shown.
pub fn select_all(users: Users, toasts: Toasts) {
    let Some(app) = users.app.get_untracked() else { return };
    let filter = users.url.with_untracked(|url| url.list.filter.clone());
    let as_of = seen_until(users);
    browser::spawn(async move {
        let query =
            ListQuery { filter: filter.clone(), limit: 1, count: CountMode::Exact, ..Default::default() };
        match matched(app, &query).await {
            Ok(matched) => users.ticks.set(Ticks::all_matching(filter, as_of, matched)),
            Err(error) => toasts.failed(error.message()),
        }
    });
}

/// How many match exactly; `None` where counting would cost too much.
async fn matched(app: SdkAppId, query: &ListQuery) -> api::ApiResult<Option<u64>> {
    if query.filter.is_empty() {
        return Ok(u64::try_from(api::app(app).await?.accounts).ok());
    }
    match api::accounts(app, query).await {
        Ok(page) => {
            Ok(page.count.filter(|count| count.relation == CountRelation::Eq).map(|count| count.value))
        }
        Err(error) if error.code() == rollcall_shared::error::codes::COUNT_TOO_EXPENSIVE => Ok(None),
        Err(error) => Err(error),
    }
}

/// The instant up to which accounts are meant: now, and never before a row that is on the screen, should this
/// browser's clock be behind the server's.
fn seen_until(users: Users) -> Timestamp {
    let newest = users.rows_now().iter().map(|row| row.created_at).max().unwrap_or_default();
    newest.max(Timestamp::from_millis(browser::now_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_shared::profile::AccountType;

    #[test]
    fn a_batch_has_a_largest_size_and_a_filter_has_none() {
        let named = |n: usize| Ticks::Some((0..n).map(|i| (i.to_string(), AccountType::General)).collect());
        assert_eq!(why_not(&Ticks::None), Some(t::REASON_NOTHING_TICKED));
        assert_eq!(why_not(&named(BATCH_MAX)), None);
        assert_eq!(why_not(&named(BATCH_MAX + 1)), Some(t::REASON_TOO_MANY));
        assert_eq!(
            why_not(&Ticks::all_matching(Default::default(), Timestamp::default(), Some(5_000_000))),
            None
        );
    }
}
