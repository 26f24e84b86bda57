//! What the server gives to a page that it renders: the API in-process, the request's cookies and a slot for
//! the answer's status. In the browser none of these exist.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
};

/// The answer of an in-process API call.
#[derive(Clone, Debug)]
pub struct ServerReply {
    /// The HTTP status.
    pub status: u16,
    /// The strong entity tag, if the answer has one.
    pub etag: Option<String>,
    /// The body.
    pub body: String,
}

type Call = dyn Fn(String) -> Pin<Box<dyn Future<Output = ServerReply> + Send>> + Send + Sync;

/// GET on the server's own API, with the cookies of the request that is being rendered.
#[derive(Clone)]
pub struct ServerApi(pub Arc<Call>);

/// The `Cookie` header of the request, for preferences.
#[derive(Clone, Debug, Default)]
pub struct RequestCookies(pub String);

/// Where the bundle's files are served, without the slashes around it.
#[derive(Clone, Debug)]
pub struct PkgDir(pub String);

/// The status that the page answers with; 200 unless a component says otherwise.
#[derive(Clone, Debug)]
pub struct ServerStatus(Arc<AtomicU16>);

impl Default for ServerStatus {
    fn default() -> Self {
        Self(Arc::new(AtomicU16::new(200)))
    }
}

impl ServerStatus {
    /// Says what the page is: 404, 403, 503. The largest wins, so that an outer part cannot hide an inner fault.
    pub fn set(&self, status: u16) {
        self.0.fetch_max(status, Ordering::Relaxed);
    }

    /// The status to answer with, once the page is rendered.
    pub fn get(&self) -> u16 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Sets the page's status while the server renders; nothing in the browser.
pub fn set_status(status: u16) {
    if let Some(slot) = leptos::prelude::use_context::<ServerStatus>() {
        slot.set(status);
    }
}
