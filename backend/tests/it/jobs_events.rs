//! Server-sent events: what a console hears while it watches an application.

use crate::support::{Client, Server, on_both_engines};
use axum::{
    body::{Body, BodyDataStream},
    http::Request,
};
use futures::StreamExt as _;
use rollcall_backend::jobs;
use rollcall_shared::{
    app::App,
    job::{Job, JobState},
    paths,
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

on_both_engines!(
    a_listener_hears_a_job_begin_and_end,
    a_listener_hears_of_changed_accounts_of_its_application,
    who_comes_back_hears_what_was_missed,
    a_stream_ends_when_the_server_stops,
);

/// A stream of events.
pub struct Events {
    body: BodyDataStream,
    read: String,
}

impl Events {
    pub async fn open(server: &Server, operator: &Client, app: &App, last: Option<&str>) -> Self {
        let mut request = Request::get(paths::events(app.sdkappid)).header("cookie", operator.cookie());
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = server.app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body().into_data_stream(), read: String::new() }
    }

    /// The next event: its name, id and data. Heartbeats are passed over.
    pub async fn next(&mut self) -> Option<(String, String, Value)> {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let field = |name: &str| {
                    let line = event.lines().find_map(|line| line.strip_prefix(name));
                    line.map(|text| text.trim_start_matches([':', ' ']).to_owned()).unwrap_or_default()
                };
                let (name, id, data) = (field("event"), field("id"), field("data"));
                self.read = rest.to_owned();
                if !name.is_empty() {
                    return Some((name, id, serde_json::from_str(&data).unwrap()));
                }
                continue;
            }
            let chunk = self.body.next().await?.unwrap();
            self.read.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    async fn job(&mut self) -> Job {
        let (name, _, data) = self.next().await.unwrap();
        assert_eq!(name, "job");
        serde_json::from_value(data).unwrap()
    }
}

async fn signed_in(server: &Server) -> (Client, App) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    (operator, app)
}

async fn ask(operator: &Client, app: &App) -> Job {
    operator.post(&paths::exports(app.sdkappid), &json!({"format": "csv"})).await.json()
}

async fn a_listener_hears_a_job_begin_and_end(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let mut events = Events::open(&server, &operator, &app, None).await;
    let asked = ask(&operator, &app).await;
    assert_eq!(events.job().await, asked);
    jobs::drain(&server.state).await.unwrap();
    let ended = events.job().await;
    assert_eq!((ended.id, ended.state, ended.done), (asked.id, JobState::Done, 1));
}

async fn a_listener_hears_of_changed_accounts_of_its_application(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let other = server.create_app(&operator, "Boreal Chat").await;
    let mut events = Events::open(&server, &operator, &app, None).await;
    operator.post(&paths::accounts(other.sdkappid), &json!({"user_id": "theirs"})).await;
    let created = operator.post(&paths::accounts(app.sdkappid), &json!({"user_id": "ming"})).await;
    let edit = json!({"nickname": "Ming"});
    operator.if_match(created.header("etag")).patch(&paths::account(app.sdkappid, "ming"), &edit).await;
    for change in ["created", "updated"] {
        let (name, id, data) = events.next().await.unwrap();
        assert_eq!((name.as_str(), data), ("account", json!({"change": change, "user_ids": ["ming"]})));
        assert_eq!(id, server.state.clock.now().millis().to_string());
    }
}

async fn who_comes_back_hears_what_was_missed(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let old = ask(&operator, &app).await;
    jobs::drain(&server.state).await.unwrap();
    let last = server.state.clock.now().millis().to_string();
    server.clock.advance(1000);
    let missed = ask(&operator, &app).await;
    jobs::drain(&server.state).await.unwrap();
    let mut events = Events::open(&server, &operator, &app, Some(&last)).await;
    let (name, _, data) = events.next().await.unwrap();
    assert_eq!((name.as_str(), data["change"].as_str()), ("account", Some("missed")));
    let told = events.job().await;
    assert!(told.id == missed.id && told.id != old.id && told.state == JobState::Done);
}

async fn a_stream_ends_when_the_server_stops(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let mut events = Events::open(&server, &operator, &app, None).await;
    server.state.stop.cancel();
    assert_eq!(events.next().await, None);
}
