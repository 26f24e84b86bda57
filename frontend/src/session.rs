//! Who is signed in and which application is open, for every part of the page.

use crate::{
    api::{self, ApiResult},
    paths,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use rollcall_shared::{
    app::{App, SdkAppId},
    session::Session,
};

/// The signed-in operator and the applications; loaded once for the page, again after a change.
#[derive(Clone, Copy)]
pub struct Workspace {
    /// The session; `None` on pages that need none.
    pub session: Resource<Option<ApiResult<Session>>>,
    /// Every application; `None` on pages that need none.
    pub apps: Resource<Option<ApiResult<Vec<App>>>>,
    /// The number of the application that the URL names.
    pub current: Memo<Option<SdkAppId>>,
    /// That application; `None` outside one.
    pub app: Resource<Option<ApiResult<App>>>,
}

impl Workspace {
    /// Loads it and provides it to everything below.
    pub fn provide() -> Self {
        let path = use_location().pathname;
        let private = Memo::new(move |_| !paths::is_public(&path.get()));
        let current = Memo::new(move |_| paths::app_of(&path.get()));
        let session = Resource::new(
            move || private.get(),
            |private| async move { if private { Some(api::session().await) } else { None } },
        );
        let apps = Resource::new(
            move || private.get(),
            |private| async move { if private { Some(api::apps().await) } else { None } },
        );
        let app = Resource::new(
            move || current.get(),
            |current| async move {
                match current {
                    Some(app) => Some(api::app(app).await),
                    None => None,
                }
            },
        );
        let workspace = Self { session, apps, current, app };
        provide_context(workspace);
        workspace
    }

    /// The workspace of this page.
    pub fn get() -> Self {
        expect_context()
    }

    /// Loads the applications again, after one was created, changed or deleted.
    pub fn refresh(self) {
        self.apps.refetch();
        self.app.refetch();
    }
}
