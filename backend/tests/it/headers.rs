//! Headers that every answer has, and the ones of pages.

use crate::support::{Engine, Server, on_both_engines};
use rollcall_shared::paths;

on_both_engines!(
    answers_of_the_api_are_closed,
    a_page_may_run_its_own_scripts_only,
    the_id_of_a_request_is_kept_when_it_is_plain,
    plain_http_is_for_this_machine,
);

async fn answers_of_the_api_are_closed(server: Server) {
    for path in ["/api/openapi.json", "/healthz", "/api/v1/nothing"] {
        let answer = server.stranger().get(path).await;
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert!(answer.header("permissions-policy").contains("camera=()"), "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}");
    }
}

async fn a_page_may_run_its_own_scripts_only(server: Server) {
    let answer = server.stranger().get("/sign-in").await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"));
    let policy = answer.header("content-security-policy").to_owned();
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
    assert!(nonce.len() >= 16, "{policy}");
    // One body runs on both engines, and the answer is the same.
    insta::allow_duplicates! { insta::assert_snapshot!(policy.replace(nonce, "…"), @"default-src 'none'; script-src 'self' 'nonce-…' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' https: http: data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'") };
    let html = answer.text();
    assert!(!html.contains("style=\""), "inline styles break the policy");
    for script in html.split("<script").skip(1) {
        let tag = script.split('>').next().unwrap();
        assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "<script{tag}>");
    }
    let again = server.stranger().get("/sign-in").await;
    assert_ne!(again.header("content-security-policy"), policy, "each page has its own nonce");
}

#[tokio::test]
async fn https_is_remembered() {
    let server = Server::start_at(Engine::Sqlite, "https://console.example.org").await;
    let answer = server.stranger().with("host", "console.example.org").get("/healthz").await;
    assert!(answer.header("strict-transport-security").starts_with("max-age=63072000"));
}

async fn the_id_of_a_request_is_kept_when_it_is_plain(server: Server) {
    let kept = server.stranger().with("x-request-id", "proxy-17").get(&paths::session()).await;
    assert_eq!(kept.problem().trace_id, "proxy-17");
    for strange in ["a b", "", &"a".repeat(65), "<script>"] {
        let made = server.stranger().with("x-request-id", strange).get(&paths::session()).await;
        assert_eq!(made.problem().trace_id.len(), 16, "{strange:?}");
    }
}

async fn plain_http_is_for_this_machine(server: Server) {
    for host in ["127.0.0.1:8080", "localhost:8080", "[::1]:8080"] {
        assert_eq!(server.stranger().with("host", host).get("/healthz").await.status, 200, "{host}");
    }
    for host in ["rebound.example", "10.0.0.7:8080"] {
        assert_eq!(server.stranger().with("host", host).get("/healthz").await.refusal().0, 421, "{host}");
    }
}
