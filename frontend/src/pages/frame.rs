//! The frame around every page: sidebar, application switcher, the banner when the network is gone.

use crate::{
    api::{self, ApiResult},
    browser,
    paths::{self, UsersOf},
    session::Workspace,
    stores::{connection::Connection, toasts::Toasts},
    text::{self, shell},
    ui::icon::{Glyph, Icon},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use rollcall_shared::app::{App, SdkAppId};

/// The frame. Public pages stand alone, without the sidebar.
#[component]
pub fn Frame(
    /// The page.
    children: Children,
) -> impl IntoView {
    let path = use_location().pathname;
    let private = Memo::new(move |_| !paths::is_public(&path.get()));
    let offline = expect_context::<Connection>().offline;
    view! {
        <a class="skip" href="#main">{shell::SKIP}</a>
        <div class="frame" class:alone=move || !private.get()>
            <Show when=move || private.get()>
                <Sidebar />
            </Show>
            <main id="main" tabindex="-1">
                <Show when=move || offline.get()>
                    <div class="notice warn" role="alert">
                        <Glyph icon=Icon::Warning />
                        <span>{shell::OFFLINE}</span>
                    </div>
                </Show>
                {children()}
            </main>
        </div>
    }
}

#[component]
fn Sidebar() -> impl IntoView {
    let workspace = Workspace::get();
    view! {
        <aside>
            <a class="brand" href=paths::APPS>
                <i aria-hidden="true">"R"</i>
                {text::PRODUCT}
            </a>
            <AppSwitcher />
            <nav aria-label=shell::NAVIGATION>
                <NavLink href=paths::APPS.to_owned() icon=Icon::Grid label=shell::APPLICATIONS />
                {move || workspace.current.get().map(|app| view! { <AppLinks app /> })}
            </nav>
            <Me />
        </aside>
    }
}

#[component]
fn AppLinks(app: SdkAppId) -> impl IntoView {
    view! {
        <h2>{shell::CHAT}</h2>
        <NavLink href=paths::users(app, UsersOf::Chat) icon=Icon::Users label=shell::USERS />
        <NavLink href=paths::imports(app) icon=Icon::Import label=shell::IMPORT />
        <NavLink href=paths::groups(app) icon=Icon::Group label=shell::GROUPS />
        <NavLink href=paths::push(app) icon=Icon::Send label=shell::PUSH />
        <h2>{shell::LIVE}</h2>
        <NavLink href=paths::users(app, UsersOf::Live) icon=Icon::User label=shell::USERS />
        <h2>{shell::APPLICATION}</h2>
        <NavLink href=paths::tasks(app) icon=Icon::Tasks label=shell::TASKS />
        <NavLink href=paths::tools(app) icon=Icon::Code label=shell::TOOLS />
        <NavLink href=paths::settings(app) icon=Icon::Settings label=shell::SETTINGS />
    }
}

#[component]
fn NavLink(href: String, icon: Icon, label: &'static str) -> impl IntoView {
    let path = use_location().pathname;
    let own = href.clone();
    let current = Memo::new(move |_| path.get() == own);
    let id = format!("nav{}", href.replace('/', "-"));
    let element = id.clone();
    // On a phone the entries are one row that scrolls, and this one may lie beyond its end.
    Effect::new(move |_| {
        if current.get() {
            browser::center(&element);
        }
    });
    view! {
        <a id=id href=href aria-current=move || current.get().then_some("page")>
            <Glyph icon />
            <span>{label}</span>
        </a>
    }
}

/// The open application and a menu of the others: a native popover, which works before hydration too.
#[component]
fn AppSwitcher() -> impl IntoView {
    let workspace = Workspace::get();
    let shown = move || match workspace.app.get().flatten() {
        Some(Ok(app)) => (app.name, app.sdkappid.to_string()),
        _ => (shell::CHOOSE_APPLICATION.to_owned(), String::new()),
    };
    view! {
        <button class="app" popovertarget="apps-menu">
            <span class="hidden">{shell::SWITCH_APPLICATION}</span>
            <Transition>
                <span>
                    <b>{move || shown().0}</b>
                    <small class="num">{move || shown().1}</small>
                </span>
            </Transition>
            <Glyph icon=Icon::Switch />
        </button>
        <div id="apps-menu" class="menu" popover="auto">
            <Transition>
                {move || workspace.apps.get().flatten().map(|apps| view! { <AppsMenu apps /> })}
            </Transition>
            <a href=paths::APPS>{shell::ALL_APPLICATIONS}</a>
        </div>
    }
}

#[component]
fn AppsMenu(apps: ApiResult<Vec<App>>) -> impl IntoView {
    let link = |app: App| {
        view! {
            <a href=paths::users(app.sdkappid, UsersOf::Chat)>
                <bdi>{app.name}</bdi>
                <small class="num muted">{app.sdkappid.to_string()}</small>
            </a>
        }
    };
    apps.unwrap_or_default().into_iter().map(link).collect_view()
}

#[component]
fn Me() -> impl IntoView {
    let workspace = Workspace::get();
    let toasts = Toasts::get();
    let email = move || match workspace.session.get().flatten() {
        Some(Ok(session)) => session.operator.email,
        _ => String::new(),
    };
    let sign_out = move |_| {
        browser::spawn(async move {
            match api::sign_out().await {
                Ok(()) => browser::go(paths::SIGN_IN),
                Err(error) => toasts.failed(error.message()),
            }
        });
    };
    view! {
        <div class="me">
            <a href=paths::PROFILE>
                <Glyph icon=Icon::User />
                <span class="hidden">{shell::PROFILE}</span>
                <Transition>
                    <span class="email">{email}</span>
                </Transition>
            </a>
            <button class="btn quiet" on:click=sign_out>{shell::SIGN_OUT}</button>
        </div>
    }
}
