//! The console's pages, rendered on the server by the `frontend` crate, and its bundle. What the pages show lives
//! there; here is who gets one, with which status and headers, and how a page reads the API without a socket.

mod bundle;
mod in_process;

use crate::{
    extract::{SESSION_MILLIS, client},
    layers::{headers::page_policy, limits},
    secrets,
    state::AppState,
};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use in_process::InProcess;
use rollcall_frontend::{
    paths::{APPS, SIGN_IN, is_public},
    render::{self, Rendered, Visit},
    server::{RequestCookies, ServerApi},
};
use std::sync::{Arc, OnceLock};
use tokio::sync::Semaphore;

/// The stack of a thread that renders pages. A page is one deeply nested type, whose frames do not fit into the
/// usual 2 MiB in builds without optimisation; memory that is not touched costs nothing.
pub const STACK_BYTES: usize = 16 * 1024 * 1024;
/// The largest page that is rendered; a list of 200 accounts with long texts stays far below.
const PAGE_MAX: usize = 16 * 1024 * 1024;
/// How many pages are rendered at the same time.
const RENDERED_AT_ONCE: usize = 16;
/// Longer targets are forgotten at sign-in.
const NEXT_MAX: usize = 4000;
/// Paths of programs: what is not found there is a problem, not a page.
const NOT_PAGES: [&str; 3] = ["/api", "/pkg", "/v4"];

/// What rendering needs.
#[derive(Clone)]
struct Console {
    state: AppState,
    api: InProcess,
    /// Rendering takes a core and reads the database several times: when many pages are asked for at once, the
    /// later ones wait here, and not for a connection until that times out.
    turns: Arc<Semaphore>,
}

/// The console's routes and the answer where there is no route at all. `api` is the API router that pages read.
pub fn routes(state: AppState, api: Router) -> Router {
    let mut router = Router::new()
        .route("/", get(|| async { Redirect::temporary(APPS) }))
        .route("/pkg/{hash}/{*name}", get(bundle::serve));
    for path in page_paths() {
        router = router.route(path, get(page));
    }
    let turns = Arc::new(Semaphore::new(RENDERED_AT_ONCE));
    router.fallback(no_page).with_state(Console { state, api: InProcess::new(api), turns })
}

/// The paths that the console's own router knows, asked once.
fn page_paths() -> &'static [String] {
    static PATHS: OnceLock<Vec<String>> = OnceLock::new();
    PATHS.get_or_init(render::page_paths)
}

/// A page, or for the signed-out the way to sign in and back here.
async fn page(State(console): State<Console>, request: Request) -> Response {
    if !is_public(request.uri().path()) && is_signed_out(&console.state, request.headers()).await {
        return Redirect::to(&sign_in_url(request.uri())).into_response();
    }
    console.render(request, StatusCode::OK).await
}

/// What was not found: for people the console's page, for programs a problem.
async fn no_page(State(console): State<Console>, request: Request) -> Response {
    let path = request.uri().path();
    let is_page = !NOT_PAGES.iter().any(|prefix| path.starts_with(prefix));
    if is_page && matches!(*request.method(), Method::GET | Method::HEAD) {
        return console.render(request, StatusCode::NOT_FOUND).await;
    }
    limits::no_route().await.into_response()
}

/// Whether the request has no valid session. When the database cannot say, the page is rendered and shows that.
async fn is_signed_out(state: &AppState, headers: &HeaderMap) -> bool {
    let now = state.clock.now();
    match client::cookie(headers, &state.public_url.cookie_name()) {
        None => true,
        Some(secret) => {
            let found =
                state.store.session(&secrets::hash(secret), now, now.plus_millis(SESSION_MILLIS)).await;
            matches!(found, Ok(None))
        }
    }
}

fn sign_in_url(from: &Uri) -> String {
    let target = from.path_and_query().map_or(APPS, |target| target.as_str());
    let target = if target.len() > NEXT_MAX { APPS } else { target };
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", target).finish();
    format!("{SIGN_IN}?{query}")
}

impl Console {
    /// The page with everything that it loads, so that its status is known before the first byte.
    async fn render(self, request: Request, usual: StatusCode) -> Response {
        let Self { state, api, turns } = self;
        let _turn = turns.acquire().await;
        let visit = Visit {
            api: ServerApi(api.on_behalf_of(&state, &request)),
            cookies: RequestCookies(in_process::cookies(request.headers())),
            pkg_dir: format!("pkg/{}", bundle::HASH),
        };
        let Rendered { response, status, nonce } = render::render(request, visit).await;
        let rendered = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let status = if rendered == StatusCode::OK { usual } else { rendered };
        finish(response, status, &nonce).await
    }
}

/// Sends the page whole: a visitor who hangs up in the middle leaves nothing of the renderer behind.
async fn finish(response: Response, status: StatusCode, nonce: &str) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = match axum::body::to_bytes(body, PAGE_MAX).await {
        Ok(body) => body,
        Err(error) => return crate::error::ApiError::internal(&error).into_response(),
    };
    parts.status = status;
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::from_str(&page_policy(nonce)) {
        parts.headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Response::from_parts(parts, Body::from(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_one_parameter() {
        let url = sign_in_url(&"/apps/1400000001/chat/users?q=a%26b&sort=-nickname".parse().unwrap());
        assert_eq!(url, "/sign-in?next=%2Fapps%2F1400000001%2Fchat%2Fusers%3Fq%3Da%2526b%26sort%3D-nickname");
    }

    #[test]
    fn an_overlong_target_is_forgotten() {
        let long = format!("/apps?q={}", "a".repeat(NEXT_MAX));
        assert_eq!(sign_in_url(&long.parse().unwrap()), "/sign-in?next=%2Fapps");
    }
}
