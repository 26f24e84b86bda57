//! Schedules of exports over the API: what is kept, what is refused and by which field, and who may.

use crate::support::{Around, Client, Engine, Server, on_both_engines, run};
use axum::{body::Body, http::Method};
use object_store::aws::AmazonS3Builder;
use rollcall_backend::places::{Destinations, S3};
use rollcall_shared::{
    app::App,
    paths,
    schedule::{ComingRuns, ExportSchedule, ExportSchedules, ScheduleSettings},
};
use rollcall_store::{Actor, Change};
use serde_json::{Value, json};

on_both_engines!(
    a_schedule_is_made_changed_and_deleted,
    what_is_wrong_is_told_by_its_field,
    an_application_has_at_most_twenty,
    coming_runs_are_told_before_anything_is_kept,
    a_destination_that_is_gone_does_not_keep_anybody_from_pausing,
);

/// A schedule that runs at three in Shanghai, which is 19:00 in UTC.
pub fn nightly() -> Value {
    json!({
        "name": "Nightly",
        "calendar": {"kind": "daily", "time": "03:00"},
        "time_zone": "asia/shanghai",
        "export": {"format": "csv", "compression": "gzip", "filter": {"type": ["admin", "general"]}},
        "retention": {"last": 2},
    })
}

/// The same with something else in it.
pub fn with(changes: &Value) -> Value {
    let mut settings = nightly();
    settings.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    settings
}

/// Makes a schedule.
pub async fn made(operator: &Client, app: &App, settings: &Value) -> ExportSchedule {
    let answer = operator.post(&paths::export_schedules(app.sdkappid), settings).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn begin(server: &Server) -> (Client, App) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    (operator, app)
}

async fn a_schedule_is_made_changed_and_deleted(server: Server) {
    let (operator, app) = begin(&server).await;
    let all = paths::export_schedules(app.sdkappid);
    assert_eq!(operator.get(&all).await.json::<ExportSchedules>(), ExportSchedules::default());
    let answer = operator.post(&all, &nightly()).await;
    let made: ExportSchedule = answer.json();
    let one = paths::export_schedule(app.sdkappid, made.id);
    assert_eq!((answer.status.as_u16(), answer.header("location")), (201, one.as_str()));
    assert_eq!(answer.header("etag"), made.etag());
    assert_eq!(made.settings.time_zone, "Asia/Shanghai", "as the database of time zones calls it");
    // It is 18:00 in UTC, two at night in Shanghai.
    assert_eq!(made.next_at.unwrap().to_string(), "2026-11-22T19:00:00.000Z");
    assert_eq!((made.id, &made.last, &made.job, made.created_by.as_str()), (1, &None, &None, "operator:1"));
    assert_eq!(operator.get(&one).await.json::<ExportSchedule>(), made);
    assert_eq!(operator.get(&all).await.json::<ExportSchedules>().items, std::slice::from_ref(&made));

    let paused = with(&json!({"paused": true, "name": "Every night"}));
    assert_eq!(operator.put(&one, &paused).await.refusal(), (428, "precondition_required".to_owned()));
    let stale = operator.if_match("\"0-9\"").put(&one, &paused).await.problem();
    assert_eq!(
        (stale.status, stale.current.unwrap()["settings"]["name"].as_str().unwrap()),
        (412, "Nightly")
    );
    let answer = operator.if_match(&made.etag()).put(&one, &paused).await;
    let edited: ExportSchedule = answer.json();
    assert_eq!((edited.next_at, edited.settings.name.as_str(), edited.version), (None, "Every night", 2));
    assert_eq!(answer.header("etag"), edited.etag());

    let other = server.create_app(&operator, "Boreal Chat").await;
    assert_eq!(operator.get(&paths::export_schedule(other.sdkappid, made.id)).await.refusal().0, 404);
    let stale = operator.if_match(&made.etag()).send(Method::DELETE, &one, Body::empty()).await;
    assert_eq!(stale.refusal().0, 412);
    assert_eq!(operator.if_match(&edited.etag()).delete(&one).await.status, 204);
    assert_eq!(operator.get(&one).await.refusal().0, 404);
    let run = paths::export_schedule_run(app.sdkappid, made.id);
    assert_eq!(operator.post(&run, &Value::Null).await.refusal().0, 404);
}

async fn what_is_wrong_is_told_by_its_field(server: Server) {
    let (operator, app) = begin(&server).await;
    let cron = |text: &str| json!({"calendar": {"kind": "cron", "expression": text}});
    let export = |changes: Value| {
        let mut export = json!({"format": "csv"});
        export.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        json!({ "export": export })
    };
    let cases = [
        (json!({"name": " "}), "name", "required"),
        (json!({"calendar": {"kind": "daily", "time": "24:00"}}), "calendar.time", "invalid"),
        (json!({"calendar": {"kind": "weekly", "days": [], "time": "01:00"}}), "calendar.days", "required"),
        (cron("* * *"), "calendar.expression", "invalid"),
        (cron("0 0 30 2 *"), "calendar.expression", "invalid"),
        (json!({"time_zone": "Mars/Olympus"}), "time_zone", "unknown_value"),
        (export(json!({"columns": []})), "export.columns", "required"),
        (export(json!({"columns": ["custom.Nope"]})), "export.columns[0]", "unknown_field"),
        (export(json!({"format": "xlsx", "compression": "gzip"})), "export.compression", "invalid"),
        (export(json!({"time_zone": "+08:00"})), "export.time_zone", "unknown_value"),
        (export(json!({"filter": {"q": "x".repeat(201)}})), "export.filter.q", "too_long"),
        (json!({"destination": "nowhere"}), "destination", "unknown_value"),
        (json!({"retention": {}}), "retention.last", "required"),
        (json!({"retention": {"last": 0, "days": 9999}}), "retention.last", "out_of_range"),
    ];
    for (changes, field, code) in cases {
        let answer = operator.post(&paths::export_schedules(app.sdkappid), &with(&changes)).await;
        let problem = answer.problem();
        let first = &problem.errors[0];
        assert_eq!(
            (problem.status, first.field.as_str(), first.code.as_str()),
            (422, field, code),
            "{changes}"
        );
    }
    let unknown = with(&json!({"calendar": {"kind": "hourly"}}));
    let answer = operator.post(&paths::export_schedules(app.sdkappid), &unknown).await;
    assert!(answer.status.is_client_error(), "{}", answer.text());
    assert_eq!(
        operator.get(&paths::export_schedules(app.sdkappid)).await.json::<ExportSchedules>().items,
        []
    );
}

async fn an_application_has_at_most_twenty(server: Server) {
    let (operator, app) = begin(&server).await;
    for _ in 0..20 {
        made(&operator, &app, &nightly()).await;
    }
    let answer = operator.post(&paths::export_schedules(app.sdkappid), &nightly()).await;
    assert_eq!(answer.refusal(), (409, "too_many".to_owned()));
    operator.patch(&paths::app(app.sdkappid), &json!({"status": "disabled"})).await;
    let answer = operator.post(&paths::export_schedules(app.sdkappid), &nightly()).await;
    assert_eq!(answer.refusal(), (403, "app_disabled".to_owned()));
}

async fn coming_runs_are_told_before_anything_is_kept(server: Server) {
    let (operator, app) = begin(&server).await;
    let check = paths::export_calendar_checks(app.sdkappid);
    let calendar = json!({"kind": "cron", "expression": "30 9 * * mon-fri"});
    let answer = operator.post(&check, &json!({"calendar": calendar, "time_zone": "Europe/Berlin"})).await;
    let next: Vec<String> = answer.json::<ComingRuns>().next.iter().map(ToString::to_string).collect();
    assert_eq!(next, ["2026-11-23T08:30:00.000Z", "2026-11-24T08:30:00.000Z", "2026-11-25T08:30:00.000Z"]);
    let wrong = json!({"calendar": {"kind": "daily", "time": "3"}, "time_zone": "Here"});
    let problem = operator.post(&check, &wrong).await.problem();
    let fields: Vec<&str> = problem.errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["calendar.time", "time_zone"]);
}

async fn a_destination_that_is_gone_does_not_keep_anybody_from_pausing(server: Server) {
    let (operator, app) = begin(&server).await;
    let settings: ScheduleSettings =
        serde_json::from_value(with(&json!({"destination": "gone", "time_zone": "UTC"}))).unwrap();
    let change = Change { actor: Actor::System, now: server.state.clock.now() };
    let kept = server.state.store.create_schedule(&change, app.sdkappid, &settings, change.now).await;
    let schedule = kept.unwrap().unwrap();
    let one = paths::export_schedule(app.sdkappid, schedule.id);
    let paused = ScheduleSettings { paused: true, ..schedule.settings.clone() };
    let answer = operator.if_match(&schedule.etag()).put(&one, &paused).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let etag = answer.header("etag").to_owned();
    let elsewhere = ScheduleSettings { destination: Some("nowhere".to_owned()), ..paused };
    let problem = operator.if_match(&etag).put(&one, &elsewhere).await.problem();
    assert_eq!((problem.status, problem.errors[0].field.as_str()), (422, "destination"));
}

#[test]
fn destinations_are_told_by_name_and_not_by_place() {
    run(|| async {
        let all = ["weekly=s3://bucket/prefix", "nightly=/mnt/secret"].map(|text| text.parse().unwrap());
        let destinations = Destinations::new(all, S3::new(AmazonS3Builder::new()));
        let around = Around { destinations, ..Around::default() };
        let server = Server::start_around(Engine::Sqlite, around).await;
        let (operator, app) = begin(&server).await;
        let answer = operator.get(&paths::export_schedules(app.sdkappid)).await;
        assert!(!answer.text().contains("secret") && !answer.text().contains("prefix"));
        let told = serde_json::to_value(answer.json::<ExportSchedules>().destinations).unwrap();
        let expected = json!([{"name": "nightly", "kind": "folder"}, {"name": "weekly", "kind": "bucket"}]);
        assert_eq!(told, expected);
        let schedule = made(&operator, &app, &with(&json!({"destination": "nightly"}))).await;
        assert_eq!(schedule.settings.destination.as_deref(), Some("nightly"));
    });
}
