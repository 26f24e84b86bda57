//! Rendering on the server, behind functions without type parameters: Leptos' generic code is then compiled here, once,
//! and not again in the server and in each of its tests. Who gets which page, and its headers, is the server's business.

use crate::{
    app::{App, shell},
    server::{PkgDir, RequestCookies, ServerApi, ServerStatus},
};
use axum::{body::Body, extract::Request, response::Response};
use leptos::{
    config::{Env, LeptosOptions},
    context::provide_context,
    nonce::use_nonce,
};
use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, OnceLock},
};

/// What a page is rendered with.
#[derive(Clone)]
pub struct Visit {
    /// The API on behalf of the visitor.
    pub api: ServerApi,
    /// The visitor's preferences.
    pub cookies: RequestCookies,
    /// Where the bundle's files are served, without the leading slash.
    pub pkg_dir: String,
}

/// A page with all that it loads.
pub struct Rendered {
    /// The page; its own status means nothing.
    pub response: Response<Body>,
    /// The status that the page's parts ask for.
    pub status: u16,
    /// What the page's own script carries, and the Content-Security-Policy must name.
    pub nonce: String,
}

/// The paths that the console's router knows, in axum's notation.
pub fn page_paths() -> Vec<String> {
    leptos_axum::generate_route_list(App).iter().map(|route| route.path().to_owned()).collect()
}

/// Renders the page with everything that it loads, so that its status is known before the first byte.
pub fn render(request: Request, visit: Visit) -> Pin<Box<dyn Future<Output = Rendered> + Send>> {
    let options = LeptosOptions::builder()
        .output_name("frontend")
        .site_pkg_dir(visit.pkg_dir.clone())
        .env(Env::PROD)
        .build();
    let status = ServerStatus::default();
    let nonce = Arc::new(OnceLock::new());
    let context = {
        let (status, nonce) = (status.clone(), Arc::clone(&nonce));
        move || {
            provide_context(visit.api.clone());
            provide_context(visit.cookies.clone());
            provide_context(PkgDir(visit.pkg_dir.clone()));
            provide_context(status.clone());
            if let Some(made) = use_nonce() {
                nonce.get_or_init(|| made.to_string());
            }
        }
    };
    let page = leptos_axum::render_app_async_with_context(context, move || shell(options.clone()));
    Box::pin(async move {
        let response = page(request).await;
        Rendered { response, status: status.get(), nonce: nonce.get().cloned().unwrap_or_default() }
    })
}
