//! The OpenAPI document: committed, complete, and shown to people.

use crate::support::{Engine, Server};
use rollcall_backend::openapi;
use serde_json::Value;
use std::path::Path;

#[test]
fn the_committed_document_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi.json");
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let current = openapi::text().unwrap();
    assert!(committed == current, "openapi.json is stale: `cargo xtask openapi` writes it");
}

#[test]
fn every_operation_says_what_it_is() {
    let document: Value = serde_json::from_str(&openapi::text().unwrap()).unwrap();
    let tags: Vec<&str> =
        document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let mut ids = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{method} {path}");
            assert!(!operation["summary"].as_str().unwrap_or_default().is_empty(), "{name}");
            assert!(tags.contains(&operation["tags"][0].as_str().unwrap()), "{name}");
            assert!(operation["security"].is_array(), "{name}");
            assert!(operation["responses"]["default"].is_object(), "{name}");
            ids.push(operation["operationId"].as_str().unwrap_or_else(|| panic!("{name}")).to_owned());
        }
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "operation ids are unique: {ids:?}");
}

#[tokio::test]
async fn people_can_read_it() {
    let server = Server::start(Engine::Sqlite).await;
    let page = server.stranger().get("/api/docs").await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"));
    let document: Value = server.stranger().get("/api/openapi.json").await.json();
    for path in document["paths"].as_object().unwrap().keys() {
        assert!(page.text().contains(path.as_str()), "{path}");
    }
    for schema in document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(page.text().contains(&format!("id=\"schema-{schema}\"")), "{schema}");
    }
    assert!(!page.text().contains("<script") && !page.text().contains("style="));
    let style = server.stranger().get("/api/docs/style.css").await;
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert!(style.text().contains("light-dark("));
}
