//! The rows behind the figures of a review, page by page: refused ones first, then what changes, then new accounts.

use super::{
    state::One,
    table::{Rows, Table},
};
use crate::{
    api::{self, ApiResult},
    browser,
    text::{self, accounts, imports as t},
    ui::notice::LoadError,
};
use leptos::{ev, prelude::*};
use rollcall_shared::{
    import::{ChangeKind, Review},
    paths,
};

/// Rows of a page.
const LIMIT: u32 = 50;
/// The id of the panel.
const PANEL_ID: &str = "import-rows";

/// Which rows are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    Refused,
    Changed,
    New,
}

impl Tab {
    /// In their order: errors first.
    const ALL: [Self; 3] = [Self::Refused, Self::Changed, Self::New];

    const fn id(self) -> &'static str {
        match self {
            Self::Refused => "import-tab-refused",
            Self::Changed => "import-tab-changed",
            Self::New => "import-tab-new",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Refused => t::REFUSED,
            Self::Changed => t::CHANGED,
            Self::New => t::NEW,
        }
    }

    const fn count(self, review: &Review) -> u64 {
        match self {
            Self::Refused => review.refused,
            Self::Changed => review.update,
            Self::New => review.create,
        }
    }
}

/// The tab that a key goes to.
fn beside(tabs: &[Tab], tab: Tab, key: &str) -> Option<Tab> {
    let (at, last) = (tabs.iter().position(|one| *one == tab)?, tabs.len().checked_sub(1)?);
    let to = match key {
        "ArrowRight" if at == last => 0,
        "ArrowRight" => at + 1,
        "ArrowLeft" => at.checked_sub(1).unwrap_or(last),
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    tabs.get(to).copied()
}

/// The tabs that have rows, and the panel of the one that is chosen; nothing where there are no rows.
#[component]
pub fn Tabs(
    /// The review.
    review: Review,
) -> impl IntoView {
    let tabs: Vec<Tab> = Tab::ALL.into_iter().filter(|tab| tab.count(&review) > 0).collect();
    let Some(first) = tabs.first().copied() else { return ().into_any() };
    let tab = RwSignal::new(first);
    let order = tabs.clone();
    let press = move |event: ev::KeyboardEvent| {
        if let Some(to) = beside(&order, tab.get_untracked(), &event.key()) {
            event.prevent_default();
            tab.set(to);
            browser::focus(to.id());
        }
    };
    let button = move |of: Tab| {
        let chosen = move || tab.get() == of;
        view! {
            <button
                type="button" role="tab" id=of.id()
                aria-controls=PANEL_ID
                aria-selected=move || if chosen() { "true" } else { "false" }
                tabindex=move || if chosen() { "0" } else { "-1" }
                on:click=move |_| tab.set(of)
            >
                {t::tab(of.label(), of.count(&review))}
            </button>
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=t::FOUND on:keydown=press>
            {tabs.into_iter().map(button).collect_view()}
        </div>
        <div role="tabpanel" id=PANEL_ID class="stack" aria-labelledby=move || tab.get().id() tabindex="0">
            {move || view! { <Paged tab=tab.get() /> }}
        </div>
    }
    .into_any()
}

impl Rows {
    async fn read(one: One, id: String, tab: Tab, offset: u64) -> ApiResult<Self> {
        let changes = |kind| {
            let id = id.clone();
            async move { api::import_changes(one.app, &id, kind, offset, LIMIT).await }
        };
        match tab {
            Tab::Refused => api::import_refused(one.app, &id, offset, LIMIT).await.map(Self::Refused),
            Tab::Changed => changes(ChangeKind::Update).await.map(Self::Changed),
            Tab::New => changes(ChangeKind::Create).await.map(Self::New),
        }
    }

    /// The position of the first row, how many there are, and how many in all.
    fn place(&self) -> (u64, usize, u64) {
        match self {
            Self::Refused(page) => (page.offset, page.items.len(), page.total),
            Self::Changed(page) | Self::New(page) => (page.offset, page.items.len(), page.total),
        }
    }
}

/// The rows of a tab, page by page. Old rows stay until new ones have come.
#[component]
fn Paged(tab: Tab) -> impl IntoView {
    let one = One::get();
    let (offset, busy) = (RwSignal::new(0_u64), RwSignal::new(false));
    let page = RwSignal::new(None::<ApiResult<Rows>>);
    let read = Callback::new(move |()| {
        let (id, wanted) = (one.id(), offset.get_untracked());
        busy.set(true);
        browser::spawn(async move {
            let rows = Rows::read(one, id, tab, wanted).await;
            // Another page may be wanted by now.
            if offset.try_get_untracked() == Some(wanted) {
                page.set(Some(rows));
                busy.set(false);
            }
        });
    });
    Effect::new(move |_| {
        offset.track();
        read.run(());
    });
    let file = (tab == Tab::Refused).then(|| {
        let href = paths::import_refused_file(one.app, &one.id());
        view! {
            <p class="small">
                <a href=href download="" rel="external">{t::DOWNLOAD_REFUSED}</a> " "
                <span class="muted">{t::FIX_AND_UPLOAD}</span>
            </p>
        }
    });
    view! {
        {file}
        <div aria-busy=move || busy.get().then_some("true")>
            {move || match page.get() {
                None => view! { <p class="muted" role="status">{text::LOADING}</p> }.into_any(),
                Some(Err(error)) => view! { <LoadError error retry=read /> }.into_any(),
                Some(Ok(rows)) => view! { <Table rows /> }.into_any(),
            }}
        </div>
        <Pager page offset />
    }
}

/// Where the rows are, and the ways to those before and after them. The buttons stay, so that the focus does.
#[component]
fn Pager(page: RwSignal<Option<ApiResult<Rows>>>, offset: RwSignal<u64>) -> impl IntoView {
    let place = Memo::new(move |_| {
        page.with(|page| page.as_ref().and_then(|page| page.as_ref().ok().map(Rows::place)))
    });
    let before = move || {
        place.get().and_then(|(from, ..)| from.checked_sub(1).map(|_| from.saturating_sub(LIMIT.into())))
    };
    let after = move || {
        place.get().and_then(|(from, shown, total)| {
            let to = from + shown as u64;
            (shown > 0 && to < total).then_some(to)
        })
    };
    let go = move |to: Option<u64>| to.into_iter().for_each(|to| offset.set(to));
    view! {
        <footer class="pager">
            <span class="num" role="status">
                {move || place.get().map(|(from, shown, total)| t::position(from, shown, total))}
            </span>
            <nav class="end" aria-label=t::PAGES>
                <button
                    type="button" class="btn" on:click=move |_| go(before())
                    aria-disabled=move || before().is_none().then_some("true")
                >
                    {accounts::PREVIOUS}
                </button>
                <button
                    type="button" class="btn" on:click=move |_| go(after())
                    aria-disabled=move || after().is_none().then_some("true")
                >
                    {accounts::NEXT}
                </button>
            </nav>
        </footer>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrow_keys_go_round_the_tabs() {
        let tabs = [Tab::Refused, Tab::New];
        assert_eq!(beside(&tabs, Tab::Refused, "ArrowRight"), Some(Tab::New));
        assert_eq!(beside(&tabs, Tab::New, "ArrowRight"), Some(Tab::Refused));
        assert_eq!(beside(&tabs, Tab::Refused, "ArrowLeft"), Some(Tab::New));
        assert_eq!(beside(&tabs, Tab::New, "Home"), Some(Tab::Refused));
        assert_eq!(beside(&tabs, Tab::Refused, "End"), Some(Tab::New));
        assert_eq!(beside(&tabs, Tab::Refused, "a"), None);
        assert_eq!(beside(&tabs, Tab::Changed, "End"), None);
    }
}
