//! The document and the routes: a table of contents of the console.

use crate::{
    browser,
    pages::{
        self,
        lazy::{Page, confirmation, page},
    },
    prefs::Prefs,
    session::Workspace,
    stores::{confirm::Confirm, connection::Connection, toasts::Toasts},
    text,
    ui::{confirm::ConfirmDialog, time::Hydrated, toast::ToastCorner},
};
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

/// The document around the application; rendered by the server only.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let style = |name: &str| format!("/{}/{name}.css", options.site_pkg_dir);
    view! {
        <!DOCTYPE html>
        <html lang="en" class=Prefs::load().root_class()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" type="image/svg+xml" href=format!("/{}/icon.svg", options.site_pkg_dir) />
                <link rel="stylesheet" href=style("console") />
                <link rel="stylesheet" href=style("accounts") />
                <HydrationScripts options=options.clone() />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The application: what every page shares, and the routes.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(Prefs::load());
    provide_context(Toasts::default());
    provide_context(Confirm::default());
    Connection::provide();
    let hydrated = RwSignal::new(false);
    provide_context(Hydrated(hydrated));
    Effect::new(move |_| {
        hydrated.set(true);
        browser::mark_hydrated();
    });
    view! {
        <Title formatter=|title: String| {
            if title.is_empty() { text::PRODUCT.to_owned() } else { format!("{title} · {}", text::PRODUCT) }
        } />
        <Router>
            <Console />
        </Router>
    }
}

#[component]
fn Console() -> impl IntoView {
    Workspace::provide();
    view! {
        <pages::frame::Frame>
            <FlatRoutes fallback=pages::not_found::NotFound>
                <Route path=path!("/sign-in") view=page(Page::SignIn) ssr=SsrMode::Async />
                <Route path=path!("/setup") view=page(Page::Setup) ssr=SsrMode::Async />
                <Route path=path!("/apps") view=page(Page::Apps) ssr=SsrMode::Async />
                <Route path=path!("/apps/:app/chat/users") view=pages::users::ChatUsersPage ssr=SsrMode::Async />
                <Route path=path!("/apps/:app/live/users") view=pages::users::LiveUsersPage ssr=SsrMode::Async />
                <Route path=path!("/apps/:app/settings") view=page(Page::Settings) ssr=SsrMode::Async />
                <Route path=path!("/apps/:app/tasks") view=page(Page::Tasks) ssr=SsrMode::Async />
                <Route path=path!("/apps/:app/chat/groups") view=page(Page::Groups) ssr=SsrMode::Async />
                <Route path=path!("/apps/:app/chat/push") view=page(Page::Push) ssr=SsrMode::Async />
                <Route path=path!("/apps/:app/chat/imports/:id?") view=page(Page::Imports) ssr=SsrMode::Async />
                <Route path=path!("/apps/:app/tools") view=page(Page::Tools) ssr=SsrMode::Async />
                <Route path=path!("/profile") view=page(Page::Profile) ssr=SsrMode::Async />
            </FlatRoutes>
        </pages::frame::Frame>
        <ToastCorner />
        <ConfirmDialog content=confirmation />
        <pages::expired::ExpiredDialog />
    }
}
