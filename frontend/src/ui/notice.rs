//! A page's or a part's way to say that there is nothing, or that something went wrong.

use crate::{
    api::ApiError,
    server,
    text::{self, shell},
};
use leptos::prelude::*;

/// Nothing here yet, and what to do about it.
#[component]
pub fn Empty(
    /// What there is none of.
    #[prop(into)]
    title: String,
    /// What to do next.
    #[prop(into)]
    body: String,
    /// The button or link that does it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <h2>{title}</h2>
            <p class="muted">{body}</p>
            {children.map(|c| c())}
        </div>
    }
}

/// A part that did not load, with a way to try again. On the server it also sets the page's status.
#[component]
pub fn LoadError(
    /// What went wrong.
    error: ApiError,
    /// Loads again.
    #[prop(into)]
    retry: Callback<()>,
) -> impl IntoView {
    server::set_status(match error.status() {
        status @ (401 | 403 | 404 | 429) => status,
        _ => 503,
    });
    view! {
        <div class="empty" role="alert">
            <h2>{shell::LOAD_FAILED}</h2>
            <p class="muted">{error.message()}</p>
            <button class="btn" on:click=move |_| retry.run(())>
                {text::TRY_AGAIN}
            </button>
        </div>
    }
}
