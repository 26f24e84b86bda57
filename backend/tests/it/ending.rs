//! A server that is told to end, by signals.

use crate::support::{
    Engine,
    database::Database,
    process::{Process, call, connect, start_with},
};
use axum::http::{Method, header};
use http_body_util::Full;
use hyper::{body::Bytes, client::conn::http1::SendRequest};
use serde_json::Value;
use std::process::Stdio;
use tempfile::TempDir;

/// So long that a test which waited for it would not end.
const DRAIN: [&str; 2] = ["--drain-seconds", "3600"];

/// A server that drains for an hour, and its folder, which is removed when dropped.
async fn served() -> (Process, TempDir) {
    let data = tempfile::tempdir().unwrap();
    let database = Database::create(Engine::Sqlite, data.path()).await;
    (start_with(&DRAIN, data.path(), database.url(), Stdio::inherit()), data)
}

async fn status(sender: &mut SendRequest<Full<Bytes>>, path: &str) -> u16 {
    let accept = (&header::ACCEPT, "*/*");
    call(sender, Method::GET, path, accept, &Value::Null).await.unwrap().0
}

/// Returns when a load balancer would send requests elsewhere.
async fn not_ready(server: &Process) {
    let mut sender = connect(server.address).await;
    while status(&mut sender, "/readyz").await == 200 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminated_server_says_so_and_goes_on_serving_until_the_second_signal() {
    let (mut server, _data) = served().await;
    server.signal("TERM");
    not_ready(&server).await;
    // On a new connection: the socket is open.
    let mut sender = connect(server.address).await;
    assert_eq!(status(&mut sender, "/healthz").await, 200);
    assert_eq!(status(&mut sender, "/readyz").await, 503);
    assert_eq!(status(&mut sender, "/api/v1/session").await, 401);
    server.signal("TERM");
    assert!(server.ended().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_server_ends_at_once() {
    let (mut server, _data) = served().await;
    server.signal("INT");
    assert!(server.ended().success());
}
