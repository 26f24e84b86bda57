//! The Rollcall console: one Leptos application, rendered by the server (`ssr`) and taken over by the browser
//! (`hydrate`). What an account is and what is right about it lives in `rollcall_shared`.
// Leptos components are functions in CamelCase whose props become public fields without documentation of their
// own.
#![recursion_limit = "256"]

pub mod api;
pub mod app;
pub mod browser;
pub mod forms;
pub mod later;
pub mod pages;
pub mod paths;
pub mod prefs;
#[cfg(feature = "ssr")]
pub mod render;
pub mod server;
pub mod session;
pub mod stores;
pub mod table;
pub mod text;
pub mod ui;

/// Takes over the page that the server rendered. The page's own script calls it; were it a start function too, every
/// handler would be there twice.
#[cfg(all(feature = "hydrate", target_arch = "wasm32"))]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    let path = leptos::prelude::window().location().pathname().unwrap_or_default();
    if paths::is_users(&path) {
        return take_over();
    }
    browser::spawn(async {
        // Until its code is here the page is what the server made it: something to read.
        while pages::lazy::FETCH().await.is_err() {
            browser::sleep(RETRY_MS).await;
        }
        take_over();
    });
}

/// How long to wait before the code of a page is asked for again.
#[cfg(all(feature = "hydrate", target_arch = "wasm32"))]
const RETRY_MS: u32 = 2_000;

#[cfg(all(feature = "hydrate", target_arch = "wasm32"))]
fn take_over() {
    leptos::mount::hydrate_body(app::App);
    later::when_used([pages::users::lazy::FETCH, pages::lazy::FETCH]);
}
