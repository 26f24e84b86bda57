//! A keep-alive HTTP client for servers that die: no answer is a value here, not a failure.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::Result;
use crate::failures::Failures;

/// How long an answer is waited for. Longer than anything that a server may wait for itself.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request, so that it can be sent again.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The method.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// A header beside those of every request.
    pub header: Option<(&'static str, String)>,
    /// JSON, or nothing.
    pub body: Value,
}

impl Ask {
    /// GET.
    pub const fn get(path: String) -> Self {
        Self { method: Method::GET, path, header: None, body: Value::Null }
    }

    /// POST.
    pub const fn post(path: String, body: Value) -> Self {
        Self { method: Method::POST, path, header: None, body }
    }

    /// The same with a header.
    pub fn with(mut self, name: &'static str, value: String) -> Self {
        self.header = Some((name, value));
        self
    }
}

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body, `null` where it is no JSON.
    pub body: Value,
    cookie: Option<String>,
}

impl Answer {
    /// Without a cookie.
    pub const fn new(status: u16, body: Value) -> Self {
        Self { status, body, cookie: None }
    }

    /// The body as what it should be, if it is that.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_value(self.body.clone()).ok()
    }

    /// For messages.
    pub fn shown(&self) -> String {
        format!("{} {}", self.status, self.body).chars().take(300).collect()
    }
}

/// One connection at a time to a server, made again when it is gone.
pub struct Client {
    address: SocketAddr,
    cookie: String,
    failures: Failures,
    connection: Option<SendRequest<Full<Bytes>>>,
}

impl Client {
    /// To a port of the loopback interface. Sends `cookie` (`name=value`) with every request.
    pub fn new(port: u16, cookie: String) -> Self {
        Self::at(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), cookie)
    }

    /// The same to another address.
    pub fn at(address: SocketAddr, cookie: String) -> Self {
        Self { address, cookie, failures: Failures::default(), connection: None }
    }

    /// Counts its failures together with those of others.
    pub fn counted(self, failures: &Failures) -> Self {
        Self { failures: failures.clone(), ..self }
    }

    /// Signs in; the session's cookie.
    pub async fn sign_in(port: u16, credentials: Value) -> Result<String> {
        let ask = Ask::post(rollcall_shared::paths::session(), credentials);
        let answer = Self::new(port, String::new()).send(&ask).await.ok_or("signing in was not answered")?;
        answer.cookie.clone().ok_or_else(|| format!("signing in answered {}", answer.shown()).into())
    }

    /// Sends one request. `None` when the answer did not come, or not whole: the server may have done it or not.
    pub async fn send(&mut self, ask: &Ask) -> Option<Answer> {
        let answer = timeout(PATIENCE, self.exchange(ask)).await.ok().and_then(Result::ok);
        if answer.is_none() {
            self.connection = None;
        }
        if answer.as_ref().is_none_or(|answer| answer.status >= 500) {
            let shown = answer.as_ref().map_or_else(|| "no answer".to_owned(), Answer::shown);
            self.failures.add(format!("{} {}: {shown}", ask.method, ask.path));
        }
        answer
    }

    /// Sends one request that must succeed.
    pub async fn call<T: DeserializeOwned>(&mut self, ask: &Ask) -> Result<T> {
        let told = || format!("{} {}", ask.method, ask.path);
        let answer = self.send(ask).await.ok_or_else(|| format!("{} was not answered", told()))?;
        let read = answer.read().filter(|_| answer.status < 300);
        read.ok_or_else(|| format!("{} answered {}", told(), answer.shown()).into())
    }

    async fn exchange(&mut self, ask: &Ask) -> Result<Answer> {
        let connection = match self.connection.take() {
            Some(connection) if !connection.is_closed() => connection,
            _ => connect(self.address).await?,
        };
        let connection = self.connection.insert(connection);
        let mut request = Request::builder().method(ask.method.clone()).uri(&ask.path);
        request = request.header(HOST, self.address.to_string()).header(COOKIE, &self.cookie);
        if let Some((name, value)) = &ask.header {
            request = request.header(*name, value);
        }
        let body = if ask.body.is_null() { String::new() } else { ask.body.to_string() };
        let request = request.header(CONTENT_TYPE, "application/json").body(Full::new(Bytes::from(body)))?;
        connection.ready().await?;
        let answer = connection.send_request(request).await?;
        let status = answer.status().as_u16();
        let cookie = answer.headers().get(SET_COOKIE).and_then(|header| header.to_str().ok());
        let cookie = cookie.and_then(|header| header.split(';').next()).map(str::to_owned);
        let body = answer.into_body().collect().await?.to_bytes();
        Ok(Answer { cookie, ..Answer::new(status, serde_json::from_slice(&body).unwrap_or_default()) })
    }
}

async fn connect(address: SocketAddr) -> Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    // Its end shows in the next request.
    tokio::spawn(connection);
    Ok(sender)
}
