//! What stands at an address where nothing is.

use crate::{paths, server, text::shell, ui::notice::Empty};
use leptos::prelude::*;
use leptos_meta::Title;

/// Nothing is here; the server answers 404.
#[component]
pub fn NotFound() -> impl IntoView {
    view! { <Missing title=shell::NOT_FOUND /> }
}

/// Nothing is here, with a title that says what was looked for.
#[component]
pub fn Missing(
    /// What is missing.
    title: &'static str,
) -> impl IntoView {
    server::set_status(404);
    view! {
        <Title text=title />
        <Empty title=title body=shell::NOT_FOUND_BODY>
            <a class="btn" href=paths::APPS>{shell::ALL_APPLICATIONS}</a>
        </Empty>
    }
}
