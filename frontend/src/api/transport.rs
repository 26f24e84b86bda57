//! How a request travels: fetch in the browser, the in-process router on the server.

use super::{ApiError, ApiResult, Reply, Request};
use crate::browser::file::File;

#[cfg(target_arch = "wasm32")]
pub(super) async fn send(request: Request) -> ApiResult<Reply> {
    // JavaScript's promises stay on the one thread of the page, whatever Leptos asks of a future.
    let reply = send_wrapper::SendWrapper::new(fetch(request)).await;
    crate::stores::connection::Connection::report(reply.as_ref().ok().map(|r| r.status));
    reply
}

/// Ends a request whose answer nobody waits for any more, such as that of a search that another one replaced.
#[cfg(target_arch = "wasm32")]
struct Abort(web_sys::AbortController);

#[cfg(target_arch = "wasm32")]
impl Abort {
    fn new() -> Option<Self> {
        web_sys::AbortController::new().ok().map(Self)
    }
}

#[cfg(target_arch = "wasm32")]
impl Drop for Abort {
    fn drop(&mut self) {
        // Means nothing once the answer is there.
        self.0.abort();
    }
}

/// Sends a request whose answer is a file, and has the browser save it under the name that the server gives it.
pub(super) async fn save(request: Request) -> ApiResult<()> {
    #[cfg(target_arch = "wasm32")]
    return send_wrapper::SendWrapper::new(fetch_file(request)).await;
    #[cfg(not(target_arch = "wasm32"))]
    {
        // Nobody saves files while the server renders.
        drop(request);
        Err(ApiError::Unreachable)
    }
}

#[cfg(target_arch = "wasm32")]
async fn fetch_file(request: Request) -> ApiResult<()> {
    let abort = Abort::new();
    let response = respond(request, abort.as_ref()).await;
    crate::stores::connection::Connection::report(response.as_ref().ok().map(|r| r.status()));
    let response = response?;
    if !response.ok() {
        let body = response.text().await.map_err(|_| ApiError::Unreachable)?;
        return Err(super::refused(response.status(), &body));
    }
    let named = response.headers().get("content-disposition").unwrap_or_default();
    let name = named.split('"').nth(1).unwrap_or_default().to_owned();
    let bytes = response.binary().await.map_err(|_| ApiError::Unreachable)?;
    crate::browser::save(&name, &bytes);
    Ok(())
}

#[cfg(target_arch = "wasm32")]
async fn fetch(request: Request) -> ApiResult<Reply> {
    let abort = Abort::new();
    read(respond(request, abort.as_ref()).await?).await
}

#[cfg(target_arch = "wasm32")]
async fn read(response: gloo::net::http::Response) -> ApiResult<Reply> {
    let (status, etag) = (response.status(), response.headers().get("etag"));
    let body = response.text().await.map_err(|_| ApiError::Unreachable)?;
    Ok(Reply { status, etag, body })
}

#[cfg(target_arch = "wasm32")]
async fn sent(
    built: Result<gloo::net::http::Request, gloo::net::Error>,
) -> ApiResult<gloo::net::http::Response> {
    built.map_err(|_| ApiError::Unreachable)?.send().await.map_err(|_| ApiError::Unreachable)
}

#[cfg(target_arch = "wasm32")]
async fn respond(request: Request, abort: Option<&Abort>) -> ApiResult<gloo::net::http::Response> {
    use super::Method;
    use gloo::net::http::{Method as Verb, RequestBuilder};

    let verb = match request.method {
        Method::Get => Verb::GET,
        Method::Post => Verb::POST,
        Method::Put => Verb::PUT,
        Method::Patch => Verb::PATCH,
        Method::Delete => Verb::DELETE,
    };
    let mut builder = RequestBuilder::new(&request.path).method(verb).header("Accept", "application/json");
    builder = builder.abort_signal(abort.map(|abort| abort.0.signal()).as_ref());
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    let built = match request.body {
        Some(body) => builder.header("Content-Type", "application/json").body(body),
        None => builder.build(),
    };
    sent(built).await
}

/// Sends bytes of a file as they are. They never come into our memory: the browser reads them while it sends. Ends the request when
/// the future is dropped.
#[cfg(target_arch = "wasm32")]
pub(super) async fn put_file(path: String, file: &File, from: u64, to: u64) -> ApiResult<Reply> {
    use gloo::net::http::RequestBuilder;

    let part = file.part(from, to).ok_or(ApiError::Unreachable)?;
    let reply = async move {
        let abort = Abort::new();
        let builder = RequestBuilder::new(&path)
            .method(gloo::net::http::Method::PUT)
            .header("Accept", "application/json")
            .header("Content-Type", "application/octet-stream")
            .abort_signal(abort.as_ref().map(|abort| abort.0.signal()).as_ref());
        read(sent(builder.body(part)).await?).await
    };
    let reply = send_wrapper::SendWrapper::new(reply).await;
    crate::stores::connection::Connection::report(reply.as_ref().ok().map(|r| r.status));
    reply
}

/// Files are chosen in browsers only.
#[cfg(not(target_arch = "wasm32"))]
pub(super) async fn put_file(path: String, file: &File, from: u64, to: u64) -> ApiResult<Reply> {
    let _ = (path, file, from, to);
    Err(ApiError::Unreachable)
}

#[cfg(not(target_arch = "wasm32"))]
pub(super) async fn send(request: Request) -> ApiResult<Reply> {
    use crate::server::ServerApi;

    let Request { method, path, body, headers } = request;
    // Pages only read while they are rendered; whatever writes runs in an event handler of the browser.
    if method != super::Method::Get || body.is_some() || !headers.is_empty() {
        return Err(ApiError::Unreachable);
    }
    let api = leptos::prelude::use_context::<ServerApi>().ok_or(ApiError::Unreachable)?;
    let reply = (api.0)(path).await;
    Ok(Reply { status: reply.status, etag: reply.etag, body: reply.body })
}
