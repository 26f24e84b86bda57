//! Webhooks: what a receiver is told, in which order, and what becomes of what it does not take.

use crate::support::{Client, Server, on_both_engines};
use axum::{
    Router,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use rollcall_backend::webhooks::{self, deliver_all};
use rollcall_shared::{
    app::{App, SdkAppId},
    paths,
    webhook::{DeliveryState, Webhook, WebhookAnswer, WebhookDeliveries},
};
use serde_json::{Value, json};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
};
use tokio::net::TcpListener;

on_both_engines!(
    a_receiver_is_told_what_happened_signed_and_in_order,
    what_is_not_taken_is_sent_again_later,
    what_is_refused_is_given_up_and_the_next_goes_on,
    a_dead_receiver_is_given_up_after_a_day,
    what_was_not_chosen_or_not_done_is_not_told,
    a_removed_webhook_forgets_what_waits,
    wrong_settings_are_named_and_the_token_is_never_shown,
    a_test_says_what_came_of_it,
    only_the_newest_deliveries_are_kept,
);

/// What a request to the receiver was.
#[derive(Clone, Debug)]
pub struct Told {
    query: HashMap<String, String>,
    /// The body.
    pub body: Value,
}

impl Told {
    fn command(&self) -> &str {
        self.body["CallbackCommand"].as_str().unwrap()
    }
}

/// A program that takes events, as it is told to.
#[derive(Clone, Default)]
pub struct Receiver {
    told: Arc<Mutex<Vec<Told>>>,
    /// What it answers next; when there is nothing, that all is well.
    answers: Arc<Mutex<VecDeque<StatusCode>>>,
}

impl Receiver {
    /// Listens on a free port; where that is.
    pub async fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?key=1", listener.local_addr().unwrap());
        let routes = Router::new().route("/hook", post(take)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        url
    }

    fn will_answer(&self, answers: impl IntoIterator<Item = StatusCode>) {
        self.answers.lock().unwrap().extend(answers);
    }

    /// What it was told since this was asked last.
    pub fn take_told(&self) -> Vec<Told> {
        std::mem::take(&mut self.told.lock().unwrap())
    }

    /// The commands of that.
    pub fn commands(&self) -> Vec<String> {
        self.take_told().iter().map(|told| told.command().to_owned()).collect()
    }
}

async fn take(
    State(receiver): State<Receiver>,
    Query(query): Query<HashMap<String, String>>,
    body: String,
) -> Response {
    let body = serde_json::from_str(&body).unwrap();
    receiver.told.lock().unwrap().push(Told { query, body });
    let status = receiver.answers.lock().unwrap().pop_front().unwrap_or(StatusCode::OK);
    (status, r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#).into_response()
}

pub const ALL: [&str; 3] = ["accounts_imported", "accounts_deleted", "profile_changed"];
pub const IMPORTED: &str = "Account.CallbackImported";
const DELETED: &str = "Account.CallbackDeleted";
const PROFILE: &str = "Profile.CallbackPortraitSet";

/// An application whose webhook is told these events.
pub async fn with_webhook(server: &Server, receiver: &Receiver, events: &[&str]) -> (Client, App) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let settings = json!({"url": receiver.start().await, "token": "xxxxyyyy", "events": events});
    let answer = operator.put(&paths::webhook(app.sdkappid), &settings).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    (operator, app)
}

pub async fn create(operator: &Client, app: &App, user_id: &str) {
    let new = json!({"user_id": user_id, "type": "general", "nickname": "", "photo_url": ""});
    let answer = operator.post(&paths::accounts(app.sdkappid), &new).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
}

pub async fn deliveries(operator: &Client, app: &App) -> WebhookDeliveries {
    operator.get(&paths::webhook_deliveries(app.sdkappid)).await.json()
}

async fn states(operator: &Client, app: &App) -> Vec<(DeliveryState, u32, u32)> {
    let items = deliveries(operator, app).await.items;
    items.iter().map(|item| (item.state, item.attempts, item.last.status)).collect()
}

async fn a_receiver_is_told_what_happened_signed_and_in_order(server: Server) {
    let receiver = Receiver::default();
    let (operator, app) = with_webhook(&server, &receiver, &ALL).await;
    create(&operator, &app, "ming").await;
    server.clock.advance(1);
    let batch = json!({"accounts": [
        {"user_id": "mei", "type": "general", "nickname": "Mei", "photo_url": ""},
        {"user_id": "ming", "type": "general", "nickname": "赵明远", "photo_url": ""},
    ], "on_existing": "update"});
    let answer = operator.post(&paths::account_batches(app.sdkappid), &batch).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    server.clock.advance(1);
    let path = paths::account(app.sdkappid, "mei");
    let etag = operator.get(&path).await.header("etag").to_owned();
    let patch = json!({"gender": "female", "level": 7});
    assert_eq!(operator.if_match(&etag).patch(&path, &patch).await.status, 200);
    server.clock.advance(1);
    operator.put(&paths::deletion_restriction(app.sdkappid), &json!({"lifted": true})).await;
    let names = json!({"user_ids": ["mei", "ming", "nobody", "administrator"]});
    operator.post(&paths::account_deletions(app.sdkappid), &names).await;

    deliver_all(&server.state).await.unwrap();
    let mut told = receiver.take_told();
    // The batch created one and changed another at the same instant.
    told[1..3].sort_by_key(|told| told.command().to_owned());
    let commands: Vec<&str> = told.iter().map(Told::command).collect();
    assert_eq!(commands, [IMPORTED, IMPORTED, PROFILE, PROFILE, DELETED]);
    assert_eq!(told[0].body["AccountList"], json!([{"UserID": "ming"}]));
    assert_eq!(told[0].body["Operator_Account"], "administrator");
    assert_eq!(told[0].body["EventTime"], crate::support::START);
    assert_eq!(told[1].body["AccountList"], json!([{"UserID": "mei"}]));
    assert_eq!(told[2].body["From_Account"], "ming");
    assert_eq!(told[2].body["ProfileItem"], json!([{"Tag": "Tag_Profile_IM_Nick", "Value": "赵明远"}]));
    assert_eq!(told[3].body["From_Account"], "mei");
    let items = json!([
        {"Tag": "Tag_Profile_IM_Gender", "Value": "Gender_Type_Female"},
        {"Tag": "Tag_Profile_IM_Level", "Value": 7},
    ]);
    assert_eq!(told[3].body["ProfileItem"], items);
    assert_eq!(told[4].body["AccountList"], json!([{"UserID": "mei"}, {"UserID": "ming"}]));

    let query = &told[0].query;
    assert_eq!((query["key"].as_str(), query["contenttype"].as_str()), ("1", "json"));
    assert_eq!(
        (&query["SdkAppid"], &query["CallbackCommand"]),
        (&app.sdkappid.to_string(), &IMPORTED.into())
    );
    assert_eq!((query["OptPlatform"].as_str(), query["RequestTime"].as_str()), ("Web", "1795370400"));
    let sign = rollcall_backend::secrets::hex(&rollcall_backend::secrets::hash("xxxxyyyy1795370400"));
    assert_eq!(query["Sign"], sign);

    let taken = states(&operator, &app).await;
    assert_eq!(taken, [(DeliveryState::Delivered, 1, 200); 5]);
    let shown = deliveries(&operator, &app).await;
    assert_eq!((shown.waiting, shown.next_try_at), (0, None));
    assert!(shown.items[0].last.text.contains("ActionStatus"), "{shown:?}");
    deliver_all(&server.state).await.unwrap();
    assert!(receiver.take_told().is_empty(), "each is told once");
}

async fn what_is_not_taken_is_sent_again_later(server: Server) {
    let receiver = Receiver::default();
    let (operator, app) = with_webhook(&server, &receiver, &ALL).await;
    create(&operator, &app, "first").await;
    server.clock.advance(1);
    create(&operator, &app, "second").await;
    receiver.will_answer([StatusCode::BAD_GATEWAY, StatusCode::SERVICE_UNAVAILABLE]);
    for pause in [1_000, 2_000] {
        deliver_all(&server.state).await.unwrap();
        assert_eq!(receiver.take_told().len(), 1, "the second waits for the first");
        server.clock.advance(pause - 1);
        deliver_all(&server.state).await.unwrap();
        assert!(receiver.take_told().is_empty(), "not before {pause} ms");
        server.clock.advance(1);
    }
    let waits = deliveries(&operator, &app).await;
    assert_eq!((waits.waiting, waits.items.len()), (2, 1));
    assert_eq!((waits.items[0].attempts, waits.items[0].last.status), (2, 503));
    deliver_all(&server.state).await.unwrap();
    let ids: Vec<Value> =
        receiver.take_told().into_iter().map(|told| told.body["AccountList"].clone()).collect();
    assert_eq!(ids, [json!([{"UserID": "first"}]), json!([{"UserID": "second"}])]);
    let done = states(&operator, &app).await;
    assert_eq!(done, [(DeliveryState::Delivered, 1, 200), (DeliveryState::Delivered, 3, 200)]);
}

async fn what_is_refused_is_given_up_and_the_next_goes_on(server: Server) {
    let receiver = Receiver::default();
    let (operator, app) = with_webhook(&server, &receiver, &ALL).await;
    create(&operator, &app, "first").await;
    server.clock.advance(1);
    create(&operator, &app, "second").await;
    receiver.will_answer([StatusCode::NOT_FOUND; 5]);
    for _ in 0..5 {
        deliver_all(&server.state).await.unwrap();
        server.clock.advance(60_000);
    }
    assert_eq!(receiver.take_told().len(), 6);
    let done = states(&operator, &app).await;
    assert_eq!(done, [(DeliveryState::Delivered, 1, 200), (DeliveryState::GivenUp, 5, 404)]);
}

async fn a_dead_receiver_is_given_up_after_a_day(server: Server) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    // Nobody listens there.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = json!({"url": format!("http://{}", listener.local_addr().unwrap()), "events": ALL});
    drop(listener);
    assert_eq!(operator.put(&paths::webhook(app.sdkappid), &settings).await.status, 200);
    create(&operator, &app, "ming").await;
    deliver_all(&server.state).await.unwrap();
    let waits = deliveries(&operator, &app).await;
    assert_eq!((waits.waiting, waits.items[0].last.status), (1, 0));
    assert!(!waits.items[0].last.text.is_empty());
    assert_eq!(waits.next_try_at.unwrap().millis(), crate::support::START + 1_000);
    server.clock.advance(24 * 60 * 60 * 1_000);
    deliver_all(&server.state).await.unwrap();
    assert_eq!(states(&operator, &app).await, [(DeliveryState::GivenUp, 2, 0)]);
    assert_eq!(deliveries(&operator, &app).await.waiting, 0);
}

async fn what_was_not_chosen_or_not_done_is_not_told(server: Server) {
    let receiver = Receiver::default();
    let (operator, app) = with_webhook(&server, &receiver, &["profile_changed"]).await;
    create(&operator, &app, "ming").await;
    let path = paths::account(app.sdkappid, "ming");
    let etag = operator.get(&path).await.header("etag").to_owned();
    // No change; a change that is refused; a change that is no profile's.
    let client = operator.if_match(&etag);
    assert_eq!(client.patch(&path, &json!({"level": 0})).await.status, 200);
    let stale = operator.if_match("\"1-1\"");
    assert_eq!(stale.patch(&path, &json!({"level": 1})).await.status, 412);
    assert_eq!(operator.post(&paths::set_admin(app.sdkappid, "ming"), &json!({})).await.status, 200);
    deliver_all(&server.state).await.unwrap();
    assert!(receiver.take_told().is_empty());
    assert_eq!(deliveries(&operator, &app).await.waiting, 0);
}

async fn a_removed_webhook_forgets_what_waits(server: Server) {
    let receiver = Receiver::default();
    let (operator, app) = with_webhook(&server, &receiver, &ALL).await;
    create(&operator, &app, "ming").await;
    assert_eq!(operator.delete(&paths::webhook(app.sdkappid)).await.status, 204);
    create(&operator, &app, "mei").await;
    deliver_all(&server.state).await.unwrap();
    assert!(receiver.take_told().is_empty());
    let none: Webhook = operator.get(&paths::webhook(app.sdkappid)).await.json();
    assert_eq!(none, Webhook::default());
    assert_eq!(deliveries(&operator, &app).await, WebhookDeliveries::default());

    // The application can go with all that it has.
    let again = json!({"url": receiver.start().await, "events": ALL});
    assert_eq!(operator.put(&paths::webhook(app.sdkappid), &again).await.status, 200);
    create(&operator, &app, "waits").await;
    let path = format!("{}?confirm=Aurora%20Live", paths::app(app.sdkappid));
    assert_eq!(operator.delete(&path).await.status, 202);
    rollcall_backend::jobs::drain(&server.state).await.unwrap();
    deliver_all(&server.state).await.unwrap();
    assert!(receiver.take_told().is_empty());
}

async fn wrong_settings_are_named_and_the_token_is_never_shown(server: Server) {
    let receiver = Receiver::default();
    let (operator, app) = with_webhook(&server, &receiver, &["profile_changed"]).await;
    let path = paths::webhook(app.sdkappid);
    let answer = operator.put(&path, &json!({"url": "ftp://x", "events": []})).await;
    assert_eq!(answer.status, 422, "{}", answer.text());
    let fields: Vec<Value> =
        answer.json::<Value>()["errors"].as_array().unwrap().iter().map(|e| e["field"].clone()).collect();
    assert_eq!(fields, ["url", "events"]);

    let shown = operator.get(&path).await;
    assert!(!shown.text().contains("xxxxyyyy"), "{}", shown.text());
    let url = shown.json::<Webhook>().url;
    assert!(shown.json::<Webhook>().has_token);
    // Without a word of it the token stays; an empty one takes it away.
    let kept: Webhook = operator.put(&path, &json!({"url": url, "events": ALL})).await.json();
    assert!(kept.has_token);
    let bare: Webhook = operator.put(&path, &json!({"url": url, "events": ALL, "token": ""})).await.json();
    assert!(!bare.has_token);
    create(&operator, &app, "ming").await;
    deliver_all(&server.state).await.unwrap();
    assert!(!receiver.take_told()[0].query.contains_key("Sign"));
}

async fn a_test_says_what_came_of_it(server: Server) {
    let receiver = Receiver::default();
    let (operator, app) = with_webhook(&server, &receiver, &ALL).await;
    receiver.will_answer([StatusCode::IM_A_TEAPOT]);
    let path = paths::webhook_tests(app.sdkappid);
    let answer: WebhookAnswer = operator.post(&path, &json!({})).await.json();
    assert_eq!((answer.status, answer.is_taken()), (418, false));
    assert_eq!(receiver.commands(), ["Rollcall.CallbackTest"]);
    assert!(deliveries(&operator, &app).await.items.is_empty(), "a test is not kept");
    operator.delete(&paths::webhook(app.sdkappid)).await;
    assert_eq!(operator.post(&path, &json!({})).await.status, 404);
}

async fn only_the_newest_deliveries_are_kept(server: Server) {
    let receiver = Receiver::default();
    let (operator, app) = with_webhook(&server, &receiver, &ALL).await;
    for n in 0..130 {
        create(&operator, &app, &format!("user-{n:03}")).await;
        server.clock.advance(1);
    }
    deliver_all(&server.state).await.unwrap();
    assert_eq!(receiver.take_told().len(), 130);
    let items = deliveries(&operator, &app).await.items;
    assert_eq!(items.len(), 100);
    assert_eq!(items[0].created_at.millis(), crate::support::START + 129);
}

#[tokio::test]
async fn private_networks_must_be_allowed() {
    let receiver = Receiver::default();
    let url = receiver.start().await;
    let client = webhooks::Client::new(false).unwrap();
    for url in
        [url.clone(), url.replace("127.0.0.1", "localhost"), url.replace("127.0.0.1", "[::ffff:7f00:1]")]
    {
        let answer = client.post(url.parse().unwrap(), &json!({})).await;
        assert_eq!(answer.status, 0, "{url}");
        assert!(answer.text.contains("private network"), "{url}: {}", answer.text);
    }
    assert!(receiver.take_told().is_empty());
    let allowed = webhooks::Client::new(true).unwrap();
    let body = json!({"CallbackCommand": "x", "app": SdkAppId(1)});
    assert_eq!(allowed.post(url.parse().unwrap(), &body).await.status, 200);
}
