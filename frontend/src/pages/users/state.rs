//! What the parts of the accounts page share: the URL's state, the page of rows, the ticks, and the ways to
//! change them. It is provided once by the page.

use super::{
    scroll::{CHUNK, Scroll},
    url::{OpenDialog, PageUrl},
};
use crate::{
    api::{self, ApiError, ApiResult},
    browser,
    paths::{self, UsersOf},
    prefs::Prefs,
    session::Workspace,
    table::{columns, ticks::Ticks, window::Window},
};
use futures::future::{Either, select};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use rollcall_shared::{
    account::Account,
    app::{App, AppStatus, SdkAppId},
    custom_field::{CustomField, FieldName},
    job::AnyColumn,
    list::{CountMode, ListQuery, Page},
};
use std::pin::pin;

/// How a change of the URL enters the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    /// Back returns to the state before.
    Push,
    /// The state before is forgotten, as while typing.
    Replace,
}

/// The accounts page.
#[derive(Clone, Copy)]
pub struct Users {
    /// The application.
    pub app: Memo<Option<SdkAppId>>,
    /// The page's path.
    pub path: Memo<String>,
    /// What the URL says.
    pub url: Memo<PageUrl>,
    /// The rows.
    pub page: Resource<ApiResult<Page<Account>>>,
    /// The ticked rows.
    pub ticks: RwSignal<Ticks>,
    /// The custom fields of the application's accounts, in the order of forms.
    pub custom: Memo<Vec<FieldName>>,
    /// The columns that the operator chose, of whatever application.
    pub chosen: Memo<Vec<AnyColumn>>,
    /// The shown columns.
    pub columns: Memo<Vec<AnyColumn>>,
    /// The list as one that scrolls.
    pub scroll: Scroll,
    /// Whether accounts changed since the rows were asked for.
    pub outdated: StoredValue<bool>,
    wanted: Memo<Wanted>,
    workspace: Workspace,
    go: Callback<(PageUrl, History)>,
}

/// What is asked of the server for a page of rows: of which application, and which list.
pub type Wanted = (Option<SdkAppId>, ListQuery);

/// How soon a read notices that its rows are not wanted any more.
const NOTICE_MS: u32 = 40;

/// Reads a page. A resource waits for the read that is under way before it begins another, so a slow answer would hold
/// up the search that took its place: a read whose rows are not wanted any more ends with those that are shown.
async fn read(
    asked: Wanted,
    wanted: Memo<Wanted>,
    shown: StoredValue<Option<ApiResult<Page<Account>>>>,
) -> ApiResult<Page<Account>> {
    // An address that names no application is one where nothing is.
    let (Some(app), query) = &asked else { return Err(ApiError::Unreadable(404)) };
    let answer = async {
        if query.cursor.is_some() {
            api::accounts(*app, query).await
        } else {
            api::first_accounts(*app, query).await
        }
    };
    match select(pin!(answer), pin!(superseded(&asked, wanted))).await {
        Either::Left((page, _)) => page,
        Either::Right(_) => shown.try_get_value().flatten().unwrap_or(Err(ApiError::Unreachable)),
    }
}

/// Ends when something else is wanted. On the server nothing else ever is.
async fn superseded(asked: &Wanted, wanted: Memo<Wanted>) {
    #[cfg(not(target_arch = "wasm32"))]
    std::future::pending::<()>().await;
    while wanted.try_get_untracked().is_some_and(|now| now == *asked) {
        browser::sleep(NOTICE_MS).await;
    }
}

impl Users {
    /// Builds the state and provides it to everything below.
    pub fn provide(of: UsersOf) -> Self {
        let (workspace, prefs, location) = (Workspace::get(), expect_context::<Prefs>(), use_location());
        let app = workspace.current;
        let path = Memo::new(move |_| app.get().map_or_else(String::new, |app| paths::users(app, of)));
        let url = Memo::new(move |before: Option<&PageUrl>| {
            // While the router leaves for another page, the URL is no longer about this list.
            if location.pathname.get() == path.get() {
                PageUrl::parse(&location.search.get())
            } else {
                before.cloned().unwrap_or_default()
            }
        });
        let scroll = Scroll::new(prefs);
        let limit = move || if scroll.table.on.get() { CHUNK } else { prefs.limit.get() };
        let wanted = Memo::new(move |_| (app.get(), counted(url.get().query(limit()))));
        let shown = StoredValue::new(None);
        let page = Resource::new(move || wanted.get(), move |asked| read(asked, wanted, shown));
        Effect::new(move |_| {
            let read = page.get();
            // What the server rendered stopped at its limit; here it is read on.
            let query = wanted.get_untracked().1;
            if query.cursor.is_none() && matches!(&read, Some(Ok(page)) if api::is_cut(page, &query)) {
                page.refetch();
            }
            shown.set_value(read);
        });
        let custom = Memo::new(move |before: Option<&Vec<FieldName>>| {
            let read = workspace.app.get().flatten().and_then(Result::ok);
            read.map(|app| app.custom_fields.iter().filter_map(CustomField::field_name).collect())
                .or_else(|| before.cloned())
                .unwrap_or_default()
        });
        let chosen = Memo::new(move |_| prefs.columns.with(|cookie| columns::parse(cookie)));
        let columns =
            Memo::new(move |_| chosen.with(|chosen| custom.with(|custom| columns::shown(chosen, custom))));
        let navigate = use_navigate();
        let go = Callback::new(move |(to, history): (PageUrl, History)| {
            let replace = history == History::Replace;
            let options = NavigateOptions { replace, scroll: false, ..Default::default() };
            navigate(&to.href(&path.get_untracked()), options);
        });
        let (ticks, outdated) = (RwSignal::new(Ticks::None), StoredValue::new(false));
        let users = Self {
            app,
            path,
            url,
            page,
            ticks,
            custom,
            chosen,
            columns,
            scroll,
            outdated,
            wanted,
            workspace,
            go,
        };
        users.forget_stale_ticks();
        provide_context(users);
        users
    }

    /// The state of this page.
    pub fn get() -> Self {
        expect_context()
    }

    /// Goes to another state of the list.
    pub fn go(self, to: PageUrl, history: History) {
        self.go.run((to, history));
    }

    /// Opens a dialog, or closes the one that is open. Back closes an open one, and never opens a closed one.
    pub fn show(self, dialog: Option<OpenDialog>) {
        let Some(url) = self.url.try_get_untracked() else { return };
        let history = if dialog.is_some() { History::Push } else { History::Replace };
        if url.dialog != dialog {
            self.go(url.with_dialog(dialog), history);
        }
    }

    /// Opens the form of a new account, where one can be created.
    pub fn create(self) {
        if self.can_change_now() {
            self.show(Some(OpenDialog::Create));
        }
    }

    /// The link to another state of the list.
    pub fn href(self, to: &PageUrl) -> String {
        self.path.with(|path| to.href(path))
    }

    /// The application with its totals, once it is loaded. Read it below a `Transition`.
    pub fn application(self) -> Option<App> {
        self.workspace.app.get().flatten().and_then(Result::ok)
    }

    /// The same for a handler.
    pub fn application_now(self) -> Option<App> {
        self.workspace.app.get_untracked().flatten().and_then(Result::ok)
    }

    /// Whether the application can be changed.
    pub fn is_enabled(self) -> bool {
        self.application().is_none_or(|app| app.status == AppStatus::Enabled)
    }

    /// The same for a handler.
    pub fn can_change_now(self) -> bool {
        self.application_now().is_some_and(|app| app.status == AppStatus::Enabled)
    }

    /// The rows that are there. Read it below a `Transition`.
    pub fn rows(self) -> Window {
        let page = self.page.get().and_then(Result::ok).map(|page| page.items);
        self.scroll.window.get().unwrap_or_else(|| Window::page(page.unwrap_or_default()))
    }

    /// The same for a handler.
    pub fn rows_now(self) -> Vec<Account> {
        let page = || self.page.get_untracked().and_then(Result::ok).map(|page| page.items);
        let window = self.scroll.window.get_untracked().map(|window| window.rows);
        window.or_else(page).unwrap_or_default()
    }

    /// The account of a row that is there, for a handler.
    pub fn row_now(self, user_id: &str) -> Option<Account> {
        self.rows_now().into_iter().find(|account| account.user_id == user_id)
    }

    /// What the rows were asked for, for a handler.
    pub fn wanted_now(self) -> Wanted {
        self.wanted.get_untracked()
    }

    /// Whether rows that move would be in the way: of a dialog, or of ticks.
    pub fn is_busy(self) -> bool {
        let dialog = self.url.try_with_untracked(|url| url.dialog.is_some()).unwrap_or_default();
        dialog || self.ticks.try_with_untracked(|ticks| !ticks.is_empty()).unwrap_or_default()
    }

    /// Reads the list and the totals again, after a change.
    pub fn refresh(self) {
        self.outdated.try_set_value(false);
        self.page.refetch();
        self.workspace.refresh();
    }

    fn forget_stale_ticks(self) {
        Effect::new(move |before: Option<Option<SdkAppId>>| {
            let app = self.app.get();
            let filter = self.url.with(|url| url.list.filter.clone());
            if before.is_some_and(|before| before != app) {
                self.ticks.set(Ticks::None);
            } else if !self.ticks.with_untracked(Ticks::is_empty) {
                self.ticks.update(|ticks| ticks.keep_for(&filter));
            }
            app
        });
    }
}

/// Asks for a count where one is shown: the whole application's total is known without counting.
fn counted(query: ListQuery) -> ListQuery {
    let count = if query.filter.is_empty() { CountMode::None } else { CountMode::Capped };
    ListQuery { count, ..query }
}
