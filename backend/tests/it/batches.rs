//! Batches: a result for each distinct username, whatever the others came to.

use crate::support::{Client, Server, on_both_engines};
use rollcall_shared::{
    account::Account,
    app::App,
    paths,
    selection::{BatchResults, ItemStatus},
};
use serde_json::{Value, json};

on_both_engines!(
    each_account_has_a_result_of_its_own,
    of_a_username_that_comes_twice_the_last_wins,
    an_update_writes_what_the_batch_gives,
    admins_beyond_the_cap_are_refused_one_by_one,
    a_thousand_are_taken_and_one_more_is_not,
);

async fn signed_in(server: &Server) -> (Client, App) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    (operator, app)
}

async fn send(operator: &Client, app: &App, batch: &Value) -> Vec<(String, ItemStatus, Vec<String>)> {
    let answer = operator.post(&paths::account_batches(app.sdkappid), batch).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let codes =
        |errors: Vec<rollcall_shared::error::FieldError>| errors.into_iter().map(|e| e.code).collect();
    let results = answer.json::<BatchResults>().results;
    results.into_iter().map(|result| (result.user_id, result.status, codes(result.errors))).collect()
}

fn result(user_id: &str, status: ItemStatus, codes: &[&str]) -> (String, ItemStatus, Vec<String>) {
    (user_id.to_owned(), status, codes.iter().map(|code| (*code).to_owned()).collect())
}

async fn account(operator: &Client, app: &App, user_id: &str) -> Account {
    operator.get(&paths::account(app.sdkappid, user_id)).await.json()
}

async fn each_account_has_a_result_of_its_own(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let batch = json!({"accounts": [
        {"user_id": "b", "nickname": "B"},
        {"user_id": "é"},
        {"user_id": "administrator"},
        {"user_id": "a", "photo_url": "javascript:alert(1)"},
        {"user_id": "", "location": "far too long a place"},
    ]});
    let expected = [
        result("b", ItemStatus::Created, &[]),
        result("é", ItemStatus::Refused, &["invalid_character"]),
        result("administrator", ItemStatus::Refused, &["taken"]),
        result("a", ItemStatus::Refused, &["invalid_url"]),
        result("", ItemStatus::Refused, &["required", "too_long"]),
    ];
    assert_eq!(send(&operator, &app, &batch).await, expected);
    assert_eq!(account(&operator, &app, "b").await.nickname, "B");
    assert_eq!(operator.get(&paths::account(app.sdkappid, "a")).await.status, 404);
    let app: App = operator.get(&paths::app(app.sdkappid)).await.json();
    assert_eq!(app.accounts, 2);
}

async fn of_a_username_that_comes_twice_the_last_wins(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let batch = json!({"accounts": [
        {"user_id": "a", "nickname": "first"}, {"user_id": "b"}, {"user_id": "a", "nickname": "last"},
    ]});
    let expected = [result("a", ItemStatus::Created, &[]), result("b", ItemStatus::Created, &[])];
    assert_eq!(send(&operator, &app, &batch).await, expected);
    assert_eq!(account(&operator, &app, "a").await.nickname, "last");
}

async fn an_update_writes_what_the_batch_gives(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let first = json!({"accounts": [{"user_id": "a", "nickname": "A", "level": 3}, {"user_id": "b", "nickname": "B"}]});
    send(&operator, &app, &first).await;
    let update = json!({"on_existing": "update", "accounts": [
        {"user_id": "a", "nickname": "A2"}, {"user_id": "b", "nickname": "B"}, {"user_id": "c"},
    ]});
    let expected = [
        result("a", ItemStatus::Updated, &[]),
        result("b", ItemStatus::Unchanged, &[]),
        result("c", ItemStatus::Created, &[]),
    ];
    assert_eq!(send(&operator, &app, &update).await, expected);
    let (a, b) = (account(&operator, &app, "a").await, account(&operator, &app, "b").await);
    assert_eq!((a.nickname.as_str(), a.level, a.version, b.version), ("A2", 3, 2, 1));
}

async fn admins_beyond_the_cap_are_refused_one_by_one(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let accounts: Vec<Value> =
        (0..12).map(|n| json!({"user_id": format!("admin{n:02}"), "type": "admin"})).collect();
    let results = send(&operator, &app, &json!({ "accounts": accounts })).await;
    let created = results.iter().filter(|(_, status, _)| *status == ItemStatus::Created).count();
    let refused = results.iter().filter(|(_, _, codes)| codes == &["admin_limit"]).count();
    assert_eq!((created, refused), (9, 3));
    let app: App = operator.get(&paths::app(app.sdkappid)).await.json();
    assert_eq!((app.accounts, app.admins), (10, 10));
}

async fn a_thousand_are_taken_and_one_more_is_not(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let longest = "界".repeat(166);
    let one = |n: usize| json!({"user_id": format!("user{n}"), "nickname": longest, "whats_up": longest});
    let full: Vec<Value> = (0..1000).map(one).collect();
    let results = send(&operator, &app, &json!({ "accounts": full })).await;
    assert!(results.len() == 1000 && results.iter().all(|(_, status, _)| *status == ItemStatus::Created));
    let over: Vec<Value> = (1000..2001).map(one).collect();
    let answer = operator.post(&paths::account_batches(app.sdkappid), &json!({ "accounts": over })).await;
    let problem = answer.problem();
    assert_eq!((problem.status, problem.errors[0].field.as_str()), (422, "accounts"));
    let app: App = operator.get(&paths::app(app.sdkappid)).await.json();
    assert_eq!(app.accounts, 1001);
}
