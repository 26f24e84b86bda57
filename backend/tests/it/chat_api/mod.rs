//! The vendor's server API under `/v4`, called as its clients call it.

mod accounts;
mod callers;
mod forms;
mod groups;
mod hostile;
mod log;
mod online;
mod profile;
mod push;

use crate::support::{Answer, Client, Server};
use axum::{body::Body, http::Method};
use rollcall_shared::{
    app::{App, SecretKey},
    paths,
};
use serde_json::{Value, json};
use usersig::Claims;

/// An application with what a team's server needs to call it.
pub struct Team {
    pub app: App,
    pub key: String,
    pub operator: Client,
    pub program: Client,
    /// The clock in seconds when it was made.
    pub made: i64,
}

impl Team {
    /// A new application, its key read as a team reads it: from the console.
    pub async fn new(server: &Server) -> Self {
        let operator = server.operator().await;
        let app = server.create_app(&operator, "Aurora Live").await;
        let key =
            operator.post(&paths::secret_key_reveal(app.sdkappid), &json!({})).await.json::<SecretKey>();
        let made = server.state.clock.now().millis() / 1_000;
        Self { app, key: key.secret_key, operator, program: server.stranger(), made }
    }

    /// A UserSig of an account, made now.
    pub fn sig(&self, identifier: &str) -> String {
        Claims::new(self.app.sdkappid.0, identifier, self.made, 3_600).sign(&self.key)
    }

    /// The query of `administrator`.
    pub fn query(&self) -> String {
        self.query_of("administrator", &self.sig("administrator"))
    }

    pub fn query_of(&self, identifier: &str, usersig: &str) -> String {
        let app = self.app.sdkappid.0;
        format!("sdkappid={app}&identifier={identifier}&usersig={usersig}&random=99999999&contenttype=json")
    }

    /// Calls a command as `administrator`.
    pub async fn call(&self, command: &str, body: &Value) -> Value {
        self.call_as(&self.query(), command, body).await
    }

    pub async fn call_as(&self, query: &str, command: &str, body: &Value) -> Value {
        let answer = self.raw(Method::POST, &format!("/v4/{command}?{query}"), body.to_string()).await;
        envelope(&answer)
    }

    pub async fn raw(&self, method: Method, uri: &str, body: impl Into<Body>) -> Answer {
        self.program.send(method, uri, body.into()).await
    }

    /// Lifts the deletion restriction, as an operator does.
    pub async fn permit_deletion(&self) {
        let lifted = json!({"lifted": true, "reason": "test"});
        let answer = self.operator.put(&paths::deletion_restriction(self.app.sdkappid), &lifted).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
}

/// The body of an answer, whose envelope is whole.
#[track_caller]
pub fn envelope(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json");
    let body: Value = answer.json();
    let ok = body["ErrorCode"] == 0;
    assert_eq!(body["ActionStatus"], if ok { "OK" } else { "FAIL" }, "{body}");
    assert_eq!(body["ErrorInfo"] == "", ok, "{body}");
    body
}

/// The code of an answer.
#[track_caller]
pub fn code(body: &Value) -> u64 {
    body["ErrorCode"].as_u64().unwrap()
}
