//! A client of the application, without a socket.

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use rollcall_shared::error::{PROBLEM_JSON, Problem};
use serde::{Serialize, de::DeserializeOwned};
use tower::ServiceExt;

/// Calls the application with the same credentials each time.
#[derive(Clone)]
pub struct Client {
    app: Router,
    headers: Vec<(String, String)>,
}

impl Client {
    pub fn new(app: Router) -> Self {
        Self { app, headers: vec![("x-request-id".to_owned(), "test".to_owned())] }
    }

    /// The same with one more header.
    pub fn with(&self, name: impl AsRef<str>, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.retain(|(old, _)| old != name.as_ref());
        client.headers.push((name.as_ref().to_owned(), value.to_owned()));
        client
    }

    pub fn with_cookie(&self, cookie: &str) -> Self {
        self.with(header::COOKIE, cookie)
    }

    pub fn with_token(&self, token: &str) -> Self {
        self.with(header::AUTHORIZATION, &format!("Bearer {token}"))
    }

    pub fn if_match(&self, etag: &str) -> Self {
        self.with(header::IF_MATCH, etag)
    }

    /// The cookie that this client sends.
    pub fn cookie(&self) -> String {
        let cookie = self.headers.iter().find(|(name, _)| name == "cookie");
        cookie.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, Body::empty()).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, Body::empty()).await
    }

    pub async fn post<T: Serialize + ?Sized>(&self, path: &str, body: &T) -> Answer {
        self.json(Method::POST, path, body).await
    }

    pub async fn put<T: Serialize + ?Sized>(&self, path: &str, body: &T) -> Answer {
        self.json(Method::PUT, path, body).await
    }

    pub async fn patch<T: Serialize + ?Sized>(&self, path: &str, body: &T) -> Answer {
        self.json(Method::PATCH, path, body).await
    }

    pub async fn json<T: Serialize + ?Sized>(&self, method: Method, path: &str, body: &T) -> Answer {
        let body = serde_json::to_vec(body).unwrap();
        self.with(header::CONTENT_TYPE, "application/json").send(method, path, body.into()).await
    }

    pub async fn send(&self, method: Method, path: &str, body: Body) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let response = self.app.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

/// What the application answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn header(&self, name: impl AsRef<str>) -> &str {
        self.headers.get(name.as_ref()).map_or("", |value| value.to_str().unwrap())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The problem, which is one in every respect.
    #[track_caller]
    pub fn problem(&self) -> Problem {
        assert_eq!(self.header(header::CONTENT_TYPE), PROBLEM_JSON, "{} {}", self.status, self.text());
        let problem: Problem = self.json();
        assert_eq!(problem.status, self.status.as_u16());
        assert_eq!(problem.kind, format!("/problems/{}", problem.code));
        assert_eq!(problem.trace_id, self.header("x-request-id"));
        assert!(!problem.title.is_empty() && !problem.detail.is_empty() && !problem.trace_id.is_empty());
        problem
    }

    /// Status and code of a problem.
    #[track_caller]
    pub fn refusal(&self) -> (u16, String) {
        let problem = self.problem();
        (problem.status, problem.code)
    }

    /// The cookie that was set, as a browser sends it back.
    pub fn cookie(&self) -> String {
        self.header(header::SET_COOKIE).split(';').next().unwrap_or_default().to_owned()
    }

    /// All cookies that were set, likewise.
    pub fn cookies(&self) -> String {
        let set = self.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
        set.filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ")
    }

    /// Status and body for an inline snapshot.
    pub fn shown(&self) -> String {
        let value: serde_json::Value = self.json();
        format!("{}\n{}", self.status.as_u16(), serde_json::to_string_pretty(&value).unwrap())
    }
}
