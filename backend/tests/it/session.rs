//! `/api/v1/session` and `/api/v1/sessions`: signing in, being slowed down, being signed out.

use crate::support::{EMAIL, Engine, PASSWORD, Server, on_both_engines};
use futures::future::join_all;
use rollcall_shared::{paths, session::SessionInfo};
use serde_json::json;

const DAY: i64 = 24 * 60 * 60 * 1000;

on_both_engines!(
    a_wrong_password_and_an_unknown_address_look_alike,
    signing_in_and_out,
    signing_in_again_ends_the_session_before,
    failures_slow_down_even_the_right_password,
    parallel_guesses_gain_nothing,
    an_unused_session_ends_and_a_used_one_goes_on,
    sessions_are_listed_and_revoked,
    a_session_of_another_operator_cannot_be_revoked,
);

async fn a_wrong_password_and_an_unknown_address_look_alike(server: Server) {
    let wrong = json!({"email": EMAIL, "password": "not the password"});
    let unknown = json!({"email": "nobody@example.org", "password": PASSWORD});
    let refused = server.stranger().post(&paths::session(), &wrong).await;
    // One body runs on both engines, and the answer is the same.
    insta::allow_duplicates! { insta::assert_snapshot!(refused.shown(), @r#"
    401
    {
      "code": "wrong_credentials",
      "detail": "The e-mail address or the password is wrong.",
      "errors": [],
      "status": 401,
      "title": "Wrong e-mail or password",
      "trace_id": "test",
      "type": "/problems/wrong_credentials"
    }
    "#) };
    let other = server.stranger().post(&paths::session(), &unknown).await;
    assert_eq!(other.shown(), refused.shown());
    assert_eq!(other.header("set-cookie"), "");
}

async fn signing_in_and_out(server: Server) {
    assert_eq!(server.stranger().get(&paths::session()).await.refusal(), (401, "unauthenticated".to_owned()));
    // The address is compared without regard to case.
    let credentials = json!({"email": "Ada@Example.org", "password": PASSWORD});
    let answer = server.stranger().post(&paths::session(), &credentials).await;
    // One body runs on both engines, and the answer is the same.
    insta::allow_duplicates! { insta::assert_snapshot!(answer.shown(), @r#"
    200
    {
      "expires_at": "2026-12-06T18:00:00.000Z",
      "operator": {
        "email": "ada@example.org",
        "id": 1,
        "name": "Ada"
      }
    }
    "#) };
    let cookie = answer.header("set-cookie");
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    let secret = pair.strip_prefix("rollcall_session_8080=").unwrap();
    assert_eq!(secret.len(), 43);
    assert_eq!(attributes, "Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax");

    let operator = server.stranger().with_cookie(pair);
    assert_eq!(operator.get(&paths::session()).await.status, 200);
    let out = operator.delete(&paths::session()).await;
    assert_eq!(out.status, 204);
    assert!(out.header("set-cookie").starts_with("rollcall_session_8080=; Path=/; Max-Age=0;"));
    assert_eq!(operator.get(&paths::session()).await.status, 401);
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_the_host() {
    let server = Server::start_at(Engine::Sqlite, "https://console.example.org").await;
    let credentials = json!({"email": EMAIL, "password": PASSWORD});
    let answer = server.stranger().post(&paths::session(), &credentials).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-rollcall_session="), "{cookie}");
    assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert_eq!(server.stranger().with_cookie(&answer.cookie()).get(&paths::session()).await.status, 200);
}

async fn signing_in_again_ends_the_session_before(server: Server) {
    let first = server.operator().await;
    let credentials = json!({"email": EMAIL, "password": PASSWORD});
    let answer = first.post(&paths::session(), &credentials).await;
    let second = server.stranger().with_cookie(&answer.cookie());
    assert_eq!(first.get(&paths::session()).await.status, 401);
    assert_eq!(second.get(&paths::session()).await.status, 200);
}

async fn failures_slow_down_even_the_right_password(server: Server) {
    let wrong = json!({"email": EMAIL, "password": "not the password"});
    let right = json!({"email": EMAIL, "password": PASSWORD});
    for _ in 0..5 {
        assert_eq!(server.stranger().post(&paths::session(), &wrong).await.status, 401);
    }
    let refused = server.stranger().post(&paths::session(), &right).await;
    assert_eq!(refused.refusal(), (429, "too_many_tries".to_owned()));
    let seconds: i64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=900).contains(&seconds), "{seconds}");
    server.clock.advance(seconds * 1000);
    assert_eq!(server.stranger().post(&paths::session(), &right).await.status, 200);
}

async fn parallel_guesses_gain_nothing(server: Server) {
    let wrong = json!({"email": EMAIL, "password": "not the password"});
    let guesses = (0..40).map(|_| {
        let (client, wrong) = (server.stranger(), wrong.clone());
        async move { client.post(&paths::session(), &wrong).await.status.as_u16() }
    });
    let statuses = join_all(guesses).await;
    let verified = statuses.iter().filter(|status| **status == 401).count();
    let slowed = statuses.iter().filter(|status| **status == 429).count();
    assert_eq!((verified, slowed), (5, 35), "{statuses:?}");
}

async fn an_unused_session_ends_and_a_used_one_goes_on(server: Server) {
    let (used, unused) = (server.operator().await, server.operator().await);
    server.clock.advance(10 * DAY);
    assert_eq!(used.get(&paths::session()).await.status, 200);
    server.clock.advance(5 * DAY);
    assert_eq!(used.get(&paths::session()).await.status, 200);
    assert_eq!(unused.get(&paths::session()).await.status, 401);
}

async fn sessions_are_listed_and_revoked(server: Server) {
    let here = server.operator().await;
    let credentials = json!({"email": EMAIL, "password": PASSWORD});
    let browser = server.stranger().with("user-agent", "A browser");
    let there = server.stranger().with_cookie(&browser.post(&paths::session(), &credentials).await.cookie());

    let sessions: Vec<SessionInfo> = here.get(&paths::sessions()).await.json();
    assert_eq!(sessions.len(), 2);
    let other = sessions.iter().find(|session| !session.current).unwrap();
    assert_eq!(other.user_agent, "A browser");
    assert_eq!(here.delete(&paths::session_by_id(other.id)).await.status, 204);
    assert_eq!(there.get(&paths::session()).await.status, 401);
    assert_eq!(here.get(&paths::session()).await.status, 200);
    assert_eq!(here.delete(&paths::session_by_id(other.id)).await.refusal(), (404, "not_found".to_owned()));
}

async fn a_session_of_another_operator_cannot_be_revoked(server: Server) {
    let ada = server.operator().await;
    server.add_operator("grace@example.org").await;
    let credentials = json!({"email": "grace@example.org", "password": PASSWORD});
    let answer = server.stranger().post(&paths::session(), &credentials).await;
    let grace = server.stranger().with_cookie(&answer.cookie());
    let sessions: Vec<SessionInfo> = grace.get(&paths::sessions()).await.json();
    assert_eq!(sessions.len(), 1);
    assert_eq!(ada.delete(&paths::session_by_id(sessions[0].id)).await.status, 404);
    assert_eq!(grace.get(&paths::session()).await.status, 200);
}
