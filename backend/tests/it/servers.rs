//! Several servers over one PostgreSQL: what happens at one is heard at the others, and limits hold for all together. SQLite has one
//! server.

use crate::{
    chat_api::{Team, code, envelope},
    jobs_events::Events,
    support::{Client, Engine, Server, run},
};
use axum::http::Method;
use futures::future::join_all;
use rollcall_backend::{chat_api::Calls, relay};
use rollcall_shared::{app::App, paths};
use serde_json::{Value, json};

/// Two servers that hear each other, and an application.
async fn two() -> (Server, Server, Client, App) {
    let one = Server::start(Engine::Postgres).await;
    let other = one.twin(Calls::default()).await;
    for server in [&one, &other] {
        tokio::spawn(relay::run(server.state.clone()));
    }
    let operator = one.operator().await;
    let app = one.create_app(&operator, "Aurora Live").await;
    (one, other, operator, app)
}

/// Creates accounts at the first server until the second hears of one: it may still be about to listen.
async fn heard(operator: &Client, app: &App, events: &mut Events) -> Value {
    let mut number = 0;
    let mut next = Box::pin(events.next());
    loop {
        number += 1;
        let path = paths::accounts(app.sdkappid);
        let new = json!({ "user_id": format!("user-{number}") });
        tokio::select! {
            event = &mut next => {
                let (name, _, data) = event.unwrap();
                assert_eq!(name, "account");
                // Whoever begins to listen is told that something may have been missed before.
                if data["change"] != "missed" {
                    return data;
                }
                drop(next);
                next = Box::pin(events.next());
            }
            answer = operator.post(&path, &new) => assert_eq!(answer.status, 201, "{}", answer.text()),
        }
    }
}

/// Creates 250 accounts at the first server and hears of all of them at the second. False if a server lost its connection meanwhile,
/// and said so: who hears that reads again.
async fn batch_is_heard(operator: &Client, app: &App, events: &mut Events, prefix: &str) -> bool {
    let accounts: Vec<Value> = (0..250).map(|n| json!({ "user_id": format!("{prefix}{n}") })).collect();
    let batch = json!({ "accounts": accounts, "on_existing": "refuse" });
    assert_eq!(operator.post(&paths::account_batches(app.sdkappid), &batch).await.status, 200);
    let mut names = 0;
    while names < 250 {
        let (_, _, data) = events.next().await.unwrap();
        if data["change"] == "missed" {
            return false;
        }
        let ids = data["user_ids"].as_array().unwrap();
        names += ids.iter().filter(|id| id.as_str().unwrap().starts_with(prefix)).count();
    }
    true
}

#[test]
fn a_console_at_another_server_hears_of_changed_accounts() {
    run(|| async {
        let (one, other, operator, app) = two().await;
        let mut events = Events::open(&other, &operator, &app, None).await;
        let data = heard(&operator, &app, &mut events).await;
        assert_eq!(data["change"], "created", "{data}");
        assert!(data["user_ids"][0].as_str().unwrap().starts_with("user-"), "{data}");

        // More names than one message holds arrive too.
        let mut heard = false;
        for batch in 0..5 {
            heard = heard || batch_is_heard(&operator, &app, &mut events, &format!("many-{batch}-")).await;
        }
        assert!(heard, "none of five batches was heard whole");
        one.state.stop.cancel();
        other.state.stop.cancel();
    });
}

#[test]
fn a_limit_of_calls_holds_for_all_servers_together() {
    run(|| async {
        let one = Server::start(Engine::Postgres).await;
        let other = one.twin(Calls::default()).await;
        let team = Team::new(&one).await;
        let limits = json!({"bulk": 17, "other": 0});
        let path = paths::call_limits(team.app.sdkappid);
        assert_eq!(team.operator.put(&path, &limits).await.status, 200);
        let check = json!({"CheckItem": [{"UserID": "administrator"}]}).to_string();
        let uri = format!("/v4/im_open_login_svc/account_check?{}", team.query());
        let (here, there) = (one.stranger(), other.stranger());
        let calls = (0..40).flat_map(|_| {
            [&here, &there].map(|client| async {
                let answer = client.send(Method::POST, &uri, check.clone().into()).await;
                code(&envelope(&answer))
            })
        });
        // The clock of the tests stands still: all of them fall into one second.
        let codes = join_all(calls).await;
        let count = |wanted: u64| codes.iter().filter(|code| **code == wanted).count();
        assert_eq!((count(0), count(60007)), (17, 63));
        one.clock.advance(1_000);
        let answer = there.send(Method::POST, &uri, check.clone().into()).await;
        assert_eq!(code(&envelope(&answer)), 0);
    });
}
