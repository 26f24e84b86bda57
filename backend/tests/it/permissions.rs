//! Who may call what, for every route that the OpenAPI document lists, so that a new one is covered on its first day.

use crate::support::{Answer, Client, Server, on_both_engines};
use axum::{body::Body, http::Method};
use rollcall_shared::app::{App, SdkAppId, TokenAccess};
use serde_json::Value;

on_both_engines!(
    every_route_refuses_the_signed_out,
    every_route_refuses_another_applications_token,
    tokens_do_not_open_what_is_for_operators,
    a_read_token_changes_nothing,
);

/// An operation of the document.
struct Operation {
    method: Method,
    path: String,
    /// Nobody needs to be signed in.
    is_public: bool,
    takes_tokens: bool,
}

impl Operation {
    fn of_app(&self) -> bool {
        self.path.contains("{app}")
    }

    async fn call(&self, client: &Client, app: SdkAppId) -> Answer {
        let path = self.path.replace("{app}", &app.to_string()).replace("{user_id}", "administrator");
        let path = path.replace("{id}", "1").replace("{group_id}", "x").replace("{task_id}", "x");
        let path = path.replace("{part}", "0");
        assert!(!path.contains('{'), "{path}");
        client.send(self.method.clone(), &path, Body::empty()).await
    }
}

async fn operations(server: &Server) -> Vec<Operation> {
    let document: Value = server.stranger().get("/api/openapi.json").await.json();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let security = operation["security"].as_array().unwrap_or_else(|| panic!("{method} {path}"));
            let schemes: Vec<&str> = security
                .iter()
                .flat_map(|need| need.as_object().unwrap().keys().map(String::as_str))
                .collect();
            operations.push(Operation {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                is_public: schemes.is_empty(),
                takes_tokens: schemes.contains(&"token"),
            });
        }
    }
    assert!(operations.len() >= 18, "{}", operations.len());
    operations
}

async fn two_apps(server: &Server) -> (Client, App, App) {
    let operator = server.operator().await;
    let one = server.create_app(&operator, "Aurora Live").await;
    let other = server.create_app(&operator, "Boreal Chat").await;
    (operator, one, other)
}

async fn every_route_refuses_the_signed_out(server: Server) {
    let (_, app, _) = two_apps(&server).await;
    let strangers = [
        server.stranger(),
        server.stranger().with_token("rc_nobodys"),
        server.stranger().with("authorization", "Basic YTpi"),
        server.stranger().with_cookie("rollcall_session_8080=nobodys"),
    ];
    for operation in operations(&server).await.iter().filter(|operation| !operation.is_public) {
        for stranger in &strangers {
            let answer = operation.call(stranger, app.sdkappid).await;
            let expected = (401, "unauthenticated".to_owned());
            assert_eq!(answer.refusal(), expected, "{} {}", operation.method, operation.path);
        }
    }
}

async fn every_route_refuses_another_applications_token(server: Server) {
    let (operator, one, other) = two_apps(&server).await;
    let program = server.program(&operator, &other, TokenAccess::Write).await;
    let nowhere = SdkAppId(1_400_009_999);
    for operation in operations(&server).await.iter().filter(|operation| operation.of_app()) {
        let answer = operation.call(&program, one.sdkappid).await;
        let expected = (403, "forbidden".to_owned());
        assert_eq!(answer.refusal(), expected, "{} {}", operation.method, operation.path);
        assert!(!answer.text().contains(&one.name), "{}", answer.text());
        // Whether an application exists is not told either.
        let unknown = operation.call(&program, nowhere).await;
        assert_eq!(unknown.text(), answer.text(), "{} {}", operation.method, operation.path);
    }
}

async fn tokens_do_not_open_what_is_for_operators(server: Server) {
    let (operator, app, _) = two_apps(&server).await;
    let program = server.program(&operator, &app, TokenAccess::Write).await;
    let operations = operations(&server).await;
    for operation in operations.iter().filter(|operation| !operation.is_public && !operation.takes_tokens) {
        let answer = operation.call(&program, app.sdkappid).await;
        let expected = (403, "forbidden".to_owned());
        assert_eq!(answer.refusal(), expected, "{} {}", operation.method, operation.path);
    }
}

async fn a_read_token_changes_nothing(server: Server) {
    let (operator, app, _) = two_apps(&server).await;
    let program = server.program(&operator, &app, TokenAccess::Read).await;
    // A stream of events is let in, and never ends.
    let takes = |operation: &&Operation| operation.takes_tokens && !operation.path.ends_with("/events");
    for operation in operations(&server).await.iter().filter(takes) {
        let status = operation.call(&program, app.sdkappid).await.status.as_u16();
        let exports = ["/exports", "/export-streams"].iter().any(|end| operation.path.ends_with(end));
        let reads = operation.method == Method::GET || exports;
        assert_eq!(status == 403, !reads, "{} {}: {status}", operation.method, operation.path);
        assert_ne!(status, 401, "{} {}", operation.method, operation.path);
    }
}
