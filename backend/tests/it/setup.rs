//! `/api/v1/setup`: the one-time link.

use crate::support::{PASSWORD, Server, on_both_engines};
use futures::future::join_all;
use rollcall_backend::secrets;
use rollcall_shared::paths;
use serde_json::{Value, json};

const TOKEN: &str = "the secret of the link";
const DAY: i64 = 24 * 60 * 60 * 1000;

on_both_engines!(
    a_link_that_was_never_made_is_refused,
    invalid_fields_leave_the_link_good,
    the_link_makes_an_operator_who_is_signed_in,
    of_many_uses_at_once_one_succeeds,
    the_link_expires,
);

async fn make_link(server: &Server) {
    let now = server.state.clock.now();
    server.state.store.put_setup_link(&secrets::hash(TOKEN), now, now.plus_millis(DAY)).await.unwrap();
}

fn body(email: &str) -> Value {
    json!({"token": TOKEN, "email": email, "name": "Grace", "password": PASSWORD})
}

async fn a_link_that_was_never_made_is_refused(server: Server) {
    let answer = server.stranger().post(&paths::setup(), &body("grace@example.org")).await;
    assert_eq!(answer.refusal(), (403, "forbidden".to_owned()));
}

async fn invalid_fields_leave_the_link_good(server: Server) {
    make_link(&server).await;
    let bad = json!({"token": TOKEN, "email": "grace", "name": " ", "password": "short"});
    let problem = server.stranger().post(&paths::setup(), &bad).await.problem();
    let fields: Vec<&str> = problem.errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!((problem.status, fields), (422, vec!["email", "name", "password"]));
    assert_eq!(server.stranger().post(&paths::setup(), &body("grace@example.org")).await.status, 200);
}

async fn the_link_makes_an_operator_who_is_signed_in(server: Server) {
    make_link(&server).await;
    let answer = server.stranger().post(&paths::setup(), &body("grace@example.org")).await;
    assert_eq!(answer.status, 200);
    let grace = server.stranger().with_cookie(&answer.cookie());
    let session: Value = grace.get(&paths::session()).await.json();
    assert_eq!(session["operator"]["name"], "Grace");
    let again = server.stranger().post(&paths::setup(), &body("grace@example.org")).await;
    assert_eq!(again.status, 403);
}

async fn of_many_uses_at_once_one_succeeds(server: Server) {
    make_link(&server).await;
    let uses =
        (0..30).map(|n| {
            let client = server.stranger();
            async move {
                client.post(&paths::setup(), &body(&format!("grace{n}@example.org"))).await.status.as_u16()
            }
        });
    let statuses = join_all(uses).await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 403).count(), 29, "{statuses:?}");
    assert_eq!(server.state.store.operators_ready().await.unwrap(), 2);
}

async fn the_link_expires(server: Server) {
    make_link(&server).await;
    server.clock.advance(DAY + 1);
    assert_eq!(server.stranger().post(&paths::setup(), &body("grace@example.org")).await.status, 403);
}
