//! A keep-alive HTTP client: one connection, one request at a time, as little of its own cost as possible.

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;

use crate::Result;

/// A signed-in connection to the server.
pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    host: String,
    cookie: String,
}

impl Client {
    /// Connects and sends `cookie` (`name=value`) with every request.
    pub async fn connect(port: u16, cookie: &str) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // Its end shows in the next request.
        tokio::spawn(connection);
        Ok(Self { sender, host: format!("127.0.0.1:{port}"), cookie: cookie.to_owned() })
    }

    /// Signs in; the session's cookie.
    pub async fn sign_in(port: u16, email: &str, password: &str) -> Result<String> {
        let mut client = Self::connect(port, "").await?;
        let body = serde_json::json!({ "email": email, "password": password }).to_string();
        let request = client.request(Method::POST, "/api/v1/session", "application/json", body.into())?;
        let answer = client.sender.send_request(request).await?;
        let cookie = answer.headers().get(SET_COOKIE).and_then(|header| header.to_str().ok());
        let cookie = cookie.and_then(|header| header.split(';').next()).map(str::to_owned);
        cookie.ok_or_else(|| format!("signing in answered {}", answer.status()).into())
    }

    fn request(&self, method: Method, path: &str, media: &str, body: Bytes) -> Result<Request<Full<Bytes>>> {
        let request = Request::builder().method(method).uri(path).header(HOST, &self.host);
        let request = request.header(COOKIE, &self.cookie).header(CONTENT_TYPE, media);
        Ok(request.body(Full::new(body))?)
    }

    /// Sends one request and reads the whole answer.
    pub async fn send(&mut self, method: Method, path: &str, body: String) -> Result<(StatusCode, Bytes)> {
        let request = self.request(method, path, "application/json", body.into())?;
        self.exchange(request).await
    }

    async fn exchange(&mut self, request: Request<Full<Bytes>>) -> Result<(StatusCode, Bytes)> {
        self.sender.ready().await?;
        let answer = self.sender.send_request(request).await?;
        let status = answer.status();
        Ok((status, answer.into_body().collect().await?.to_bytes()))
    }

    /// PUT of bytes, which must succeed.
    pub async fn put_bytes(&mut self, path: &str, bytes: Vec<u8>) -> Result<Bytes> {
        let request = self.request(Method::PUT, path, "application/octet-stream", bytes.into())?;
        let (status, answer) = self.exchange(request).await?;
        if status.is_success() {
            return Ok(answer);
        }
        Err(format!("PUT {path} answered {status}: {}", String::from_utf8_lossy(&answer)).into())
    }

    /// Sends one request that must succeed.
    pub async fn call(&mut self, method: Method, path: &str, body: String) -> Result<Bytes> {
        let (status, answer) = self.send(method.clone(), path, body).await?;
        if status.is_success() {
            return Ok(answer);
        }
        Err(format!("{method} {path} answered {status}: {}", String::from_utf8_lossy(&answer)).into())
    }

    /// GET, read as JSON.
    pub async fn get<T: DeserializeOwned>(&mut self, path: &str) -> Result<T> {
        Ok(serde_json::from_slice(&self.call(Method::GET, path, String::new()).await?)?)
    }

    /// POST, read as JSON.
    pub async fn post<T: DeserializeOwned>(&mut self, path: &str, body: &impl serde::Serialize) -> Result<T> {
        let body = serde_json::to_string(body)?;
        Ok(serde_json::from_slice(&self.call(Method::POST, path, body).await?)?)
    }
}
