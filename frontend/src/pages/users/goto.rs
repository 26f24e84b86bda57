//! The way to a place of the list: by number, or by what the list is ordered by.

use super::{
    filters::fields,
    keys::close_panels,
    lazy::{self, Content},
    state::{History, Users},
    url::PageUrl,
};
use crate::text::accounts as t;
use leptos::{ev, html, prelude::*};
use rollcall_shared::list::SortField;

/// The panel. What is in it comes when it is opened first.
#[component]
pub fn GoTo() -> impl IntoView {
    let opened = RwSignal::new(false);
    view! {
        <details class="goto scripted" name="filter" on:toggle=move |_| opened.set(true)>
            <summary class="btn quiet">{t::GO_TO}</summary>
            {move || opened.get().then(|| lazy::content(Content::GoTo))}
        </details>
    }
}

/// What is in it.
#[component]
pub fn GoToForm() -> impl IntoView {
    let users = Users::get();
    let form = NodeRef::<html::Form>::new();
    let field = move || users.url.with(|url| url.list.sort.field);
    let go = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(form) = form.get_untracked() else { return };
        let PageUrl { from, seek, .. } = PageUrl::parse(&fields(&form));
        let url = users.url.get_untracked().with_dialog(None).first_page();
        users.go(PageUrl { from, seek, ..url }, History::Push);
        form.reset();
        close_panels(None);
    };
    view! {
        <form class="pop" node_ref=form on:submit=go>
            <label class="day">{t::GO_TO_ROW}<input name="from" type="number" min="1" autofocus /></label>
            <label class="day">
                {move || label(field())}
                <input name="seek" type=move || if field() == SortField::CreatedAt { "date" } else { "text" } maxlength="60" />
            </label>
            <button class="btn">{t::GO}</button>
        </form>
    }
}

const fn label(field: SortField) -> &'static str {
    match field {
        SortField::UserId => t::GO_TO_USERNAME,
        SortField::Nickname => t::GO_TO_NICKNAME,
        SortField::CreatedAt => t::GO_TO_DAY,
    }
}
