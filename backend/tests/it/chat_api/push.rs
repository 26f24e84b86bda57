//! `all_member_push`, and pushes as REST v1 sends and shows them.

use super::{Team, code};
use crate::support::{Server, on_both_engines};
use rollcall_shared::{app::TokenAccess, paths, push::Push};
use serde_json::{Value, json};

on_both_engines!(
    a_push_is_stored_once,
    bad_pushes_have_their_codes,
    pushes_are_rationed,
    rest_sends_and_shows_pushes,
);

const PUSH: &str = "all_member_push/im_push";

fn message(random: u32) -> Value {
    let text = json!({"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi, 明远"}});
    json!({"From_Account": "administrator", "MsgRandom": random, "MsgLifeTime": 120, "MsgBody": [text]})
}

async fn pushes(team: &Team) -> Vec<Push> {
    team.operator.get(&paths::pushes(team.app.sdkappid)).await.json()
}

async fn a_push_is_stored_once(server: Server) {
    let team = Team::new(&server).await;
    let answer = team.call(PUSH, &message(56_512)).await;
    assert_eq!(code(&answer), 0, "{answer}");
    let task = answer["TaskId"].as_str().unwrap().to_owned();
    assert!(task.starts_with(&format!("{}_", team.app.sdkappid)), "{task}");
    // At once, and without a message of its own: the same task.
    assert_eq!(team.call(PUSH, &message(56_512)).await["TaskId"], task);
    let [push] = <[Push; 1]>::try_from(pushes(&team).await).unwrap();
    assert_eq!(
        (push.task_id.as_str(), push.from.as_str(), push.accounts),
        (task.as_str(), "administrator", 1)
    );
    assert_eq!(push.expires_at, push.created_at.plus_millis(120_000));
    assert_eq!(push.summary(), "hi, 明远");
    // Least that is allowed.
    server.clock.advance(1_001);
    let body = json!({"MsgRandom": 0, "MsgBody": [{"MsgType": "TIMCustomElem", "MsgContent": {}}]});
    assert_eq!(code(&team.call(PUSH, &body).await), 0);
    assert_eq!(pushes(&team).await[0].summary(), "TIMCustomElem");
}

async fn bad_pushes_have_their_codes(server: Server) {
    let team = Team::new(&server).await;
    team.call("im_open_login_svc/account_import", &json!({"UserID": "ming"})).await;
    let with = |name: &str, value: Value| {
        let mut body = message(1);
        body[name] = value;
        body
    };
    let element = |msg_type: Value, content: Value| json!([{"MsgType": msg_type, "MsgContent": content}]);
    let deep = (0..40).fold(json!("x"), |inner, _| json!({"Data": inner}));
    let long = json!({"Text": "x".repeat(12 * 1024)});
    for (body, expected) in [
        (json!([]), 90_001),
        (with("MsgRandom", Value::Null), 90_005),
        (with("MsgRandom", json!("1")), 90_005),
        (with("MsgRandom", json!(-1)), 90_005),
        (with("MsgRandom", json!(4_294_967_296_u64)), 90_005),
        (with("MsgBody", Value::Null), 90_007),
        (with("MsgBody", json!({})), 90_007),
        (with("MsgBody", json!([])), 90_007),
        (with("MsgBody", json!(["hi"])), 90_007),
        (with("MsgBody", element(json!("TIMNoElem"), json!({}))), 90_007),
        (with("MsgBody", element(json!("TIMTextElem"), json!({}))), 90_007),
        (with("MsgBody", element(json!("TIMTextElem"), json!("hi"))), 90_007),
        (with("MsgBody", element(json!("TIMTextElem"), json!({"Text": "a\0b"}))), 90_007),
        (with("MsgBody", element(json!("TIMCustomElem"), deep)), 90_007),
        (with("MsgBody", element(json!("TIMTextElem"), long)), 80_002),
        (with("MsgLifeTime", json!(604_801)), 90_026),
        (with("MsgLifeTime", json!(-1)), 90_026),
        (with("MsgLifeTime", json!("60")), 90_026),
        (with("From_Account", json!("ming")), 90_009),
        (with("From_Account", json!("nobody")), 90_009),
        (with("From_Account", json!("a\0b")), 90_009),
        (with("From_Account", json!(1)), 90_009),
    ] {
        let answer = team.call(PUSH, &body).await;
        assert_eq!(code(&answer), expected, "{body} {answer}");
    }
    assert!(pushes(&team).await.is_empty());
    assert_eq!(code(&team.call("all_member_push/im_pull", &message(1)).await), 60_009);
    // Another admin may be named.
    let set = team.operator.post(&paths::set_admin(team.app.sdkappid, "ming"), &json!({})).await;
    assert_eq!(set.status, 200);
    assert_eq!(code(&team.call(PUSH, &with("From_Account", json!("ming"))).await), 0);
    assert_eq!(pushes(&team).await[0].from, "ming");
}

async fn pushes_are_rationed(server: Server) {
    let team = Team::new(&server).await;
    let limits = json!({"bulk": 100, "other": 0, "pushes": 2});
    let path = paths::call_limits(team.app.sdkappid);
    assert_eq!(team.operator.put(&path, &limits).await.status, 200);
    assert_eq!(code(&team.call(PUSH, &message(1)).await), 0);
    server.clock.advance(1_000);
    assert_eq!(code(&team.call(PUSH, &message(2)).await), 90_024);
    server.clock.advance(1);
    assert_eq!(code(&team.call(PUSH, &message(2)).await), 0);
    server.clock.advance(2_000);
    assert_eq!(code(&team.call(PUSH, &message(3)).await), 90_047);
    assert_eq!(code(&team.call(PUSH, &message(2)).await), 0, "one that was sent is the same");
    assert_eq!(pushes(&team).await.len(), 2);
    // Limits that say nothing of pushes leave them as they are by default.
    assert_eq!(team.operator.put(&path, &json!({"bulk": 1, "other": 1})).await.status, 200);
    assert_eq!(code(&team.call(PUSH, &message(3)).await), 0);
    assert_eq!(
        team.operator.put(&path, &json!({"bulk": 1, "other": 1, "pushes": 1_000_001})).await.status,
        422
    );
}

async fn rest_sends_and_shows_pushes(server: Server) {
    let team = Team::new(&server).await;
    let path = paths::pushes(team.app.sdkappid);
    let reader = server.program(&team.operator, &team.app, TokenAccess::Read).await;
    let writer = server.program(&team.operator, &team.app, TokenAccess::Write).await;
    let text = json!({"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi"}});
    let new = json!({"random": 7, "lifetime_seconds": 60, "body": [text]});
    assert_eq!(server.stranger().post(&path, &new).await.status, 401);
    assert_eq!(reader.post(&path, &new).await.status, 403);
    for (field, bad) in [
        ("body", json!({"random": 7, "body": []})),
        ("body", json!({"random": 7, "body": [{"MsgType": "x", "MsgContent": {}}]})),
        ("lifetime_seconds", json!({"random": 7, "lifetime_seconds": 604_801, "body": [text]})),
    ] {
        let answer = writer.post(&path, &bad).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json::<Value>()["errors"][0]["field"].clone()),
            (422, json!(field))
        );
    }
    let answer = writer.post(&path, &new).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let push: Push = answer.json();
    let again = team.operator.post(&path, &new).await;
    assert_eq!((again.status.as_u16(), again.json::<Push>()), (200, push.clone()));
    let soon = team.operator.post(&path, &json!({"random": 8, "body": [text]})).await;
    assert_eq!((soon.status.as_u16(), soon.header("retry-after")), (429, "1"));
    assert_eq!(soon.json::<Value>()["code"], "too_soon");
    let one = paths::push(team.app.sdkappid, &push.task_id);
    assert_eq!(reader.get(&one).await.json::<Push>(), push);
    assert_eq!(reader.get(&paths::push(team.app.sdkappid, "a%00b")).await.status, 404);
    assert_eq!(reader.get(&paths::push(team.app.sdkappid, "none")).await.status, 404);
}
