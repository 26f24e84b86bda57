//! Chat > Import: the list of imports with the place to bring a file to, and each import from its file to its undoing. What a file
//! says about accounts is in `rollcall_shared::import`.

mod choices;
mod columns;
mod drop_zone;
mod list;
mod one;
mod outcome;
mod review;
mod rows;
mod running;
mod settings;
mod state;
mod table;
mod upload;
mod values;

use crate::{browser, pages::not_found::Missing, session::Workspace, text::shell};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use rollcall_shared::app::SdkAppId;

/// The pages: the list, or the one that the URL names.
#[component]
pub fn ImportsPage() -> impl IntoView {
    let (current, params) = (Workspace::get().current, use_params_map());
    let shown = Memo::new(move |_| (current.get(), params.with(|params| params.get("id"))));
    view! {
        // Only here, so that no other visit waits for it.
        <link rel="stylesheet" href=browser::style("imports") />
        {move || match shown.get() {
            (Some(app), Some(id)) => view! { <one::ImportPage app id /> }.into_any(),
            (Some(app), None) => view! { <list::ListPage app /> }.into_any(),
            (None, _) => view! { <Missing title=shell::APP_NOT_FOUND /> }.into_any(),
        }}
    }
}

/// An import of an application: what is read of it, and what is asked.
type Wanted = (SdkAppId, String);
