//! The API without a socket: what a page reads while it is rendered. GET only, with the visitor's cookies, address
//! and request id; beneath compression, limits, cross-site protection and access log, which the page itself passed.

use crate::{
    extract::client,
    layers::trace::{self, REQUEST_ID},
    state::AppState,
};
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, HeaderValue, Request, StatusCode, header},
    response::Response,
};
use rollcall_frontend::server::ServerReply;
use std::{future::Future, net::SocketAddr, pin::Pin, sync::Arc};
use tower::ServiceExt;

/// The largest answer that a page reads.
const ANSWER_MAX: usize = 8 * 1024 * 1024;

/// A GET, as the console's transport calls it.
pub type Call = dyn Fn(String) -> Pin<Box<dyn Future<Output = ServerReply> + Send>> + Send + Sync;

/// The API router, ready to be called.
#[derive(Clone)]
pub struct InProcess(Router);

impl InProcess {
    /// Over this router.
    pub const fn new(api: Router) -> Self {
        Self(api)
    }

    /// A function that calls the API as the sender of `request` would.
    pub fn on_behalf_of<B>(&self, state: &AppState, request: &Request<B>) -> Arc<Call> {
        let sender = Arc::new(Sender::of(state, request));
        let api = self.0.clone();
        Arc::new(move |path| {
            let (api, sender) = (api.clone(), Arc::clone(&sender));
            Box::pin(async move {
                let id = sender.id.clone();
                trace::within(id, get(api, &sender, &path)).await
            })
        })
    }
}

/// All `Cookie` headers of a request in one, as browsers send it.
pub fn cookies(headers: &HeaderMap) -> String {
    let values: Vec<&str> =
        headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).collect();
    values.join("; ")
}

/// What the API is told about the visitor.
struct Sender {
    headers: HeaderMap,
    peer: Option<SocketAddr>,
    id: String,
}

impl Sender {
    fn of<B>(state: &AppState, request: &Request<B>) -> Self {
        let from = request.headers();
        let mut headers = HeaderMap::new();
        for name in [header::COOKIE, REQUEST_ID] {
            for value in from.get_all(&name) {
                headers.append(name.clone(), value.clone());
            }
        }
        let address = client::address(state, from, request.extensions());
        if let Ok(address) = HeaderValue::from_str(&address) {
            headers.insert("x-forwarded-for", address);
        }
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| *peer);
        let id = from.get(REQUEST_ID).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        Self { headers, peer, id }
    }
}

async fn get(api: Router, sender: &Sender, path: &str) -> ServerReply {
    let Ok(mut request) = Request::get(path).body(Body::empty()) else {
        return reply(StatusCode::BAD_REQUEST);
    };
    request.headers_mut().clone_from(&sender.headers);
    if let Some(peer) = sender.peer {
        request.extensions_mut().insert(ConnectInfo(peer));
    }
    match api.oneshot(request).await {
        Ok(response) => read(response).await,
        Err(never) => match never {},
    }
}

async fn read(response: Response) -> ServerReply {
    let status = response.status();
    let etag = response.headers().get(header::ETAG).and_then(|value| value.to_str().ok()).map(str::to_owned);
    match axum::body::to_bytes(response.into_body(), ANSWER_MAX).await {
        Ok(body) => {
            ServerReply { status: status.as_u16(), etag, body: String::from_utf8_lossy(&body).into_owned() }
        }
        Err(error) => {
            tracing::error!(cause = %error, "a page could not read the API's answer");
            reply(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

fn reply(status: StatusCode) -> ServerReply {
    ServerReply { status: status.as_u16(), etag: None, body: String::new() }
}
