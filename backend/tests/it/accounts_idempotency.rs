//! Creations that are sent twice under one Idempotency-Key are done once.

use crate::support::{Answer, Client, Server, on_both_engines};
use rollcall_shared::{
    account::Account,
    app::{App, SdkAppId, TokenAccess},
    paths,
};
use serde_json::json;

on_both_engines!(
    a_replay_is_answered_like_the_first,
    another_body_under_the_same_key_is_refused,
    a_twin_waits_and_is_answered_alike,
    a_key_belongs_to_its_caller_and_application,
    a_key_is_forgotten_after_a_day,
    a_key_has_a_form,
    a_batch_is_done_once_too,
);

async fn signed_in(server: &Server) -> (Client, App) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    (operator, app)
}

async fn create(client: &Client, app: SdkAppId, user_id: &str) -> Answer {
    client.post(&paths::accounts(app), &json!({"user_id": user_id})).await
}

async fn a_replay_is_answered_like_the_first(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let keyed = operator.with("idempotency-key", "k1");
    let first = create(&keyed, app.sdkappid, "ming").await;
    server.clock.advance(60_000);
    // What happened to the account since does not change the answer.
    let account: Account = first.json();
    let edit = json!({"nickname": "Ming"});
    operator.if_match(&account.etag()).patch(&paths::account(app.sdkappid, "ming"), &edit).await;
    let again = create(&keyed, app.sdkappid, "ming").await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
    assert_eq!(first.body, again.body);
    for name in ["etag", "location"] {
        assert_eq!(first.header(name), again.header(name));
    }

    // A refusal is replayed too.
    let keyed = operator.with("idempotency-key", "k2");
    assert_eq!(create(&keyed, app.sdkappid, "ming").await.refusal(), (409, "taken".to_owned()));
    assert_eq!(create(&keyed, app.sdkappid, "ming").await.refusal(), (409, "taken".to_owned()));
}

async fn another_body_under_the_same_key_is_refused(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let keyed = operator.with("idempotency-key", "k");
    create(&keyed, app.sdkappid, "ming").await;
    let other = create(&keyed, app.sdkappid, "other").await;
    assert_eq!(other.refusal(), (422, "idempotency_mismatch".to_owned()));
    assert_eq!(operator.get(&paths::account(app.sdkappid, "other")).await.status, 404);
}

async fn a_twin_waits_and_is_answered_alike(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let keyed = operator.with("idempotency-key", "twins");
    let twins = (0..10).map(|_| create(&keyed, app.sdkappid, "ming"));
    let answers = futures::future::join_all(twins).await;
    assert!(answers.iter().all(|answer| answer.status == 201 && answer.body == answers[0].body));
}

async fn a_key_belongs_to_its_caller_and_application(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let other = server.create_app(&operator, "Boreal Chat").await;
    let program = server.program(&operator, &app, TokenAccess::Write).await;
    for (client, app) in [(&operator, &app), (&operator, &other)] {
        assert_eq!(create(&client.with("idempotency-key", "k"), app.sdkappid, "ming").await.status, 201);
    }
    let answer = create(&program.with("idempotency-key", "k"), app.sdkappid, "ming").await;
    assert_eq!(answer.refusal(), (409, "taken".to_owned()));
}

async fn a_key_is_forgotten_after_a_day(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let keyed = operator.with("idempotency-key", "k");
    create(&keyed, app.sdkappid, "ming").await;
    server.clock.advance(24 * 60 * 60 * 1000 + 1);
    assert_eq!(create(&keyed, app.sdkappid, "ming").await.refusal(), (409, "taken".to_owned()));
}

async fn a_key_has_a_form(server: Server) {
    let (operator, app) = signed_in(&server).await;
    for bad in ["", &"k".repeat(256)] {
        let answer = create(&operator.with("idempotency-key", bad), app.sdkappid, "ming").await;
        assert_eq!(answer.refusal(), (400, "malformed".to_owned()));
    }
    let longest = operator.with("idempotency-key", &"k".repeat(255));
    assert_eq!(create(&longest, app.sdkappid, "ming").await.status, 201);
}

async fn a_batch_is_done_once_too(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let keyed = operator.with("idempotency-key", "batch");
    let batch = json!({"accounts": [{"user_id": "a"}, {"user_id": ""}, {"user_id": "b"}]});
    let path = paths::account_batches(app.sdkappid);
    let (first, again) = (keyed.post(&path, &batch).await, keyed.post(&path, &batch).await);
    assert_eq!((first.status.as_u16(), &first.body), (200, &again.body));
    assert!(first.text().contains("created"));
    let other = keyed.post(&path, &json!({"accounts": []})).await;
    assert_eq!(other.refusal(), (422, "idempotency_mismatch".to_owned()));
}
