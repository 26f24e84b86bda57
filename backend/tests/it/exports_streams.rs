//! Small exports that are answered at once: their bytes are those of a job's file, and too many accounts are refused.

use crate::support::{Client, Server, on_both_engines};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rollcall_backend::jobs;
use rollcall_shared::{
    account::{Account, NewAccount},
    app::{App, TokenAccess},
    job::Job,
    paths,
};
use rollcall_store::{Actor, Change};
use serde_json::json;
use sha2::{Digest, Sha256};

on_both_engines!(
    a_stream_is_the_file_of_a_job,
    a_selection_is_streamed,
    ten_thousand_accounts_are_streamed_and_no_more,
    a_stream_is_for_those_who_may_read,
);

async fn filled(server: &Server, count: usize) -> (Client, App) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    load(server, &app, 0..count).await;
    (operator, app)
}

async fn load(server: &Server, app: &App, numbers: std::ops::Range<usize>) {
    let now = server.state.clock.now();
    let account = |n: usize| {
        let nickname = if n.is_multiple_of(2) { "even" } else { "odd" }.to_owned();
        NewAccount { nickname, ..NewAccount::new(format!("u{n:05}")) }.into_account(now, Default::default())
    };
    let change = Change { actor: Actor::System, now };
    server.state.store.load_accounts(&change, app.sdkappid, numbers.map(account).collect()).await.unwrap();
}

async fn a_stream_is_the_file_of_a_job(server: Server) {
    let (operator, app) = filled(&server, 1200).await;
    for request in [
        json!({"format": "csv", "header": "en", "cells": "exact"}),
        json!({"format": "ndjson", "compression": "zstd"}),
        json!({"format": "csv", "compression": "gzip", "time_zone": "Europe/Amsterdam"}),
    ] {
        let streamed = operator.post(&paths::export_streams(app.sdkappid), &request).await;
        assert_eq!(streamed.status, 200, "{}", streamed.text());
        let asked = operator.post(&paths::exports(app.sdkappid), &request).await;
        jobs::drain(&server.state).await.unwrap();
        let job: Job = operator.get(asked.header("location")).await.json();
        let file = job.result.unwrap().file.unwrap();
        let kept = operator.get(&file.url).await;
        assert!(streamed.body == kept.body, "{request}");
        for name in ["content-type", "content-length", "content-disposition"] {
            assert_eq!(streamed.header(name), kept.header(name), "{request}");
        }
        assert_eq!(streamed.header("cache-control"), "private, no-store");
        let hash = STANDARD.encode(Sha256::digest(&streamed.body));
        assert_eq!(streamed.header("repr-digest"), format!("sha-256=:{hash}:"));
    }
    let workbook = operator.post(&paths::export_streams(app.sdkappid), &json!({"format": "xlsx"})).await;
    assert_eq!((workbook.status.as_u16(), &workbook.body[..2]), (200, &b"PK"[..]));
}

async fn a_selection_is_streamed(server: Server) {
    let (operator, app) = filled(&server, 1200).await;
    let rows = async |selection| {
        let request = json!({"format": "ndjson", "selection": selection});
        let answer = operator.post(&paths::export_streams(app.sdkappid), &request).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let parse = |line: &str| serde_json::from_str::<Account>(line).unwrap();
        answer.text().lines().map(parse).collect::<Vec<_>>()
    };
    let odd = json!({"filter": {"q": "odd"}, "except": ["u00003"], "as_of": "2026-11-22T18:00:00Z"});
    let found = rows(odd).await;
    assert_eq!(found.len(), 599);
    assert!(found.iter().all(|account| account.nickname == "odd" && account.user_id != "u00003"));
    let named = rows(json!({"user_ids": ["u00007", "ghost", "u00005"]})).await;
    let ids: Vec<&str> = named.iter().map(|account| account.user_id.as_str()).collect();
    assert_eq!(ids, ["u00007", "u00005"]);
}

async fn ten_thousand_accounts_are_streamed_and_no_more(server: Server) {
    let (operator, app) = filled(&server, 9_999).await;
    let everything = json!({"filter": {}, "as_of": "2026-11-22T18:00:00Z"});
    let requests = [
        json!({"format": "csv", "columns": ["user_id"]}),
        json!({"format": "csv", "columns": ["user_id"], "selection": everything}),
    ];
    let stream = async |request| operator.post(&paths::export_streams(app.sdkappid), request).await;
    for request in &requests {
        let answer = stream(request).await;
        assert_eq!((answer.status.as_u16(), answer.text().lines().count()), (200, 10_001), "{request}");
    }
    load(&server, &app, 9_999..10_001).await;
    for request in &requests {
        let problem = stream(request).await.problem();
        let error = &problem.errors[0];
        assert_eq!(
            (problem.status, error.field.as_str(), error.code.as_str()),
            (422, "selection", "too_long")
        );
        assert!(error.message.contains(&paths::exports(app.sdkappid)), "{}", error.message);
    }
}

async fn a_stream_is_for_those_who_may_read(server: Server) {
    let (operator, app) = filled(&server, 1).await;
    let other = server.create_app(&operator, "Boreal Chat").await;
    let request = json!({"format": "csv"});
    let path = paths::export_streams(app.sdkappid);
    assert_eq!(server.stranger().post(&path, &request).await.refusal().0, 401);
    let theirs = server.program(&operator, &other, TokenAccess::Write).await;
    assert_eq!(theirs.post(&path, &request).await.refusal().0, 403);
    let reader = server.program(&operator, &app, TokenAccess::Read).await;
    assert_eq!(reader.post(&path, &request).await.status, 200);
}
