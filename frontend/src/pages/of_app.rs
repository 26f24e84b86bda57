//! What a page shows of its application, or why there is none to show.

use crate::{
    api::ApiError,
    pages::{not_found::Missing, reading::last_read},
    session::Workspace,
    text::{self, shell},
    ui::notice::LoadError,
};
use leptos::prelude::*;
use rollcall_shared::app::{App, SdkAppId};

/// What there is to show: the same for as long as it is the same application.
#[derive(Clone, Debug, PartialEq)]
enum Shown {
    App(SdkAppId),
    Failed(ApiError),
    Nothing,
}

/// Waits for the application that the URL names and shows this of it. What is shown stays when the application is read
/// again.
#[component]
pub fn OfApp(
    /// What is shown.
    show: fn(App) -> AnyView,
) -> impl IntoView {
    view! {
        <Transition fallback=|| view! { <p class="muted">{text::LOADING}</p> }>
            <Ready show />
        </Transition>
    }
}

/// Stands within the transition, which waits for what is read here.
#[component]
fn Ready(show: fn(App) -> AnyView) -> impl IntoView {
    let workspace = Workspace::get();
    let shown = Memo::new(move |_| {
        workspace.app.get().map(|app| match app {
            Some(Ok(app)) => Shown::App(app.sdkappid),
            Some(Err(error)) if error.status() != 404 => Shown::Failed(error),
            _ => Shown::Nothing,
        })
    });
    let app = move || last_read(workspace.app).flatten().and_then(Result::ok);
    let retry = Callback::new(move |()| workspace.refresh());
    move || {
        shown.get().map(|shown| match shown {
            Shown::App(_) => app().map(show).into_any(),
            Shown::Failed(error) => view! { <LoadError error retry /> }.into_any(),
            Shown::Nothing => view! { <Missing title=shell::APP_NOT_FOUND /> }.into_any(),
        })
    }
}
