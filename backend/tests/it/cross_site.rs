//! Changes that a page of another site asks a browser for.

use crate::support::{EMAIL, PASSWORD, Server, on_both_engines};
use rollcall_shared::{app::App, paths};
use serde_json::json;

on_both_engines!(
    another_sites_page_changes_nothing,
    our_own_page_and_programs_may,
    another_sites_page_cannot_sign_anyone_in,
    reading_is_not_stopped,
);

const REFUSED: (u16, &str) = (403, "cross_site");

async fn another_sites_page_changes_nothing(server: Server) {
    let operator = server.operator().await;
    let pages = [
        operator.with("sec-fetch-site", "cross-site"),
        operator.with("sec-fetch-site", "same-site"),
        operator.with("origin", "https://evil.example").with("host", "127.0.0.1:8080"),
        operator.with("origin", "null").with("host", "127.0.0.1:8080"),
        operator.with("origin", "http://127.0.0.1:9090").with("host", "127.0.0.1:8080"),
    ];
    for page in pages {
        let (status, code) = page.post(&paths::apps(), &json!({"name": "x"})).await.refusal();
        assert_eq!((status, code.as_str()), REFUSED);
        assert_eq!(page.delete(&paths::session()).await.status, 403);
    }
    assert_eq!(operator.get(&paths::apps()).await.text(), "[]");
}

async fn our_own_page_and_programs_may(server: Server) {
    let operator = server.operator().await;
    let pages = [
        operator.with("sec-fetch-site", "same-origin"),
        operator.with("origin", "http://127.0.0.1:8080"),
        operator.with("origin", "http://localhost:8080").with("host", "localhost:8080"),
        operator.clone(),
    ];
    for page in pages {
        assert_eq!(page.post(&paths::apps(), &json!({"name": "x"})).await.status, 201);
    }
    assert_eq!(operator.get(&paths::apps()).await.json::<Vec<App>>().len(), 4);
}

async fn another_sites_page_cannot_sign_anyone_in(server: Server) {
    let page = server.stranger().with("sec-fetch-site", "cross-site");
    let answer = page.post(&paths::session(), &json!({"email": EMAIL, "password": PASSWORD})).await;
    assert_eq!((answer.status.as_u16(), answer.header("set-cookie")), (403, ""));
}

async fn reading_is_not_stopped(server: Server) {
    let link = server.operator().await.with("sec-fetch-site", "cross-site");
    assert_eq!(link.get(&paths::apps()).await.status, 200);
}
