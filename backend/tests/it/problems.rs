//! Requests that reach no handler, or a handler with a body that it cannot read, answer in the one form too.

use crate::support::{Server, on_both_engines};
use axum::{body::Body, http::Method};
use rollcall_shared::paths;
use serde_json::json;

on_both_engines!(
    no_route_is_a_problem,
    a_route_without_the_method_is_a_problem,
    a_body_that_is_no_json_is_refused,
    a_body_of_the_wrong_form_names_the_field,
    a_body_that_is_too_large_is_refused,
    a_database_that_is_gone_is_a_problem,
);

async fn no_route_is_a_problem(server: Server) {
    for path in ["/api", "/api/v1", "/api/v1/nothing", "/api/v2/apps", "/pkg/0/frontend.js"] {
        assert_eq!(server.stranger().get(path).await.refusal(), (404, "not_found".to_owned()), "{path}");
    }
    assert_eq!(server.stranger().post("/nothing", &json!({})).await.refusal().0, 404);
}

async fn a_route_without_the_method_is_a_problem(server: Server) {
    for path in [paths::session(), paths::apps(), "/healthz".to_owned(), "/apps".to_owned()] {
        let answer = server.stranger().send(Method::PATCH, &path, Body::empty()).await;
        assert_eq!(answer.refusal(), (405, "method_not_allowed".to_owned()), "{path}");
        assert!(!answer.header("allow").is_empty(), "{path}");
    }
}

async fn a_body_that_is_no_json_is_refused(server: Server) {
    let operator = server.operator().await;
    let form = operator.with("content-type", "application/x-www-form-urlencoded");
    let answer = form.send(Method::POST, &paths::apps(), "name=x".into()).await;
    assert_eq!(answer.refusal(), (415, "unsupported_media_type".to_owned()));
    let nothing = operator.send(Method::POST, &paths::apps(), Body::empty()).await;
    assert_eq!(nothing.refusal().0, 415);
    let json = operator.with("content-type", "application/json");
    for broken in ["", "{", "{\"name\":\"x\"}}", "\u{0}"] {
        let answer = json.send(Method::POST, &paths::apps(), broken.to_owned().into()).await;
        assert_eq!(answer.refusal(), (400, "malformed".to_owned()), "{broken:?}");
    }
}

async fn a_body_of_the_wrong_form_names_the_field(server: Server) {
    let answer = server.operator().await.post(&paths::apps(), &json!({"name": 7})).await;
    // One body runs on both engines, and the answer is the same.
    insta::allow_duplicates! { insta::assert_snapshot!(answer.shown(), @r#"
    422
    {
      "code": "invalid_fields",
      "detail": "Nothing was changed. Correct the fields and try again.",
      "errors": [
        {
          "code": "invalid",
          "field": "name",
          "message": "invalid type: integer `7`, expected a string",
          "params": {}
        }
      ],
      "status": 422,
      "title": "Invalid fields",
      "trace_id": "test",
      "type": "/problems/invalid_fields"
    }
    "#) };
}

async fn a_body_that_is_too_large_is_refused(server: Server) {
    let large = json!({ "name": "x".repeat(1024 * 1024) });
    let answer = server.operator().await.post(&paths::apps(), &large).await;
    assert_eq!(answer.refusal(), (413, "body_too_large".to_owned()));
}

async fn a_database_that_is_gone_is_a_problem(server: Server) {
    let operator = server.operator().await;
    server.state.store.close().await;
    let answer = operator.get(&paths::apps()).await;
    let problem = answer.problem();
    assert!((500..=503).contains(&problem.status), "{problem:?}");
    assert!(!problem.detail.to_lowercase().contains("pool"), "{problem:?}");
}
